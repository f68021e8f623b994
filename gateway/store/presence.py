"""Whether somebody was where he has to be, as the engine last said it stands: intervals by person and duty."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from gateway.engine import Interval
    from gateway.store.connection import StateConnection

_DUTY = "person = ? AND rule = ? AND duty = ? AND zone = ?"
_GIVE_WAY = f"DELETE FROM presence WHERE {_DUTY} AND since >= ?"  # noqa: S608  fixed words
_END = (
    f"UPDATE presence SET until = ? WHERE {_DUTY} AND (until > ? OR until IS NULL)"  # noqa: S608  as above
    f" AND since = (SELECT max(since) FROM presence WHERE {_DUTY})"
)
"""Of the one that began last: those before it have ended."""
_FREE = "person NOT IN (SELECT value FROM json_each(?))"
_DROP = f"DELETE FROM presence WHERE until <= ? AND {_FREE}"  # noqa: S608  as above
_CUT = f"UPDATE presence SET since = ? WHERE since < ? AND {_FREE}"  # noqa: S608  as above
_READ = (
    "SELECT rule, duty, zone, max(since, ?), min(coalesce(until, ?), ?), state FROM presence"
    " WHERE person = ? AND since < ? AND (until > ? OR until IS NULL) ORDER BY since, rule, duty, zone"
)


@dataclass(frozen=True, slots=True)
class Stretch:
    """What is known of a person and a duty from ``since`` until ``until``, UTC epoch seconds of device time.

    ``state``: ``home``, ``not_home`` or ``unknown``; ``duty``: ``curfew`` or ``area``.
    """

    rule: str
    duty: str
    zone: str
    since: float
    until: float
    state: str


@dataclass(frozen=True, slots=True)
class PresenceTable:
    """The presence of a state.db; like it, owned by one thread."""

    db: StateConnection

    def put(self, said: Iterable[Interval]) -> None:
        """Store what stands from when on, in its order; called inside a commit. Said again it changes nothing."""
        for one in said:
            duty = (one.person, one.rule, one.duty, one.zone)
            self.db.execute(_GIVE_WAY, (*duty, one.since))
            self.db.execute(_END, (one.since, *duty, one.since, *duty))
            if one.state:
                until = one.until if math.isfinite(one.until) else None
                row = (*duty, one.since, until, one.state.name.lower())
                self.db.execute("INSERT INTO presence VALUES (?,?,?,?,?,?,?)", row)

    def between(self, person: str, since: float, until: float) -> list[Stretch]:
        """What is known of a person's duties from ``since`` until ``until``, and no further; the oldest first."""
        rows = self.db.rows(_READ, (since, until, until, person, until, since))
        return [Stretch(*row) for row in rows]

    def forget(self, horizon: float, held: Collection[str] = ()) -> int:
        """Drop what ended before ``horizon``; what goes on since before then is kept from there. Returns how many.

        Of the people who are ``held`` all stays.
        """
        people = json.dumps(sorted(held))
        with self.db.transaction():
            gone = self.db.execute(_DROP, (horizon, people)).rowcount
            self.db.execute(_CUT, (horizon, horizon, people))
        return gone
