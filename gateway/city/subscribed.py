"""What a county's gateway says at a broker: alarms and signs of life, acknowledged once they are on disk.

The session at the broker outlasts the connection, so that what is published while we are away comes afterwards.
"""

from __future__ import annotations

import asyncio
import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import aiomqtt
import structlog

from gateway.backoff import Backoff
from gateway.errors import GatewayFault
from gateway.mqtt.connection import REFUSED, Connection

if TYPE_CHECKING:
    from gateway.city.intake import Intake
    from gateway.mqtt.connection import Incoming
    from gateway.settings.city import CityCounty

CONNECT_WAIT: Final = 10.0
LEAST_WAIT: Final = 1.5
"""Seconds between connections: some brokers (NATS) leave a client that comes back within a second without an answer."""
LONGEST_WAIT: Final = 30.0
AT_ONCE: Final = 500
"""Messages that are kept together."""
MOST_WAITING: Final = 20_000
"""More that wait to be kept end the connection: what is not acknowledged is said again."""

log = structlog.get_logger()


@dataclass(slots=True)
class Subscribed:
    """One county at its broker. ``city``: our own code, by which the broker knows us."""

    county: CityCounty
    city: str
    intake: Intake
    _backoff: Backoff = field(default_factory=lambda: Backoff(longest=LONGEST_WAIT))

    @property
    def topics(self) -> tuple[str, str]:
        """What is read."""
        base = f"bracelet/{self.county.code}"
        return f"{base}/alarm/+", f"{base}/gateway/alive"

    async def run(self) -> None:
        """Read until cancelled; connect again after every loss."""
        while True:
            try:
                await self._connected()
            except (aiomqtt.MqttError, OSError, GatewayFault) as fault:
                log.warning("broker of a county away", county=self.county.code, fault=str(fault))
            await asyncio.sleep(max(LEAST_WAIT, self._backoff.next_wait()))

    async def _connected(self) -> None:
        connection = Connection(
            self.county.broker, self.county.credential, identifier(self.city, self.county.code),
            connect_wait=CONNECT_WAIT, window=1, tls=self.county.tls,
        )  # fmt: skip
        async with connection:
            for topic in self.topics:
                code = await connection.ask(topic, CONNECT_WAIT)
                if code >= REFUSED:
                    raise aiomqtt.MqttError(f"the broker refuses {topic} (0x{code:02x})")
            log.info("broker of a county connected", county=self.county.code)
            self._backoff.reset()
            while True:
                await self._take(connection)

    async def _take(self, connection: Connection) -> None:
        """What has come, kept and acknowledged."""
        some = [await connection.receive()]
        if connection.waiting > MOST_WAITING:
            raise aiomqtt.MqttError(f"more than {MOST_WAITING} messages wait")
        while connection.waiting and len(some) < AT_ONCE:
            some.append(await connection.receive())
        await self.intake.take(self.county.code, [one.payload for one in some if self._is_ours(one)])
        for one in some:
            connection.forget(one)

    def _is_ours(self, one: Incoming) -> bool:
        """Whether it is of a topic that is read; a broker may still hold what an older session asked for."""
        alarm, alive = self.topics
        return one.topic == alive or one.topic.startswith(alarm.removesuffix("+"))


def identifier(city: str, county: str) -> str:
    """Client id at a broker: the same each time, and no other's."""
    return f"bracelet-city-{hashlib.sha256(f'{city} {county}'.encode()).hexdigest()[:24]}"
