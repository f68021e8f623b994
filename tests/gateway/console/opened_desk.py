"""A desk over the sample county: its files, its state.db, and a daemon's end of the control socket."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

import httpx
import msgspec

from gateway.console.app import application
from gateway.console.desk import Desk
from gateway.console.visitor import COOKIE, Visitor
from gateway.control.address import socket_of
from gateway.control.messages import MOST, Reply, Request
from gateway.engine import Registered
from gateway.journal.aside import append_aside
from gateway.settings.init import write_sample
from gateway.settings.load import inspect
from gateway.settings.model import Role
from gateway.store.state_db import Event, StateStore

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Sequence
    from pathlib import Path

    from gateway.engine import Past
    from gateway.engine.episode import Episode
    from gateway.settings.model import Configuration
    from gateway.store.presence import Stretch

TODAY = date(2026, 11, 1)
STAFF = """
staff:
  - {number: D01, roles: [duty]}
  - {number: D02, roles: [duty]}
  - {number: S01, roles: [office], office: SFS-01}
  - {number: S02, roles: [office], office: SFS-02}
  - {number: L01, roles: [leader]}
  - {number: A01, roles: [auditor]}
  - {number: T01, roles: [technician]}
"""
OFFICES = {"S01": "SFS-01", "S02": "SFS-02"}
ROLES = {
    "D": Role.DUTY,
    "S": Role.OFFICE,
    "L": Role.LEADER,
    "A": Role.AUDITOR,
    "T": Role.TECHNICIAN,
    "P": Role.PROCURATOR,
}


class Standing:
    """A clock that stands until it is told another time."""

    def __init__(self, at: float) -> None:
        self.who, self.at = visitor, at

    def now(self) -> float:
        return self.at

    def monotonic(self) -> float:
        return self.at

    def real_seconds(self, seconds: float) -> float:
        return seconds


def visitor(number: str, language: str = "zh") -> Visitor:
    roles = frozenset({ROLES[number[0]]})
    return Visitor(number, roles, OFFICES.get(number, ""), language, f"session {number}", f"csrf {number}")


class Known:
    """Sessions of whoever is asked for: the token is the staff number."""

    async def visitor(self, token: str, *, by_hand: bool = True) -> Visitor | None:
        self.by_hand = by_hand
        return visitor(token) if token[0] in ROLES else None

    async def resting(self, token: str) -> Visitor | None:
        del token


@dataclass
class Pasts:
    """One past, whoever is asked for; ``asked``: who asked, of whom, since and until when."""

    past: Past
    configuration: Configuration
    asked: list[tuple[str, str, float, float]] = field(default_factory=list)
    imported: list[Stretch] = field(default_factory=list)

    async def imported_nights(self, person: str, since: float, until: float) -> list[Stretch]:
        return [one for one in self.imported if person and one.since < until and one.until > since]

    async def of(self, visitor: Visitor, person: str, since: float, until: float) -> Past:
        self.asked.append((visitor.number, person, since, until))
        return self.past

    async def registered(self) -> Registered:
        return Registered.of(self.configuration)


@dataclass
class Daemon:
    """The other end of the control socket: what it was asked, and how it answers (``do`` -> data or Reply).

    What the desk has it write down stands in the journal in ``storage``, received ``now``.
    """

    storage: Path
    now: Callable[[], float]
    answers: dict[str, Any] = field(default_factory=dict)
    asked: list[Request] = field(default_factory=list)
    news: asyncio.Queue[dict[str, Any]] = field(default_factory=asyncio.Queue)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await self._talk(reader, writer)
        finally:
            writer.close()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while line := await reader.readline():
            request = msgspec.json.decode(line, type=Request)
            if request.do == "audit_enter":
                append_aside(self.storage, request.looks, self.now())
                writer.write(msgspec.json.encode(Reply(ok=True)) + b"\n")
                continue
            self.asked.append(request)
            if request.do == "follow":
                while True:
                    writer.write(msgspec.json.encode(await self.news.get()) + b"\n")
            answer = self.answers.get(request.do, Reply(ok=False, error=f"unknown {request.do}", refused=True))
            answer = answer(request) if callable(answer) else answer
            reply = answer if isinstance(answer, Reply) else Reply(ok=True, data=answer)
            writer.write(msgspec.json.encode(reply) + b"\n")
            await writer.drain()


def written(directory: Path, more: str = STAFF) -> Path:
    """The sample county's files, with staff."""
    write_sample(directory, "zh", TODAY)
    main = directory / "gateway.yaml"
    main.write_text(main.read_text("utf-8") + more, "utf-8")
    return directory


def stored(desk: Desk, episodes: Sequence[Episode]) -> None:
    """Episodes, as the engine would have said them."""
    desk.readings.directory.mkdir(parents=True, exist_ok=True)
    with closing(StateStore(desk.readings.directory / "state.db")) as store:
        events = [Event(f"{one.id}/{one.revision}", one.id, one.severity, b"{}", one) for one in episodes]
        store.commit(events, [], len(events))


def desk_of(directory: Path, now: float) -> Desk:
    """A desk over written files; nobody has stored anything yet."""
    configuration, faults = inspect(directory, "en")
    assert configuration is not None, faults
    desk = Desk.of(configuration, Standing(now), Known())
    stored(desk, [])
    return desk


@asynccontextmanager
async def daemon_of(desk: Desk, **answers: Any) -> AsyncIterator[Daemon]:
    """A daemon for the desk, as long as this lasts."""
    daemon = Daemon(desk.storage, desk.clock.now, answers)
    server = await asyncio.start_unix_server(daemon.serve, str(socket_of(desk.configuration)), limit=MOST)
    try:
        yield daemon
    finally:
        server.close()


@asynccontextmanager
async def client_of(desk: Desk, number: str = "D01", language: str = "zh") -> AsyncIterator[httpx.AsyncClient]:
    """A browser of a member of staff; empty: of nobody."""
    transport = httpx.ASGITransport(application(desk), raise_app_exceptions=False)
    cookies = {"language": language} | ({COOKIE: number} if number else {})
    headers = {"X-CSRF-Token": f"csrf {number}"}
    async with httpx.AsyncClient(
        transport=transport, base_url="http://desk", cookies=cookies, headers=headers
    ) as client:
        yield client


def visit(desk: Desk, path: str, number: str = "D01", language: str = "zh") -> httpx.Response:
    """One page."""

    async def run() -> httpx.Response:
        async with client_of(desk, number, language) as client:
            return await client.get(path)

    return asyncio.run(run())


def submit(desk: Desk, path: str, number: str = "D01", answers: dict[str, Any] | None = None, **form: str) -> Any:
    """One form, and what the daemon was asked: the answer, and its requests."""

    async def run() -> tuple[httpx.Response, list[Request]]:
        async with daemon_of(desk, **(answers or {})) as daemon, client_of(desk, number) as client:
            return await client.post(path, data=form), daemon.asked

    return asyncio.run(run())
