"""Who comes in by TCP: a few in one turn of the loop, so that a crowd at the door holds up nobody who is inside."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable

AT_ONCE = 8
"""Connections that are let in, or turned away, in one turn: some 100 us each."""


class Comer(Protocol):
    """A connection that has come and is not in yet."""

    def enter(self) -> None:
        """It is its turn: it is let in or turned away."""
        ...

    def wait(self) -> None:
        """It is not its turn yet: nothing is read of it."""
        ...


class Entrance:
    """In the order in which they come.

    Args:
        call_soon: has something called in the loop's next turn.
    """

    def __init__(self, call_soon: Callable[[Callable[[], None]], object]) -> None:
        self._call_soon = call_soon
        self._waiting: deque[Comer] = deque()
        self._entered = 0

    def come(self, comer: Comer) -> None:
        """Somebody has come."""
        if self._entered < AT_ONCE:
            self._enter(comer)
        else:
            comer.wait()
            self._waiting.append(comer)

    def _enter(self, comer: Comer) -> None:
        self._entered += 1
        if self._entered == 1:
            self._call_soon(self._next_turn)
        comer.enter()

    def _next_turn(self) -> None:
        self._entered = 0
        for _ in range(min(AT_ONCE, len(self._waiting))):
            self._enter(self._waiting.popleft())
