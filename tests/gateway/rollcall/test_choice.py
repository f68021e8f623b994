"""Whom a roll call is about: a level, an office, a share that anybody can draw again."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest
from effort import examples
from hypothesis import given, settings
from hypothesis import strategies as st
from met import must_meet
from timeline import HOME, Timeline, at, person

from gateway.rollcall.choice import chosen, drawn, is_of_all
from gateway.rollcall.roster import Roster
from gateway.rollcall.selection import Selection

NOW = at(0, 13)
ONE = person("P0001", HOME)
PEOPLE = {
    "P0001": ONE,
    "P0002": replace(ONE, person="P0002", office="SFS-02"),
    "P0003": replace(ONE, person="P0003", level="general", minor=True),
    "P0004": replace(ONE, person="P0004", term_until=NOW),
    "P0005": replace(ONE, person="P0005", protected=True),
}


@pytest.fixture(scope="module")
def roster() -> Roster:
    return Roster.of(Timeline.of(people=PEOPLE).policy)


def ids(roster: Roster, **of: object) -> list[str]:
    return [roster.people[row] for row in chosen(roster, Selection(**of), "seed", NOW).tolist()]


def test_levels_and_offices_and_nobody_whose_term_is_over_or_who_is_protected(roster):
    assert ids(roster) == ["P0001", "P0002", "P0003"]
    assert ids(roster, level="strict") == ["P0001", "P0002"]
    assert ids(roster, office="SFS-01") == ["P0001", "P0003"]
    assert ids(roster, level="general", office="SFS-02") == []
    assert ids(roster, office="nowhere") == []
    assert not roster.minor[roster.row["P0001"]]
    assert roster.minor[roster.row["P0003"]]


def test_a_second_person_is_needed_for_everybody_however_that_is_written(roster):
    def needs(**of: object) -> bool:
        selection = Selection(**of)
        return is_of_all(roster, selection, chosen(roster, selection, "s", NOW), 40, NOW)

    assert needs()
    assert needs(percent=41)
    assert needs(percent=99), "of three that is all of them, too"
    assert not needs(percent=30)
    assert not needs(level="strict")
    assert not needs(office="SFS-01", percent=99)
    everybody = Roster.of(Timeline.of(people={"P0001": ONE, "P0002": replace(ONE, person="P0002")}).policy)
    meant = chosen(everybody, Selection(level="strict"), "s", NOW)
    assert is_of_all(everybody, Selection(level="strict"), meant, 40, NOW), "the level is everybody's"


@pytest.mark.parametrize(
    ("selection", "sound"),
    [
        (Selection(), True),
        (Selection("lenient", "SFS-01", 1), True),
        (Selection("grave"), False),
        (Selection(percent=0), False),
        (Selection(percent=101), False),
    ],
)
def test_what_cannot_be_meant_is_told_apart(selection, sound):
    assert selection.is_sound is sound


@must_meet("a share", "everybody")
@given(
    people=st.sets(st.from_regex(r"P[0-9]{4}", fullmatch=True), max_size=40),
    percent=st.integers(1, 100),
    seed=st.text(max_size=16),
    more=st.from_regex(r"Q[0-9]{4}", fullmatch=True),
)
@settings(max_examples=examples(200))
def test_the_same_seed_draws_the_same_people_rounded_up(met, people, percent, seed, more):
    known = sorted(people)
    share = [known[at] for at in drawn(known, percent, seed)]
    met["everybody" if len(share) == len(known) else "a share"] += 1
    assert len(share) == -(-len(known) * percent // 100)
    assert share == sorted(set(share))
    mixed = known[::-1]
    assert sorted(mixed[at] for at in drawn(mixed, percent, seed)) == share, "whatever order they are told in"
    wider = [*known, more]
    with_more = {wider[at] for at in drawn(wider, percent, seed)}
    assert len(set(share) - with_more) <= 1, "one more in the register moves one other at most"


def test_each_is_equally_likely():
    """4,000 draws of 4 of 20: each is meant 800 times, give or take five standard deviations (25 each)."""
    known = [f"P{number:04d}" for number in range(20)]
    met = Counter(at for seed in range(4000) for at in drawn(known, 20, f"{seed:x}"))
    assert set(met) == set(range(20))
    assert all(abs(count - 800) < 5 * 25.3 for count in met.values()), met
    pairs = Counter(tuple(drawn(known[:5], 40, f"{seed:x}")) for seed in range(4000))
    assert len(pairs) == 10, "and so is each pair"
    assert all(abs(count - 400) < 5 * 19 for count in pairs.values()), pairs
