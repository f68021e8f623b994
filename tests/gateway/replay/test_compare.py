"""``replay --compare``: what this engine says differently from what was said, by person and kind."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from another_engine import with_constants
from made_episodes import episode
from rich.console import Console
from timeline import MINUTE, at
from typer.testing import CliRunner
from virtual import Told, tell

from gateway.cli.app import app
from gateway.cli.compared import DIFFERS
from gateway.cli.compared import told as compare_told
from gateway.engine import EngineState, Episode
from gateway.engine.step import step
from gateway.errors import UserFault
from gateway.journal import FileJournal
from gateway.replay.compare import compare, compared
from gateway.replay.reading import PolicyShelf
from gateway.replay.run import Request
from gateway.store.state_db import StateStore
from gateway.upstream.cloudevents import event_of

NOTHING = Request(None, None, None, None, None, "", 65_536)


def alarm(name: str, onset: float, ended: float | None = None, kind: str = "inclusion_exit", **known) -> Episode:
    return episode(kind, **({"id": name, "onset": onset, "ended": ended, "zone": "square", "rule": "stay"} | known))


def found(then: list[Episode], now: list[Episode]) -> tuple[int, list, list[str], list[str]]:
    (one,) = compared(then, now)
    return (
        one.same, [(first.id, second.id) for first, second in one.moved], [each.id for each in one.then],
        [each.id for each in one.now],
    )  # fmt: skip


@pytest.mark.parametrize(
    ("then", "now", "is_found"),
    [
        ([alarm("a", at(0, 1), at(0, 2))], [alarm("a", at(0, 1), at(0, 2))], (1, [], [], [])),
        ([alarm("a", at(0, 1), at(0, 2))], [alarm("b", at(0, 1) + 59, at(0, 2) - 59)], (1, [], [], [])),
        ([alarm("a", at(0, 1), at(0, 2))], [alarm("b", at(0, 1) + 61, at(0, 2))], (0, [("a", "b")], [], [])),
        ([alarm("a", at(0, 1), at(0, 2))], [alarm("b", at(0, 1), at(0, 3))], (0, [("a", "b")], [], [])),
        ([alarm("a", at(0, 1))], [alarm("a", at(0, 1), at(0, 3))], (0, [("a", "a")], [], [])),
        ([alarm("a", at(0, 1), closed=at(0, 2))], [alarm("a", at(0, 1), at(0, 3))], (1, [], [], [])),
        ([alarm("a", at(0, 1), at(0, 2))], [alarm("b", at(0, 3), at(0, 4))], (0, [], ["a"], ["b"])),
        ([alarm("a", at(0, 1), at(0, 2))], [], (0, [], ["a"], [])),
        ([], [alarm("b", at(0, 1), at(0, 2))], (0, [], [], ["b"])),
        ([alarm("a", at(0, 1), retracted=True)], [alarm("b", at(0, 1))], (0, [], [], ["b"])),
        (  # one long one became two: the first is its counterpart, the other is new
            [alarm("a", at(0, 1), at(0, 5))],
            [alarm("b", at(0, 1), at(0, 2)), alarm("c", at(0, 3), at(0, 5))],
            (0, [("a", "b")], [], ["c"]),
        ),
        (  # an identity goes before a time
            [alarm("a", at(0, 1), at(0, 5)), alarm("c", at(0, 5.5), at(0, 6))],
            [alarm("c", at(0, 4), at(0, 6))],
            (0, [("c", "c")], ["a"], []),
        ),
    ],
)
def test_alarms_are_paired_by_identity_and_then_by_time(then, now, is_found):
    assert found(then, now) == is_found


def test_who_kind_zone_and_rule_are_apart_and_rows_are_by_person_and_kind():
    then = [alarm("a", at(0, 1)), alarm("b", at(0, 1), person="P0002"), alarm("c", at(0, 1), kind="exclusion_enter")]
    now = [
        alarm("d", at(0, 1), zone="other"),
        alarm("e", at(0, 1), rule="another"),
        alarm("f", at(0, 1), person="", device="B7"),
    ]
    rows = [(row.who, row.kind, len(row.then), len(row.now), row.differs) for row in compared(then, now)]
    assert rows == [
        ("B7", "inclusion_exit", 0, 1, True), ("P0001", "exclusion_enter", 1, 0, True),
        ("P0001", "inclusion_exit", 1, 2, True), ("P0002", "inclusion_exit", 1, 0, True),
    ]  # fmt: skip


@pytest.fixture(scope="module")
def told(tmp_path_factory) -> Told:
    return tell(tmp_path_factory.mktemp("county"), "handover", days=1)


@pytest.fixture(scope="module")
def storage(told, tmp_path_factory):
    """A gateway's storage: the journal of a story, and what was said of it."""
    directory = tmp_path_factory.mktemp("storage")
    told.journaled(directory / "journal", len(told.entries))
    store = StateStore(directory / "state.db")
    said = step(EngineState(), told.entries, lambda _: told.policy, first=0).outcomes
    store.commit([event_of(outcome, "demo", "Asia/Shanghai") for outcome in said], [], len(told.entries))
    store.close()
    return directory


