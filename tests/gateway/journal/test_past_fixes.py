"""Imported fixes leave by their own time, a day's others stay, and the chain holds."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import msgspec
import pytest
from gateway_entries import DAY, batch, contents

from gateway.errors import TransientFault
from gateway.journal import FileJournal, verify
from gateway.journal.controls import Imported
from gateway.journal.entries import EntryKind, Gathering, Origin
from gateway.journal.erasure import Erasure
from gateway.journal.expiry import Kept
from gateway.journal.past_days import PastDays
from gateway.journal.past_fixes import expire_past

RECORD = Erasure(99.0, "gateway", "keep_days")
NAME = "1970-01-11.journal"
DAYS = 5


@pytest.fixture
def journal(tmp_path):
    """On the eleventh day the fixes of the days before are imported, of two bracelets, between frames; then another."""
    with closing(FileJournal(tmp_path)) as one:
        one.append(batch(10 * DAY))
        gathering = Gathering()
        for number in range(DAYS):
            said = Imported(number * DAY, number * DAY, 1, 24.0 + number, 109.0)
            origin = Origin(f"B000{number % 2}", listener="import")
            gathering.add(EntryKind.IMPORTED, 10 * DAY + 5, origin, msgspec.json.encode(said))
            gathering.add(EntryKind.FRAME, 10 * DAY + 5, Origin("B0000"), b"frame")
        one.append(gathering.batch())
        one.append(batch(11 * DAY))
        yield one


def fixes(journal) -> list[float]:
    texts = [text for text in contents(journal) if text.startswith(b"{")]
    return [msgspec.json.decode(text, type=Imported).time / DAY for text in texts]


@pytest.mark.parametrize(
    ("horizon", "below", "kept", "left"),
    [
        (2 * DAY, 11, Kept(), [2, 3, 4]), (2.5 * DAY, 11, Kept(), [3, 4]), (9 * DAY, 11, Kept(), []),
        (9 * DAY, 10, Kept(), [0, 1, 2, 3, 4]), (0.0, 11, Kept(), [0, 1, 2, 3, 4]),
        (9 * DAY, 11, Kept({"B0001": ((0.0, 2 * DAY),)}), [1]),
        (9 * DAY, 11, Kept({"B0001": ((10 * DAY, 12 * DAY),)}), [1, 3]),
    ],
)  # fmt: skip
def test_what_is_of_before_a_time_goes_and_nothing_else(journal, tmp_path, horizon, below, kept, left):
    assert expire_past(PastDays(tmp_path), horizon, below, RECORD, kept) == ([NAME] if len(left) < DAYS else [])
    assert fixes(journal) == left
    assert contents(journal).count(b"frame") == DAYS
    seen = verify(journal)
    assert (seen.entries, seen.erased) == (12, DAYS - len(left))
    assert expire_past(PastDays(tmp_path), horizon, below, RECORD, kept) == []
    octets = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert all((f'"latitude":{24 + day}.0'.encode() in octets) == (day in left) for day in range(DAYS))


def test_what_a_reader_kept_beside_the_file_goes_the_next_time(journal, tmp_path):
    with closing(sqlite3.connect(tmp_path / NAME, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM batch").fetchone()
        with pytest.raises(TransientFault, match=r"the bytes stay|locked"):
            expire_past(PastDays(tmp_path), 9 * DAY, 11, RECORD)
        reader.execute("COMMIT")
        assert expire_past(PastDays(tmp_path), 9 * DAY, 11, RECORD) == []
        octets = b"".join(path.read_bytes() for path in tmp_path.iterdir())
        assert b'"latitude"' not in octets
        assert fixes(journal) == []
