"""What reports ask of state.db: alarms of a stretch, the oldest, and whose was confirmed."""

from __future__ import annotations

import pytest
from made_episodes import episode

from gateway.store.state_db import Event, StateStore


@pytest.fixture
def store(tmp_path):
    opened = StateStore(tmp_path / "state.db")
    yield opened
    opened.close()


def keep(store, *episodes):
    store.commit([Event(f"{one.id}.1", one.id, one.severity, b"{}", one) for one in episodes], [], 1)


def made(name, decided, person="P0001", **known):
    return episode("sos", id=name, decided=decided, person=person, **known)


def test_alarms_of_a_stretch_are_those_raised_in_it_closed_or_not(store):
    assert store.episodes_between(0.0, 1e12) == []
    keep(store, made("c", 30.0), made("a", 10.0, closed=99.0), made("b", 20.0), made("d", 40.0, closed=99.0))
    assert [one.id for one in store.episodes_between(20.0, 40.0)] == ["b", "c"]
    assert [one.id for one in store.episodes_between(0.0, 99.0)] == ["a", "b", "c", "d"]


def test_a_sheet_needs_what_somebody_has_to_look_at_and_what_was_over_lately(store):
    mild = {"severity": "warning", "ends": "self"}
    keep(
        store, made("open", 10.0), made("closed", 20.0, closed=99.0), made("long ago", 30.0, closed=50.0),
        made("over", 40.0, ended=95.0, **mild), made("over before", 15.0, ended=50.0, **mild),
        made("ended, not closed", 12.0, ended=50.0),
    )  # fmt: skip
    assert [one.id for one in store.episodes_since(90.0)] == ["open", "ended, not closed", "closed", "over"]


def test_the_oldest_that_is_kept_is_known_whether_it_is_closed_or_not(store):
    assert store.oldest_episode() is None
    keep(store, made("c", 30.0))
    assert store.oldest_episode() == 30.0
    keep(store, made("a", 10.0, closed=99.0))
    assert store.oldest_episode() == 10.0


def test_confirmed_are_those_of_whom_a_person_said_so_and_nothing_took_it_back(store):
    said = {"closed": 99.0, "outcome": "confirmed"}
    keep(
        store, made("a", 1.0, **said), made("b", 2.0, "P0002", closed=9.0, outcome="false"), made("c", 3.0, "P0003"),
        made("d", 4.0, "P0004", retracted=True, **said), made("e", 5.0, "", **said),
    )  # fmt: skip
    assert store.confirmed_people() == {"P0001"}
