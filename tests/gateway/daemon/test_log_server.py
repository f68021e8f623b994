"""A log server by TLS that goes and comes back: of the audit and the alarms it hears each at least once, in order."""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
from contextlib import closing
from types import SimpleNamespace

import msgspec
import pytest
from certificates import Authority
from log_server_end import LogServerEnd, read
from made_episodes import episode

from gateway.daemon import log_server
from gateway.daemon.health import Health
from gateway.daemon.log_server import FILE, LogServer
from gateway.engine.episode import Change
from gateway.engine.ledger import Outcome
from gateway.journal import FileJournal
from gateway.journal.controls import Act
from gateway.journal.entries import NO_ORIGIN, EntryKind, Gathering, Origin
from gateway.settings.model import Role, Staff, Syslog, Tls
from gateway.store.state_db import StateStore
from gateway.upstream import syslog_marks
from gateway.upstream.cloudevents import event_of
from gateway.upstream.syslog_marks import Position

NOW = 1_793_628_995.0
PATIENCE = 60.0


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """An authority, another that vouches for nobody here, the server's certificate and the county's."""
    folder = tmp_path_factory.mktemp("tls")
    ours, other = Authority(folder), Authority(folder, "other")
    return ours, other, ours.vouches_for("server"), ours.vouches_for("county")


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """It looks often, and is soon sure."""
    monkeypatch.setattr(log_server, "LOOK", 0.01)
    monkeypatch.setattr(syslog_marks, "SETTLED", 0.05)


class Kept:
    """As much of a pipeline as a log server's teller sees: a real journal, a real state.db, the health."""

    def __init__(self, directory) -> None:
        self.directory = directory
        self.journal, self.store = FileJournal(directory / "journal"), StateStore(directory / "state.db")
        self.health, self.intake, self.writer = Health(), SimpleNamespace(now=lambda: NOW), self

    async def run(self, work, *given):
        return work(*given)

    def append(self, acts: int, frames: int = 3) -> None:
        """Acts between frames of a device."""
        batch = Gathering()
        for number in range(acts):
            for _ in range(frames):
                batch.add(EntryKind.FRAME, NOW, Origin("B0001"), b"\x7e24.33 109.42\x7e")
            payload = msgspec.json.encode(Act(f"a{number}", "note", "f" * 32, "D01", note="Nemo Nusquam"))
            batch.add(EntryKind.ACT, NOW, NO_ORIGIN, payload)
        self.journal.append(batch.batch())

    def raise_alarm(self, name: str) -> None:
        place = {"latitude": 24.33, "longitude": 109.42, "radius_m": 20.0, "zone_name": "Nemo's"}
        outcome = Outcome(Change.RAISED, episode("strap_cut", id=name, **place), NOW, (7, 1, NOW, "B0001", ""))
        said = event_of(outcome, "sim", "Asia/Shanghai")
        self.store.commit([said], [("city", frozenset())], self.journal.next_offset)

    @property
    def acts(self) -> list[int]:
        """Offsets of all acts."""
        return [
            offset + row
            for offset, batch in self.journal.read(0)
            for row, kind in enumerate(batch.kind)
            if kind == EntryKind.ACT
        ]

    @contextlib.asynccontextmanager
    async def telling(self, end: LogServerEnd, tls: Tls, *sends: str):
        scheme = "tcp" if tls == Tls() else "tls"
        settings = Syslog(f"{scheme}://127.0.0.1:{end.port}", tls, sends or ("audit", "alarms", "faults"), 32473)
        one = LogServer(settings, self, self.directory, "en", dict)
        task = asyncio.create_task(one.run())
        try:
            yield one
        finally:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task


async def come(fulfilled) -> None:
    async with asyncio.timeout(PATIENCE):
        while not fulfilled():  # noqa: ASYNC110  what is waited for happens in a socket's thread
            await asyncio.sleep(0.005)


def entries_of(end: LogServerEnd) -> list[int]:
    return [int(one.fact("entry")) for one in end.heard if one.name.startswith("ACT")]


def sure(kept: Kept) -> Position | None:
    path = kept.directory / FILE
    return msgspec.json.decode(path.read_bytes(), type=Position) if path.exists() else None


def certificates(made) -> tuple[LogServerEnd, Tls]:
    ours, _, server, county = made
    end = LogServerEnd(ours.serving(server, asks=True))
    return end, Tls(str(ours.file), str(county.certificate), str(county.key))


def said_of(health) -> str:
    """What is wrong with the log server; empty: nothing."""
    return health.troubles["syslog"].en if "syslog" in health.troubles else ""


def test_by_mutual_tls_it_hears_of_acts_alarms_and_troubles_and_of_no_person_and_no_place(tmp_path, made):
    kept, (end, tls) = Kept(tmp_path), certificates(made)
    kept.append(2)

    async def run():
        with end:
            async with kept.telling(end, tls) as one:
                await come(lambda: one.connected)
                kept.append(3)
                kept.raise_alarm("a")
                kept.health.note("journal", "disk full")
                await come(lambda: len(end.octets) == 5)
                kept.health.note("journal", "")
                await come(lambda: len(end.octets) == 6)
                figures = one.figures()
                assert (figures["connected"], figures["sent"], figures["left_out"]) == (True, 6, 0)
                assert figures["lag_seconds"] < PATIENCE
                await come(lambda: sure(kept) == Position(kept.journal.next_offset, 1))

    asyncio.run(run())
    assert entries_of(end) == kept.acts[2:], "what was before the first start is not told"
    assert sorted(one.name for one in end.heard if not one.name.startswith("ACT")) == [
        "alarm.raised", "fault", "fault.over",
    ]  # fmt: skip
    assert not [each for each in (b"Nemo", b"24.33", b"109.42", b"P0001") if each in b"".join(end.octets)]


