"""Which alarms of two systems are the same, and how many there are of each."""

from __future__ import annotations

from collections import Counter
from zoneinfo import ZoneInfo

import pytest
from effort import examples
from hypothesis import given, settings
from hypothesis import strategies as st
from made_episodes import episode
from met import must_meet
from timeline import HOUR, MINUTE, at

from gateway.intervals import wilson
from gateway.replay.shadow import WITHIN, by_day, by_kind, by_person, capped, closed, matched, ours_of
from gateway.words.shadows import Ours, Outage, Theirs, share

SHANGHAI = ZoneInfo("Asia/Shanghai")


def their(since: float, until: float | None = None, kinds=("comms_lost",), person="P0001", device="B0001") -> Theirs:
    return Theirs(2, person, device, "离线", kinds, since, until)


def our(name: str, onset: float, until: float | None = None, kind="comms_lost", **known) -> Ours:
    said = {"person": "P0001", "device": "B0001", "severity": "serious", "decided": onset + 1200.0, "outcome": ""}
    return Ours(alarm=name, kind=kind, onset=onset, until=until, **(said | known))


def found(theirs, ours, within=WITHIN):
    one = matched(theirs, ours, within)
    return (
        [(pair.theirs.since, pair.ours.alarm) for pair in one.both], [each.since for each in one.theirs_again],
        [each.alarm for each in one.ours_again], [each.since for each in one.only_theirs],
        [each.alarm for each in one.only_ours],
    )  # fmt: skip


NOON, DUSK = at(0, 12), at(0, 18)


@pytest.mark.parametrize(
    ("theirs", "ours", "is_found"),
    [
        ([their(NOON)], [our("a", NOON + WITHIN)], ([(NOON, "a")], [], [], [], [])),
        ([their(NOON)], [our("a", NOON + WITHIN + 1)], ([], [], [], [NOON], ["a"])),
        ([their(NOON, DUSK)], [our("a", DUSK + WITHIN)], ([(NOON, "a")], [], [], [], [])),
        ([their(DUSK)], [our("a", NOON, DUSK - WITHIN)], ([(DUSK, "a")], [], [], [], [])),
        ([their(DUSK)], [our("a", NOON, DUSK - WITHIN - 1)], ([], [], [], [DUSK], ["a"])),
        ([their(DUSK)], [our("a", NOON)], ([(DUSK, "a")], [], [], [], [])),
        ([their(NOON)], [our("a", NOON, kind="power_off")], ([], [], [], [NOON], ["a"])),
        (
            [their(NOON, kinds=("comms_lost", "power_off"))], [our("a", NOON, kind="power_off")],
            ([(NOON, "a")], [], [], [], []),
        ),
        ([their(NOON)], [our("a", NOON, person="P0002")], ([], [], [], [NOON], ["a"])),
        ([their(NOON, person="")], [our("a", NOON, person="")], ([(NOON, "a")], [], [], [], [])),
        ([their(NOON, person="")], [our("a", NOON)], ([], [], [], [NOON], ["a"])),
        (  # theirs tells it twice, ours once: the nearest is the pair
            [their(NOON), their(NOON + HOUR)], [our("a", NOON + 50 * MINUTE, NOON + 2 * HOUR)],
            ([(NOON + HOUR, "a")], [], [], [NOON], []),
        ),
        ([their(NOON), their(NOON + HOUR)], [our("a", NOON, DUSK)], ([(NOON, "a")], [NOON + HOUR], [], [], [])),
        ([their(NOON, DUSK)], [our("a", NOON), our("b", NOON + HOUR)], ([(NOON, "a")], [], ["b"], [], [])),
        ([], [our("a", NOON)], ([], [], [], [], ["a"])),
    ],
)  # fmt: skip
def test_alarms_are_paired_by_person_kind_and_time(theirs, ours, is_found):
    assert found(theirs, ours) == is_found


def test_how_far_apart_is_for_the_asker_to_say():
    assert found([their(NOON)], [our("a", NOON + 60)], 0.0) == ([], [], [], [NOON], ["a"])
    assert found([their(NOON)], [our("a", NOON)], 0.0)[0] == [(NOON, "a")]


def test_how_much_later_ours_is():
    (pair,) = matched([their(NOON)], [our("a", NOON - 300.0)]).both
    assert (pair.onset_s, pair.told_s) == (-300.0, 900.0)


TIME = st.integers(0, 40).map(lambda n: NOON + n * 10 * MINUTE)
SPAN = st.tuples(TIME, st.one_of(st.none(), st.integers(0, 6).map(lambda n: n * 15 * MINUTE)))


