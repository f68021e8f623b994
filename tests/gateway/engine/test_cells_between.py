"""A stream of places by cells between fixes: it wears nothing off, keeps nothing fresh, raises and ends nothing."""

from __future__ import annotations

import math
from types import SimpleNamespace

import numpy as np
import pytest
from timeline import ABROAD, AWAY, HOME, HOUR, MINUTE, Timeline, alarm_policies, at, brief, clock, leave, raised

from fencing.verdict import IN, OUT, UNKNOWN
from gateway.engine.state import WATCH, fresh
from gateway.engine.weigh import CAP, PAIR, SOFT_LIMIT, STAYS, hint
from protocols.report import Source

CELL, GNSS = Source.CELL, Source.GNSS
FAR, FARTHER = (9000.0, 0.0), (9000.0, 9000.0)
FIRST = (300.0, 0.0)


def row(told, duty="nights/3"):
    return next(at for at, key in enumerate(told.policy.watches.key) if key[0] == "P0001" and key[1] == duty)


def evidence(told, duty="nights/3"):
    return {name: told.state.watch[name][row(told, duty)].item() for name in WATCH}


def cells(told, start, until, place, every=MINUTE):
    return told.fixes([(float(time), place, CELL) for time in np.arange(start, until, every)])


def at_home():
    told = Timeline.of()
    told.stay(HOME, at(0, 20), at(0, 23), MINUTE)
    told.run()
    return told


def standings(told):
    return [one for one in told.presence if one.watch[1] == "nights/3"]


@pytest.mark.parametrize("place", [HOME, FIRST])
def test_cells_that_say_nothing_of_a_place_change_nothing_of_the_evidence(place):
    told = at_home()
    before = told.state.watch.records[row(told)].tobytes()
    cells(told, at(0, 23), at(1, 3), place)
    assert told.state.watch.records[row(told)].tobytes() == before


def test_an_alarm_that_fixes_have_earned_is_not_ended_by_cells_at_home():
    told = Timeline.of()
    told.stay(HOME, at(0, 20), at(0, 21), MINUTE)
    told.stay(AWAY, at(0, 21), at(0, 23), MINUTE)
    assert brief(told.run()) == [("raised", "curfew_late")]
    earned = evidence(told)["log_odds"]
    cells(told, at(0, 23), at(1, 2), HOME)
    assert evidence(told)["log_odds"] <= earned
    assert raised(told.events)
    assert [change for change, _ in brief(told.events)] == ["raised"]


def test_the_night_is_not_known_half_an_hour_after_the_last_fix_however_many_cells_are_heard():
    told, other = at_home(), at_home()
    cells(told, at(0, 23), at(1, 2), HOME)
    other.stay(None, at(0, 23), at(1, 2), MINUTE)
    other.run()
    assert [(one.since, one.state) for one in standings(told)] == [(one.since, one.state) for one in standings(other)]
    for name in ("in_s", "out_s", "unknown_s"):
        assert told.state.curfew[name].tolist() == pytest.approx(other.state.curfew[name].tolist(), abs=2 * MINUTE)
    assert told.state.curfew["unknown_s"].max() > 2 * HOUR


def test_cells_far_from_home_for_long_make_it_unknown_and_no_more():
    told = at_home()
    assert evidence(told)["verdict"] == IN
    cells(told, at(0, 23), at(0, 23) + 2 * MINUTE, FAR)
    assert evidence(told)["verdict"] == IN, "a wrong mast or two"
    cells(told, at(0, 23) + 2 * MINUTE, at(0, 23.5), FAR)
    assert evidence(told)["verdict"] == UNKNOWN
    assert 0.0 < evidence(told)["log_odds"] <= SOFT_LIMIT
    assert told.events == []
    told.stay(HOME, at(0, 23.5), at(0, 23.7), MINUTE)
    assert told.run() == []
    assert evidence(told)["verdict"] == IN


