"""A day that is over is opened once, and again only when it is due or somebody has written to it."""

from __future__ import annotations

from contextlib import closing

import msgspec
import pytest
from gateway_entries import DAY, batch, days_opened

from gateway.errors import OurFault
from gateway.journal import FileJournal
from gateway.journal.controls import Imported
from gateway.journal.entries import NO_ORIGIN, EntryKind, Gathering, Origin
from gateway.journal.erasure import Erasure
from gateway.journal.expiry import ACTS, ALL_GOES, PLACES, Kept, expire
from gateway.journal.past_days import PastDays
from gateway.journal.past_fixes import expire_past
from gateway.journal.segment import create

DAYS, EVERYTHING, LATER = 6, 1 << 40, 1e12
RECORD = Erasure(99.0, "gateway", "keep_days")


@pytest.fixture
def journal(tmp_path):
    """A frame and an act a day."""
    with closing(FileJournal(tmp_path)) as one:
        for number in range(DAYS):
            gathering = Gathering()
            gathering.add(EntryKind.FRAME, number * DAY, Origin("B0001"), b"places")
            gathering.add(EntryKind.ACT, number * DAY + 1.0, NO_ORIGIN, b"act")
            one.append(gathering.batch())
        yield one


@pytest.fixture
def opened(monkeypatch) -> list[str]:
    return days_opened(monkeypatch)


def rounds(
    days: PastDays, opened: list[str], count: int = 1, *, kept: Kept = ALL_GOES, horizon: float = LATER
) -> set[str]:
    """Days that are opened by the last of so many rounds."""
    for _ in range(count):
        opened.clear()
        expire(days, PLACES, horizon, EVERYTHING, RECORD, kept)
        expire_past(days, horizon, EVERYTHING, RECORD, kept)
        expire(days, ACTS, horizon, EVERYTHING, RECORD)
    return set(opened)


@pytest.mark.usefixtures("journal")
def test_a_day_of_which_all_is_gone_is_never_opened_again(tmp_path, opened):
    days = PastDays(tmp_path)
    assert rounds(days, opened) == {"01", "02", "03", "04", "05", "06"}
    assert rounds(days, opened) == {"01", "02", "03", "04", "05"}  # they are others than before
    assert rounds(days, opened) == set()
    assert rounds(PastDays(tmp_path), opened, 2) == set()  # the files say it themselves, after one look at each


@pytest.mark.usefixtures("journal")
def test_a_day_whose_time_has_not_come_is_looked_at_once(tmp_path, opened):
    assert rounds(days := PastDays(tmp_path), opened, 2, horizon=0.0) == set()
    assert rounds(days, opened, horizon=2 * DAY) == {"01", "02"}


def test_one_that_somebody_has_written_to_is_looked_at_again(journal, tmp_path, opened):
    rounds(days := PastDays(tmp_path), opened, 3)
    journal.append(batch(DAYS * DAY))
    assert rounds(days, opened, 3) == set()
    journal.erase([2], "an order of the court", by="甲", time=50.0)
    assert rounds(days, opened) == {"02"}


@pytest.mark.usefixtures("journal")
def test_another_hold_has_each_looked_at_once_more(tmp_path, opened):
    held = Kept({"B0001": ((DAY, 2 * DAY),)}, "case 1")
    assert rounds(days := PastDays(tmp_path), opened, 3, kept=held) == set()
    assert rounds(days, opened, kept=Kept(held.spans, "case 2")) == {"01", "02", "03", "04", "05"}
    assert rounds(days, opened, 3) == set()


def test_a_day_with_fixes_of_the_past_is_opened_when_the_next_of_them_is_over(journal, tmp_path, opened):
    gathering = Gathering()
    for number in (1, 3):
        said = msgspec.json.encode(Imported(number * DAY, 0.0, 1, 24.0, 109.0))
        gathering.add(EntryKind.IMPORTED, DAYS * DAY, Origin("B0001"), said)
    journal.append(gathering.batch())
    journal.append(batch((DAYS + 1) * DAY))
    days, record = PastDays(tmp_path), (EVERYTHING, RECORD)
    assert expire_past(days, DAY, *record) == []
    opened.clear()
    assert expire_past(days, DAY, *record) == []
    assert opened == []
    assert expire_past(days, 2 * DAY, *record) == ["1970-01-07.journal"]
    assert expire_past(days, 2 * DAY, *record) == []
    opened.clear()
    assert expire_past(days, 3 * DAY, *record) == []
    assert opened == []
    assert expire_past(days, 4 * DAY, *record) == ["1970-01-07.journal"]


def test_days_are_in_the_order_of_their_offsets_without_the_newest_and_such_as_have_no_entry(journal, tmp_path):
    create(tmp_path / "1969-12-31.journal")
    (found, *_, last) = PastDays(tmp_path).over()
    assert (found.path.name, found.first, found.until, found.last) == ("1970-01-01.journal", 0, 2, 1.0)
    assert (last.path.name, last.until, last.last) == ("1970-01-05.journal", 10, 4 * DAY + 1.0)
    assert journal.next_offset == 12


@pytest.mark.usefixtures("journal")
def test_one_that_cannot_be_read_is_left_out_and_one_that_is_damaged_where_it_matters_is_told(tmp_path):
    (tmp_path / "1970-01-02.journal").write_bytes(b"rubbish" * 1000)
    days = PastDays(tmp_path)
    assert [day.path.name[8:10] for day in days.over()] == ["01", "03", "04", "05"]
    (tmp_path / "1970-01-03.journal").write_bytes(b"rubbish" * 1000)
    with pytest.raises(OurFault, match=r"1970-01-03\.journal"):
        days.over()
