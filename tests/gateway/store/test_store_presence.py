"""Presence in state.db: what stands from a time on takes the place of what stood; read between two times; forgotten."""

from __future__ import annotations

import pytest

from gateway.engine.presence import Interval, Presence
from gateway.engine.watching import WatchKind
from gateway.errors import TransientFault
from gateway.store.presence import Stretch
from gateway.store.state_db import Beside, StateStore

FOREVER, ORDER = float("inf"), (1, 1, 0.0)
HOME, NOT_HOME, UNKNOWN, NONE = Presence.HOME, Presence.NOT_HOME, Presence.UNKNOWN, Presence.NONE
NIGHT = ("P1", f"nights/{WatchKind.BE_THERE}", "home:P1")
AREA = ("P1", f"nights/{WatchKind.STAY_INSIDE}", "home:P1")


@pytest.fixture
def store(tmp_path):
    opened = StateStore(tmp_path / "state.db")
    yield opened
    opened.close()


def say(store: StateStore, *said: tuple[float, float, Presence], watch: tuple[str, str, str] = NIGHT) -> None:
    store.commit([], [], 1, Beside(presence=[Interval(watch, *one, ORDER) for one in said]))


def read(store: StateStore, since: float = 0.0, until: float = 1e9, duty: str = "curfew") -> list[tuple]:
    rows = [one for one in store.presence("P1", since, until) if one.duty == duty]
    return [(one.since, one.until, one.state) for one in rows]


def test_what_is_said_ends_what_stood_and_takes_the_place_of_what_came_later(store):
    say(store, (10.0, 90.0, HOME), (20.0, 90.0, UNKNOWN), (30.0, 90.0, NOT_HOME))
    assert read(store) == [(10.0, 20.0, "home"), (20.0, 30.0, "unknown"), (30.0, 90.0, "not_home")]
    say(store, (15.0, 80.0, NOT_HOME))
    assert read(store) == [(10.0, 15.0, "home"), (15.0, 80.0, "not_home")]
    say(store, (10.0, 80.0, UNKNOWN))
    assert read(store) == [(10.0, 80.0, "unknown")]


def test_where_there_is_no_duty_from_then_on_nothing_stands(store):
    say(store, (10.0, 20.0, HOME), (50.0, FOREVER, HOME))
    say(store, (60.0, 60.0, NONE))
    assert read(store) == [(10.0, 20.0, "home"), (50.0, 60.0, "home")]
    say(store, (50.0, 50.0, NONE))
    assert read(store) == [(10.0, 20.0, "home")]
    say(store, (-FOREVER, -FOREVER, NONE))
    assert read(store) == []


def test_one_person_s_duties_and_another_s_stand_beside_each_other(store):
    say(store, (10.0, 90.0, HOME))
    say(store, (10.0, FOREVER, NOT_HOME), watch=AREA)
    say(store, (5.0, 90.0, NOT_HOME), watch=("P2", *NIGHT[1:]))
    say(store, (40.0, 40.0, NONE), watch=AREA)
    assert read(store) == [(10.0, 90.0, "home")]
    assert store.presence("P1", 0.0, 50.0) == [
        Stretch("nights", "area", "home:P1", 10.0, 40.0, "not_home"),
        Stretch("nights", "curfew", "home:P1", 10.0, 50.0, "home"),
    ]
    assert [one.state for one in store.presence("P2", 0.0, 50.0)] == ["not_home"]


def test_it_is_read_between_two_times_and_no_further(store):
    say(store, (10.0, 20.0, HOME), (30.0, FOREVER, NOT_HOME))
    assert read(store, 15.0, 40.0) == [(15.0, 20.0, "home"), (30.0, 40.0, "not_home")]
    assert read(store, 20.0, 30.0) == []


def test_a_tail_that_is_said_again_changes_nothing(store):
    tail = [(10.0, 90.0, HOME), (20.0, 90.0, UNKNOWN), (15.0, 90.0, NOT_HOME), (16.0, 16.0, NONE)]
    say(store, *tail)
    once = read(store)
    assert once == [(10.0, 15.0, "home"), (15.0, 16.0, "not_home")]
    say(store, *tail)
    assert read(store) == once


def test_a_fault_in_the_middle_of_a_commit_leaves_what_stood(store):
    say(store, (10.0, 90.0, HOME))
    store._db.execute("CREATE TRIGGER fault BEFORE INSERT ON progress BEGIN SELECT RAISE(ABORT, 'disk I/O error'); END")
    with pytest.raises(TransientFault, match="disk I/O error"):
        say(store, (20.0, 90.0, UNKNOWN))
    assert read(store) == [(10.0, 90.0, "home")]
    assert store.applied_offset() == 1


def test_after_its_days_nothing_is_left_of_it(store):
    say(store, (10.0, 20.0, HOME), (30.0, 40.0, NOT_HOME), (45.0, 60.0, HOME))
    say(store, (5.0, FOREVER, HOME), watch=AREA)
    assert store.forget_presence(40.0) == 2
    assert read(store) == [(45.0, 60.0, "home")]
    assert read(store, 0.0, 50.0, "area") == [(40.0, 50.0, "home")]
    say(store, (70.0, 70.0, NONE), watch=AREA)
    assert store.forget_presence(100.0) == 2
    assert store._db.rows("SELECT count(*) FROM presence") == [(0,)]


def test_what_is_known_of_somebody_who_is_held_stays_as_it_is(store):
    say(store, (10.0, 20.0, HOME), (30.0, 90.0, NOT_HOME))
    assert store.forget_presence(50.0, {"P1"}) == 0
    assert read(store) == [(10.0, 20.0, "home"), (30.0, 90.0, "not_home")]
    assert store.forget_presence(50.0, {"P2"}) == 1
    assert read(store) == [(50.0, 90.0, "not_home")]
