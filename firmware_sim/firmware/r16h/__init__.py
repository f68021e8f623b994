"""A bracelet that speaks the R16H's sentences."""
