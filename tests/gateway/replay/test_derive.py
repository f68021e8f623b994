"""The history made anew from the journal is the one that stepping has made, row for row."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import msgspec
import numpy as np
import pytest
from timeline import ABROAD, CAFE, DAY, FOREVER, HOME, HOUR, PHONES, Timeline, at

from gateway.engine import KEPT, MemoryHistory
from gateway.history.days import DayHistory
from gateway.journal import FileJournal
from gateway.journal.controls import Skipped
from gateway.journal.entries import EntryKind, Gathering, Origin
from gateway.replay.derive import derive
from gateway.settings.model import Assignment

if TYPE_CHECKING:
    from pathlib import Path

BEGIN = at(0, 12)
BOTH = (
    Assignment("B0001", "P0001", at(-30, 0), FOREVER),
    Assignment("B0002", "P0002", at(-30, 0), at(0, 20)),
    Assignment("B0002", "P0001", at(0, 21), FOREVER),
)


class Journaled(Timeline):
    """A timeline whose entries are journaled first."""

    journal: FileJournal

    def run(self) -> list[dict]:
        if len(self.waiting):
            self.journal.append(self.waiting.batch())
        return super().run()


Order = list[tuple[float, float, str, tuple[float, float] | None]]
"""Receive time, device time, device, place."""


def delivered(days: float) -> Order:
    """Twenty minutes apart, a third an hour to a day late, some without a place; some come again much later."""
    draw, order = np.random.default_rng(5), []
    for device in PHONES:
        for time in np.arange(BEGIN, BEGIN + days * DAY, 1200.0).tolist():
            place = (HOME, HOME, CAFE, ABROAD, None)[int(time // 7000) % 5]
            late = draw.uniform(HOUR, DAY) if draw.random() < 1 / 3 else 2.0
            order.append((time + late, time, device, place))
            if draw.random() < 0.1:
                order.append((time + late + 9 * HOUR, time, device, place))
    return sorted(order, key=lambda each: each[:3])


def told(journal: FileJournal, history, order: Order) -> Journaled:
    """Reports in an order, some a run; a new configuration in the middle, in which one wears both devices."""
    one = Journaled.of(BEGIN - HOUR)
    one.journal, one.state.history = journal, history
    for index, (received, time, device, place) in enumerate(order):
        if index == len(order) // 2:
            one.reconfigure(received, digest="d2", assignments=BOTH)
        one.report(time, place, received=received, device=device)
        if index % 20 == 0:
            one.heartbeat(received, device)
            one.report(received + 2e7, HOME, received=received, device=device)
        if index % 37 == 0:
            one.run()
            history.flush(one.state.offset)
    one.run()
    history.flush(one.state.offset)
    return one


@dataclass(frozen=True)
class Lived:
    """What a gateway has left: its journal, its history, its state."""

    directory: Path
    told: Journaled
    order: Order

    def journal(self, tmp_path: Path) -> FileJournal:
        """A copy of its own."""
        shutil.copytree(self.directory / "journal", tmp_path / "journal")
        return FileJournal(tmp_path / "journal")


@pytest.fixture(scope="module")
def lived(tmp_path_factory):
    directory, order = tmp_path_factory.mktemp("lived"), delivered(1.5)
    journal, history = FileJournal(directory / "journal"), DayHistory(directory / "history")
    one = Lived(directory, told(journal, history, order), order)
    journal.close()
    yield one
    history.close()


def all_of(history) -> np.ndarray:
    return history.between(list(PHONES), -np.inf, np.inf, 1 << 40)


def derived(lived: Lived, journal: FileJournal, history=None, **changes: object) -> np.ndarray:
    again = MemoryHistory() if history is None else history
    derive(again, journal, lived.told.policies, replace(lived.told.state, **changes))
    assert again.until == changes.get("offset", lived.told.state.offset)
    journal.close()
    return all_of(again)


@pytest.mark.parametrize("kind", [MemoryHistory, DayHistory])
def test_decoded_anew_it_is_the_same_row_for_row(lived, tmp_path, kind):
    history = kind(*([tmp_path / "history"] if kind is DayHistory else []))
    held = all_of(lived.told.state.history)
    assert derived(lived, lived.journal(tmp_path), history).tobytes() == held.tobytes()
    assert held["late"].sum() > 50
    assert held["clock_fault"].any()
    assert np.isinf(held["order"]).sum() == 0
    assert lived.told.counts["report_repeated"] > 10


@pytest.mark.parametrize("until", [1, 120, 300])
def test_up_to_an_entry_it_is_what_it_was_then(lived, tmp_path, until):
    held = all_of(lived.told.state.history)
    expected = held[held["offset"] < until]
    assert derived(lived, lived.journal(tmp_path), offset=until).tobytes() == expected.tobytes()


def test_of_a_long_journal_the_last_days_are_read(lived, tmp_path):
    journal, later = lived.journal(tmp_path), BEGIN + 0.7 * DAY + KEPT + DAY
    begins = journal.first_since(later - KEPT - DAY)
    held = all_of(lived.told.state.history)
    assert 50 < begins < len(held)
    found = set(derived(lived, journal, now=later)["offset"].tolist())
    assert min(found) >= begins
    assert not {offset for offset in held["offset"].tolist() if offset >= begins} - found


def test_an_entry_that_was_passed_over_or_erased_is_not_there(lived, tmp_path):
    journal, held, gathering = lived.journal(tmp_path), all_of(lived.told.state.history), Gathering()
    passed, erased = int(held["offset"][50]), int(held["offset"][90])
    said = msgspec.json.encode(Skipped(passed, "ValueError"))
    gathering.add(EntryKind.SKIPPED, lived.told.state.now, Origin(), said)
    journal.append(gathering.batch())
    journal.erase([erased], "an order of the court", by="D01", time=1.0)
    found = set(derived(lived, journal)["offset"].tolist())
    assert set(held["offset"].tolist()) - found == {passed, erased}


def test_where_the_journal_cannot_be_read_what_came_before_is_there(lived, tmp_path):
    journal = lived.journal(tmp_path)
    begins = journal._head(journal.segments()[1])
    journal.segments()[1].write_bytes(b"no database" * 1000)
    held = all_of(lived.told.state.history)
    found = derived(lived, FileJournal(tmp_path / "journal", read_only=True))
    assert found.tobytes() == held[np.isin(held["offset"], found["offset"])].tobytes()
    assert len(found) > 50
    assert found["offset"].max() < begins


def test_of_a_long_journal_all_is_read_where_the_whole_is_wanted(lived, tmp_path):
    journal, later = lived.journal(tmp_path), BEGIN + 0.7 * DAY + KEPT + DAY
    history = DayHistory(tmp_path / "history")
    derive(history, journal, lived.told.policies, replace(lived.told.state, now=later), whole=True)
    journal.close()
    assert all_of(history).tobytes() == all_of(lived.told.state.history).tobytes()
    assert history.count() == len(all_of(history))
    history.close()
