"""Whom a roll call is to be about, as it is asked for."""

from __future__ import annotations

from typing import Final

import msgspec

from gateway.kinds import LEVELS

ALL: Final = 100
"""Percent."""


class Selection(msgspec.Struct, frozen=True):
    """Whom a roll call is about.

    Attributes:
        level: of supervision, of :data:`gateway.kinds.LEVELS`; empty: any.
        office: whose people; empty: of any office.
        percent: a random share of these, 1 to 100; 100: all of them.
    """

    level: str = ""
    office: str = ""
    percent: int = ALL

    @property
    def is_sound(self) -> bool:
        """Whether it can be meant at all."""
        return (not self.level or self.level in LEVELS) and 1 <= self.percent <= ALL
