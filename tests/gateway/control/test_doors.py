"""Every role, by every way, for every request: shown and written down before, or refused in words and written down."""

from __future__ import annotations

import asyncio
import getpass
import json

import msgspec
import pytest
from entered import Kept, auditing

from gateway.commands.wish import Wish
from gateway.control import server
from gateway.control.address import NAME
from gateway.control.audit import ACTS, COVERED, LOOKS, QUIET
from gateway.control.messages import MOST, Reply, Request
from gateway.control.peer import Peer
from gateway.control.rights import BESIDE, NEEDS
from gateway.control.server import ControlServer
from gateway.deeds import Deed
from gateway.errors import UserFault
from gateway.journal.controls import Act, Audited
from gateway.settings.model import Role, Staff
from gateway.words.phrases import phrase

ASKED = sorted(set(NEEDS) - BESIDE - {"follow", "audit_enter"})
"""What a program of the daemon's own account enters of others is asked as nobody of the staff: below."""
WAYS = {
    "socket": {},
    "cli": {"door": "cli"},
    "console": {"for_staff": True, "by": "N01"},
}


def staff(*roles):
    return {"N01": Staff("N01", getpass.getuser(), frozenset(roles), "SFS-01")}


class Window:
    """A control socket that tells a secret to whoever may have it; as the kernel sees it we are N01."""

    def __init__(self, directory, table, kept):
        self.path, self.kept = directory / NAME, kept
        audit = auditing(kept, lambda request: "P0007" if request.do == "act" else "")

        async def secret(request, _caller):
            self.seen.append(request.do)
            if request.id == "elsewhere":
                raise UserFault(phrase("staff_elsewhere", number="N01", office="SFS-01", what=request.id))
            return Reply(ok=True, data={"secret": request.do, "place": "here"})

        self.seen = []
        answers = dict.fromkeys(ASKED, secret) | {"audit_enter": audit.answers()["audit_enter"]}
        self.server = ControlServer(self.path, answers, lambda: table, audit, "zh")

    async def __aenter__(self):
        await self.server.start()
        self.reader, self.writer = await asyncio.open_unix_connection(str(self.path), limit=MOST)
        return self

    async def __aexit__(self, *_):
        self.writer.close()
        self.server.close()

    async def ask(self, request):
        self.writer.write(msgspec.json.encode(request) + b"\n")
        return json.loads(await self.reader.readline())


async def each_way(window, role, said):
    for way, how in WAYS.items():
        for do in ASKED:
            window.kept.clear()
            window.kept.now += 2 * COVERED
            reply = await window.ask(Request(do, id="P0001", language="en", **how))
            said[way, do] = reply, list(window.kept), role in NEEDS[do]


@pytest.mark.parametrize("role", Role)
def test_each_is_shown_and_written_down_or_refused_in_words_and_written_down(tmp_path, role):
    said = {}

    async def story():
        async with Window(tmp_path, staff(role), Kept()) as window:
            await each_way(window, role, said)

    asyncio.run(story())
    assert len(said) == len(WAYS) * len(ASKED)
    for (way, do), (reply, kept, may) in said.items():
        assert reply["ok"] is may, (way, do)
        if not may:
            assert "may not" in reply["error"]
        if may and do in QUIET:
            assert kept == []
            continue
        (one,) = kept
        assert (one.what, one.number, one.account, one.ok) == (do, "N01", getpass.getuser(), may)
        assert (one.door, one.roles, one.office) == (way, (role.value,), "SFS-01")


def test_a_log_that_cannot_be_written_shows_nothing(tmp_path):
    kept = Kept()
    kept.fails = True

    async def story():
        async with Window(tmp_path, staff(*Role), kept) as window:
            return {do: await window.ask(Request(do, id="P0001")) for do in sorted((LOOKS | ACTS) - {"follow"})}

    said = asyncio.run(story())
    assert len(said) > 20
    for reply in said.values():
        assert (reply["ok"], reply["passes"], reply["data"]) == (False, True, {})


