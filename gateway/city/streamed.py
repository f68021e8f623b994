"""What a county's gateway, or the city's worker for it, says in the streams; and the city's acts on their way there.

A message is acknowledged once it is on disk; what comes while we are away waits in the streams. Where the worker's
verdicts count, a sign of life counts only while both were heard of late: without the worker nobody would judge, and
without the gateway there would be nothing to be judged.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import structlog

from gateway.backoff import Backoff
from gateway.city.acts import message
from gateway.city.figures import SILENT
from gateway.city.told import given_at
from gateway.errors import GatewayFault, TransientFault
from gateway.stream.connection import Connection
from gateway.stream.names import ALARMS, LIFE, act_subject, alarm_subject, life_subject, reader
from gateway.stream.pulled import ACKNOWLEDGED, AGAIN, Pulled

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gateway.city.intake import Intake
    from gateway.settings.city import CityCounty
    from gateway.stream.pulled import Taken

CONNECT_WAIT: Final = 10.0
LONGEST_WAIT: Final = 30.0
AT_ONCE: Final = 500
"""Messages that are kept together."""
REPEAT_AFTER: Final = 10.0
"""Seconds after which what a lost line had brought is brought again."""
LOOK: Final = 30.0
"""Seconds between looks for acts that nobody has told of: after a fault of the store."""

log = structlog.get_logger()


@dataclass(slots=True)
class Streamed:
    """One county in the streams. ``city``: our own code, by which the consumers are ours."""

    county: CityCounty
    city: str
    intake: Intake
    wake: asyncio.Event = field(default_factory=asyncio.Event)
    """An act is to go out."""
    _heard: dict[str, float] = field(default_factory=dict)
    """By source when it was heard last, by our clock."""
    _backoff: Backoff = field(default_factory=lambda: Backoff(longest=LONGEST_WAIT))

    async def run(self) -> None:
        """Read and send until cancelled; connect again after every loss."""
        while True:
            try:
                await self._connected()
            except* GatewayFault as faults:
                log.warning("streams of a county away", county=self.county.code, fault=str(faults.exceptions[0]))
            await asyncio.sleep(self._backoff.next_wait())

    async def _connected(self) -> None:
        county = self.county
        tls = county.tls if county.streams.startswith("tls://") else None
        name = f"city {self.city} {county.code}"
        async with Connection(
            county.streams, county.credential, tls, county.domain, name=name, wait=CONNECT_WAIT
        ) as connection, asyncio.TaskGroup() as tasks:  # fmt: skip
            tasks.create_task(self._watch(connection))
            tasks.create_task(self._read(connection, ALARMS, alarm_subject(county.code, county.source)))
            for source in {"county", county.source}:
                tasks.create_task(self._read(connection, LIFE, life_subject(county.code, source), source))
            tasks.create_task(self._send(connection))

    async def _watch(self, connection: Connection) -> None:
        await connection.closed()
        raise TransientFault("the connection was closed")

    async def _read(self, connection: Connection, stream: str, subject: str, source: str = "") -> None:
        """A subject of a stream, for ever; ``source``: whose signs of life it has, if it has any."""
        async with Pulled(connection, stream, reader(self.city, subject), subject, AT_ONCE, REPEAT_AFTER) as pulled:
            log.info("streams of a county are read", county=self.county.code, subject=subject)
            self._backoff.reset()
            while True:
                some = await pulled.some()
                counts = not source or self._counts(source, some[-1].stored)
                word = await self._kept(some) if counts else ACKNOWLEDGED
                for one in some:
                    await pulled.answer(one, word)

    async def _kept(self, some: Sequence[Taken]) -> bytes:
        """What is said of messages: that they are kept, or, after a while, that they are to come again."""
        try:
            await self.intake.take(self.county.code, [one.body for one in some], [one.stored for one in some])
        except GatewayFault as fault:
            log.warning("what a county says cannot be kept", county=self.county.code, fault=str(fault))
            await asyncio.sleep(self._backoff.next_wait())
            return AGAIN
        self._backoff.reset()
        return ACKNOWLEDGED

    def _counts(self, source: str, stored: float) -> bool:
        """Whether a sign of life may be taken: all who have to be there were heard within a minute."""
        now = self.intake.clock.now()
        self._heard[source] = given_at(stored, now)
        return all(now - self._heard.get(one, 0.0) <= SILENT for one in {"county", self.county.source})

    async def _send(self, connection: Connection) -> None:
        """Acts of ours, each until the stream has it; where it takes none, reading goes on."""
        while True:
            self.wake.clear()
            try:
                await self._send_all(connection)
            except GatewayFault as fault:
                log.warning("acts for a county wait", county=self.county.code, fault=str(fault))
            await self._wait()

    async def _send_all(self, connection: Connection) -> None:
        store, county = self.intake.store, self.county
        for act in await store.unsent(county.code) if county.takes_acts else ():
            body = message(act, county.credential.act_key)
            await connection.publish(act_subject(county.code), body, message_id=act.id)
            await store.was_sent(act.id, self.intake.clock.now())
            self.intake.on_change()

    async def _wait(self) -> None:
        try:
            async with asyncio.timeout(LOOK):
                await self.wake.wait()
        except TimeoutError:
            return