def test_what_came_while_it_was_away_is_told_when_it_is_back_and_nothing_is_lost(tmp_path, made, monkeypatch):
    monkeypatch.setattr(log_server, "MOST", 4)
    kept, (end, tls) = Kept(tmp_path), certificates(made)

    async def run():
        with end:
            async with kept.telling(end, tls, "audit") as one:
                await come(lambda: one.connected)
                kept.append(3)
                await come(lambda: len(end.octets) == 3)
                end.__exit__()
                kept.append(7)
                await come(lambda: not one.connected and "log server" in said_of(kept.health))
                kept.append(6)
                end.__enter__()
                await come(lambda: set(entries_of(end)) == set(kept.acts))
                await come(lambda: not kept.health.troubles)

    asyncio.run(run())
    heard = entries_of(end)
    assert list(dict.fromkeys(heard)) == kept.acts, "in order, but for what is said again"


def test_after_a_restart_it_goes_on_where_the_log_server_surely_was(tmp_path):
    kept, end = Kept(tmp_path), LogServerEnd()

    async def run(acts: int, until):
        async with kept.telling(end, Tls(), "audit") as one:
            await come(lambda: one.connected)
            kept.append(acts)
            await come(until)

    with end:
        asyncio.run(run(2, lambda: sure(kept) == Position(kept.journal.next_offset, 0)))
        kept.append(2)
        asyncio.run(run(1, lambda: len(end.octets) == 5))
        assert entries_of(end) == kept.acts
        (tmp_path / FILE).write_bytes(b"{")
        end.octets.clear()
        asyncio.run(run(1, lambda: len(end.octets) == 6))
        assert entries_of(end) == kept.acts, "where that is not known, all is told again"


def test_a_line_that_ends_too_soon_costs_a_repetition_and_no_message(tmp_path, monkeypatch):
    monkeypatch.setattr(syslog_marks, "SETTLED", PATIENCE)
    kept, end = Kept(tmp_path), LogServerEnd()

    async def run():
        with end:
            async with kept.telling(end, Tls(), "audit") as one:
                await come(lambda: one.connected)
                kept.append(2)
                await come(lambda: len(end.octets) == 2)
                end.__exit__()
                end.__enter__()
                await come(lambda: len(end.octets) == 4)

    asyncio.run(run())
    assert entries_of(end) == kept.acts * 2
    assert sure(kept) is None


def test_a_server_that_nobody_vouches_for_is_told_nothing_and_that_is_said(tmp_path, made):
    _, other, _, _ = made
    kept, (end, _) = Kept(tmp_path), certificates(made)

    async def run():
        with end:
            async with kept.telling(end, Tls(str(other.file))) as one:
                await come(lambda: "syslog" in kept.health.troubles)
                assert not one.connected

    asyncio.run(run())
    assert "certificate" in said_of(kept.health)
    assert end.octets == []


def test_entries_that_were_removed_before_it_had_them_are_counted(tmp_path):
    kept, end = Kept(tmp_path), LogServerEnd()
    kept.append(2)
    (tmp_path / FILE).write_bytes(json.dumps({"audit": 0, "alarms": 0}).encode())

    async def run():
        with end:
            async with kept.telling(end, Tls(), "audit") as one:
                reader = SimpleNamespace(begins=5, read=kept.journal.read)
                one._journal = reader
                await come(lambda: len(end.octets) == 1)
                assert one.figures()["left_out"] == 5

    asyncio.run(run())
    assert entries_of(end) == kept.acts[1:]


def test_by_datagrams_each_is_one_message_and_nobody_there_is_a_trouble(tmp_path):
    kept = Kept(tmp_path)

    async def run():
        with closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as end:
            end.bind(("127.0.0.1", 0))
            end.setblocking(False)  # noqa: FBT003  as sockets have it
            settings = Syslog(f"udp://127.0.0.1:{end.getsockname()[1]}", Tls(), ("audit",), 32473)
            one = LogServer(settings, kept, tmp_path, "en", lambda: {"D01": Staff("D01", "", frozenset({Role.DUTY}))})
            task = asyncio.create_task(one.run())
            await come(lambda: one.connected)
            kept.append(2)
            said = [await asyncio.get_running_loop().sock_recv(end, 65_536) for _ in range(2)]
        kept.append(50)
        await come(lambda: "syslog" in kept.health.troubles or kept.append(1))
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
        return said

    heard = [read(each) for each in asyncio.run(run())]
    assert [int(one.fact("entry")) for one in heard] == kept.acts[:2]
    assert {one.fact("by") for one in heard} == {"D01"}


def test_what_is_journaled_between_its_beginning_and_its_first_look_is_told_and_nothing_before(tmp_path):
    """A start is journaled by the time that its task runs for the first time."""
    kept = Kept(tmp_path)
    kept.append(2)

    async def run():
        with LogServerEnd() as end:
            one = LogServer(Syslog(f"tcp://127.0.0.1:{end.port}", Tls(), ("audit",), 32473), kept, tmp_path, "en", dict)
            await one.begin()
            kept.append(3)
            await one.begin()
            async with kept.telling(end, Tls(), "audit"):
                await come(lambda: len(end.octets) >= 3)
            return entries_of(end)

    assert asyncio.run(run()) == kept.acts[2:]
