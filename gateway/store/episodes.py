"""Alarms as the engine last said they stand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from gateway.engine import Episode

if TYPE_CHECKING:
    from gateway.store.connection import StateConnection


@dataclass(frozen=True, slots=True)
class Episodes:
    """The episodes of a state.db; like it, owned by one thread."""

    db: StateConnection

    def put(self, episode: Episode) -> None:
        """Store how an episode stands; called inside the commit of the event that says so."""
        self.db.execute(
            "INSERT OR REPLACE INTO episode VALUES (?,?,?,?,?,?,?,?,?)",
            (
                episode.id, episode.kind, episode.severity, episode.person, episode.device, episode.onset,
                episode.decided, int(episode.resolved), msgspec.json.encode(episode).decode(),
            ),
        )  # fmt: skip

    def listed(self, *, unresolved: bool) -> list[Episode]:
        """Episodes, oldest first: all, or those that nobody has closed."""
        where = "WHERE resolved = 0" if unresolved else ""
        rows = self.db.rows(f"SELECT body FROM episode {where} ORDER BY decided, id")  # noqa: S608  fixed words
        return [msgspec.json.decode(body, type=Episode) for (body,) in rows]

    def one(self, identity: str) -> Episode | None:
        """The episode of an id, if there is such a one."""
        rows = self.db.rows("SELECT body FROM episode WHERE id = ?", (identity,))
        return msgspec.json.decode(rows[0][0], type=Episode) if rows else None

    def of_person(self, person: str) -> list[Episode]:
        """All episodes of a person, oldest first."""
        rows = self.db.rows("SELECT body FROM episode WHERE person = ? ORDER BY decided, id", (person,))
        return [msgspec.json.decode(body, type=Episode) for (body,) in rows]
