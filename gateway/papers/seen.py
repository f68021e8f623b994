"""What a sheet is made of: what the gateway knows at one moment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gateway.engine import EngineState, Episode, Policy
    from gateway.papers.paper import Paper
    from gateway.settings.model import Configuration


class Look(NamedTuple):
    """Somebody's look at a person's track: staff number, when (UTC epoch seconds), and what for."""

    person: str
    by: str
    at: float
    purpose: str


@dataclass(frozen=True, slots=True)
class Seen:
    """One moment, for the people of one office or of the whole county.

    Attributes:
        now: receive time, UTC epoch seconds.
        since, until: of which time the sheet is.
        office: whose people alone; empty: everybody.
        configuration: in force.
        episodes: alarms that somebody has to look at, and those that were closed or over since ``since``, oldest
            first; of the office's people alone.
        state, policy: the engine's; to be read, never changed.
        before: the sheets of this form and office whose time ended before, the latest first, a few.
        looks: at tracks since ``since``, for the forms of which they are a part.
    """

    now: float
    since: float
    until: float
    office: str
    configuration: Configuration
    episodes: Sequence[Episode]
    state: EngineState
    policy: Policy
    before: Sequence[Paper] = ()
    looks: Sequence[Look] = ()

    def is_theirs(self, person: str) -> bool:
        """Whether somebody is of the people that the sheet is about."""
        known = self.configuration.people.get(person)
        return known is not None and self.office in {"", known.office}