@must_meet("pair", "theirs_again", "ours_again", "only_theirs", "only_ours")
@given(data=st.data())
@settings(max_examples=examples(150), deadline=None)
def test_each_is_counted_once_and_what_only_one_has_touches_nothing(data, met):
    spans = [data.draw(st.lists(SPAN, max_size=7)) for _ in range(2)]
    theirs = [their(since, None if lasts is None else since + lasts) for since, lasts in spans[0]]
    ours = [our(str(n), since, None if lasts is None else since + lasts) for n, (since, lasts) in enumerate(spans[1])]
    one = matched(theirs, ours)
    assert Counter(one.theirs_again + one.only_theirs + [pair.theirs for pair in one.both]) == Counter(theirs)
    assert Counter(each.alarm for each in one.ours) == Counter(each.alarm for each in ours)
    assert (one.theirs, len(one.ours)) == (len(theirs), len(ours))
    for each in one.only_theirs:
        assert matched([each], [pair.ours for pair in one.both] + one.only_ours).both == []
    for tallies in (by_kind(one), by_person(one), by_day(one, SHANGHAI)):
        assert (sum(each.theirs for each in tallies), sum(each.ours for each in tallies)) == (len(theirs), len(ours))
    met["pair"] += bool(one.both)
    for name in ("theirs_again", "ours_again", "only_theirs", "only_ours"):
        met[name] += bool(getattr(one, name))


def test_what_begins_outside_of_the_time_counts_where_its_pair_does():
    one = matched([their(NOON - 60), their(at(1, 12))], [our("a", NOON + 60, NOON + 120), our("b", at(2, 12))])
    within = one.during(NOON, DUSK)
    assert [pair.ours.alarm for pair in within.both] == ["a"]
    assert (within.only_theirs, within.only_ours) == ([], [])


def test_what_was_taken_back_and_what_is_a_trial_was_not_said():
    said = [
        episode(id="a", onset=DUSK), episode(id="b", retracted=True), episode("test", id="c"),
        episode(id="d", onset=NOON, closed=DUSK, outcome="false"),
        episode("comms_lost", onset=NOON, id="e", ended=DUSK),
    ]  # fmt: skip
    ours = ours_of(said)
    told = [(one.alarm, one.until, one.outcome) for one in ours]
    assert told == [
        ("d", DUSK, "false"),
        ("e", DUSK, ""),
        ("a", None, ""),
    ]


def test_counts_are_by_kind_person_and_day_of_the_county():
    late = at(0, 23.9)
    one = matched(
        [their(late), their(at(1, 0.1), person="P0002"), their(at(3, 1), kinds=("power_off", "comms_lost"))],
        [our("a", late, at(1, 0)), our("b", at(2, 1), person="", device="", kind="mass_outage")],
    )
    told = [(each.name, each.both, each.only_theirs, each.only_ours) for each in by_kind(one)]
    assert told == [("comms_lost", 1, 1, 0), ("mass_outage", 0, 0, 1), ("power_off", 0, 1, 0)]
    people = [(each.name, each.theirs, each.ours) for each in by_person(one)]
    assert people == [
        ("-", 0, 1),
        ("P0001", 2, 1),
        ("P0002", 1, 0),
    ]
    days = [(each.name, each.theirs, each.ours) for each in by_day(one, SHANGHAI)]
    assert days == [("2026-11-02", 1, 1), ("2026-11-03", 1, 0), ("2026-11-04", 0, 1), ("2026-11-05", 1, 0)]


def test_how_officers_closed_ours_is_told_by_what_theirs_has():
    ours = [our("a", NOON, outcome="confirmed"), our("b", DUSK + 2 * HOUR, outcome="false"), our("c", DUSK + 3 * HOUR)]
    both, again, alone = closed(matched([their(NOON, DUSK)], ours))
    assert (both.group, both.open, both.outcomes) == ("both", 0, {"confirmed": share(1, 1)})
    assert (again.group, again.open, again.outcomes) == ("again", 0, {})
    assert (alone.group, alone.open, alone.outcomes) == ("only_ours", 1, {"false": share(1, 1)})


def test_a_share_has_its_interval_and_nothing_has_none():
    one = share(5, 10)
    assert (one.share, (one.lower95, one.upper95)) == (0.5, wilson(5, 10))
    assert (share(0, 0).share, share(0, 0).lower95) == (None, None)


def test_of_a_common_outage_so_many_of_theirs_are_listed_and_the_rest_is_counted():
    silent = [their(NOON + minute * MINUTE, person=f"P{minute:04d}") for minute in range(40)]
    others = [their(NOON, kinds=("strap_cut",)), their(DUSK + 2 * HOUR)]
    outage, late = our("o", NOON, DUSK, kind="mass_outage"), our("p", NOON + HOUR, None, kind="mass_outage")
    listed, cut = capped([*reversed(silent), *others], [late, outage], WITHIN, 15)
    assert sorted(one.since for one in listed if one in silent) == [one.since for one in silent[:15]]
    assert [one for one in listed if one not in silent] == others
    assert cut == [Outage("o", NOON, DUSK, 40, 15)]
    assert capped(silent[:15], [outage], WITHIN, 15) == (silent[:15], [])
    assert capped(silent, [], WITHIN, 15) == (silent, [])
