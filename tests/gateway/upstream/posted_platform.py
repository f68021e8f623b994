"""A platform that is posted to and answers as it is told, over plain sockets; it knows of us by our document alone."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
from collections import Counter
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self

from upstream_room import COUNTY, NAME, QUICK, RARELY, Room, SteppedTiming, quiet_life

from gateway.clock import SystemClock
from gateway.settings.model import Credential, Delivery, Tls, Upstream, UpstreamKind
from gateway.store.state_db import StateStore
from gateway.upstream.rows import OwnRows
from gateway.upstream.webhook import WebhookUpstream
from gateway.writer import Writer

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable
    from pathlib import Path

SIGN_KEY = "made-up-sign-key-of-32-bytes-or-more"
HANG, LATE, CUT_BEFORE, CUT_AFTER = "hang", "late", "cut before", "cut after"
"""No answer, and nothing taken; taken, and answered when it is released; the connection ends before or after taking."""


@dataclass(frozen=True)
class Posted:
    """A request, as it came."""

    head: dict[str, str]
    body: bytes

    @property
    def id(self) -> str:
        return self.head["webhook-id"]

    @property
    def kind(self) -> str:
        return json.loads(self.body).get("type", "bracelet.alarm.raised")

    @property
    def is_alarm(self) -> bool:
        return not self.kind.startswith(("bracelet.gateway.", "bracelet.telemetry."))

    @property
    def is_ours(self) -> bool:
        """Whether the signature is right."""
        signed = f"{self.id}.{self.head['webhook-timestamp']}.".encode() + self.body
        mac = hmac.new(SIGN_KEY.encode(), signed, hashlib.sha256).digest()
        return hmac.compare_digest(self.head["webhook-signature"], "v1," + base64.b64encode(mac).decode())


@dataclass
class Platform:
    """``answers`` says what becomes of an alarm: a status, or one of the words above; ``others`` of all else.

    Attributes:
        taken: ids in the order in which they were taken, repetitions among them; ``asked``: the same of all that came.
        heads: more headers of an answer.
    """

    tls: ssl.SSLContext | None = None
    answers: Callable[[Posted], int | str] = lambda _: 200
    others: Callable[[Posted], int | str] = lambda _: 200
    heads: str = ""
    taken: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    beside: list[Posted] = field(default_factory=list)
    forged: int = 0
    released: asyncio.Event = field(default_factory=asyncio.Event)
    _open: set[asyncio.StreamWriter] = field(default_factory=set)

    async def __aenter__(self) -> Self:
        self.server = await asyncio.start_server(self._serve, "127.0.0.1", 0, ssl=self.tls)
        self.port = self.server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self.server.close()
        self.released.set()
        for writer in self._open:
            writer.close()

    @property
    def url(self) -> str:
        return f"http{'s' if self.tls else ''}://127.0.0.1:{self.port}/alarms"

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open.add(writer)
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            while await self._answered(await _request(reader), writer):
                pass
        self._open.discard(writer)
        writer.close()

    async def _answered(self, posted: Posted, writer: asyncio.StreamWriter) -> bool:
        self.forged += not posted.is_ours
        what = (self.answers if posted.is_alarm else self.others)(posted)
        if posted.is_alarm:
            self.asked.append(posted.id)
        if what in {LATE, CUT_AFTER} or (isinstance(what, int) and 200 <= what < 300):
            self._take(posted)
        if what in {HANG, LATE}:
            await self.released.wait()
            what = 503 if what == HANG else 200
        if isinstance(what, str):
            return False
        writer.write(f"HTTP/1.1 {what} Said\r\n{self.heads}Content-Length: 2\r\n\r\nok".encode())
        await writer.drain()
        return True

    def _take(self, posted: Posted) -> None:
        if posted.is_alarm:
            self.taken.append(posted.id)
        else:
            self.beside.append(posted)


async def _request(reader: asyncio.StreamReader) -> Posted:
    lines = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
    head = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:] if line)}
    return Posted(head | {"line": lines[0]}, await reader.readexactly(int(head["content-length"])))


@asynccontextmanager
async def posting(path: Path, url: str, *, tls: Tls | None = None, password: str = "", **patience):
    """An upstream that posts to ``url``, whose time passes only when the test says so."""
    store, writer, timing = StateStore(path / "state.db"), Writer(), SteppedTiming()
    delivery = Delivery(**{"per_second": QUICK, "heartbeat": RARELY} | patience)
    secrets = Credential("county" if password else "", password, sign_key=SIGN_KEY)
    upstream = WebhookUpstream(
        Upstream(NAME, UpstreamKind.WEBHOOK, url, secrets, delivery=delivery, tls=tls or Tls()),
        OwnRows(NAME, store, writer, SystemClock()), SystemClock(), quiet_life(), timing=timing,
    )  # fmt: skip
    one = Room(upstream, store, writer, timing, Counter(), [])
    try:
        yield one
    finally:
        await one.stop()
        writer.close()
        store.close()


def posted(tmp_path, test, *, answers=lambda _: 200, **patience):
    """Run ``test(platform, one)`` with a platform that answers so and an upstream of patience as given."""

    async def run():
        async with Platform(answers=answers) as platform, posting(tmp_path, platform.url, **patience) as one:
            await test(platform, one)
            assert platform.forged == 0

    asyncio.run(run())


__all__ = ["COUNTY", "CUT_AFTER", "CUT_BEFORE", "HANG", "LATE", "Platform", "Posted", "posted", "posting"]
