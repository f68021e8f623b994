"""Where the engine's number changes a fence stands; late rows of before it decide nothing and are counted."""

from __future__ import annotations

import math

from timeline import ABROAD, HOME, MINUTE, Timeline, at, record

from gateway.engine import ENGINE, EngineState
from gateway.engine.number import fence
from gateway.journal.controls import Configured, Start
from gateway.journal.entries import EntryKind


def begun(engine: int) -> Timeline:
    """A county that an engine of this number has begun at noon."""
    told = Timeline.of(None)
    told.control(EntryKind.START, at(0, 12), Start("test", engine=engine))
    told.control(EntryKind.CONFIGURATION, at(0, 12), Configured(told.policy.configuration.digest))
    told.stay(HOME, at(0, 12), at(0, 13))
    told.run()
    return told


def test_a_first_start_has_no_fence_whatever_its_number():
    state = begun(ENGINE).state
    assert (state.engine, state.fence) == (ENGINE, -math.inf)
    assert state.keeps_fences


def test_another_number_fences_and_the_same_does_not():
    told = begun(0)
    for hour, engine in ((13.0, ENGINE), (14.0, ENGINE)):
        told.control(EntryKind.START, at(0, hour), Start("test", engine=engine))
        told.run()
        assert (told.state.engine, told.state.fence) == (ENGINE, at(0, 13))


def test_what_is_late_and_of_before_the_fence_is_counted_apart():
    told = begun(0)
    told.control(EntryKind.START, at(0, 13), Start("test", engine=ENGINE))
    told.report(at(0, 13.1))
    told.stored(at(0, 13.2), [record(at(0, 12.5), ABROAD), record(at(0, 13) + MINUTE, ABROAD)])
    assert told.run() == []
    assert (told.counts["report_late"], told.counts["report_before_fence"]) == (2, 1)


def test_a_replay_that_compares_knows_no_fences():
    state = EngineState(keeps_fences=False, first_start=at(0, 12), engine=ENGINE)
    fence(state, ENGINE + 1, at(0, 13))
    assert (state.engine, state.fence) == (ENGINE, -math.inf)
