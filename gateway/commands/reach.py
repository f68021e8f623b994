"""What the queue needs of whoever reaches devices."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gateway.engine import Command
    from protocols.order import Order, Sending


class Line(Protocol):
    """A session through which a device can be reached now."""

    @property
    def session(self) -> object:
        """The same object as long as the session lasts: what was numbered on another one is not repeated here."""
        ...

    def order(self, order: Order) -> Sending:
        """The order's first message in the wire's words, numbered as this session's next.

        Raises:
            OrderFault: the order cannot be given; the text says why.
        """
        ...

    def send(self, segments: Iterable[bytes]) -> None:
        """Write each segment as soon as it may be; it is asked for only then. A session that is gone asks for none."""
        ...


class Delegate(Protocol):
    """Does the orders of a protocol itself; ends each by the dispatcher's ``ended``, once, at any time."""

    def undertake(self, command: Command) -> None:
        """Start; at most one a device at a time."""
        ...

    def drop(self, command: Command) -> None:
        """The command has expired or was cancelled: forget it, its end has been told."""
        ...
