"""What an engine is: that of a county, of a part of one, or the one over all parts."""

from __future__ import annotations

from enum import IntEnum


class Role(IntEnum):
    """It gathers its own signs of silence; it hands them out; it takes those of others, and hears no device."""

    WHOLE = 0
    PART = 1
    ACROSS = 2
