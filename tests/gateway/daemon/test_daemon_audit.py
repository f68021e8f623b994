"""The daemon's audit log: an entry overtakes positions, is over once it is durable, and is given up in words."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace

import msgspec
import pytest

from gateway.commands.wish import Wish
from gateway.control.messages import Request
from gateway.daemon.audit_log import AuditLog, tell_entered
from gateway.deeds import Deed
from gateway.errors import TransientFault
from gateway.intake.batching import Batching
from gateway.journal import FileJournal
from gateway.journal.controls import Act, Audited, Sought
from gateway.journal.entries import EntryKind
from gateway.words.phrases import spoken

LOOKS = [Audited("where", "D01", person="P0001"), Audited("track", "D01", person="P0001")]


class Clock:
    def now(self):
        return 1000.0

    def monotonic(self):
        return 1000.0


@pytest.fixture
def log(tmp_path):
    intake, told = Batching(Clock()), []
    pipeline = SimpleNamespace(
        intake=intake, wake=lambda: told.append("wake"),
        episode=lambda identity: SimpleNamespace(person="P0007") if identity == "0123" else None,
    )  # fmt: skip
    offices = SimpleNamespace(wearer=lambda device, _: {"B0001": "P0001"}.get(device, ""))
    one = AuditLog(pipeline, tmp_path, offices, told.append, patience=60.0)
    return one, intake, told


def test_looks_go_before_positions_and_are_told_once_they_are_durable(log, tmp_path):
    one, intake, told = log

    async def story():
        intake.control(EntryKind.TICK, b"")
        entering = asyncio.create_task(one.enter(LOOKS))
        await asyncio.sleep(0)
        waiting = intake.next_batch()
        assert waiting.is_urgent
        before = list(told)
        FileJournal(tmp_path).append(waiting.entries.batch())
        waiting.release()
        await entering
        return waiting.entries.batch(), before, await one.read(Sought(what="track"), 5)

    batch, before, rows = asyncio.run(story())
    assert batch.kind.tolist() == [EntryKind.AUDIT, EntryKind.AUDIT, EntryKind.TICK]
    assert [msgspec.json.decode(batch.bytes_of(at), type=Audited) for at in (0, 1)] == LOOKS
    assert (before, told) == (["wake"], ["wake", *LOOKS])
    assert [(row["offset"], row["at"], row["what"], row["ok"]) for row in rows] == [(1, 1000.0, "track", True)]


def test_a_journal_that_does_not_store_is_given_up_and_said(log):
    one, _, told = log
    hurried = AuditLog(one.pipeline, one.directory, one.offices, told.append, patience=0.0)
    with pytest.raises(TransientFault) as refused:
        asyncio.run(hurried.enter(LOOKS))
    assert "暂时写不进日志" in spoken(refused.value, "zh")
    assert told == ["wake"]


@pytest.mark.parametrize(
    ("request_", "person"),
    [
        (Request("act", Act("1", "note", "0123", "D01")), "P0007"),
        (Request("act", Act("1", "note", "4567", "D01")), ""),
        (Request("command", wish=Wish("B0001", "locate", "D01")), "P0001"),
        (Request("register", deed=Deed("1", "leave", values={"person": "P0003"})), "P0003"),
        (Request("register", deed=Deed("1", "remove", values={"device": "B0001"})), "P0001"),
        (Request("resend"), ""),
    ],
)
def test_whom_an_act_is_about_is_found_by_its_alarm_or_its_device(log, request_, person):
    assert log[0].whose(request_) == person


def test_the_line_of_the_service_log_names_nobody():
    told = []
    tell_entered(lambda *said, **facts: told.append((said, facts)), LOOKS[0])
    assert told == [(("audit", "where"), {"what": "where", "door": "", "ok": True})]
