"""Faces that one room asks of another without knowing it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable


class Tell(Protocol):
    """Told of each event, with the source it is counted under and facts that are neither a place nor a name."""

    def __call__(self, event: str, source: str, /, **facts: object) -> None:
        """One event."""


def untold(event: str, source: str, /, **facts: object) -> None:
    """Nobody listens."""
    del event, source, facts


class Trace(Protocol):
    """Told of each stage that a frame has passed, with the frame's name; asked for by ``run --debug`` alone."""

    def __call__(self, stage: str, /, **facts: object) -> object:
        """One stage."""


class Channel(Protocol):
    """Where answers go: one connection, or one datagram peer."""

    def answer(self, data: bytes) -> None:
        """Send one answer; a channel that is gone swallows it."""
        ...

    def send(self, segments: Iterable[bytes]) -> None:
        """Send frames of our own accord, asked for when each may be written: apart from each other and from answers."""
        ...

    def supersede(self) -> None:
        """A newer connection of the same device has come: close this one."""
        ...
