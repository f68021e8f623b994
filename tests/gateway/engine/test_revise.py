"""What is said of the past once it has been decided anew."""

from __future__ import annotations

import pytest
from accounts import T, alarm
from timeline import ABROAD, AWAY, HOME, MINUTE, Timeline, at, brief, county

from gateway.engine.differ import match
from gateway.engine.episode import Change, Episode, Stage
from gateway.engine.ledger import At, Ledger
from gateway.engine.policy import compile_policy
from gateway.engine.revise import say
from gateway.engine.state import EngineState

NOW = T + 100_000.0
AT = At(77, 0, NOW, "B0001", None)
POLICY = compile_policy(county())


def said_of(said: list[Episode], found: list[Episode]) -> tuple[Ledger, list[tuple[str, str]]]:
    """The ledger after both were held against each other, and what it says: change, identity."""
    state = EngineState()
    for one in said:
        (state.settled if one.resolved else state.episodes)[one.id] = one
    ledger = Ledger(state, POLICY)
    say(ledger, match(said, found, NOW), AT)
    return ledger, [(str(outcome.change), outcome.episode.id) for outcome in ledger.outcomes]


def test_the_same_says_nothing_and_keeps_which_reports_began_and_ended_it():
    one = alarm(0, 1000, id="a", over=T + 9000)
    _, told = said_of([one], [alarm(0, 1000, id="x", evidence=T + 60)])
    assert told == []
    assert (one.evidence, one.over) == (T + 60, T + 1000)


@pytest.mark.parametrize(
    ("said", "found", "change"),
    [
        ((0, 1000), (60, 1000), "updated"),
        ((0, 1000), (0, 900), "updated"),
        ((0, 1000), (0, None), "updated"),
        ((0, None), (60, None), "updated"),
        ((0, None), (0, 900), "cleared"),
    ],
)
def test_an_onset_or_an_end_that_moves_is_said_under_the_same_name(said, found, change):
    one = alarm(*said, id="a")
    _, told = said_of([one], [alarm(*found, id="x")])
    assert told == [(change, "a")]
    assert (one.onset, one.ended) == (T + found[0], None if found[1] is None else T + found[1])


@pytest.mark.parametrize(
    ("said", "found", "was"),
    [
        ((0, 1000), (60, 1000), {"was_onset": T}),
        ((0, 1000), (60, 900), {"was_onset": T, "was_ended": T + 1000}),
        ((0, 1000), (0, None), {"was_ended": T + 1000}),
        ((0, None), (60, 900), {"was_onset": T}),
        ((0, None), (0, 900), {}),
    ],
)
def test_what_was_otherwise_before_is_kept_until_it_is_moved_again(said, found, was):
    one = alarm(*said, id="a", facts={"fixes": 4, "was_kind": "curfew_late", "corrected": T})
    said_of([one], [alarm(*found, id="x")])
    assert one.facts == {"fixes": 4, **({"corrected": NOW} if was else {}), **was}


def test_another_kind_says_which_it_was():
    one = alarm(0, id="a", kind="curfew_late")
    said_of([one], [alarm(0, id="x", kind="curfew_absent")])
    assert one.facts == {"corrected": NOW, "was_kind": "curfew_late"}


def test_another_kind_of_the_family_is_an_update():
    one = alarm(0, id="a", kind="curfew_late")
    _, told = said_of([one], [alarm(0, id="x", kind="curfew_absent")])
    assert (told, one.kind, one.ends) == ([("updated", "a")], "curfew_absent", "person")


def test_what_was_never_said_is_raised_in_retrospect_with_its_end():
    ledger, told = said_of([], [alarm(0, 1000, id="x")])
    assert told == [("raised", "x"), ("cleared", "x")]
    assert [outcome.episode.ended for outcome in ledger.outcomes] == [None, T + 1000]
    assert all(outcome.episode.retrospective for outcome in ledger.outcomes)
    assert ledger.outcomes[0].episode.decided == NOW


def test_what_is_found_no_more_falls_with_its_acknowledgement_kept():
    one = alarm(0, 1000, id="a", acknowledged=T + 5, acknowledged_by="officer 7")
    ledger, told = said_of([one], [])
    assert told == [("retracted", "a")]
    assert (one.stage, one.acknowledged, one.acknowledged_by) == (Stage.RETRACTED, T + 5, "officer 7")
    assert ledger.state.settled == {"a": one}
    assert ledger.state.counts == {"alarm_retracted": 1}


def test_of_a_merge_the_other_says_into_which():
    second = alarm(0, 4000, id="second")
    _, told = said_of([alarm(5000, 5100, id="first"), second], [alarm(0, 5100, id="x")])
    assert told == [("updated", "first"), ("retracted", "second")]
    assert second.facts["merged_into"] == "first"


