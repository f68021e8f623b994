"""Workers of a city: the engine fed from replicated streams, a partition at a time, with a standby that follows."""
