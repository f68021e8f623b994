"""What was said held against what is found: who is whom."""

from __future__ import annotations

import pytest
from accounts import T, alarm
from hypothesis import example, given
from hypothesis import strategies as st
from met import must_meet

from gateway.engine.differ import NEAR, Matched, match
from gateway.engine.episode import Stage

NOW = T + 100_000.0


def names(matched: Matched) -> dict[str, list]:
    """By identity, what is not empty."""
    found = {
        "pairs": [(one.id, other.id) for one, other in matched.pairs],
        "gone": [(one.id, into and into.id) for one, into in matched.gone],
        "judged": [(one.id, is_found) for one, is_found in matched.judged],
        "covered": [(other.id, one.id) for other, one in matched.covered],
        "new": [other.id for other in matched.new],
    }
    return {name: each for name, each in found.items() if each}


def test_the_longest_overlap_pairs_and_the_rest_is_new_or_gone():
    said = [alarm(0, 1000, id="a"), alarm(50_000, 51_000, id="b")]
    found = [alarm(900, 1500, id="x"), alarm(100, 800, id="y"), alarm(20_000, 21_000, id="z")]
    assert names(match(said, found, NOW)) == {"pairs": [("a", "y")], "gone": [("b", None)], "new": ["x", "z"]}


def test_of_a_split_the_larger_part_keeps_the_name():
    found = [alarm(0, 400, id="x"), alarm(3000, 9000, id="y")]
    assert names(match([alarm(0, 9000, id="a")], found, NOW)) == {"pairs": [("a", "y")], "new": ["x"]}


def test_of_a_merge_the_first_said_lives_and_the_other_is_part_of_it():
    said = [alarm(5000, 5100, id="first"), alarm(0, 4000, id="second")]
    assert names(match(said, [alarm(0, 5100, id="x")], NOW)) == {
        "pairs": [("first", "x")], "gone": [("second", "first")]
    }  # fmt: skip


@pytest.mark.parametrize(("gap", "is_one"), [(NEAR, True), (NEAR + 1.0, False)])
def test_a_gap_of_ten_minutes_is_none(gap, is_one):
    matched = match([alarm(0, 1000)], [alarm(1000 + gap, 2000 + gap)], NOW)
    assert bool(matched.pairs) == is_one
    assert (len(matched.gone), len(matched.new)) == ((0, 0) if is_one else (1, 1))


def test_what_lasts_lasts_until_now():
    found = [alarm(0, 3000, id="x"), alarm(90_000, id="y")]
    assert names(match([alarm(0, id="a")], found, NOW)) == {"pairs": [("a", "y")], "new": ["x"]}


def test_equal_overlaps_go_by_onset():
    found = [alarm(2000, 3000, id="x"), alarm(0, 1000, id="y")]
    assert names(match([alarm(0, 3000, id="a")], found, NOW)) == {"pairs": [("a", "y")], "new": ["x"]}


@pytest.mark.parametrize("other", [{"person": "P0002"}, {"zone": "other"}, {"rule": "other"}])
def test_of_another_person_zone_or_rule_none_is_the_same(other):
    matched = match([alarm(0, 1000, id="a")], [alarm(0, 1000, id="x", **other)], NOW)
    assert names(matched) == {"gone": [("a", None)], "new": ["x"]}


def test_late_early_and_absent_are_names_of_one_thing():
    kinds = ("curfew_late", "curfew_early_leave", "curfew_absent")
    for one in kinds:
        for other in kinds:
            assert match([alarm(0, 1000, one)], [alarm(10, 1000, other)], NOW).pairs
    assert not match([alarm(0, 1000, "inclusion_exit")], [alarm(0, 1000)], NOW).pairs


def test_two_places_far_apart_are_two_however_long_they_last():
    there = {"kind": "repeated_place", "zone": "", "longitude": 109.4}
    said, near, far = (
        alarm(0, id=name, latitude=at, **there) for name, at in (("a", 24.3), ("x", 24.302), ("y", 24.4))
    )
    assert names(match([said], [near], NOW)) == {"pairs": [("a", "x")]}
    assert names(match([said], [far], NOW)) == {"gone": [("a", None)], "new": ["y"]}