def asked(storage, **how):
    journal = FileJournal(storage / "journal", read_only=True)
    return compare(journal, storage / "state.db", PolicyShelf(journal), **how)


def test_the_same_engine_says_the_same(storage):
    rows = asked(storage)
    assert sum(row.same for row in rows) >= 2
    assert not any(row.differs for row in rows)


def test_another_engine_is_told_from_it_whatever_the_pieces(storage, monkeypatch):
    with_constants(monkeypatch, RAISE_AT=99.0)
    for most in (65_536, 100):
        differing = [row for row in asked(storage, most=most) if row.differs]
        assert {row.kind for row in differing} == {"exclusion_enter"}
        assert all(row.then and not row.now for row in differing)


def test_only_the_stretch_that_is_asked_for_is_held_against_what_was_said(storage, told):
    assert asked(storage, until=told.story.epoch + MINUTE) == []
    store = StateStore(storage / "state.db", read_only=True)
    first = min(one.decided for one in store.episodes(unresolved=False))
    (row,) = asked(storage, until=first + MINUTE)
    assert (row.same + len(row.moved), row.then, row.now) == (1, [], [])


def test_fences_do_not_stand_in_its_way(storage):
    state = EngineState(keeps_fences=False)
    journal = FileJournal(storage / "journal", read_only=True)
    for offset, batch in journal.read(0):
        step(state, batch, PolicyShelf(journal), first=offset)
    assert state.fence == -float("inf")


def run(*words: object):
    return CliRunner().invoke(app, ["replay", *map(str, words)])


def test_the_command_says_that_all_is_the_same(storage):
    said = run("--journal", storage / "journal", "--compare")
    assert said.exit_code == 0
    assert "same as was said then" in said.stdout


def test_the_command_shows_the_differences_to_people_and_to_scripts(storage, monkeypatch):
    with_constants(monkeypatch, RAISE_AT=99.0)
    shown = run("--journal", storage / "journal", "--compare")
    assert "then only" in shown.stdout
    assert shown.exit_code == DIFFERS
    rows = [
        json.loads(line) for line in run("--journal", storage / "journal", "--compare", "--json").stdout.splitlines()
    ]
    (row,) = [row for row in rows if row["then_only"]]
    assert row["kind"] == "exclusion_enter"
    assert set(row) == {"who", "kind", "same", "moved", "then_only", "now_only"}
    assert set(row["then_only"][0]) == {"alarm", "zone", "rule", "onset", "ended", "first", "outcome"}


@pytest.mark.parametrize("wrong", [{"journal": None}, {"frames": "x"}, {"alarms": "x"}, {"track": "x"}])
def test_it_goes_with_a_journal_and_without_other_outputs(storage, wrong):
    request = replace(NOTHING, **({"journal": storage / "journal"} | wrong))
    with pytest.raises(UserFault, match="goes with --journal"):
        compare_told(request, Console())


def test_without_what_was_said_then_it_says_what_is_missing(storage, tmp_path):
    journal = FileJournal(storage / "journal", read_only=True)
    with pytest.raises(UserFault, match=r"no state\.db beside"):
        compare(journal, tmp_path / "state.db", PolicyShelf(journal))
    assert not (tmp_path / "state.db").exists()
