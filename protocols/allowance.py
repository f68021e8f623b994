"""What may be asked of a device at all: a bracelet is for positioning and for nothing else.

Each family judges its own orders (:meth:`protocols.session.Family.allowance`) by a table that lists what is known to be
harmless; what is not in it is maintenance at least.
"""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from protocols.order import Order


class Allowance(IntEnum):
    """The graver, the higher.

    ALLOWED: everyday, for whoever gives orders. MAINTENANCE: for a technician with a reason, confirmed by a second
    person. FORBIDDEN: it could make the device hear, see or record; for nobody.
    """

    ALLOWED = 0
    MAINTENANCE = 1
    FORBIDDEN = 2


class Verdict(NamedTuple):
    """How grave an order is, and which parameter, word or order makes it so, as officers may read it."""

    allowance: Allowance
    what: str


def gravest(verdicts: Iterable[Verdict], otherwise: Verdict) -> Verdict:
    """The first of the gravest; ``otherwise`` where there is none."""
    return max(verdicts, key=lambda one: one.allowance, default=otherwise)


def harmless_only(kinds: frozenset[str]) -> Callable[[Order], Verdict]:
    """The judgement where arguments change nothing: orders of these kinds, all others are maintenance."""

    def judge(order: Order) -> Verdict:
        return Verdict(Allowance.ALLOWED if order.kind in kinds else Allowance.MAINTENANCE, order.kind)

    return judge
