"""Compiled configurations at hand: the newest, and any other one out of the journal, whose files are read once."""

from __future__ import annotations

import pytest
from met import counted

from gateway.deeds import Deed, text_of
from gateway.journal import FileJournal
from gateway.replay.reading import COMPILED, PolicyShelf
from gateway.settings import load as loading
from gateway.settings.files import OVERLAY
from gateway.settings.init import write_sample
from gateway.settings.load import load


@pytest.fixture
def journal(tmp_path):
    one = FileJournal(tmp_path / "journal")
    yield one
    one.close()


def deed(number: int) -> Deed:
    values = {
        "person": "P0002",
        "from": f"2026-12-01 0{number % 6}:{number // 6:02d}",
        "until": "2026-12-02",
        "approved_by": "B",
    }
    return Deed(f"d{number}", "leave", "D01", values=values)


def test_many_configurations_of_a_desk_are_had_without_reading_the_files_for_each(tmp_path, journal, monkeypatch):
    write_sample(tmp_path / "county", "en")
    given, many = load(tmp_path / "county"), COMPILED + 8
    for number in range(many):
        text = text_of([deed(one) for one in range(number)])
        journal.store_configuration(f"c{number}", given.sources | ({OVERLAY: text} if text else {}))
    calls = counted(monkeypatch, loading, "read_sections")
    shelf = PolicyShelf(journal)
    for number in range(many):
        assert len(shelf(f"c{number}").configuration.leave) == len(given.leave) + number
    assert len(shelf.compiled) <= COMPILED
    assert len(shelf("c0").configuration.leave) == len(given.leave)
    assert calls["read_sections"] == 1


def test_without_a_journal_nothing_goes_that_could_not_be_had_again(tmp_path):
    write_sample(tmp_path, "en")
    given, shelf = load(tmp_path), PolicyShelf(None)
    policy = shelf.put(given)
    for number in range(COMPILED + 8):
        shelf.compiled[f"c{number}"] = policy
    shelf.put(given)
    assert len(shelf.compiled) == COMPILED + 9
