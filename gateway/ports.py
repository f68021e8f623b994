"""Faces that one room asks of another without knowing it."""

from __future__ import annotations

from typing import Protocol


class Tell(Protocol):
    """Told of each event, with the source it is counted under and facts that are neither a place nor a name."""

    def __call__(self, event: str, source: str, /, **facts: object) -> None:
        """One event."""


def untold(event: str, source: str, /, **facts: object) -> None:
    """Nobody listens."""
    del event, source, facts
