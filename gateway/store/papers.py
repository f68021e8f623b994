"""Sheets of the office as they stand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import msgspec

from gateway.decoded import from_json
from gateway.papers.paper import Paper, begun, changed

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gateway.journal.controls import PaperAct
    from gateway.store.connection import StateConnection

_PUT: Final = (
    "INSERT INTO paper (id, form, office, since, until, made, frozen, body) VALUES (?,?,?,?,?,?,?,?)"
    " ON CONFLICT (id) DO UPDATE SET frozen = excluded.frozen, body = excluded.body"
)
_LISTED: Final = "SELECT body FROM paper WHERE form = ? AND until >= ? ORDER BY until DESC, made DESC LIMIT ?"
_HEADS: Final = (
    "SELECT json_remove(body, '$.entries'), coalesce(json_array_length(body, '$.entries'), 0) FROM paper"
    " WHERE form = ? AND until >= ? ORDER BY until DESC, made DESC LIMIT ?"
)
_OF_OFFICE: Final = "SELECT body FROM paper WHERE form = ? AND office = ? ORDER BY until DESC, made DESC LIMIT ?"


@dataclass(frozen=True, slots=True)
class Papers:
    """The sheets of a state.db; like it, owned by one thread."""

    db: StateConnection

    def put(self, acts: Iterable[tuple[float, PaperAct]]) -> None:
        """Do acts, with when each was received; called inside a commit. One that was done before does nothing."""
        for at, act in acts:
            before = self.one(act.paper)
            if before is None and act.do == "begin":
                self._store(begun(act, at))
            elif before is not None and act.do != "begin":
                self._store(changed(before, act, at))

    def _store(self, paper: Paper) -> None:
        body = msgspec.json.encode(paper).decode()
        frozen = paper.frozen or None
        row = paper.id, paper.form, paper.office, paper.since, paper.until, paper.made.at, frozen, body
        self.db.execute(_PUT, row)

    def one(self, identity: str) -> Paper | None:
        """A sheet, if there is such a one."""
        rows = self.db.rows("SELECT body FROM paper WHERE id = ?", (identity,))
        return _paper(rows[0][0]) if rows else None

    def listed(self, form: str, since: float, most: int) -> list[Paper]:
        """Sheets of a form whose time ended at or after ``since`` (UTC epoch seconds), the latest first."""
        return [_paper(body) for (body,) in self.db.rows(_LISTED, (form, since, most))]

    def heads(self, form: str, since: float, most: int) -> list[tuple[Paper, int]]:
        """As :meth:`listed`, without their lines, of which one may have thousands; and how many those are."""
        return [(_paper(body), count) for body, count in self.db.rows(_HEADS, (form, since, most))]

    def of_office(self, form: str, office: str, most: int) -> list[Paper]:
        """Sheets of a form and an office (empty: the county's), the latest first."""
        return [_paper(body) for (body,) in self.db.rows(_OF_OFFICE, (form, office, most))]

    def forget(self, horizon: float) -> int:
        """Drop those whose time was over before ``horizon``; returns how many."""
        with self.db.transaction():
            return self.db.execute("DELETE FROM paper WHERE until < ?", (horizon,)).rowcount


def _paper(body: str) -> Paper:
    return from_json(body, Paper)
