"""A modem for short messages: what it says on its line, its faults, and the line as a pseudo-terminal."""
