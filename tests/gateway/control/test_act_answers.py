"""An act over the control socket that cannot be done is refused in the words of whoever asked."""

from __future__ import annotations

import asyncio
from typing import Any, cast

import pytest
from entered import auditing

from gateway.control import client
from gateway.control.address import NAME
from gateway.control.answers import Answers
from gateway.control.messages import Reply, Request
from gateway.control.offices import Offices
from gateway.control.server import ControlServer
from gateway.journal.controls import Act

ACT = Act("a1", "follow_up", "f" * 32, "D01")


def asked(tmp_path, result: str, language: str) -> Reply:
    """What is answered where the engine says so."""

    async def on_act(act: Act) -> str:
        assert (act.id, act.origin) == ("a1", "command line")
        return result

    async def run() -> Reply:
        nothing = cast("Any", None)
        offices = Offices(nothing)
        answers = Answers(nothing, nothing, on_act, nothing, nothing, nothing, offices, lambda _: None)
        server = ControlServer(tmp_path / NAME, {"act": answers.answers()["act"]}, dict, auditing(), "zh")
        await server.start()
        reply = await asyncio.to_thread(client.ask, tmp_path, Request("act", ACT, language=language))
        server.close()
        return reply

    return asyncio.run(run())


@pytest.mark.parametrize(
    ("result", "language", "said"),
    [
        ("due_past", "zh", "约定的时间已过；请写将来的时间"),
        ("due_past", "en", "the time of a follow-up has passed: give one to come"),
        ("a note needs a note that says something", "zh", "a note needs a note that says something"),
        ("to_unknown D77", "", "配置中没有工号或司法所“D77”，不能指派"),
        ("to_unknown {0.__class__}\x1b[2J", "zh", "配置中没有工号或司法所“{0.__class__}[2J”，不能指派"),
    ],
)
def test_why_not_is_said_in_the_language_asked_for(tmp_path, result, language, said):
    assert asked(tmp_path, result, language) == Reply(ok=False, error=said, refused=True)


@pytest.mark.parametrize("result", ["done", "repeated"])
def test_what_is_done_or_was_done_is_well(tmp_path, result):
    assert asked(tmp_path, result, "zh") == Reply(ok=True)
