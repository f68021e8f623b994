"""MQTT: frames up on ``bracelet/<device>/up`` of a broker, answers and orders on ``bracelet/<device>/down``, QoS 1."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, ClassVar

import aiomqtt

from firmware_sim.links.line import Line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from firmware_sim.links.line import Address, LineEnd

KEEPALIVE = 20
"""Seconds."""
MOST_WAITING = 4096
"""Payloads that may wait for the broker; the firmware sends again what is dropped."""
WINDOW = 16
"""Payloads in flight."""
MOST_BYTES = 60_000
"""Of one payload: below what a gateway takes."""


class _HungUp(Exception):
    """The line was closed by its bracelet."""


class MqttLine(Line):
    """Implements :class:`firmware_sim.links.line.Line`: a connection to the broker of its own."""

    is_stream: ClassVar[bool] = False

    def __init__(self, device: str, address: Address, end: LineEnd) -> None:
        super().__init__(device, address, end)
        self._waiting: asyncio.Queue[bytes | None] = asyncio.Queue(MOST_WAITING)
        self._life: asyncio.Task[None] | None = None
        self._is_open = False

    @property
    def is_open(self) -> bool:
        """Whether something can be written."""
        return self._is_open

    async def open(self) -> None:
        """Connect and subscribe; see :meth:`Line.open`."""
        ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._life = asyncio.create_task(self._live(ready))
        try:
            await ready
        except asyncio.CancelledError:
            self._life.cancel()
            raise

    def write(self, frames: Sequence[bytes]) -> None:
        """All frames in one payload, as far as one goes."""
        payload = b""
        for frame in frames:
            if len(payload) + len(frame) > MOST_BYTES:
                self._put(payload)
                payload = b""
            payload += frame
        self._put(payload)

    def close(self) -> None:
        """Disconnect once what waits is published."""
        if self._is_open:
            self._is_open = False
            if self._waiting.full():
                self.abort()
            else:
                self._waiting.put_nowait(None)

    def abort(self) -> None:
        """Drop the connection."""
        if self._life is not None:
            self._life.cancel()

    def _put(self, payload: bytes) -> None:
        if payload and self._is_open and not self._waiting.full():
            self._waiting.put_nowait(payload)

    async def _live(self, ready: asyncio.Future[None]) -> None:
        """One connection, until either side ends it."""
        was_open = False
        try:
            async with aiomqtt.Client(self.address.host, self.address.port, keepalive=KEEPALIVE) as client:
                await client.subscribe(f"bracelet/{self.device}/down", qos=1)
                self._waiting = asyncio.Queue(MOST_WAITING)
                self._is_open = was_open = True
                self.end.line_up()
                ready.set_result(None)
                async with asyncio.TaskGroup() as tasks:
                    tasks.create_task(self._listen(client))
                    tasks.create_task(self._speak(client))
        except* (aiomqtt.MqttError, _HungUp) as faults:
            if not ready.done():
                ready.set_exception(ConnectionError(str(faults.exceptions[0])))
        finally:
            self._is_open = False
            if was_open:
                self.end.line_down()

    async def _listen(self, client: aiomqtt.Client) -> None:
        async for message in client.messages:
            if isinstance(message.payload, bytes):
                self.end.line_data(message.payload)
        raise aiomqtt.MqttError("connection lost")

    async def _speak(self, client: aiomqtt.Client) -> None:
        """Publish what waits, in order, a window at a time."""
        topic = f"bracelet/{self.device}/up"
        while True:
            window = [await self._waiting.get()]
            while len(window) < WINDOW and not self._waiting.empty():
                window.append(self._waiting.get_nowait())
            await asyncio.gather(*(client.publish(topic, payload, qos=1) for payload in window if payload is not None))
            if None in window:
                raise _HungUp
