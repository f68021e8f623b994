"""How a terminal is spoken to: by its model's profile, and by what earlier sessions have found out."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from protocols.jt808.habits import Habits
from protocols.jt808.urgency import Urgency

if TYPE_CHECKING:
    from protocols.jt808.items import Item


class Manners(NamedTuple):
    """Of one terminal, or of all that nothing else is known of.

    Attributes:
        habits: of its model.
        hexadecimal_imei: see :func:`protocols.jt808.identity.identity_of`.
        facts: an earlier session's; empty: none.
        urgency: which of its messages are urgent.
        bodies: readers of messages that tell of the device alone.
    """

    habits: Habits = Habits()
    hexadecimal_imei: bool = False
    facts: str = ""
    urgency: Urgency = Urgency()
    bodies: tuple[Item, ...] = ()


USUAL = Manners()


def nobody(_identity: str) -> Manners | None:
    """Nothing is known of any terminal."""
    return None
