"""TCP: one connection, one session. Reads stop while too much waits, the store fails, or one is too fast."""

from __future__ import annotations

import asyncio
import math
import ssl
import sys
from enum import Flag, auto
from typing import TYPE_CHECKING, cast

from gateway.errors import OurFault
from gateway.intake.visit import GONE
from gateway.listeners.conversation import Conversation
from gateway.listeners.descriptors import Descriptors
from gateway.listeners.entrance import Entrance
from gateway.listeners.listening import Listening
from gateway.listeners.secure import Line, Secure, Secured
from gateway.listeners.turn import Turn
from gateway.words.phrases import phrase

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from gateway.intake.intake import Intake
    from gateway.settings.model import Listener
    from gateway.words.texts import Text

BACKLOG = 1024
LAST_WORDS = 5.0
"""Real seconds a closed connection has to take what it was still sent."""


class TcpListener(Listening):
    """One listening port and its connections."""

    _server: asyncio.Server | None = None

    def __init__(self, listener: Listener, intake: Intake, wake: Callable[[], None]) -> None:
        super().__init__(listener, intake, wake)
        self.descriptors = Descriptors(sys.maxsize)
        """Shared by the listeners of a daemon, which measures how many there are."""
        self.turn = Turn(self, self._end_later, lambda: asyncio.get_running_loop().time())
        self.entrance = Entrance(_call_soon)
        self.secure = None if listener.tls is None else Secure(listener.name, listener.tls, intake.counts)

    async def start(self) -> None:
        """Listen.

        Raises:
            OurFault: the address cannot be had.
        """
        try:
            self._server = await self._open()
        except OSError as fault:
            where = f"{self.listener.host}:{self.listener.port}"
            said = phrase("port_taken", listener=self.listener.name, where=where, cause=fault.strerror)
            raise OurFault(said) from fault
        self.keep(self.sweep)
        if self.secure is not None:
            self.keep(self.secure.watch)

    def _end_later(self, end: Callable[[], None]) -> None:
        """At the end of this turn of the loop; while a batch is written, of the one in which it is durable.

        Nothing that is read before could be written sooner, and what is read at once costs less.
        """
        if not self.intake.put_off(lambda: _call_soon(end)):
            _call_soon(end)

    async def _open(self) -> asyncio.Server:
        loop = asyncio.get_running_loop()
        if self.passed is not None:
            return await loop.create_server(lambda: Door(self), sock=self.passed.dup(), backlog=BACKLOG)
        host, port = self.listener.host, self.listener.port
        return await loop.create_server(lambda: Door(self), host, port, reuse_address=True, backlog=BACKLOG)

    @property
    def complaint(self) -> Text | None:
        """What is wrong with its certificates."""
        return None if self.secure is None else self.secure.complaint

    @property
    def port(self) -> int:
        """The port in use (the configured one may be 0)."""
        if self._server is None or not self._server.sockets:
            return self.listener.port
        return int(self._server.sockets[0].getsockname()[1])

    def has_room(self, source: str) -> bool:
        """Also whether the process may open one more descriptor for a device."""
        if self.descriptors.are_short:
            self.intake.counts["descriptors_short"] += 1
            return False
        return super().has_room(source)

    def not_agreed(self, source: str, cause: str) -> None:
        """A handshake came to nothing."""
        self.intake.counts["tls_failed"] += 1
        self._turned_away("tls_failed", source, cause=cause)

    def join(self, conversation: Conversation) -> None:
        """One more is there."""
        super().join(conversation)
        self.descriptors.taken += 1

    def leave(self, conversation: Conversation) -> bool:
        """It is over; False where it was before."""
        has_left = super().leave(conversation)
        self.descriptors.taken -= has_left
        return has_left

    async def stop_listening(self) -> None:
        """Take no further connection and read no further byte; answers can still go out."""
        self.turn.end()
        if self._server is not None:
            self._server.close()
        await super().stop_listening()

    def end_turn(self) -> None:
        """What was read so far is taken before time goes on."""
        self.turn.end()

    def apply_reading(self) -> None:
        """Stop or go on reading everywhere."""
        for conversation in self.conversations:
            cast("Connection", conversation).hold(Hold.LISTENER, held=not self.is_reading)


def _call_soon(work: Callable[[], None]) -> None:
    asyncio.get_running_loop().call_soon(work)


class Hold(Flag):
    """Why a connection is not read; it is while there is no reason."""

    LISTENER = auto()
    ANSWERS_NOT_TAKEN = auto()
    RATE = auto()


_FREE = Hold(0)


