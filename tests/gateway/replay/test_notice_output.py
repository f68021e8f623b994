"""A replay writes whom the ladder would have told, each notice once."""

from __future__ import annotations

import io
import json
from dataclasses import replace

import pytest
from rich.console import Console

from gateway.engine import NoticeRecord, NoticeState
from gateway.engine.notice import WEARER, About, Notice, Topic
from gateway.errors import UserFault
from gateway.replay.notice_output import NoticeOutput
from gateway.replay.run import Request, run


def record(state: NoticeState = NoticeState.OWED, **changed: object) -> NoticeRecord:
    about = About("comms_lost", "serious", "P0001", "B0001", "SFS-01", 0.0)
    usual = {"id": "n1", "alarm": "a1", "to": "D01", "owed": 60.0, "about": about}
    return NoticeRecord(Notice(**(usual | changed)), state)  # type: ignore[arg-type]


def written(*records: NoticeRecord) -> list[dict[str, object]]:
    out = io.StringIO()
    NoticeOutput(out).take(records)
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_a_notice_is_written_as_it_comes_to_be_owed_and_not_again():
    lines = written(
        record(), record(NoticeState.WITHDRAWN), record(NoticeState.SENT), record(id="n2", to=WEARER, rung=1)
    )
    assert [(line["notice"], line["to"], line["rung"]) for line in lines] == [("n1", "D01", 0), ("n2", "wearer", 1)]
    assert lines[0] == {
        "notice": "n1", "alarm": "a1", "kind": "comms_lost", "severity": "serious", "person": "P0001",
        "device": "B0001", "to": "D01", "rung": 0, "topic": "alarm", "owed": "1970-01-01T00:01:00Z",
    }  # fmt: skip


def test_what_is_no_alarm_says_its_topic():
    assert [line["topic"] for line in written(record(topic=Topic.VOID), record(topic=Topic.REMINDER))] == [
        "void", "reminder",
    ]  # fmt: skip


def test_fixes_tell_nobody(tmp_path):
    wanted = Request(tmp_path, None, tmp_path / "fixes.csv", None, None, "", 1)
    with pytest.raises(UserFault, match="--notices"):
        run(replace(wanted, notices=tmp_path / "notices.jsonl"), Console())
