"""What may become of an episode, as a table: from where, to where."""

from __future__ import annotations

import pytest
from made_episodes import episode
from timeline import at

from gateway.engine.episode import TURNS, Change, Stage

AS_THEY_STAND = {
    Stage.ONGOING: {},
    Stage.OVER: {"ended": at(0, 23)},
    Stage.CLOSED: {"ended": at(0, 23), "closed": at(1, 1)},
    Stage.RETRACTED: {"retracted": True, "closed": at(1, 1)},
}
BECOMES = {
    Change.CLEARED: {"ended": at(0, 23)},
    Change.CLOSED: {"closed": at(1, 1)},
    Change.RETRACTED: {"retracted": True},
    Change.DISPUTED: {"closed": None, "disputed": at(1, 2)},
}


def test_every_change_has_its_row():
    assert set(TURNS) == set(Change)


@pytest.mark.parametrize("stage", Stage)
def test_a_stage_is_told_from_what_was_written(stage):
    one = episode("inclusion_exit", **AS_THEY_STAND[stage])
    assert (one.stage, one.is_ongoing) == (stage, stage is Stage.ONGOING)


@pytest.mark.parametrize("change", Change)
@pytest.mark.parametrize("stage", Stage)
def test_a_change_leads_where_the_table_says(change, stage):
    one = episode("inclusion_exit", **AS_THEY_STAND[stage])
    assert one.may(change) is (stage in TURNS[change])
    if one.may(change):
        for name, value in BECOMES.get(change, {}).items():
            setattr(one, name, value)
        assert one.stage is TURNS[change][stage]


def test_latched_is_latched_and_what_is_closed_stays_closed():
    assert not episode("strap_cut").may(Change.CLEARED)
    assert episode("strap_cut").may(Change.CLOSED)
    closed = episode("strap_cut", closed=at(1, 1))
    assert [change for change in Change if closed.may(change)] == [Change.RETRACTED, Change.DISPUTED, Change.EXAMINED]