def test_a_fix_and_a_scan_are_not_the_two_fixes_that_a_verdict_needs():
    told = at_home()
    cells(told, at(0, 23), at(0, 23.5), FAR)
    told.report(at(0, 23.5), FAR)
    cells(told, at(0, 23.5) + MINUTE, at(1, 1), FAR)
    assert told.run() == []
    assert told.events == []
    told.report(at(1, 1), FAR)
    told.report(at(1, 1) + MINUTE, FAR)
    assert brief(told.run()) == [("raised", "curfew_early_leave")]


def test_the_onset_is_the_first_fix_away_and_no_scan():
    told = at_home()
    cells(told, at(0, 23), at(0, 23.5), FAR)
    told.stay(FAR, at(0, 23.5), at(0, 23.7), MINUTE)
    (alarm,) = raised(told.run())
    assert clock(alarm["onset"]) == at(0, 23.5)


def test_where_leave_ends_a_fix_raises_what_is_known_and_no_scan():
    told = Timeline.of(leave=(leave(at(0, 12), at(0, 21)),))
    told.stay(HOME, at(0, 18), at(0, 19), MINUTE)
    told.stay(ABROAD, at(0, 19.5), at(0, 21), MINUTE)
    told.run()
    assert evidence(told, "stay/1")["verdict"] == OUT
    assert cells(told, at(0, 21) + MINUTE, at(0, 21.2), ABROAD) == []
    told.report(at(0, 21.2), ABROAD)
    assert brief(told.run()) == [("raised", "inclusion_exit")]


def test_a_stay_elsewhere_is_of_fixes_and_cells_neither_end_nor_lengthen_it():
    told = Timeline.of()
    told.stay(AWAY, at(0, 22), at(1, 1), 5 * MINUTE)
    told.run()
    stay = {name: told.state.curfew[name].max() for name in ("stay_n", "stay_s", "stay_until", "stay_x")}
    assert stay["stay_n"] > 20
    cells(told, at(1, 1), at(1, 2), FARTHER)
    assert {name: told.state.curfew[name].max() for name in stay} == stay


def test_a_bracelet_that_only_hears_cells_far_from_its_home_is_out_of_nothing():
    told = Timeline.of(alarms=alarm_policies())
    assert cells(told, at(0, 20), at(1, 8), FARTHER, 5 * MINUTE) == []
    assert evidence(told)["verdict"] == UNKNOWN
    assert evidence(told)["log_odds"] == pytest.approx(SOFT_LIMIT)


def pair(**values):
    known = dict.fromkeys(PAIR.names, 0) | {"sigma": 250.0, "constant": 600.0, "enough": 2, "soft": True}
    return SimpleNamespace(**(known | values))


@pytest.mark.parametrize("log_odds", [-CAP, -4.0, -1.0, 0.0, 1.0, 4.0, CAP])
@pytest.mark.parametrize("beyond", [-5000.0, -100.0, 0.0, 100.0, 5000.0])
def test_a_hint_carries_evidence_to_its_limit_on_either_side_and_never_beyond(log_odds, beyond):
    watch = SimpleNamespace(**{name: value for name, (_, value, _) in WATCH.items()})
    watch.log_odds, watch.seen, watch.verdict = log_odds, 0.0, OUT if log_odds > 4.6 else UNKNOWN
    before, least, most = log_odds, min(log_odds, -SOFT_LIMIT), max(log_odds, SOFT_LIMIT)
    for minute in range(1, 200):
        assert hint(watch, pair(time=60.0 * minute, beyond=beyond)) == STAYS
        assert least <= watch.log_odds <= most
        if beyond * log_odds >= 0.0:
            assert abs(watch.log_odds) >= abs(before)
        before = watch.log_odds
    assert (watch.seen, watch.fixes, watch.leans) == (0.0, 0, 0)
    assert math.isnan(watch.in_last)


def test_it_may_be_the_first_that_is_known_of_a_wearer():
    watch = fresh(WATCH, 1).view(np.recarray)[0]
    hint(watch, pair(time=60.0, beyond=5000.0))
    assert 0.0 < watch.log_odds <= SOFT_LIMIT
    assert watch.hinted == 60.0
    assert math.isnan(watch.seen)
