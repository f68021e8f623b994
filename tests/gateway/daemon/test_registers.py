"""What stands at a start: the deeds of the journal's newest configuration, and those that a crash left behind it."""

from __future__ import annotations

import msgspec
import pytest

from gateway.daemon.registers import standing
from gateway.daemon.swap import keep_copy
from gateway.deeds import Deed, deeds_of, text_of
from gateway.journal import FileJournal
from gateway.journal.controls import Configured, Skipped
from gateway.journal.entries import NO_ORIGIN, EntryKind, Gathering
from gateway.settings.faults import ConfigurationRefused
from gateway.settings.files import OVERLAY
from gateway.settings.init import write_sample
from gateway.settings.load import load
from gateway.settings.registers import deeds_in

FIRST = Deed("d1", "remove", "D01", "root", 1.0, {"device": "B0001", "at": "2026-11-20 10:00"})
SECOND = Deed("d2", "remove", "D01", "root", 2.0, {"device": "B0002", "at": "2026-11-20 11:00"})


@pytest.fixture
def given(tmp_path):
    write_sample(tmp_path / "county", "en")
    return load(tmp_path / "county")


@pytest.fixture
def journal(tmp_path):
    one = FileJournal(tmp_path / "journal")
    yield one
    one.close()


def add(journal, *entries):
    for kind, payload in entries:
        gathering = Gathering()
        gathering.add(kind, 1.0, NO_ORIGIN, b"" if payload is None else msgspec.json.encode(payload))
        journal.append(gathering.batch())


def in_force(journal, given, *deeds):
    """A configuration that the journal has, with these deeds; its digest."""
    journal.store_configuration("before", {**given.sources, OVERLAY: text_of(list(deeds))})
    add(journal, (EntryKind.CONFIGURATION, Configured("before")))
    return "before"


def names(configuration):
    return [one.id for one in deeds_in(configuration)]


def test_in_a_county_where_nothing_was_done_the_files_hold(journal, given):
    assert standing(given, journal, "") is given
    assert standing(given, journal, in_force(journal, given)) is given


def test_the_deeds_of_the_newest_configuration_stand_and_those_behind_it_whatever_a_start_wrote_between(journal, given):
    digest = in_force(journal, given, FIRST)
    add(journal, (EntryKind.TICK, None), (EntryKind.DEED, SECOND), (EntryKind.SKIPPED, Skipped(1, "ValueError")))
    add(journal, (EntryKind.CLOCK, None), (EntryKind.START, None), (EntryKind.STOP, None))
    found = standing(given, journal, digest)
    assert names(found) == ["d1", "d2"]
    assert found.digest != given.digest
    assert found.assignments != given.assignments


@pytest.mark.parametrize("behind", [EntryKind.CONFIGURATION, EntryKind.TICK, EntryKind.FRAME])
def test_what_a_configuration_has_put_in_force_does_not_stand_twice(journal, given, behind):
    add(journal, (EntryKind.DEED, FIRST))
    digest = in_force(journal, given, FIRST)
    add(journal, (behind, Configured(digest) if behind is EntryKind.CONFIGURATION else None))
    assert names(standing(given, journal, digest)) == ["d1"]


def test_what_the_files_say_by_themselves_stands_above_them_no_more(journal, given, tmp_path):
    digest = in_force(journal, given, FIRST)
    path = tmp_path / "county" / "assignments.csv"
    lines = path.read_text("utf-8").splitlines()
    row = next(at for at, line in enumerate(lines) if line.startswith("B0001,"))
    lines[row] = lines[row].rstrip(",") + ",2026-11-20 10:00"
    path.write_text("\n".join(lines) + "\n", "utf-8")
    written = load(tmp_path / "county")
    found = standing(written, journal, digest)
    assert (names(found), found.digest) == ([], written.digest)


def test_files_that_contradict_it_are_refused(journal, given, tmp_path):
    digest = in_force(journal, given, FIRST)
    path = tmp_path / "county" / "assignments.csv"
    lines = path.read_text("utf-8").splitlines()
    row = next(at for at, line in enumerate(lines) if line.startswith("B0001,"))
    lines[row] = lines[row].rstrip(",") + ",2026-11-10 10:00"
    path.write_text("\n".join(lines) + "\n", "utf-8")
    with pytest.raises(ConfigurationRefused, match="remove D01"):
        standing(load(tmp_path / "county"), journal, digest)


def test_a_copy_is_kept_for_its_owner_alone_and_goes_with_the_last_deed(journal, given, tmp_path):
    whole = standing(given, journal, in_force(journal, given, FIRST))
    keep_copy(tmp_path, whole)
    assert deeds_of((tmp_path / OVERLAY).read_text("utf-8")) == [FIRST]
    assert (tmp_path / OVERLAY).stat().st_mode & 0o077 == 0
    keep_copy(tmp_path, given)
    assert not (tmp_path / OVERLAY).exists()
