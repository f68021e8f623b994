"""The engine is a function: ``step(state, entries) -> outcomes``. No clock, no I/O, no randomness."""
