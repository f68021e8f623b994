"""What of the queue each member of staff has seen: what is newer is new to him."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gateway.clock import Clock
    from gateway.console.accounts.books import Books, ConsoleConnection

KEPT: Final = 60 * 86_400.0
"""Seconds for which it is kept that somebody has seen an alarm."""


@dataclass(frozen=True, slots=True)
class Seen:
    """Revisions of alarms by staff number: an alarm is seen once its page was opened, or it was marked in the queue.

    Attributes:
        books: where they are kept.
        clock: of the county.
    """

    books: Books
    clock: Clock

    async def of(self, number: str) -> Mapping[str, int]:
        """What somebody has seen: revisions by alarm."""
        return await self.books.ask(lambda db: _of(db, number))

    async def mark(self, number: str, revisions: Mapping[str, int]) -> None:
        """Somebody has seen alarms as they were at these revisions; what he saw later stays seen."""
        mine = await self.of(number)
        rows = [
            (number, alarm, seen, self.clock.now()) for alarm, seen in revisions.items() if seen > mine.get(alarm, -1)
        ]
        if rows:
            await self.books.change(lambda db: _mark(db, rows))


def _of(db: ConsoleConnection, number: str) -> dict[str, int]:
    return dict(db.rows("SELECT alarm, revision FROM seen WHERE number = ?", (number,)))


def _mark(db: ConsoleConnection, rows: list[tuple[str, str, int, float]]) -> None:
    statement = (
        "INSERT INTO seen VALUES (?,?,?,?) ON CONFLICT DO UPDATE SET at = excluded.at,"
        " revision = max(revision, excluded.revision)"
    )
    db.executemany(statement, rows)
    db.execute("DELETE FROM seen WHERE at < ?", (rows[0][-1] - KEPT,))
