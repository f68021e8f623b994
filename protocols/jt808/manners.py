"""How a terminal is spoken to: by its model's profile, and by what earlier sessions have found out."""

from __future__ import annotations

from typing import NamedTuple

from protocols.jt808.habits import Habits


class Manners(NamedTuple):
    """Of one terminal, or of all that nothing else is known of.

    Attributes:
        habits: of its model.
        hexadecimal_imei: see :func:`protocols.jt808.identity.identity_of`.
        facts: an earlier session's; empty: none.
    """

    habits: Habits = Habits()
    hexadecimal_imei: bool = False
    facts: str = ""


USUAL = Manners()


def nobody(_identity: str) -> Manners | None:
    """Nothing is known of any terminal."""
    return None
