"""What officers read at the command line, in the county's language or the one they ask for."""

from __future__ import annotations

import contextvars
import sys

import msgspec
import pytest

from gateway.cli import acts
from gateway.cli.app import main
from gateway.cli.county import opened
from gateway.control.messages import Reply
from gateway.engine.episode import Episode
from gateway.journal.controls import Act
from gateway.settings.init import write_sample
from gateway.words.act_phrases import refusal
from gateway.words.phrases import LANGUAGE

IDS = ("f0d7ce40" + "0" * 24, "f0d7ce41" + "0" * 24, "a" * 32)


def alarm(identity: str, *, closed: bool = False) -> Episode:
    return Episode(
        identity, "sos", "critical", "person", "P0001", "B0001", "S01", "strict", "", "", "", "", 1.0, 1.0, 1.0, 0, 0,
        closed=1.0 if closed else None,
    )  # fmt: skip


class Stored:
    """A store of three alarms, the last of them closed."""

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        return None

    def episodes(self, *, unresolved):
        return [
            alarm(identity, closed=identity == IDS[2]) for identity in IDS if not (unresolved and identity == IDS[2])
        ]


@pytest.fixture
def county(tmp_path):
    write_sample(tmp_path, "zh")
    return tmp_path


@pytest.fixture
def asked(monkeypatch):
    """Alarms in store, and what the daemon is asked; it does everything."""
    requests = []
    monkeypatch.setattr(acts, "episodes_of", lambda _, *, unresolved, **_more: Stored().episodes(unresolved=unresolved))
    monkeypatch.setattr(acts, "ask", lambda _, request: requests.append(request) or Reply(ok=True))
    return requests


@pytest.fixture
def typed(monkeypatch, capsys, county):
    """Types a command; returns its exit code and what it says."""

    def run(*words):
        monkeypatch.setattr(sys, "argv", ["bracelet-gateway", *words, "--config", str(county)])
        with pytest.raises(SystemExit) as left:
            contextvars.copy_context().run(main)
        said = capsys.readouterr()
        return left.value.code or 0, said.out + said.err

    return run


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("alarms", "ack", "f0d7ce40"), 0, f"{IDS[0]}：已接收，已存盘\n"),
        (("alarms", "ack", "F0D7CE40", "--lang", "en"), 0, f"{IDS[0]}: acknowledged, on disk\n"),
        (("alarms", "note", "f0d7ce41", "问过了"), 0, f"{IDS[1]}：备注已存盘\n"),
        (("alarms", "ack", "f0d7"), 2, "以“f0d7”开头的报警不止一条：f0d7ce40, f0d7ce41；请多写几位\n"),
        (("alarms", "ack", "b"), 2, "没有编号以“b”开头的报警；编号见 alarms list\n"),
        (("alarms", "ack", "a"), 2, f"报警 {IDS[2]} 已经办结\n"),
        (("alarms", "note", "f0d7ce40", " \x1b"), 2, "须写明情况（note），不能空着\n"),
        (("alarms", "note", "f0d7ce40", "x" * 4001), 2, "备注有 4001 个字符，最多 4000 个；请写短一些\n"),
        (
            ("alarms", "close", "f0d7ce40", "--outcome", "guilty", "--note", "x"), 2,
            "“guilty”不是办结结论（--outcome）；请写其中之一：confirmed, excused, technical, false, unverifiable\n",
        ),
        (
            ("alarms", "close", "f0d7ce40", "--outcome", "confirmed", "--note", "x", "--lang", "en"), 2,
            f"{refusal('verified_by_missing').en}\n",
        ),
    ],
)  # fmt: skip
def test_acts_are_answered_in_the_countys_language(typed, asked, words, code, said):
    assert typed(*words) == (code, said)
    assert len(asked) == (code == 0)


@pytest.mark.parametrize(
    ("words", "said", "act"),
    [
        (("take-over",), "已接手，已存盘", {"do": "take_over"}),
        (("arrived", "--note", "在家"), "已记录到场，已存盘", {"do": "arrived", "note": "在家"}),
        (("assign", "--to", "S01"), "已指派，已存盘", {"do": "assign", "to": "S01"}),
        (
            ("attempt", "--whom", "family", "--result", "no_answer"), "联系记录已存盘",
            {"do": "attempt", "whom": "family", "result": "no_answer"},
        ),
        (
            ("follow-up", "--at", "2026-11-02 22:45", "--expects", "home"), "约定已存盘，届时提醒",
            {"do": "follow_up", "at": 1793630700.0, "expects": "home"},
        ),
        (
            ("close", "--outcome", "confirmed", "--verified-by", "visit", "--note", "x"), "已办结，已存盘",
            {"do": "close", "outcome": "confirmed", "verified_by": "visit", "note": "x"},
        ),
    ],
)  # fmt: skip
def test_an_act_is_asked_for_with_all_that_was_typed(typed, asked, words, said, act):
    assert typed("alarms", words[0], "f0d7ce40", *words[1:], "--by", "D01") == (0, f"{IDS[0]}：{said}\n")
    wanted = Act("", "", IDS[0], "D01")
    assert msgspec.structs.replace(asked[0].act, id="") == msgspec.structs.replace(wanted, **act)


