"""The proof of an erasure, out of the journal alone: who, on what, which entries; it fails where the chain does."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import msgspec
import pytest
from gateway_entries import batch

from gateway.errors import OurFault, UserFault
from gateway.journal import FileJournal
from gateway.journal.controls import Erasing
from gateway.journal.entries import NO_ORIGIN, EntryKind, Gathering
from gateway.replay.erasure_page import page
from gateway.replay.erasure_proof import proven

FIRST = Erasing("ordered", "aaaaaaaaaaaa", "P0001", "case <17>", "served", "L01", "root")
ORDER = msgspec.structs.replace(FIRST, do="confirmed", by="L02", first="L01", spans={"B0001": [(10.0, 40.0)]})
DONE = Erasing("done", FIRST.id, "P0001", counts={"entries": 4, "older": 0, "alarms": 1, "messages": 2})


@pytest.fixture
def journal(tmp_path):
    one = FileJournal(tmp_path)
    one.append(batch(10.0, 11.0, 12.0, 13.0, 14.0))
    one.append(batch(20.0))
    yield one
    one.close()


def say(journal, what, time) -> None:
    gathering = Gathering()
    gathering.add(EntryKind.ERASURE, time, NO_ORIGIN, msgspec.json.encode(what))
    journal.append(gathering.batch())


def erased(journal, *, is_done=True) -> None:
    for number, what in enumerate((FIRST, ORDER)):
        say(journal, what, 50.0 + number)
    journal.erase([0, 1, 3, 5], f"{FIRST.id} {FIRST.document}", by="L01, L02", time=51.0)
    if is_done:
        say(journal, DONE, 60.0)


def test_it_says_who_what_and_which_entries_and_that_the_chain_holds(journal, tmp_path):
    erased(journal)
    found = proven(tmp_path, "P0001")
    (one,) = found.erasures
    (share,) = one.shares
    assert (share.name, share.runs, share.entries) == ("1970-01-01.journal", ((0, 1), (3, 3), (5, 5)), 4)
    assert share.chain == found.chain
    assert (one.order.by, one.order.first, [said.what.do for said in one.said]) == (
        "L02", "L01", ["ordered", "confirmed", "done"],
    )  # fmt: skip
    assert found.verified.erased == 4


@pytest.mark.parametrize(("language", "words"), [("zh", "位置数据删除证明"), ("en", "Proof of erasure")])
def test_the_page_has_all_of_it_and_nothing_unescaped(journal, tmp_path, language, words):
    erased(journal)
    found = proven(tmp_path, "P0001")
    shown = page(found, language, "Asia/Shanghai")
    for each in (
        words,
        FIRST.id,
        "case &lt;17&gt;",
        "L01",
        "L02",
        "0–1, 3, 5",
        found.chain,
        "1970-01-01 08:00:50+08:00",
    ):
        assert each in shown, each
    assert "<17>" not in shown


def test_one_that_is_still_carried_through_is_shown_as_that(journal, tmp_path):
    erased(journal, is_done=False)
    found = proven(tmp_path, "P0001")
    assert found.erasures[0].done is None
    assert "not done yet" in page(found, "en", "Asia/Shanghai")


def test_where_nothing_was_confirmed_there_is_nothing_to_prove(journal, tmp_path):
    say(journal, FIRST, 50.0)
    for person in ("P0001", "P0002"):
        with pytest.raises(UserFault, match="no erasure"):
            proven(tmp_path, person)


def test_no_proof_comes_of_a_journal_that_was_changed(journal, tmp_path):
    erased(journal)
    journal.close()
    with closing(sqlite3.connect(tmp_path / "1970-01-01.journal")) as db, db:
        db.execute("DELETE FROM erased WHERE offset = 3")
    with pytest.raises(OurFault, match="nothing on record"):
        proven(tmp_path, "P0001")
