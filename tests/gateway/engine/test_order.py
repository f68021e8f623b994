"""The order in which reports come makes no difference to what stands in the end.

Nothing that is learnt across wearers is in it: there are no such versions yet, and whatever ``step`` learns (how noisy
a place is) belongs to one group and lies in its marks.
"""

from __future__ import annotations

from collections import Counter
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from deliveries import (
    Life,
    Told,
    deliver,
    held,
    held_back,
    in_order,
    life,
    live_first,
    newest_first,
    repeated,
    shuffled,
    standing,
)  # fmt: skip
from effort import named
from hypothesis import example, given
from hypothesis import strategies as st
from intervals import table
from met import must_meet
from timeline import Timeline, at

from gateway.engine import marks, presence_again, redecide, step
from gateway.engine.arrival import arrange
from gateway.engine.families import FAMILIES
from gateway.engine.groups import lift

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gateway.engine.episode import Episode
    from gateway.engine.state import EngineState

ORDERS = {"shuffled": shuffled, "held back": held_back, "live first": live_first, "newest first": newest_first}
BROKEN = 5
"""A life in which a rule is taken away while it is broken."""
TIED = 1
"""A life in which the second bracelet goes to the first wearer: one group, and reports of one time."""


@must_meet("updated", "retracted", "split", "merged", "come back", times=3)
@named(2)
@given(seed=st.integers(1, 8))
@example(seed=BROKEN)
def test_whatever_the_order_the_same_stands_and_a_consumer_of_the_events_holds_it(met, seed):
    events = _told_in_every_order(met, seed)
    assert seed != BROKEN or any("taken_away" in event["data"]["facts"] for event in events)


@pytest.mark.torture
@pytest.mark.parametrize("seed", range(9, 49))
def test_of_many_lives_the_same_stands_whatever_the_order(seed):
    _told_in_every_order(Counter(), seed)


def _told_in_every_order(met: Counter, seed: int) -> list[dict]:
    """A life, told in order and in all others; the events of the first."""
    one = life(seed)
    wanted = deliver(one, in_order(one))
    presence = table(wanted.timeline.presence)
    assert len(wanted.standing) > 9
    assert sum(map(len, presence.values())) > 30
    for name, order in ORDERS.items():
        with accounted(met):
            told = deliver(one, repeated(order(one, seed), seed))
        assert told.standing == wanted.standing, name
        assert table(told.timeline.presence) == presence, name
        assert held(told.events) == known(told.timeline.state), name
        assert told.timeline.state.waiting == {}
        met.update(_changes(told.events))
    return wanted.events


def _changes(events: list[dict]) -> Counter:
    """How often what was said, and how many came back of those that had been taken back."""
    changes, gone = Counter(), set()
    for event in events:
        change, alarm = event["type"].removeprefix("bracelet.alarm."), event["data"]["alarm"]
        changes[change] += 1
        changes["come back"] += change == "raised" and alarm in gone
        gone |= {alarm} if change == "retracted" else set()
    return changes


@contextmanager
def accounted(met: Counter) -> Iterator[None]:
    """Within it the splits and merges of the past are counted."""
    match = redecide.match

    def counting(said, found, now):
        matched = match(said, found, now)
        met["merged"] += sum(into is not None for _, into in matched.gone)
        met["split"] += sum(any(_overlap(one, new, now) for new in matched.new) for one, _ in matched.pairs)
        return matched

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(redecide, "match", counting)
        yield


def _overlap(one: Episode, other: Episode, now: float) -> bool:
    same = (one.person, one.rule, one.zone, FAMILIES[one.kind]) == (
        other.person, other.rule, other.zone, FAMILIES[other.kind]
    )  # fmt: skip
    return same and one.onset <= (other.ended or now) and other.onset <= (one.ended or now)


def known(state: EngineState) -> dict[str, tuple]:
    """What stands by the state, as a consumer holds it."""
    every = (*state.episodes.values(), *state.settled.values())
    stand = [one for one in every if one.kind in FAMILIES and not one.retracted]
    return {one.id: (one.kind, one.person, one.zone or None, one.onset, one.ended) for one in stand}


@pytest.fixture(scope="module")
def in_its_order() -> tuple[Life, Told]:
    """A life, and what came of it, told in order and the same in another one."""
    one = life(0)
    wanted, other = deliver(one, in_order(one)), deliver(one, live_first(one, 0))
    assert other.standing == wanted.standing
    assert table(other.timeline.presence) == table(wanted.timeline.presence)
    return one, wanted


def test_a_past_that_is_decided_from_the_newest_mark_on_comes_out_otherwise(in_its_order, monkeypatch):
    one, wanted = in_its_order
    monkeypatch.setattr(redecide, "before", lambda held, _: held[-1])
    assert deliver(one, live_first(one, 0)).standing != wanted.standing


def test_a_mark_that_forgets_what_was_learnt_of_a_receiver_comes_out_otherwise(in_its_order, monkeypatch):
    def forgetful(*given):
        lifted = lift(*given)
        for each in lifted:
            each.rows["track"][1]["far_n"] = 0.0
        return lifted

    one, wanted = in_its_order
    monkeypatch.setattr(marks, "lift", forgetful)
    assert deliver(one, live_first(one, 0)).standing != wanted.standing


def test_what_was_said_of_presence_since_the_mark_would_stand_beside_what_is_found(in_its_order, monkeypatch):
    one, wanted = in_its_order
    monkeypatch.setattr(presence_again, "_restate", lambda *_: None)
    assert table(deliver(one, live_first(one, 0)).timeline.presence) != table(wanted.timeline.presence)


def tied(*, first: int, second: int) -> list[tuple]:
    """What stands of two reports of one time, that say another battery each, by the order in which they come."""
    told = Timeline.of()
    told.report(at(0, 13), battery=80)
    for battery in (first, second):
        told.report(at(0, 14), battery=battery, received=at(0, 14) + 2.0)
    told.report(at(0, 15), battery=40)
    told.tick(at(0, 15.5))
    return standing(told.run())


@pytest.mark.parametrize("pair", [(5, 95), (6, 90), (3, 60), (8, 99)])
def test_two_reports_of_one_time_go_by_what_they_say(pair, monkeypatch):
    assert tied(first=pair[0], second=pair[1]) == tied(first=pair[1], second=pair[0]) != []

    def by_arrival(context):
        context.reports.digest = context.reports.offset.astype(context.reports.digest.dtype)
        context.policy.ties[:] = 0
        return arrange(context)

    monkeypatch.setattr(step, "arrange", by_arrival)
    assert tied(first=pair[0], second=pair[1]) != tied(first=pair[1], second=pair[0])


def test_two_bracelets_of_one_wearer_at_one_time_go_by_their_names_and_not_by_arrival():
    one = life(TIED)
    base = in_order(one)
    turned = sorted(base, key=lambda each: (each[0], -int(each[1].device[-1])))
    times = Counter(report.time for _, report in base if report.device != "F0001")
    assert sum(count > 1 for count in times.values()) > 50
    assert turned != base
    assert deliver(one, turned).standing == deliver(one, base).standing
