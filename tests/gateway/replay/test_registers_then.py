"""An authority that was shortened in the files: the journal knows how it was given, and so does the report."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace

import msgspec
import pytest
from story_month import NOW, ZONE, moment, written

from gateway.journal import FileJournal
from gateway.journal.configured import in_force_since
from gateway.journal.controls import Configured
from gateway.journal.entries import EntryKind, Gathering, Origin
from gateway.replay.registers_then import authorities_then
from gateway.reports.necessity import given, necessity
from gateway.reports.period import month_of
from gateway.reports.sheet import BEFORE, then_of
from gateway.settings.load import load

NOVEMBER = month_of("2026-11", ZONE)
LIFTED = "矫定-04"
"""Whose bracelet came off as the 16th began, 46 days before it ended."""


@pytest.fixture(scope="module")
def long(tmp_path_factory):
    return load(written(tmp_path_factory.mktemp("november") / "county"))


@pytest.fixture(scope="module")
def short(tmp_path_factory, long):
    """The same county, with that authority shortened in the file to the day on which it was lifted."""
    directory = written(tmp_path_factory.mktemp("shortened") / "county")
    rules = directory / "rules" / "rules.yaml"
    rules.write_text(rules.read_text("utf-8").replace("until: 2026-12-31", "until: 2026-11-15"), "utf-8")
    found = load(directory)
    assert found.digest != long.digest
    return found


def kept(directory, *told):
    """A journal in which configurations came into force at these times; those of None are not kept."""
    with closing(FileJournal(directory)) as journal:
        for at, one in told:
            digest = "gone" if one is None else one.digest
            if one is not None:
                journal.store_configuration(digest, one.sources)
            batch = Gathering()
            batch.add(EntryKind.CONFIGURATION, at, Origin(), msgspec.json.encode(Configured(digest)))
            batch.add(EntryKind.TICK, at + 1.0, Origin(), b"")
            journal.append(batch.batch())
    return directory


def lifted(county, then=()):
    found = necessity(county, NOVEMBER, NOW, set(), then)
    return [(one.document, one.days) for one in found.lifted], [one.document for one in found.expired]


def test_one_that_was_shortened_was_lifted_early_and_did_not_run_out(tmp_path, long, short):
    assert lifted(short) == ([], [LIFTED, "矫定-05"])
    wanted = then_of("necessity", NOVEMBER, ZONE)
    assert wanted.start == NOVEMBER.start - BEFORE
    journal = kept(tmp_path, (moment("2026-09-01 08:00"), long), (moment("2026-11-14 10:00"), short))
    assert [digest for _, digest in in_force_since(journal)] == [long.digest, short.digest]
    then = authorities_then(journal, wanted.start, NOW, ZONE)
    assert then == [long.authorities, short.authorities]
    assert lifted(short, then) == ([(LIFTED, 46)], ["矫定-05"]) == lifted(long, then)


def test_one_that_was_taken_out_of_the_files_is_known_as_it_was_given(long):
    bare = replace(long, authorities=tuple(one for one in long.authorities if one.document != LIFTED))
    assert lifted(bare) == ([], ["矫定-05"])
    assert lifted(bare, [long.authorities]) == ([(LIFTED, 46)], ["矫定-05"])
    assert given(long.authorities, [bare.authorities]) == tuple(
        sorted(long.authorities, key=lambda one: one.document == LIFTED)
    )


def test_what_is_entered_and_mended_within_a_week_may_have_been_a_slip(tmp_path, long, short):
    """Tuesday to Friday; weeks begin on Monday."""
    told = [
        (moment("2026-09-01 08:00"), short),
        (moment("2026-11-03 08:00"), long),
        (moment("2026-11-06 08:00"), short),
    ]
    assert authorities_then(kept(tmp_path, *told), NOVEMBER.start, NOW, ZONE) == [short.authorities]


def test_a_configuration_that_is_not_kept_is_passed_over_and_before_the_first_nothing_is_known(tmp_path, long):
    told = [(moment("2026-11-04 08:00"), None), (moment("2026-11-10 08:00"), long)]
    assert authorities_then(kept(tmp_path, *told), NOVEMBER.start - BEFORE, NOW, ZONE) == [long.authorities]
    assert then_of("month", NOVEMBER, ZONE) is None
