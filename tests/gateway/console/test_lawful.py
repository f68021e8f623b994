"""Whether a person's places may be shown: worn, under authority, within the term."""

from __future__ import annotations

from dataclasses import replace

import pytest
from opened_desk import desk_of, written

from gateway.console.lawful import authority_of, devices_shown, lawful_people, why_hidden

NOW = 1_793_530_800.0


@pytest.fixture
def configuration(tmp_path):
    return desk_of(written(tmp_path / "county"), NOW).configuration


def lawful(configuration):
    return lawful_people(configuration, NOW)[0]


def test_who_wears_something_under_an_authority_may_be_shown(configuration):
    person = lawful(configuration)
    assert why_hidden(configuration, person, NOW) == ""
    assert authority_of(configuration, person, NOW).start <= NOW


def test_after_the_term_nothing_is_shown(configuration):
    person = lawful(configuration)
    entry = replace(configuration.people[person], term_until=NOW)
    ended = replace(configuration, people={**configuration.people, person: entry})
    assert why_hidden(ended, person, NOW) == "hidden_term"
    assert why_hidden(ended, person, NOW - 1) == ""


def test_after_the_authority_nothing_is_shown(configuration):
    person = lawful(configuration)
    until = authority_of(configuration, person, NOW).until
    worn = tuple(replace(one, until=until + 9) for one in configuration.assignments)
    later = replace(configuration, assignments=worn)
    assert why_hidden(later, person, until) == "hidden_authority"
    assert person not in lawful_people(later, until)


def test_an_authority_of_another_kind_lends_nothing(configuration):
    person = lawful(configuration)
    other = {kind: next(k for k in type(kind) if k is not kind) for kind in {a.kind for a in configuration.authorities}}
    swapped = tuple(replace(one, kind=other[one.kind]) for one in configuration.authorities)
    assert why_hidden(replace(configuration, authorities=swapped), person, NOW) == "hidden_authority"


def test_who_wears_nothing_now_may_be_shown_where_he_was(configuration):
    person = lawful(configuration)
    off = tuple(replace(one, until=NOW) for one in configuration.assignments)
    assert why_hidden(replace(configuration, assignments=off), person, NOW) == ""
    worn = {one.device for one in configuration.assignments if one.person == person}
    assert devices_shown(configuration, person, NOW) == worn
    assert devices_shown(configuration, "P9999", NOW) == frozenset()


def test_who_has_never_worn_anything_has_no_place(configuration):
    assert why_hidden(replace(configuration, assignments=()), lawful(configuration), NOW) == "hidden_bare"
