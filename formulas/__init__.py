"""Loops in plain Python that are compiled; what bytes and metres both stand on."""
