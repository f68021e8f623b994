"""A large past is gone through in portions: whoever waits for an answer is served in between."""

from __future__ import annotations

import numpy as np
import pytest
from timeline import CAFE, HOME, MINUTE, Timeline, at, county

from gateway.engine import redecide
from gateway.engine.history import PAST, MemoryHistory
from gateway.engine.redecide import AT_ONCE, SAMPLED, portions
from gateway.engine.step import Stepped, steps


def pasts(groups: int, count: int, *, every: float = 60.0, apart: float = 0.0) -> list[np.ndarray]:
    """Reports of groups, so many each; two of each group have one order."""
    held = []
    for group in range(groups):
        rows = np.zeros(count, PAST)
        rows["device"], rows["order"] = group, np.arange(count) * every + group * apart
        rows["order"][1] = rows["order"][0]
        rows["tie"] = np.arange(count)
        held.append(rows)
    return held


@pytest.mark.parametrize("apart", [0.0, 0.7, 1e6], ids=["at the same times", "about the same", "one after another"])
@pytest.mark.parametrize(("groups", "count"), [(1, 3), (1, 5000), (200, 1440), (3000, 4)])
def test_all_of_it_comes_once_and_by_order_in_portions_of_a_bounded_size(groups, count, apart):
    rows = pasts(groups, count, apart=apart)
    got = list(portions(rows))
    together = np.concatenate(got)
    assert (np.diff(together["order"]) >= 0).all()
    for group in range(0, groups, max(1, groups // 7)):
        assert together["tie"][together["device"] == group].tolist() == list(range(count))
    assert len(together) == groups * count
    # What is of one time stays together, and of a group fewer than SAMPLED may stand between two samples.
    assert max(map(len, got)) <= 2 * AT_ONCE + min(groups, AT_ONCE) * 2 + (groups if count < SAMPLED else 0) * count
    assert len(got) >= groups * count // (4 * AT_ONCE)


def test_no_rows_are_no_portions():
    assert list(portions([np.zeros(0, PAST)])) == []


def test_it_gives_way_between_portions_and_between_marks_and_that_changes_nothing(monkeypatch):
    """Of both wearers alike, so that their marks are due in one round."""
    base, told = county(), {}
    for at_once, sampled, marked in ((AT_ONCE, SAMPLED, 64), (16, 4, 1)):
        monkeypatch.setattr(redecide, "AT_ONCE", at_once)
        monkeypatch.setattr(redecide, "SAMPLED", sampled)
        monkeypatch.setattr(redecide, "MARKED_AT_ONCE", marked)
        one = Timeline.of(at(0, 12), devices=base.devices)
        rows = [(at(0, 13) + step * 3 * MINUTE, (HOME, CAFE)[step // 12 % 2]) for step in range(100)]
        for device in ("B0001", "B0002"):
            one.report(rows[-1][0], HOME, device=device)
            for time, place in rows[:-1]:
                one.report(time, place, received=rows[-1][0] + 1.0, device=device)
        one.run()
        one.tick(rows[-1][0] + 900.0)
        entries, stepped = one.waiting.batch(), Stepped()
        ways = sum(1 for _ in steps(one.state, entries, one.policies, stepped, first=one.state.offset))
        told[at_once] = (ways, [(each.change, each.episode.onset, each.episode.ended) for each in stepped.outcomes])
    assert told[16][1] == told[AT_ONCE][1] != []
    assert told[16][0] > told[AT_ONCE][0] + 10


def test_what_a_history_is_not_asked_for_for_long_is_in_order_when_it_is_and_no_older_than_may_be_asked_for():
    held, names = MemoryHistory(), ("B0001", "B0002")
    day = 86_400.0
    for number in range(400):
        rows = np.zeros(2, PAST)
        rows["device"], rows["order"], rows["offset"] = (0, 1), number * day / 10, (2 * number, 2 * number + 1)
        held.add(names, rows, 2 * number)
        if number % 7 == 0:
            held.between(("B0001",), 0.0, np.inf, 800)
    for name in names:
        asked = held.between((name,), 0.0, np.inf, 800)["order"].tolist()
        assert asked == [number * day / 10 for number in range(309, 400)]
    assert len(held.of("B0001")) < 2 * len(asked), "what is asked for often is let go of as it grows old"


def test_a_group_that_no_mark_reaches_back_of_is_counted_and_stays_as_it_is():
    told = Timeline.of(at(0, 12))
    told.report(at(0, 13), HOME)
    told.run()
    told.state.marks.clear()  # as after groups of no common mark have become one
    told.report(at(0, 12.5), CAFE, received=at(0, 13.1))
    told.tick(at(0, 14))
    assert told.run() == []
    assert (told.counts["report_late"], told.counts["report_too_late"], told.state.waiting) == (1, 1, {})
