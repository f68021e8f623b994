"""UDP: whole frames in datagrams, a session an address. There is no end of a connection: presence is a timer.

Answers go where the device was last heard from. What cannot be taken is dropped and counted: the device sends again.
"""

from __future__ import annotations

import asyncio
import socket
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from gateway.backoff import Backoff
from gateway.errors import OurFault
from gateway.listeners.conversation import Conversation
from gateway.listeners.listening import Listening
from gateway.words.phrases import phrase

if TYPE_CHECKING:
    from collections.abc import Callable

    from gateway.intake.intake import Intake
    from gateway.settings.model import Listener

    Address = tuple[str, int]

BUFFER = 1 << 22
"""Bytes the system keeps for us while we are busy: a second of a city's reports."""
LONGEST_WAIT = 30.0


class UdpListener(Listening):
    """One port and the addresses that have sent to it."""

    def __init__(self, listener: Listener, intake: Intake, wake: Callable[[], None]) -> None:
        super().__init__(listener, intake, wake)
        self.peers: dict[Address, Peer] = {}
        self.authenticated: set[str] = set()
        """Identities that have: a device that is given another address on its way does not know that it was."""
        self._transport: asyncio.DatagramTransport | None = None
        self._is_lost = asyncio.Event()

    async def start(self) -> None:
        """Open the port.

        Raises:
            OurFault: it cannot be had.
        """
        try:
            await self._open()
        except OSError as fault:
            where = f"{self.listener.host}:{self.listener.port}"
            said = phrase("port_taken", listener=self.listener.name, where=where, cause=fault.strerror)
            raise OurFault(said) from fault
        self.keep(self.sweep)
        self.keep(self._keep_open)

    async def _open(self) -> None:
        address = (self.listener.host, self.listener.port)
        loop = asyncio.get_running_loop()
        where: dict[str, Any] = {"local_addr": address} if self.passed is None else {"sock": self.passed.dup()}
        transport, _ = await loop.create_datagram_endpoint(lambda: _Datagrams(self), **where)
        with suppress(OSError):  # the system may allow less
            transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, BUFFER)
        self._transport = transport

    @property
    def port(self) -> int:
        """The port in use (the configured one may be 0)."""
        if self._transport is None:
            return self.listener.port
        return int(self._transport.get_extra_info("sockname")[1])

    def close(self) -> None:
        """Forget everybody and close the port."""
        super().close()
        if self._transport is not None:
            self._transport.close()
            self._transport = None

    def heard(self, data: bytes, address: Address) -> None:
        """One datagram."""
        if not self.is_reading:
            self.intake.counts["datagram_dropped"] += 1
            return
        peer = self.peers.get(address) or self._welcome(address)
        if peer is not None:
            # The one longest silent stands first.
            self.conversations.pop(peer, None)
            self.conversations[peer] = None
            peer.heard_from(data)

    def _welcome(self, address: Address) -> Peer | None:
        """A new address; where there are too many, the one longest silent goes."""
        if not self.is_invited(address[0]):
            return None
        if len(self.conversations) >= self.listener.max_connections:
            self.intake.counts["peer_displaced"] += 1
            next(iter(self.conversations)).close()
        if not self.has_room(address[0]):
            return None
        peer = Peer(self, address)
        self.peers[address] = peer
        self.join(peer)
        return peer

    def send(self, data: bytes, address: Address) -> None:
        """One datagram out."""
        if self._transport is not None and not self._transport.is_closing():
            self._transport.sendto(data, address)

    def lost(self, fault: Exception | None) -> None:
        """The port is gone, though nobody closed it: have it again."""
        if self._transport is not None and not self._is_stopped:
            self._transport = None
            self.note_trouble(str(fault or "closed"))
            self._is_lost.set()

    async def _keep_open(self) -> None:
        """Once the port is lost, open it again."""
        backoff = Backoff(longest=LONGEST_WAIT)
        while True:
            await self._is_lost.wait()
            await asyncio.sleep(backoff.next_wait())
            with suppress(OSError):
                await self._open()
                backoff.reset()
                self._is_lost.clear()
                self.note_trouble("")


class Peer(Conversation):
    """One address. Its listener's record of who has authenticated is shared with the device's other addresses."""

    def __init__(self, owner: UdpListener, address: Address) -> None:
        super().__init__(owner, address[0], f"{address[0]}:{address[1]}")
        self.visit.authenticated = owner.authenticated
        self._listener = owner
        self._address = address
        self._successor: Peer | None = None
        self._deaf_until = 0.0

    def heard_from(self, data: bytes) -> None:
        """One datagram; above the rate it is dropped."""
        now = self._clock()
        if now < self._deaf_until:
            self.owner.intake.counts["rate_exceeded"] += 1
            return
        self._deaf_until = now + self.feed(data, whole=True)

    def write(self, data: bytes) -> None:
        """To the device's latest address."""
        peer = self
        while peer._successor is not None:
            peer = peer._successor
        if data:
            self._listener.send(data, peer._address)  # noqa: SLF001

    def supersede(self) -> None:
        """The device is heard from elsewhere; what is owed goes there, if that is an address of ours too."""
        newest = self.owner.intake.presence.newest
        for origin in self.visit.origins.values():
            visit = newest.get(origin.device)
            if visit is not None and isinstance(visit.channel, Peer) and visit.channel is not self:
                self._successor = visit.channel
        self.close()

    def close(self) -> None:
        """Forget the address; what is still owed to it goes out."""
        if self._listener.peers.get(self._address) is self:
            del self._listener.peers[self._address]
        self.end()


class _Datagrams(asyncio.DatagramProtocol):
    """What the event loop speaks to."""

    def __init__(self, owner: UdpListener) -> None:
        self._owner = owner

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        """One datagram; of an IPv6 address the first two fields suffice."""
        self._owner.heard(data, (addr[0], addr[1]))

    def error_received(self, exc: Exception) -> None:
        """An answer could not be delivered; the device will send again."""
        del exc
        self._owner.intake.counts["datagram_undelivered"] += 1

    def connection_lost(self, exc: Exception | None) -> None:
        """The port is gone."""
        self._owner.lost(exc)
