"""Puts the opened desk and its accounts within reach of this room's tests, in whichever folder they stand."""