class Connection(Conversation):
    """One bracelet's connection."""

    def __init__(
        self, owner: Listening, turn: Turn, transport: Line, source: str, peer: str
    ) -> None:  # fmt: skip
        super().__init__(owner, source, peer)
        self._transport = transport
        self._turn = turn
        self._held = _FREE
        self._is_unjoined = False
        self._closed = math.inf

    def heard_from(self, data: bytes) -> None:
        """What was read, by its session."""
        self.wait(self.feed(data))

    def wait(self, wait: float) -> None:
        """Above the rate the rest has to wait in the peer, so many seconds."""
        if wait > 0.0 and Hold.RATE not in self._held:
            self.owner.intake.counts["rate_exceeded"] += 1
            self.hold(Hold.RATE, held=True)
            asyncio.get_running_loop().call_later(wait, lambda: self.hold(Hold.RATE, held=False))

    def without_frame(self) -> None:
        """Only a read without a frame can be the one that exhausts the budget; counting on each would cost."""
        if sum(self.session.discarded.values()) > self.owner.listener.limits.rubbish_bytes:
            self.owner.intake.counts["connection_rubbish"] += 1
            self.close()

    def tick(self, now: float) -> None:
        """Also the end of a login that does not come, and of a peer that does not take the last it was sent."""
        if self._closed < math.inf:
            if now - self._closed > LAST_WORDS:
                self._transport.abort()
        elif self.is_stranger and now - self.began > self.owner.listener.limits.login_seconds:
            self.owner.intake.counts["login_timeout"] += 1
            self.close()
        else:
            super().tick(now)

    def write(self, data: bytes) -> None:
        """One segment, as far as TCP lets one say so."""
        if data and not self._transport.is_closing():
            if self.visit.answers_singly and not self._is_unjoined:
                # Above its limit a transport writes at once, instead of gathering what this turn of the loop brings.
                self._transport.set_write_buffer_limits(high=0)
                self._is_unjoined = True
            self._transport.write(data)

    def end(self) -> None:
        """See ``Conversation``; who has gone holds nobody, so that it is let go of without a collection."""
        super().end()
        self.visit.channel = GONE

    @property
    def is_closed(self) -> bool:
        """Whether nothing more is read of it."""
        return self._closed < math.inf

    def close(self) -> None:
        """Close after what is in the send buffer; what was read before is taken before."""
        self._turn.end()
        self._closed = min(self._closed, self._clock())
        self.seats.is_waiting[self.visit.row] = True
        self.stop_pacing()
        self._transport.close()

    def hold_again(self) -> None:
        """Stop reading where there is still a reason: the loop may have begun to."""
        if self._held and not self._transport.is_closing():
            self._transport.pause_reading()

    def hold(self, why: Hold, *, held: bool) -> None:
        """Stop or go on reading, for one reason."""
        before = self._held
        self._held = before | why if held else before & ~why
        if self._transport.is_closing() or bool(before) == bool(self._held):
            return
        if self._held:
            self._transport.pause_reading()
        else:
            self._transport.resume_reading()


class Door(asyncio.Protocol):
    """What the event loop speaks to: a connection, once it has been let in."""

    def __init__(self, owner: TcpListener) -> None:
        self._owner = owner
        self._connection: Connection | None = None
        self._has_waited = False
        self._secured: Secured | None = None
        self._early = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Come in when it is its turn."""
        # What create_server gives; uvloop's transports do not inherit from asyncio's.
        self._transport = cast("asyncio.Transport", transport)
        self._owner.entrance.come(self)

    def wait(self) -> None:
        """See ``Comer``."""
        self._has_waited = True
        self._transport.pause_reading()

    def enter(self) -> None:
        """Open a session, unless there are too many already, or the peer has gone."""
        owner, line = self._owner, self._transport
        if line.is_closing():
            return
        address = line.get_extra_info("peername")
        # A peer may be gone before it is looked at.
        source, peer = (str(address[0]), f"{address[0]}:{address[1]}") if address else ("", "")
        if not owner.is_invited(source) or not owner.has_room(source):
            line.abort()
            return
        context = None if owner.secure is None else owner.secure.context()
        if owner.secure is not None and context is None:
            owner.not_agreed(source, "certificate")
            line.abort()
            return
        self._secured = None if context is None else Secured(line, context)
        self._connection = Connection(owner, owner.turn, self._secured or line, source, peer)
        owner.join(self._connection)
        if self._has_waited:
            line.resume_reading()
        self._connection.hold(Hold.LISTENER, held=not owner.is_reading)
        if not owner.is_reading:
            _call_soon(self._connection.hold_again)  # uvloop begins to read after this
        early, self._early = self._early, b""
        if early:
            self.data_received(early)

    def data_received(self, data: bytes) -> None:
        """Bytes of whom was let in; uvloop reads some of who waits, though told not to when it came."""
        if self._connection is None:
            self._early += data
            self._transport.pause_reading()
        elif self._secured is None:
            self._owner.turn.add(self._connection, data)
        elif not self._connection.is_closed:
            self._read_by_tls(self._connection, self._secured, data)

    def _read_by_tls(self, connection: Connection, secured: Secured, data: bytes) -> None:
        is_over = False
        try:
            data, is_over = secured.read(data)
        except ssl.SSLError as fault:
            if not secured.has_agreed:
                self._owner.not_agreed(connection.source, str(fault))
            connection.close()
            return
        if data:
            self._owner.turn.add(connection, data)
        if is_over:
            connection.close()

    def pause_writing(self) -> None:
        """The peer does not take its answers: read no more of it until it does."""
        if self._connection is not None:
            self._owner.intake.counts["answers_not_taken"] += 1
            self._connection.hold(Hold.ANSWERS_NOT_TAKEN, held=True)

    def resume_writing(self) -> None:
        """It does again."""
        if self._connection is not None:
            self._connection.hold(Hold.ANSWERS_NOT_TAKEN, held=False)

    def connection_lost(self, exc: Exception | None) -> None:
        """The session is over."""
        connection, secured = self._connection, self._secured
        if connection is None:
            return
        if secured is not None and not secured.has_agreed and not connection.is_closed:
            self._owner.not_agreed(connection.source, str(exc or "it went"))
        self._owner.turn.end()
        connection.end()


def share(listeners: Iterable[Listening], descriptors: Descriptors) -> None:
    """Let all TCP listeners count against the same descriptors; those who are there already do."""
    for listener in listeners:
        if isinstance(listener, TcpListener):
            descriptors.taken += listener.descriptors.taken
            listener.descriptors = descriptors
