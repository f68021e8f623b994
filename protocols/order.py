"""Orders to devices, in the field's words; each family puts them into its own frames.

An order is what an officer wants ("locate now"). A session turns it into :class:`Sending` values, one a message: the
segments to write, one write each, and the keys by which the device's answers will be known. Whatever answers carries
:class:`Reply` values on its :class:`protocols.session.Frame`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


class Result(StrEnum):
    """What a device says of an order."""

    DONE = "done"
    FAILED = "failed"
    MALFORMED = "malformed"
    UNSUPPORTED = "unsupported"


@dataclass(frozen=True, slots=True)
class Shape:
    """One place of a fence, in WGS-84 degrees.

    Attributes:
        number: the place's number on the device, 1 .. 2^32 - 1.
        name: for the device's display.
        points: (latitude, longitude) pairs: one, the centre, with a ``radius_m``; or three and more, a ring that is
            not closed, without one.
        radius_m: metres; 0 for a polygon.
    """

    number: int
    name: str
    points: tuple[tuple[float, float], ...]
    radius_m: float = 0.0


@dataclass(frozen=True, slots=True)
class Order:
    """What is wanted of a device.

    Attributes:
        kind: ``locate``, ``track``, ``interval``, ``text`` ...: a key of the family's ``orders``.
        values: the order's arguments by name, as they were given; a family checks them.
        shapes: the places of a fence order.
    """

    kind: str
    values: Mapping[str, str] = field(default_factory=dict)
    shapes: tuple[Shape, ...] = ()


def _anything(_order: Order) -> None:
    """No order is refused by its form alone."""


@dataclass(frozen=True, slots=True)
class OrderForm:
    """One row of a family's table of orders: what it needs and may have.

    Attributes:
        required, optional: names of arguments.
        meaning: one English sentence for the command's help.
        trial: takes an order whose argument names fit; raises OrderFault where no device on this wire can be told so,
            whichever it is and whatever it has said.
    """

    meaning: str
    required: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    trial: Callable[[Order], object] = field(default=_anything, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Sending:
    """A message of an order on the wire; most orders are one.

    Attributes:
        segments: frames, to be written one a write, in order, paced.
        accepted_by: key of the reply that says the device has taken the message; empty where there is none.
        answered_by: key of the reply that ends it; equal to ``accepted_by`` where that is all there will be; empty
            where the wire never answers.
        parts: keys of replies to single segments. Once all are written any of them stands for the whole: devices name
            the first, the last or each.
        then: numbers the order's next message, which is said when this one is answered; None after the last.
    """

    segments: tuple[bytes, ...]
    accepted_by: str
    answered_by: str
    parts: frozenset[str] = frozenset()
    then: Callable[[], Sending] | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """A device's answer to an order: the key it answers, how it went, and what it said, readable."""

    key: str
    result: Result
    text: str = ""
