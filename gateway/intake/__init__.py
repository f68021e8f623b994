"""Who is it, may it, and what waits for the writer. Plain memory, no I/O: it decides at once."""
