"""One connection to a NATS server: what nats-py 2.16 does not say is said here.

A message is measured with its headers before it is sent: the client counts the payload alone, and the server then ends
the connection, which closes the client for good. Nothing is sent over a line that is down: the client would keep it
and send it later, when whoever wrote it has long gone another way. What waits for an answer ends with the line.
Where TLS is meant nothing is said to a server that offers none.

The client reconnects by itself, to any server of the cluster; once it has closed for good, whoever supervises the
connection enters another one.
"""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress
from typing import TYPE_CHECKING, Any, NamedTuple, Self, TypeVar

import nats.errors
from nats.aio.client import Client
from nats.js.errors import APIError

from gateway.errors import UserFault
from gateway.stream.faults import InDoubt, TooLarge, away, judged
from gateway.stream.inbox import Inbox, status_of
from gateway.stream.names import EXPECTED_LAST, EXPECTED_STREAM, MESSAGE_ID, size_of, user_inbox
from gateway.text import Text
from gateway.tls import client_context

if TYPE_CHECKING:
    from collections.abc import Coroutine, Mapping

    from nats.aio.msg import Msg
    from nats.js import JetStreamContext

    from gateway.errors import GatewayFault
    from gateway.settings.model import Credential, Tls

Given = TypeVar("Given")
RECONNECT_WAIT = 0.25
"""Seconds between two looks for a server."""
PING_EVERY, PINGS_OUT = 5, 2
"""A line over which nothing comes for so many seconds, so many times, is taken to be down."""
SECURE = ("tls",)
"""Schemes of addresses behind which TLS is begun by the server's word."""


class Ack(NamedTuple):
    """The server has stored a message, as its stream promises.

    Attributes:
        stream: which one.
        sequence: of the message there; of a duplicate that of the first.
        is_duplicate: its id was known: nothing was stored.
    """

    stream: str
    sequence: int
    is_duplicate: bool


class _Client(Client):
    """As it is there, but that no password goes to a server which does not speak TLS where TLS was meant."""

    async def _process_info(self, info: dict[str, Any], initial_connection: bool = False) -> None:  # noqa: FBT001, FBT002  the library's signature
        server = self._current_server
        is_plain = initial_connection and not info.get("tls_required")
        if is_plain and server is not None and server.uri.scheme in SECURE:
            raise nats.errors.SecureConnWantedError
        await super()._process_info(info, initial_connection)


