"""A drill from begin to end: bracelets, gateway and desk; an officer takes one alarm, and the end says how fast."""

from __future__ import annotations

import asyncio
import io
import re
import uuid

import httpx
from gateway_process import eventually
from rich.console import Console

from gateway.control.client import ask
from gateway.control.messages import Request
from gateway.demo.drill import Drill
from gateway.errors import TransientFault
from gateway.journal.controls import Act

PATIENCE = 120.0
SPEED = 60.0
FIRST = "sos"


async def _taken(drill: Drill) -> httpx.Response:
    """Waits for the alarm, takes it, and returns a page of the desk."""
    storage = drill.directory / "state"
    await asyncio.to_thread(eventually, lambda: _alarm(storage), FIRST)
    act = Act(uuid.uuid4().hex, "acknowledge", _alarm(storage), "D01")
    assert (await asyncio.to_thread(ask, storage, Request("act", act))).ok
    rows = (await asyncio.to_thread(ask, storage, Request("devices"))).data["rows"]
    assert {one["device"]: one["state"] for one in rows} == {f"B{number:04d}": "worn" for number in range(1, 21)}
    assert any(one["contact"] is not None and one["battery"] is not None and one["measured"] for one in rows)
    url = re.search(r"http://\S+", drill.console.file.getvalue())
    async with httpx.AsyncClient(timeout=PATIENCE) as client:
        return await client.get(f"{url[0]}login")


def _alarm(storage):
    try:
        told = ask(storage, Request("alarms"))
    except TransientFault:
        return None
    return next((one["id"] for one in told.data["alarms"] if one["kind"] == FIRST), None)


def test_a_drill_sends_nothing_says_what_it_is_and_times_who_answers(tmp_path):
    said = io.StringIO()
    drill = Drill(tmp_path, 5.0, SPEED, "en", Console(file=said, width=120))

    async def story():
        held = asyncio.create_task(drill.run())
        page = await _taken(drill)
        drill.end()
        return page, await held

    page, code = asyncio.run(story())
    assert "演练，不是真实报警" in page.text
    assert "upstreams" not in (tmp_path / "county" / "gateway.yaml").read_text("utf-8")
    assert "nothing is sent to any platform" in said.getvalue()
    assert re.search(r"P0001 +│ emergency button │ +0:0\d", said.getvalue())
    assert "1 alarms, 1 acknowledged" in said.getvalue()
    assert code == 0
