"""``replay --compare --config``: what other rules would have said of the same history, and what officers had closed."""

from __future__ import annotations

import json
import shutil

import msgspec
import pytest
from rich.console import Console
from typer.testing import CliRunner
from virtual import Told, tell

from gateway.cli.app import app
from gateway.cli.compared import DIFFERS, summed
from gateway.engine import compile_policy
from gateway.journal import FileJournal
from gateway.journal.controls import Act
from gateway.journal.entries import EntryKind, Gathering, Origin, merge
from gateway.replay.compare import by_other_rules
from gateway.replay.reading import PolicyShelf
from gateway.settings.load import load

CAFES = "  - id: no-cafes\n    people: [P0001, P0002]\n    basis: 禁止令2026-88\n    keep_out: cafes\n"
NOWHERE = "  - id: nowhere\n    people: [P0001, P0002]\n    basis: 禁止令2026-89\n    keep_out: county\n"
HEADER = "device,time,received_at,source,latitude,longitude,accuracy_m,speed_kmh,course_deg,cells,wifi\n"


@pytest.fixture(scope="module")
def county(tmp_path_factory):
    return tmp_path_factory.mktemp("county") / "then"


@pytest.fixture(scope="module")
def told(county) -> Told:
    return tell(county, "handover", days=1)


@pytest.fixture(scope="module")
def journal(told, tmp_path_factory):
    """The story's journal, in which an officer has closed the alarm of the barred zone as false."""
    (alarm,) = {each["alarm"] for each in map(_data, told.whole) if each["kind"] == "exclusion_enter"}
    act, end = Act("a1", "close", alarm, "D01", "false", "the fix was wrong"), Gathering()
    end.add(EntryKind.ACT, told.story.until, Origin(), msgspec.json.encode(act))
    directory = tmp_path_factory.mktemp("storage") / "journal"
    Told(told.story, told.policy, merge([told.entries, end.batch()])).journaled(directory, 1000)
    return directory


def _data(body):
    return json.loads(body)["data"]


@pytest.fixture
def other(county, told, tmp_path):
    """A copy of the county with other rules."""
    del told
    directory = tmp_path / "now"
    shutil.copytree(county, directory)

    def change(old: str = "", new: str = "", name: str = "rules/county.yaml"):
        path = directory / name
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new) if old else text + new, "utf-8")
        return directory

    return change


def run(*words: object):
    return CliRunner().invoke(app, ["replay", "--compare", *map(str, words)])


def rows_of(*words: object):
    found = run(*words, "--json")
    rows = [json.loads(line) for line in found.stdout.splitlines()]
    return found.exit_code, {(row["who"], row["kind"]): row for row in rows}


def test_the_same_rules_say_the_same_and_the_code_is_0(journal, county):
    said = run("--journal", journal, "--config", county)
    assert said.exit_code == 0
    assert "the new rules say the same (2 alarms)" in said.stdout


def test_an_alarm_that_is_lost_is_named_with_how_it_was_closed(journal, other):
    directory = other(CAFES)
    code, rows = rows_of("--journal", journal, "--config", directory)
    assert code == DIFFERS
    (lost,) = rows["P0001", "exclusion_enter"]["then_only"]
    assert (lost["rule"], lost["zone"], lost["outcome"]) == ("no-cafes", "cafes", "false")
    assert rows["P0001", "comms_lost"]["same"] == 1
    shown = run("--journal", journal, "--config", directory)
    assert "lost" in shown.stdout
    assert "(closed: false)" in shown.stdout
    assert "In all: same 1, other times 0, lost 1 (closed: false 1), gained 0" in shown.stdout


def test_an_alarm_that_is_gained_is_named_for_each_whom_it_is_of(journal, other):
    code, rows = rows_of("--journal", journal, "--config", other(new=NOWHERE))
    assert code == DIFFERS
    gained = {(who, one["rule"]) for (who, _), row in rows.items() for one in row["now_only"]}
    assert gained == {("P0001", "nowhere"), ("P0002", "nowhere")}


def test_an_alarm_that_moves_stands_with_both_its_times(journal, other):
    directory = other("buffer_m: 30", "buffer_m: 400", "gateway.yaml")
    _, rows = rows_of("--journal", journal, "--config", directory)
    ((moved),) = rows["P0001", "exclusion_enter"]["moved"]
    assert moved["now"]["onset"] < moved["then"]["onset"]
    assert moved["then"]["outcome"] == "false"


def test_who_wore_what_stays_as_it_was_then_whatever_the_new_registers_say(journal, other):
    directory = other("2026-11-02 16:00\n", "2026-11-02 01:00\n", "assignments.csv")
    assert run("--journal", journal, "--config", directory).exit_code == 0


def test_rules_are_held_against_others_that_never_were_in_force(journal, county, other):
    code, rows = rows_of("--journal", journal, "--config", county, "--against", other(CAFES))
    assert code == DIFFERS
    assert [one["rule"] for one in rows["P0001", "exclusion_enter"]["now_only"]] == ["no-cafes"]


def test_a_table_of_fixes_is_held_against_two_sets_of_rules(told, county, other, tmp_path):
    epoch, path = told.story.epoch, tmp_path / "fixes.csv"
    rows = (f"B0001,{epoch + 36_000 + 60 * n},,gnss,24.33,109.40,8,1,0,,\n" for n in range(60))
    path.write_text(HEADER + "".join(rows), "utf-8")
    code, found = rows_of("--fixes", path, "--config", other(new=NOWHERE), "--against", county)
    assert code == DIFFERS
    ((_, kind),) = [key for key, row in found.items() if row["now_only"]]
    assert kind == "exclusion_enter"
    assert rows_of("--fixes", path, "--config", county, "--against", county)[0] == 0


def test_how_far_it_has_come_is_told_up_to_twice_the_journal(journal, told):
    opened, steps = FileJournal(journal, read_only=True), []
    shelves = PolicyShelf(opened), PolicyShelf(opened, rules=told.policy)
    rows = by_other_rules(opened, *shelves, most=500, progress=steps.append)
    assert steps == sorted(steps)
    assert opened.next_offset < steps[-1] <= 2 * opened.next_offset
    assert not any(row.differs for row in rows)


def test_the_sum_is_said_in_chinese_too(journal, other):
    opened = FileJournal(journal, read_only=True)
    rules = compile_policy(load(other(CAFES)))
    rows = by_other_rules(opened, PolicyShelf(opened), PolicyShelf(opened, rules=rules))
    assert summed(rows, "zh") == "合计：相同 1，时间不同 0，不再报 1（办结：误报 1），新增 0"


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--fixes", "x.csv", "--config", "y"), "--against"),
        (("--journal", "x", "--against", "y"), "--against goes with --config"),
        (("--frames", "x"), "goes with --journal or --fixes"),
        ((), "goes with --journal or --fixes"),
    ],
)
def test_what_cannot_be_compared_is_refused_with_what_to_write(words, says):
    found = run(*words)
    assert found.exit_code != 0
    assert says in str(found.exception)


def test_faulty_rules_are_refused_with_their_place(journal, other):
    found = run("--journal", journal, "--config", other("keep_out: cafes", "keep_out: cafs"))
    assert "rules/county.yaml:9:" in str(found.exception)


def test_a_terminal_has_a_bar_and_a_script_has_none(journal, county, monkeypatch):
    monkeypatch.setattr("gateway.cli.app.Console", lambda **_: Console(force_terminal=True, width=80))
    assert "━" in run("--journal", journal, "--config", county).stdout
    monkeypatch.undo()
    assert "━" not in run("--journal", journal, "--config", county).output