def test_one_that_comes_back_is_raised_under_its_name_and_forgets_that_it_was_part_of_another():
    one = alarm(0, 1000, id="a", retracted=True, revision=3, facts={"merged_into": "b"})
    ledger, told = said_of([one], [alarm(0, 1000, id="x")])
    assert told == [("raised", "a"), ("cleared", "a")]
    assert [outcome.episode.revision for outcome in ledger.outcomes] == [4, 5]
    assert (one.facts, one.stage, one.retrospective) == ({}, Stage.OVER, True)


def test_a_name_that_is_taken_is_not_given_twice():
    taken = alarm(0, 1000, id="x", rule="other")
    ledger, _ = said_of([taken], [alarm(0, 1000, id="x")])
    fresh = next(outcome.episode for outcome in ledger.outcomes if outcome.change is Change.RAISED)
    assert fresh.id != "x"
    assert len(fresh.id) == 32


@pytest.mark.parametrize(
    ("found", "words"),
    [([(0, 9000)], []), ([(60, 9000)], ["supports"]), ([], ["contradicts"]), ([(0, 4000), (6000, 9000)], ["supports"])],
)
def test_of_a_closed_one_one_word_is_said_once_and_nothing_else(found, words):
    closed = alarm(0, 9000, id="a", closed=T + 9500, closed_by="officer 7", outcome="confirmed")
    told = []
    for turn in range(2):
        fresh = [alarm(*times, id=f"x{turn}{index}") for index, times in enumerate(found)]
        ledger, said = said_of([closed], fresh)
        told += [
            (change, outcome.episode.facts["later_data"])
            for (change, _), outcome in zip(said, ledger.outcomes, strict=True)
        ]
    assert told == [("updated", word) for word in words]
    assert (closed.stage, closed.onset, closed.ended) == (Stage.CLOSED, T, T + 9000)


def test_what_later_data_make_of_a_closed_one_is_said_again_when_it_changes():
    closed = alarm(0, 9000, id="a", closed=T + 9500)
    told = []
    for found in ([], [], [alarm(0, 9000, id="x")], [alarm(0, 9000, id="x")], []):
        ledger, _ = said_of([closed], found)
        told += [outcome.episode.facts["later_data"] for outcome in ledger.outcomes]
    assert told == ["contradicts", "supports", "contradicts"]


@pytest.mark.parametrize("kind", ["sos", "strap_cut", "case_open"])
def test_the_devices_own_word_is_never_taken_back_and_may_begin_earlier(kind):
    one = alarm(1000, kind=kind, id="a")
    assert said_of([one], [])[1] == []
    assert said_of([one], [alarm(1500, kind=kind, id="x")])[1] == []
    assert said_of([one], [alarm(500, kind=kind, id="x")])[1] == [("updated", "a")]
    assert (one.onset, one.stage) == (T + 500, Stage.ONGOING)
    assert one.facts == {"corrected": NOW, "was_onset": T + 1000}


def test_an_end_that_came_out_earlier_is_known_to_be_earlier():
    """Two uploads of one gap: what ended before the second one's mark is not asked for again."""
    told = Timeline.of(at(0, 12))
    told.stay(HOME, at(0, 21), at(0, 23), 5 * MINUTE)
    told.stay(AWAY, at(0, 23), at(1, 7.8), 5 * MINUTE)
    told.stay(AWAY, at(1, 11), at(1, 11.1), 5 * MINUTE)
    for hour, received in ((8.1, 11.2), (9.1, 11.2), (10.1, 11.5)):
        told.report(at(1, hour), AWAY, received=at(1, received))
    told.tick(at(1, 12))
    assert brief(told.run()) == [("raised", "curfew_early_leave"), ("cleared", "curfew_early_leave")]
    assert told.counts["report_late"] == 3


@pytest.mark.parametrize(("away", "shown", "later"), [(15.0, 15.1, 17.0), (16.5, 16.6, 18.0)])
def test_of_a_closed_alarm_that_was_two_neither_part_is_raised_by_what_comes_later(away, shown, later):
    """Two uploads: the first shows a way home in the middle, the second is of after it."""
    told = Timeline.of(at(0, 12))
    told.stay(HOME, at(0, 13), at(0, 14), 5 * MINUTE)
    told.stay(ABROAD, at(0, 14), at(0, away), 5 * MINUTE)
    told.stay(ABROAD, at(0, away + 1.25), at(0, 19), 5 * MINUTE)
    told.stay(HOME, at(0, 19), at(0, 20), 5 * MINUTE)
    (identity,) = {event["data"]["alarm"] for event in told.run()}
    told.close(identity, at(0, 20))
    for step in range(12):
        told.report(at(0, shown) + step * 5 * MINUTE, HOME, received=at(0, 20.1))
    told.tick(at(0, 20.5))
    told.report(at(0, later) + 150.0, ABROAD, received=at(0, 20.6))
    told.tick(at(0, 21))
    said = told.run()
    assert brief(said) == [("closed", "inclusion_exit"), ("updated", "inclusion_exit")]
    assert said[1]["data"]["facts"]["later_data"] == "supports"
