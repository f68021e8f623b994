"""Of which time a sheet is, where nobody says: from where the one before ended, else from when the shift began."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gateway.engine import duty_began

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from gateway.papers.paper import Paper
    from gateway.settings.model import Configuration

DAY: Final = 86_400.0
LENGTHS: Final[Mapping[str, float]] = {"hand_over": 43_200.0, "weekly": 7 * DAY, "tasks": 7 * DAY}
"""Seconds that a sheet goes back where there is none before it, by form; of others a day."""
BY_SHIFT: Final = frozenset({"hand_over"})
"""Forms of which a first one goes back to when its maker's duty began."""


def begins(form: str, before: Iterable[Paper], configuration: Configuration, by: str, now: float) -> float:
    """Since when a new sheet tells, UTC epoch seconds, as ``now``.

    ``before``: earlier ones of this form and office; ``by``: staff number of who has it made.
    """
    ended = max((one.until for one in before if one.frozen and one.until < now), default=None)
    if ended is not None:
        return ended
    begun = duty_began(configuration, by, now) if form in BY_SHIFT else None
    return begun if begun is not None and begun < now else now - LENGTHS.get(form, DAY)
