"""What was known here when another system had an alarm: what of ours stood, what had come, and why none was raised."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import numpy as np
import pytest
from made_episodes import episode
from timeline import HOUR, at

from gateway.engine import PAST
from gateway.replay.shadow_known import Knowledge
from gateway.words.shadows import Theirs

NOON = at(0, 12)
SHANGHAI = ZoneInfo("Asia/Shanghai")
REPORTS = (NOON - 1.5 * HOUR, NOON - 0.5 * HOUR, NOON - 60.0)


class Came:
    """Three reports, of which the last came late and had no place."""

    def rows(self, _devices, since, until):
        rows = np.zeros(len(REPORTS), PAST)
        rows["order"], rows["received"], rows["located"] = REPORTS, REPORTS, (True, True, False)
        rows["received"][-1] += 2 * HOUR
        return rows[(rows["order"] >= since) & (rows["order"] <= until)]

    def epochs(self):
        return []


def known(one: Theirs, *episodes, covered=("P0001",), begins: float | None = 0.0) -> list[str]:
    of = Knowledge(Came(), None, "", begins, covered, {"P0001": episodes}, SHANGHAI, 1800.0)
    found = of.of(one)
    assert all(text.zh != text.en for text in found.known)
    return [text.en for text in found.known]


def their(kind: str = "phone_unpaired", person: str = "P0001", until: float | None = None) -> Theirs:
    return Theirs(2, person, "B0001", "x", (kind,), NOON, until)


def test_what_had_come_by_then_is_told_and_a_kind_that_is_never_raised_says_so():
    assert known(their()) == [
        "in the hour before 1 reports had come, 1 with a place, the last at 11-02 11:30:00",
        "unpaired from the phone: this version never raises it",
    ]


@pytest.mark.parametrize(("lasts", "after"), [(None, 0.0), (600.0, 300.0), (36_000.0, 1800.0)])
def test_it_is_as_of_half_through_their_alarm_and_no_later_than_the_same_alarm_may_lie_apart(lasts, after):
    of = Knowledge(Came(), None, "", None, (), {}, SHANGHAI, 1800.0)
    assert of.of(their(until=None if lasts is None else NOON + lasts)).at == NOON + after


def test_where_there_was_no_journal_no_wearer_or_no_authority_that_is_all_there_is():
    assert known(their(), begins=None) == ["our journal begins at -: of that time it has nothing"]
    assert known(their(), begins=NOON + 1.0) == ["our journal begins at 11-02 12:00: of that time it has nothing"]
    assert known(their(person="")) == ["nobody wore B0001 then"]
    assert known(their(), covered=()) == ["no authority covers this wearer now, so that nothing of then was looked at"]


def test_what_of_ours_stood_then_and_what_was_taken_back_is_named():
    stood = episode("power_off", id="a", onset=NOON - 600.0, ended=NOON)
    back = episode("comms_lost", id="b", onset=NOON, retracted=True)
    trial = episode("test", id="c", onset=NOON)
    gone = episode("power_off", id="d", onset=NOON - 9 * HOUR, ended=NOON - 8 * HOUR)
    other = episode("strap_cut", id="e", onset=NOON, retracted=True)
    assert known(their("comms_lost"), stood, back, trial, gone, other, covered=())[:-1] == [
        "what ours had then is: switched off, since 11-02 11:50",
        "ours had it (silent, since 11-02 12:00) and took it back, as later data showed nothing of it",
    ]
