"""What alarms state against what persons found at the close: by kind, office and model, never by person."""

from __future__ import annotations

import json
import weakref
from dataclasses import asdict

import msgspec
import pytest
from made_episodes import episode
from rich.console import Console
from timeline import at, county
from typer.testing import CliRunner

from gateway.cli import county as county_of_commands
from gateway.cli.app import app
from gateway.control.reliability import drifts, reliability
from gateway.words.reliability_list import reliability_shown

DEVICES = county().devices


def closed(outcomes: str, probability: float | None = 0.9, kind: str = "inclusion_exit", **known: object) -> list:
    """Alarms closed one each: c confirmed, f false, t technical."""
    names = {"c": "confirmed", "f": "false", "t": "technical"}
    return [
        episode(
            kind, id=f"{at_:032x}", closed=at(1, 9), outcome=names[one], probability=probability, office="S01", **known
        )
        for at_, one in enumerate(outcomes)
    ]


class Passing:
    """An alarm that can be seen to be gone."""

    def __init__(self, one) -> None:
        self.__dict__.update(msgspec.structs.asdict(one))


def rows_of(episodes: list) -> dict[tuple[str, str], dict]:
    return {(row.by, row.name): asdict(row) for row in reliability(episodes, DEVICES)}


def test_stated_and_true_stand_side_by_side_by_kind_office_and_model():
    rows = rows_of(closed("c" * 18 + "ff" + "ttt"))
    assert set(rows) == {("", ""), ("office", "S01"), ("model", "jt808/g10ls")}
    for row in rows.values():
        assert (row["judged"], row["confirmed"], row["others"], row["stated"]) == (20, 18, 3, pytest.approx(0.9))
        assert (row["share"], row["is_few"], row["drift"]) == (0.9, False, "")


@pytest.mark.parametrize(("outcomes", "drift"), [("c" * 4 + "f" * 16, "over"), ("c" * 20, "")])
def test_a_drift_is_a_stated_probability_outside_the_interval(outcomes, drift):
    rows = reliability(closed(outcomes), DEVICES)
    assert {row.drift for row in rows} == {drift}
    assert len(drifts(rows)) == (3 if drift else 0)


def test_alarms_are_counted_one_after_the_other_and_none_is_held():
    alive: weakref.WeakSet[Passing] = weakref.WeakSet()

    def passing():
        for one in closed("cf" * 10):
            passes = Passing(one)
            alive.add(passes)
            assert len(alive) <= 2  # the one before is let go of as this one comes
            yield passes

    assert reliability(passing(), DEVICES) == reliability(closed("cf" * 10), DEVICES)


def test_what_states_less_than_holds_drifts_the_other_way():
    assert {row.drift for row in reliability(closed("c" * 20, 0.5), DEVICES)} == {"under"}


def test_few_are_said_to_be_few_and_never_drift():
    (whole, *_) = reliability(closed("f" * 19), DEVICES)
    assert (whole.is_few, whole.drift, whole.judged) == (True, "", 19)


def test_of_fewer_than_three_nothing_is_told():
    (whole, *_) = reliability(closed("cf" + "t" * 9), DEVICES)
    assert whole.judged is whole.confirmed is whole.others is whole.share is whole.stated is None


def test_kinds_that_state_no_probability_have_their_share_alone():
    (whole, *_) = reliability(closed("c" + "f" * 29, None, "strap_cut"), DEVICES)
    assert (whole.stated, whole.drift, whole.share) == (None, "", pytest.approx(1 / 30))


def test_open_retracted_and_test_alarms_do_not_count():
    open_ = [episode("inclusion_exit", probability=0.9)]
    tests = closed("ccc", None, "test")
    assert reliability([*open_, *tests, *closed("ccc", retracted=True)], DEVICES) == []


def test_nobody_is_named_in_any_row_and_the_command_says_the_same(tmp_path, monkeypatch):
    alarms = [*closed("c" * 4 + "f" * 16), *closed("cf", kind="exclusion_enter")]
    monkeypatch.setattr(county_of_commands, "opened", lambda *_: county())
    monkeypatch.setattr(county_of_commands, "episodes_of", lambda *_, **__: alarms)
    told = CliRunner().invoke(app, ["alarms", "reliability", "--config", str(tmp_path), "--json"])
    assert told.exit_code == 0, told.output
    rows = [json.loads(line) for line in told.stdout.splitlines()]
    assert [row["kind"] for row in rows] == ["exclusion_enter"] * 3 + ["inclusion_exit"] * 3
    assert "P0001" not in told.stdout
    assert "B0001" not in told.stdout


@pytest.mark.parametrize(
    ("language", "said"),
    [("zh", ("偏移：所述高于实际", "不足3条，不列")), ("en", ("states more than holds", "fewer than 3"))],
)
def test_people_read_it_in_both_languages(language, said):
    rows = [asdict(row) for row in reliability([*closed("f" * 20), *closed("f", kind="exclusion_enter")], DEVICES)]
    console = Console(width=160, record=True, quiet=True)
    with console.capture() as read:
        console.quiet = False
        console.print(reliability_shown(rows, language))
    assert all(words in read.get() for words in said)
    assert reliability_shown([], language) in {"还没有按属实或误报办结的报警。", "No alarm has been closed yet."}
