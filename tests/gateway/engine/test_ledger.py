"""Episodes by themselves: what opens, what is said, what ends, and what only a person can end."""

from __future__ import annotations

import pytest
from timeline import county

from gateway.engine.episode import Change
from gateway.engine.ledger import RETROSPECTIVE_AFTER, At, Finding, Ledger
from gateway.engine.policy import compile_policy
from gateway.engine.state import EngineState
from gateway.kinds import KINDS

NOW = 1_796_000_000.0
THEN = At(7, 1, NOW, "B0001")
LATER = At(9, 1, NOW + 60.0, "B0001")


@pytest.fixture
def ledger():
    return Ledger(EngineState(), compile_policy(county()))


def finding(kind, **changes):
    values = {"onset": NOW - 5.0, "evidence_time": NOW - 5.0, "opening": b"frame", "first_offset": 3}
    return Finding(kind=kind, device="B0001", person="P0001", **(values | changes))


def opened(ledger, kind, **changes):
    identity = ledger.raise_(finding(kind, **changes), THEN)
    return ledger.state.episodes[identity]


def said(ledger):
    return [outcome.change for outcome in ledger.outcomes]


@pytest.mark.parametrize("kind", [name for name, kind in KINDS.items() if kind.ends != "self"])
def test_what_only_a_person_ends_is_not_cleared(ledger, kind):
    episode = opened(ledger, kind)
    ledger.clear(episode, NOW, LATER, {"home": 1})
    assert said(ledger) == [Change.RAISED]
    assert (episode.ended, episode.facts, episode.last_offset, episode.is_ongoing) == (None, {}, 7, True)
    assert ledger.ongoing(kind, "P0001", "B0001") is episode


@pytest.mark.parametrize("kind", [name for name, kind in KINDS.items() if kind.ends == "self"])
def test_what_clears_itself_is_cleared_once_and_its_place_is_free(ledger, kind):
    episode = opened(ledger, kind)
    for _ in range(2):
        ledger.clear(episode, NOW + 30.0, LATER, {"home": 1})
    assert said(ledger) == [Change.RAISED, Change.CLEARED]
    assert (episode.ended, episode.facts, episode.last_offset) == (NOW + 30.0, {"home": 1}, 9)
    assert ledger.ongoing(kind, "P0001", "B0001") is None
    mild = episode.severity in ("info", "warning")
    assert (episode.id in ledger.state.episodes) is not mild


def test_the_same_finding_is_one_episode_and_is_counted(ledger):
    first, again = (ledger.raise_(finding("sos"), THEN) for _ in range(2))
    assert first == again
    assert said(ledger) == [Change.RAISED]
    assert ledger.state.counts["alarm_already_raised"] == 1


@pytest.mark.parametrize(("age", "is_past"), [(RETROSPECTIVE_AFTER, False), (RETROSPECTIVE_AFTER + 1.0, True)])
def test_an_alarm_about_the_past_says_so(ledger, age, is_past):
    assert RETROSPECTIVE_AFTER == 1800.0
    assert opened(ledger, "sos", evidence_time=NOW - age).retrospective is is_past


def test_a_late_return_that_becomes_the_whole_absence_is_latched_and_found_under_its_new_name(ledger):
    episode = opened(ledger, "curfew_late", rule="nights", zone="home")
    ledger.revise(episode, LATER, {"until": NOW}, "curfew_absent")
    assert said(ledger) == [Change.RAISED, Change.UPDATED]
    assert (episode.kind, episode.ends) == ("curfew_absent", "person")
    assert episode.severity == KINDS["curfew_absent"].severity
    assert (episode.facts, episode.last_offset, episode.revision) == ({"until": NOW}, 9, 2)
    assert ledger.ongoing("curfew_late", "P0001", "", "home", "nights") is None
    assert ledger.ongoing("curfew_absent", "P0001", "", "home", "nights") is episode


def test_an_outcome_is_a_copy_of_how_the_episode_stood(ledger):
    episode = opened(ledger, "sos")
    ledger.revise(episode, LATER, {"times": 2})
    first, second = ledger.outcomes
    assert (first.episode.facts, second.episode.facts) == ({}, {"times": 2})
    assert first.order < second.order
    assert second.decided == LATER.time
