"""Sheets of the office at the command line: what the daemon is asked, what is printed, and exit codes."""

from __future__ import annotations

import contextvars
import json
import sys

import msgspec
import pytest

from gateway.cli import county as cli_county
from gateway.cli.app import main
from gateway.control.messages import Reply
from gateway.journal.controls import PaperAct, PaperLine
from gateway.papers.paper import begun, changed, digest_of
from gateway.settings.init import write_sample
from gateway.words.paper_phrases import PAPER_PHRASES

LINE = PaperLine(
    "alarm-1", "agreed", "P0001", zh="表带断开；约定08:30 上门", en="strap open; agreed for 08:30: a visit",
    since=1_793_600_000.0, due=1_793_620_000.0, last=("D01 接收", "D01 acknowledged it", 1_793_600_500.0), owner="S01",
)  # fmt: skip


@pytest.fixture
def paper():
    one = begun(PaperAct("p1", "begin", 1, "D01", form="hand_over", since=1e9, until=1.8e9, lines=(LINE,)), 1.8e9)
    return changed(one, PaperAct("p1", "tick", 2, "D01", key="alarm-1", note="seen"), 1.8e9)


@pytest.fixture
def asked(monkeypatch, paper):
    """What the daemon is asked; it has one sheet, and does everything."""
    requests = []
    told = {"paper": msgspec.to_builtins(paper), "digest": digest_of(paper)}
    listed = {"papers": [msgspec.to_builtins(paper) | {"entries": [], "lines": 1}]}

    def ask(_, request, patience):
        del patience
        requests.append(request)
        return Reply(ok=True, data=listed if request.do == "papers" else told)

    monkeypatch.setattr(cli_county, "ask", ask)
    return requests


@pytest.fixture
def run(tmp_path, monkeypatch, capsys):
    write_sample(tmp_path, "zh")

    def done(*words) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["bracelet-gateway", "sheets", *words, "--config", str(tmp_path)])
        with pytest.raises(SystemExit) as ended:
            contextvars.copy_context().run(main)
        said = capsys.readouterr()
        return ended.value.code or 0, said.out, said.err

    return done


def test_they_are_listed_and_one_is_shown_in_words_and_for_scripts(run, asked, paper):
    code, out, _ = run("list", "--lang", "en")
    assert (code, asked[0].do, asked[0].kind) == (0, "papers", "hand_over")
    assert "not signed by all" in out
    _, out, _ = run("show", "p1")
    for words in ("约定和回访", "P0001", "约定08:30 上门", "D01 接收", "S01", "已查 D01", "seen", digest_of(paper)):
        assert words in out
    _, out, _ = run("show", "p1", "--json")
    assert json.loads(out)["digest"] == digest_of(paper)
    _, out, _ = run("list", "--json")
    assert json.loads(out)["id"] == "p1"


def test_one_is_begun_and_its_lines_are_added_ticked_and_struck(run, asked):
    assert run("begin", "hand_over", "--office", "SFS-01", "--from", "2026-11-02 20:00", "--by", "D01")[1] == "p1\n"
    act = asked[-1].paper
    assert (act.do, act.form, act.office, act.since, act.by) == ("begin", "hand_over", "SFS-01", 1793620800.0, "D01")
    run("begin")
    assert asked[-1].paper.since == 0.0
    _, key, _ = run("add", "p1", "钥匙在抽屉", "--person", "P0001", "--due", "2026-11-03 08:30", "--owner", "D02")
    act = asked[-1].paper
    assert (act.revision, act.lines[0].key, act.lines[0].zh, act.lines[0].en) == (
        3,
        key.strip(),
        "钥匙在抽屉",
        "钥匙在抽屉",
    )
    assert (act.lines[0].person, act.lines[0].due, act.lines[0].owner) == ("P0001", 1793665800.0, "D02")
    for do, options in (("tick", ["--note", "called"]), ("strike", ["--why", "twice"])):
        assert run(do, "p1", "alarm-1", *options)[0] == 0
        assert (asked[-1].paper.do, asked[-1].paper.key, asked[-1].paper.note) == (do, "alarm-1", options[1])
    corrects(run, asked)
    run("reopen", "p1", "--why", "P0007 is missing")
    assert (asked[-1].paper.do, asked[-1].paper.note) == ("reopen", "P0007 is missing")


def corrects(run, asked) -> None:
    """One thing of a line, or several; what is not named stays, and none takes it away."""
    assert run("correct", "p1", "alarm-1", "--text", "到家 22:40")[0] == 0
    act, before = asked[-1].paper, run("show", "p1", "--json")[1]
    line = json.loads(before)["paper"]["entries"][0]["line"]
    assert (act.do, act.revision, act.lines[0].zh, act.lines[0].en) == ("correct", 3, "到家 22:40", "到家 22:40")
    kept = ("key", "section", "person", "due", "owner")
    assert [getattr(act.lines[0], name) for name in kept] == [line.get(name) for name in kept]
    run("correct", "p1", "alarm-1", "--due", "none", "--owner", "none")
    assert (asked[-1].paper.lines[0].due, asked[-1].paper.lines[0].owner) == (0.0, "")
    assert asked[-1].paper.lines[0].zh == line["zh"]
    run("correct", "p1", "alarm-1", "--due", "2026-11-03 09:00", "--owner", "S02")
    assert (asked[-1].paper.lines[0].due, asked[-1].paper.lines[0].owner) == (1793667600.0, "S02")
    for words, said in ((("alarm-9", "--text", "x"), "alarm-9"), (("alarm-1",), "--owner")):
        code, _, why = run("correct", "p1", *words)
        assert (code, said in why, asked[-1].do) == (2, True, "paper")


def test_who_signs_says_what_he_signs(run, asked, paper):
    digest = digest_of(paper)
    code, out, _ = run("sign", "p1", "--digest", digest[:8].upper(), "--by", "D02")
    assert (code, asked[-1].paper.digest, asked[-1].paper.revision) == (0, digest, 3)
    assert "已签署" in out
    for wrong in (digest[:7], "0" * 12):
        code, _, said = run("sign", "p1", "--digest", wrong)
        assert (code, asked[-1].do) == (2, "paper")
        assert "sheets show" in said


def test_what_the_daemon_refuses_is_said(run, monkeypatch):
    refusal = PAPER_PHRASES["paper_why"].zh
    monkeypatch.setattr(cli_county, "ask", lambda *_: Reply(ok=False, error=refusal, refused=True))
    code, _, said = run("show", "p1")
    assert (code, refusal in said) == (2, True)


def test_without_a_daemon_the_exit_code_is_one(run):
    assert run("list")[0] == 1