def test_a_dispute_and_a_cause_are_of_a_closed_alarm(typed, asked):
    assert typed("alarms", "dispute", IDS[2], "--note", "在卫生院", "--by", "D01") == (
        0, f"{IDS[2]}：异议已存盘，重新打开，由领导复核\n"
    )  # fmt: skip
    assert (asked[0].act.do, asked[0].act.alarm, asked[0].act.note) == ("dispute", IDS[2], "在卫生院")
    code, said = typed("alarms", "cause", IDS[2], "--cause", "redrawn", "--by", "L01")
    assert (code, said) == (0, f"{IDS[2]}：原因已存盘，办结不变\n")
    assert (asked.pop().act.cause, len(asked)) == ("redrawn", 1)
    code, _ = typed("alarms", "dispute", IDS[0], "--note", "在卫生院")
    assert (code, len(asked)) == (2, 1)


def test_who_acts_is_one_line_of_what_can_be_seen(typed, asked):
    typed("alarms", "ack", "f0d7ce40", "--by", "D\x1b[2J\n01")
    assert asked[0].act.by == "D[2J 01"
    assert asked[0].act.alarm == IDS[0]


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("alarms", "list"), 2, "网关还没有在这里运行过"),
        (("alarms", "ack", "f0"), 2, "网关还没有在这里运行过"),
        (("commands", "list"), 2, "网关还没有在这里运行过"),
        (("commands", "list", "--lang", "en"), 2, "the gateway has not run here yet"),
        (("commands", "list", "B9999"), 2, "配置中没有设备“B9999”"),
        (("commands", "cancel", "f0"), 2, "网关还没有在这里运行过"),
        (("alarms", "resend"), 1, "网关没有运行"),
        (("status",), 1, "网关没有运行"),
        (("status", "--lang", "en"), 1, "the gateway is not running"),
        (("command", "B0001", "locate"), 1, "网关没有运行"),
        (("command", "B0001", "locate", "x"), 2, "“x”不是参数；请写 名称=值"),
        (("command", "B0001", "locate", "--expires", "soon"), 2, "--expires“soon”不是时长"),
    ],
)  # fmt: skip
def test_without_a_daemon_it_is_said_plainly(typed, words, code, said):
    left, text = typed(*words)
    assert (left, said in text, text.count("\n")) == (code, True, 1)


def test_an_unknown_language_is_refused(monkeypatch, capsys, county):
    monkeypatch.setattr(sys, "argv", ["bracelet-gateway", "check", str(county), "--lang", "fr"])
    with pytest.raises(SystemExit) as left:
        main()
    assert left.value.code == 2
    assert "fr" in capsys.readouterr().err


def test_a_configuration_is_refused_in_the_language_asked_for(county):
    def read() -> str:
        return opened(county, "en").county.language + LANGUAGE.get()

    assert contextvars.copy_context().run(read) == "zhen"


@pytest.mark.parametrize(
    ("sent", "language", "said"),
    [
        ({"市平台": 3}, "zh", "市平台：3条再次发送\n"),
        ({"city": 3, "desk": 1}, "en", "city: 3 sent again\ndesk: 1 sent again\n"),
        ({}, "zh", "没有搁置的报警\n"),
    ],
)
def test_what_is_set_aside_is_sent_again_and_said(typed, monkeypatch, sent, language, said):
    requests = []
    monkeypatch.setattr(acts, "ask", lambda _, request: requests.append(request.do) or Reply(ok=True, data=sent))
    assert typed("alarms", "resend", "--lang", language) == (0, said)
    assert requests == ["resend"]


def test_a_store_that_fails_sends_nothing_again_and_it_is_said(typed, monkeypatch):
    monkeypatch.setattr(acts, "ask", lambda *_: Reply(ok=False, error="disk full"))
    code, text = typed("alarms", "resend", "--lang", "en")
    assert (code, text) == (1, "nothing was sent again: disk full\n")