def test_what_a_person_has_closed_is_judged_and_covers_the_parts_of_it():
    closed = alarm(0, 9000, id="a", closed=T + 9500)
    assert names(match([closed], [], NOW)) == {"judged": [("a", False)]}
    found = [alarm(0, 4000, id="x"), alarm(6000, 9000, id="y")]
    assert names(match([closed], found, NOW)) == {"pairs": [("a", "x")], "covered": [("y", "a")]}


def test_a_closed_alarm_that_is_part_of_another_is_no_merge():
    said = [alarm(0, 1000, id="a", closed=T + 2000), alarm(1500, 9000, id="b")]
    assert names(match(said, [alarm(0, 9000, id="x")], NOW)) == {"pairs": [("b", "x")], "judged": [("a", True)]}


def test_one_that_was_taken_back_comes_back_under_its_name_unless_one_stands():
    back = alarm(0, 1000, id="a", retracted=True)
    assert names(match([back], [alarm(10, 1000, id="x")], NOW)) == {"pairs": [("a", "x")]}
    assert names(match([back, alarm(0, 400, id="b")], [alarm(0, 1000, id="x")], NOW)) == {"pairs": [("b", "x")]}
    assert names(match([back], [], NOW)) == {}


def test_one_that_was_taken_back_is_no_more_than_a_part_of_what_a_person_has_closed_since():
    said = [alarm(0, 9000, id="a", closed=T + 9500), alarm(5000, 9000, id="b", retracted=True)]
    found = [alarm(0, 4000, id="x"), alarm(5000, 9000, id="y")]
    assert names(match(said, found, NOW)) == {"pairs": [("a", "x")], "covered": [("y", "a")]}
    apart = [alarm(0, 4000, id="x"), alarm(9100, 9900, id="y")]
    assert names(match(said, apart, NOW)) == {"pairs": [("a", "x"), ("b", "y")]}


def test_of_the_devices_own_word_none_is_part_of_another():
    said = [alarm(0, kind="sos", id="a"), alarm(500, kind="sos", id="b")]
    assert ("a", "x") in names(match(said, [alarm(0, kind="sos", id="x")], NOW))["pairs"]


WHEN = st.tuples(st.integers(0, 60), st.integers(0, 20), st.sampled_from(["", "closed", "retracted"]))


@must_meet("pair", "gone", "merged", "judged", "covered", "new", "come back")
@given(said=st.lists(WHEN, max_size=6), found=st.lists(WHEN, max_size=6))
@example(said=[(0, 5, ""), (10, 5, "")], found=[(0, 20, "")])
def test_every_alarm_of_either_side_has_one_fate(met, said, found):
    told = [
        alarm(
            300.0 * at, 300.0 * (at + lasts), id=f"s{index}", retracted=how == "retracted",
            closed=T if how == "closed" else None,
        )
        for index, (at, lasts, how) in enumerate(said)
    ]  # fmt: skip
    seen = [alarm(300.0 * at, 300.0 * (at + lasts), id=f"f{index}") for index, (at, lasts, _) in enumerate(found)]
    matched = match(told, seen, NOW)
    fates = [*(one for one, _ in matched.pairs), *(one for one, _ in matched.gone), *(one for one, _ in matched.judged)]
    left = [one for one in told if one not in fates]
    assert len(fates) == len({one.id for one in fates})
    assert all(one.stage is Stage.RETRACTED for one in left)
    others = [*(other for _, other in matched.pairs), *(other for other, _ in matched.covered), *matched.new]
    assert sorted(one.id for one in others) == sorted(one.id for one in seen)
    standing = {one.id for one, _ in matched.pairs}
    assert all(into is None or into.id in standing for _, into in matched.gone)
    assert all(one.stage not in {Stage.CLOSED, Stage.RETRACTED} for one, _ in matched.gone)
    for name in ("pairs", "gone", "judged", "covered", "new"):
        met[{"pairs": "pair"}.get(name, name)] += bool(getattr(matched, name))
    met["merged"] += any(into for _, into in matched.gone)
    met["come back"] += any(one.retracted for one, _ in matched.pairs)
