"""Puts this room's timelines and stories within reach of its tests, in whichever folder they stand."""