class Connection:
    """To be entered once, in the loop that it lives in.

    Args:
        url: ``nats://HOST:PORT`` or ``tls://HOST:PORT``; several of one cluster with commas between them.
        credential: name and password; empty: none.
        tls: authorities and our own certificate; None: the system's authorities.
        domain: the JetStream domain that is meant; empty: that of the server.
        name: what the server calls the connection in its log.
        wait: seconds until an answer that does not come is given up; the same for connecting.

    ``client`` is the library's own, for this room.
    """

    def __init__(
        self, url: str, credential: Credential, tls: Tls | None = None, domain: str = "", *,
        name: str = "bracelet-gateway", wait: float = 5.0,
    ) -> None:  # fmt: skip
        self._url, self._credential, self._tls, self._name, self.wait = url, credential, tls, name, wait
        self.prefix = f"$JS.{domain}.API" if domain else "$JS.API"
        self.client = _Client()
        self._js: JetStreamContext | None = None
        self._last: BaseException | None = None
        self._down: asyncio.Future[None]
        self._closed = asyncio.Event()

    async def __aenter__(self) -> Self:
        """Connect.

        Raises:
            TransientFault: no server is reached; a file of ``tls`` cannot be used.
            UserFault: the server does not let us in, or has no JetStream.
        """
        self.loop = asyncio.get_running_loop()
        self._down = self.loop.create_future()
        try:
            async with asyncio.timeout(self.wait):
                await self.client.connect(self._url.split(","), **self._options())
        except BaseException as fault:
            await self._end()
            if isinstance(fault, (nats.errors.Error, OSError)):
                raise self._not_reached(fault) from fault
            raise
        self._js = self.client.jetstream(prefix=self.prefix, timeout=self.wait)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._end()

    @property
    def js(self) -> JetStreamContext:
        """JetStream of the domain, for what this class has no name for; its faults are ``faults.judged``'s to say."""
        assert self._js is not None, "not entered"  # noqa: S101  a bug of the caller
        return self._js

    @property
    def is_up(self) -> bool:
        """Whether a server is connected just now."""
        return self.client.is_connected

    @property
    def max_payload(self) -> int:
        """Bytes of payload and headers that the server takes in one message."""
        return self.client.max_payload

    async def closed(self) -> None:
        """Return once the connection has ended for good: another one is to be entered."""
        await self._closed.wait()

    async def publish(
        self, subject: str, payload: bytes, headers: Mapping[str, str] | None = None, *, message_id: str = "",
        last: int | None = None, stream: str = "",
    ) -> Ack:  # fmt: skip
        """Store a message in the stream that has its subject; returns once the server says that it is stored.

        Args:
            subject: where to.
            payload: what.
            headers: beside it.
            message_id: another message of this id within the stream's window is not stored.
            last: it is stored only if this is the sequence of the stream's last message; 0: it has none.
            stream: it is stored only if this is the stream's name.

        Raises:
            Away: it was surely not stored. InDoubt: perhaps it was.
            Full: the stream takes nothing more.
            WrongLast: the stream ends with another message.
            TooLarge: it was not sent.
        """
        wanted = {MESSAGE_ID: message_id, EXPECTED_STREAM: stream, EXPECTED_LAST: "" if last is None else str(last)}
        full = {**(headers or {}), **{name: value for name, value in wanted.items() if value}}
        said = await self._answer(subject, payload, full)
        return Ack(said["stream"], int(said["seq"]), bool(said.get("duplicate")))

    async def ask(self, name: str, body: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """A request of JetStream's own, as ``STREAM.INFO.ALARMS``; returns its answer.

        Raises:
            GatewayFault: as ``faults.judged`` says it.
        """
        return await self._answer(f"{self.prefix}.{name}", b"" if body is None else json.dumps(body).encode(), None)

    async def request(
        self, subject: str, payload: bytes = b"", headers: Mapping[str, str] | None = None, wait: float | None = None
    ) -> Msg:  # fmt: skip
        """Send a message to whoever listens, and return the first answer.

        Raises:
            Away: nobody listens, or the line is down. InDoubt: no answer came.
            TooLarge: it was not sent.
        """
        patience = self.wait if wait is None else wait
        return await self.held(self._request(subject, payload, headers, patience), subject)

    async def inbox(self, subject: str = "") -> Inbox:
        """Everything that comes under a subject from now on; where none is named, under one of its own.

        Raises:
            Away: the line is down.
        """
        return await Inbox(self, subject or self.new_inbox()).opened()

    def new_inbox(self, who: str = "") -> str:
        """A subject that nobody else has; ``who`` stands in it, for those who look at the server."""
        return f"{self.client.new_inbox()}.{who}" if who else self.client.new_inbox()

    async def answers(self, subject: str, payload: bytes) -> list[Msg]:
        """Everything that is answered to a request, up to a status, which is the last of the list.

        Raises:
            InDoubt: no status came.
            TooLarge: it was not sent.
        """
        found: list[Msg] = []
        inbox = await self.inbox()
        try:
            await self.send(subject, payload, inbox.subject)
            while not found or status_of(found[-1]) == "":
                found.append(await inbox.next(self.wait))
        finally:
            await inbox.close()
        return found

    async def send(self, subject: str, payload: bytes = b"", reply: str = "") -> None:
        """Send a message and wait for nothing.

        Raises:
            Away: the line is down. TooLarge: it was not sent.
        """
        self._check(payload, {})
        await self.held(self.client.publish(subject, payload, reply), subject)

    async def held(self, work: Coroutine[Any, Any, Given], place: str) -> Given:
        """What a call of the library gives; it ends with the line, and its faults are ours.

        Raises:
            GatewayFault: as ``faults.judged`` says it.
        """
        if not self.is_up:
            work.close()
            raise away(self._last or nats.errors.ConnectionClosedError())
        task = asyncio.ensure_future(work)
        ends: set[asyncio.Future[Any]] = {task, self._down}
        try:
            await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
            if task.done() and not task.cancelled():  # the library cancels what waits when it loses the line
                return task.result()
        except (nats.errors.Error, OSError) as fault:
            raise judged(fault, place) from fault
        finally:
            task.cancel()
        raise InDoubt(Text(
            f"与消息服务器的连接在 {place} 未得到回答时断开；是否已经完成尚不知道，再试时会查明",
            f"the line to the message server went down before {place} was answered: whether it was done is not known,"
            " the next try finds out",
        ))  # fmt: skip

    async def _answer(self, subject: str, payload: bytes, headers: Mapping[str, str] | None) -> dict[str, Any]:
        answer = await self.request(subject, payload, headers)
        said: dict[str, Any] = json.loads(answer.data)
        if "error" in said:
            fault = APIError(**said["error"])
            raise judged(fault, subject) from fault
        return said

    async def _request(self, subject: str, payload: bytes, headers: Mapping[str, str] | None, wait: float) -> Msg:
        self._check(payload, headers or {})
        return await self.client.request(subject, payload, wait, headers=dict(headers) if headers else None)

    def _check(self, payload: bytes, headers: Mapping[str, str]) -> None:
        if (size := len(payload) + size_of(headers)) > self.max_payload:
            raise TooLarge(size, self.max_payload)

    def _options(self) -> dict[str, Any]:
        tls = client_context(self._tls) if self._tls is not None else None
        return {
            "name": self._name, "user": self._credential.username or None,
            "inbox_prefix": user_inbox(self._credential.username),
            "password": self._credential.password or None, "tls": tls, "connect_timeout": self.wait,
            "reconnect_time_wait": RECONNECT_WAIT, "max_reconnect_attempts": -1, "ping_interval": PING_EVERY,
            "max_outstanding_pings": PINGS_OUT, "error_cb": self._note, "disconnected_cb": self._went_down,
            "closed_cb": self._went_down_for_good,
        }  # fmt: skip

    def _not_reached(self, fault: BaseException) -> GatewayFault:
        """The reason that the client met last says more than that the time is over."""
        reason = self._last if isinstance(fault, TimeoutError) and self._last is not None else fault
        known = judged(reason, self._url)
        return known if isinstance(known, UserFault) else away(reason)

    async def _note(self, fault: Exception) -> None:
        """What the client met; the first connection is not tried again where that would help nobody."""
        self._last = fault
        if self._js is None and isinstance(known := judged(fault, self._url), UserFault):
            raise known from fault

    async def _went_down(self) -> None:
        if not self._down.done():
            self._down.set_result(None)
        self._down = self.loop.create_future()

    async def _went_down_for_good(self) -> None:
        self._closed.set()

    async def _end(self) -> None:
        """Close the client, which may just be connecting anew: it can miss that it was closed, and come up again."""
        while True:
            with suppress(nats.errors.Error, OSError):
                await self.client.close()
            again = self.client._reconnection_task  # noqa: SLF001  the library has no name for it
            if again is None or again.done():
                break
            again.cancel()
            await asyncio.wait({again}, timeout=RECONNECT_WAIT)
        if not self.client.is_closed:
            await self.client.close()
        self._closed.set()
