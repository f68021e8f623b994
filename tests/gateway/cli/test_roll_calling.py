"""Roll calls from the command line: what is asked of the daemon, what is told, and the exit codes."""

from __future__ import annotations

import json

import pytest
import typer.testing

from gateway.cli import county
from gateway.cli.roll_calling import roll_call_app
from gateway.rollcall.selection import Selection
from gateway.settings.init import write_sample
from gateway.settings.load import load

LOOKED = {
    "offer": "o1", "selection": {"level": "strict", "office": "", "percent": 20}, "seed": "ab12", "of_all": False,
    "people": 40, "orders": 38, "left": {"leave": 2},
}  # fmt: skip
CALL = {
    "id": "c1", "state": "going", "by": "D01", "confirmed_by": "", "purpose": "weekly", "seed": "ab12", "begun": 1.8e9,
    "selection": {"level": "strict", "office": "", "percent": 20}, "people": 40, "orders": 38, "owed": 5,
    "finished": None, "lists_digest": "d1",
}  # fmt: skip
ROWS = [
    {"person": "P0001", "office": "SFS-01", "list": "odd", "reason": "outside", "since": 1.8e9},
    {"person": "P0002", "office": "SFS-01", "list": "not_located", "reason": "leave", "since": None},
]


@pytest.fixture
def ran(tmp_path, monkeypatch):
    """A command as typed; the daemon says what ``answers`` has, and what it was asked is in ``asked``."""
    write_sample(tmp_path, "en")
    configuration = load(tmp_path)
    monkeypatch.setattr(county, "opened", lambda *_: configuration)

    def run(*arguments, **answers):
        asked = []

        def told(_, request):
            asked.append(request)
            return answers[request.do]

        monkeypatch.setattr(county, "told", told)
        done = typer.testing.CliRunner().invoke(roll_call_app, arguments)
        return done.exit_code, done.stdout, asked

    return run


def test_it_asks_for_what_it_has_seen_and_says_what_went_out(ran):
    done = {"state": "begun", "id": "c1", "orders": 38}
    words = ("ask", "--level", "strict", "--percent", "20", "--why", "weekly", "--by", "D01")
    code, said, (look, ask) = ran(*words, roll_call_look=LOOKED, roll_call=done)
    assert code == 0
    assert (look.selection, look.by) == (Selection("strict", "", 20), "D01")
    assert (ask.id, ask.why, ask.by) == ("o1", "weekly", "D01")
    for line in ("38 locate orders will go out (40 people meant)", "2, on leave", "ab12", "38 locate orders are out"):
        assert line in said


def test_a_dry_run_and_what_waits_end_with_three(ran):
    code, _, asked = ran("ask", "--dry-run", roll_call_look=LOOKED)
    assert (code, len(asked)) == (3, 1)
    looked = LOOKED | {"of_all": True}
    code, said, _ = ran("ask", "--why", "x", roll_call_look=looked, roll_call={"state": "waits", "id": "c1"})
    assert code == 3
    assert "a second person confirms it" in said
    assert "bracelet-gateway roll-call confirm c1" in said
    code, said, (asked,) = ran("confirm", "c1", roll_call_confirm={"state": "begun", "id": "c1", "orders": 8})
    assert (code, asked.id) == (0, "c1")
    assert "8 locate orders are out" in said


def test_they_are_listed_shown_and_signed(ran):
    waits = CALL | {"state": "waits", "begun": None}
    code, said, _ = ran("list", roll_calls={"calls": [waits, CALL, CALL | {"state": "signed"}]})
    assert code == 0
    assert ["waits for a second person" in said, "5 to come" in said, "signed" in said] == [True] * 3
    assert "strict 20% at random" in said
    assert "no roll calls" in ran("list", roll_calls={"calls": []})[1]
    _, said, (asked,) = ran("show", "c1", roll_calls={"call": CALL, "rows": ROWS})
    assert asked.id == "c1"
    assert "odd place: 1" in said
    assert "P0001  SFS-01" in said
    assert "outside the allowed area" in said
    assert "no answer: 0" in said
    assert "roll-call sign c1 --digest d1" in said
    signed = {"state": "signed", "id": "c1", "digest": "e2"}
    _, said, (asked,) = ran("sign", "c1", "--digest", "d1", roll_call_sign=signed)
    assert (asked.digest, "digest e2" in said) == ("d1", True)


def test_scripts_have_json(ran):
    _, said, _ = ran("show", "c1", "--json", roll_calls={"call": CALL, "rows": ROWS})
    assert json.loads(said)["rows"] == ROWS
    _, said, _ = ran("list", "--json", roll_calls={"calls": []})
    assert said == ""