def test_who_is_nobodys_and_who_asks_for_another_office_stands_there_too(tmp_path):
    kept = Kept()

    async def story():
        async with Window(tmp_path, staff(Role.OFFICE), kept) as window:
            return await window.ask(Request("where", id="elsewhere")), await window.ask(Request("where", by="X99"))

    office, stranger = asyncio.run(story())
    assert not office["ok"]
    assert not stranger["ok"]
    assert [(one.person, one.ok, one.number) for one in kept] == [("elsewhere", False, "N01"), ("", False, "X99")]


def test_an_entry_says_what_it_was_about_and_what_for(tmp_path):
    kept = Kept()
    act = Act("1", "close", "0123", "N01", outcome="technical")
    deed = Deed("2", "leave", values={"person": "P0002"})
    requests = [
        Request("track", id="P0001", since=1.0, until=2.0),
        Request("explain", id="P0001", alarm="0123", since=3.0, until=4.0),
        Request("act", act),
        Request("command", wish=Wish("B0001", "reboot", "", reason="hangs")),
        Request("register", deed=deed),
        Request("erase", id="P0003", document="case 7", why="served"),
        Request("wait", id="77"),
    ]

    async def story():
        async with Window(tmp_path, staff(*Role), kept) as window:
            for request in requests:
                assert (await window.ask(request))["ok"]

    asyncio.run(story())
    said = [(one.person, one.about, one.since, one.until, one.purpose) for one in kept]
    assert said == [
        ("P0001", "", 1.0, 2.0, ""),
        ("P0001", "0123", 3.0, 4.0, ""),
        ("P0007", "close 0123", 0.0, 0.0, ""),
        ("", "reboot B0001", 0.0, 0.0, "hangs"),
        ("", "leave", 0.0, 0.0, ""),
        ("P0003", "", 0.0, 0.0, "case 7 served"),
        ("", "77", 0.0, 0.0, ""),
    ]


def test_a_page_that_asks_again_by_itself_fills_no_log_and_hides_behind_nobody_else(tmp_path):
    """What the desk has written down stands for an hour for the same officer and person, at the desk alone."""
    kept = Kept()
    look = Audited("place", "N01", door="console", person="P0001", purpose="an alarm")

    async def story():
        table = staff(Role.DUTY)
        async with Window(tmp_path, table, kept) as window:
            table.clear()
            assert (await window.ask(Request("audit_enter", looks=(look,))))["ok"]
            table.update(staff(Role.DUTY))
            for person, how in [("P0001", "console"), ("P0001", "console"), ("P0002", "console"), ("P0001", "cli")]:
                assert (await window.ask(Request("where", id=person, **WAYS[how])))["ok"]
            kept.now += COVERED
            await window.ask(Request("where", id="P0001", **WAYS["console"]))

    asyncio.run(story())
    assert kept[0].account == getpass.getuser()
    assert [(one.what, one.person, one.door) for one in kept] == [
        ("place", "P0001", "console"),
        ("where", "P0002", "console"),
        ("where", "P0001", "cli"),
        ("where", "P0001", "console"),
    ]


def test_nobody_of_the_staff_writes_down_looks_of_others(tmp_path, monkeypatch):
    monkeypatch.setattr(server, "peer_of", lambda _: Peer(getpass.getuser(), owner=False))
    kept = Kept()

    async def story():
        async with Window(tmp_path, staff(*Role), kept) as window:
            return await window.ask(Request("audit_enter", looks=(Audited("place", "D02"),)))

    assert not asyncio.run(story())["ok"]
    assert [(one.what, one.number, one.ok) for one in kept] == [("audit_enter", "N01", False)]


def test_the_same_refusal_is_written_down_once_an_hour(tmp_path):
    kept = Kept()

    async def story():
        async with Window(tmp_path, staff(Role.AUDITOR), kept) as window:
            for _ in range(50):
                await window.ask(Request("where", id="P0001"))
            kept.now += COVERED
            await window.ask(Request("where", id="P0001"))

    asyncio.run(story())
    assert len(kept) == 2
