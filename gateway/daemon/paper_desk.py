"""Where sheets of the office are made and signed, of a daemon's parts."""

from __future__ import annotations

import asyncio
from contextlib import closing
from typing import TYPE_CHECKING, Final

import msgspec

from gateway.control.papers import PaperDesk
from gateway.journal.audit import audited
from gateway.journal.controls import Sought
from gateway.journal.entries import EntryKind
from gateway.papers.seen import Look
from gateway.store.state_db import StateStore

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from gateway.control.offices import Offices
    from gateway.daemon.pipeline import Pipeline
    from gateway.engine import Episode
    from gateway.journal.controls import PaperAct

STATE: Final = "state.db"
TRACK: Final = "track"
"""What the log calls a look at a track."""


def paper_desk(pipeline: Pipeline, directory: Path, offices: Offices) -> PaperDesk:
    """One daemon's, whose storage is in a directory; it is told of what is committed."""

    def enter(act: PaperAct) -> None:
        pipeline.intake.control(EntryKind.PAPER, msgspec.json.encode(act))
        pipeline.wake()

    async def looks(since: float, until: float) -> Sequence[Look]:
        return await asyncio.to_thread(looks_at_tracks, directory / "journal", since, until)

    async def episodes(since: float) -> Sequence[Episode]:
        return await pipeline.writers.past.run(alarms_since, directory / STATE, since)

    desk = PaperDesk(pipeline.view, pipeline.store, pipeline.writer, offices, enter, episodes, looks=looks)
    pipeline.on_papers = desk.committed
    return desk


def alarms_since(path: Path, since: float) -> list[Episode]:
    """As :meth:`StateStore.episodes_since`, of a state.db that somebody else writes meanwhile.

    Raises:
        TransientFault: it cannot be read now.
    """
    with closing(StateStore(path, read_only=True)) as store:
        return store.episodes_since(since)


def looks_at_tracks(journal: Path, since: float, until: float) -> list[Look]:
    """Who looked at whose track, what for, since <= time < until (UTC epoch seconds), out of a journal's directory.

    Raises:
        OurFault: a file of the journal is damaged.
    """
    found = audited(journal, Sought(what=TRACK, since=since, until=until))
    return [Look(one.said.person, one.said.number, one.at, one.said.purpose) for one in found if one.said.ok]
