"""What an order is: its form, the editions that have it, and how it becomes messages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from protocols.errors import OrderFault
from protocols.jt808.messages import Edition

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from protocols.order import Order, OrderForm

EVERY = frozenset(Edition)
SINCE_2013 = frozenset({Edition.E2013, Edition.E2019})
ONLY_2019 = frozenset({Edition.E2019})
_GENERAL = 0x0001


class Words(NamedTuple):
    """One message down: its id and body, and the id of the message that ends it (0001: the general answer)."""

    message: int
    body: bytes = b""
    ends: int = _GENERAL


@dataclass(frozen=True, slots=True)
class Row:
    """One order.

    Attributes:
        form: its arguments, and what it is for.
        encode: the messages of an order whose argument names have been checked; raises OrderFault.
        editions: those that have it.
        takes_shapes: it carries places.
    """

    form: OrderForm
    encode: Callable[[Order, Edition], tuple[Words, ...]]
    editions: frozenset[Edition] = EVERY
    takes_shapes: bool = False


def choice(order: Order, name: str, choices: Mapping[str, int], default: str = "") -> int:
    """The number of an argument that is one of a few words.

    Raises:
        OrderFault: it is none of them.
    """
    word = order.values.get(name, default).strip()
    if word not in choices:
        raise OrderFault(f"{order.kind}: {name} {word!r} is none of {', '.join(choices)}")
    return choices[word]


def bits(order: Order, name: str, choices: Mapping[str, int], default: str = "") -> int:
    """Bits of an argument that is words joined by commas; ``choices`` gives each word's bits.

    Raises:
        OrderFault: one is not among them.
    """
    value = 0
    for word in filter(None, (part.strip() for part in order.values.get(name, default).split(","))):
        if word not in choices:
            raise OrderFault(f"{order.kind}: {name} {word!r} is none of {', '.join(choices)}")
        value |= choices[word]
    return value
