"""What goes to a broker beside alarms: signs of life, places and presence. None of it holds up an alarm.

Each is sent while no alarm waits, but for a sign of life that is overdue, and nobody waits for its acknowledgement. A
broker that ends the connection meanwhile may do so because of it: then no alarm is blamed. One that does so at each
sign of life is spared them.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from gateway.mqtt.connection import REFUSED
from gateway.upstream.life import Sign

if TYPE_CHECKING:
    import asyncio

    from gateway.mqtt.connection import Connection
    from gateway.upstream.mqtt import MqttUpstream
    from gateway.upstream.telemetry import Batch, Lane

BEATS: Final = 3
"""Signs of life in a row without an acknowledgement, after which none are sent there until the next start."""


class Beside:
    """Of one connection; ``now``: monotonic seconds of its beginning."""

    def __init__(self, owner: MqttUpstream, connection: Connection, tasks: asyncio.TaskGroup, now: float) -> None:
        self._owner, self._connection, self._tasks = owner, connection, tasks
        self._every = owner.upstream.delivery.heartbeat
        self._beat_at = now
        self._under_way = 0
        self._is_lane_busy = self._is_lane_free = False

    @property
    def is_under_way(self) -> bool:
        """Whether something of it is not acknowledged yet."""
        return self._under_way > 0

    def due(self, now: float) -> float:
        """When to look next."""
        lane = self._owner.lane
        return min(self._beat_at, math.inf if lane is None or not self._is_lane_free else lane.due(now))

    def look(self, now: float, *, is_free: bool, is_quiet: bool) -> None:
        """Send what is due. ``is_free``: no alarm goes out now; ``is_quiet``: and none waits for its turn."""
        if now >= self._beat_at + (0.0 if is_free else self._every / 2):
            self._beat_at = now + self._every
            self._tasks.create_task(self.beat(Sign.HEARTBEAT))
        lane, self._is_lane_free = self._owner.lane, is_quiet and not self._is_lane_busy
        if lane is not None and self._is_lane_free and (batch := lane.next(now)) is not None:
            self._is_lane_busy, self._is_lane_free = True, False
            self._tasks.create_task(self._bring(lane, batch))

    async def beat(self, what: Sign) -> None:
        """A sign of life, until it is acknowledged.

        Raises:
            MqttError: the connection is lost.
        """
        owner = self._owner
        owner.trouble_with("beats_unanswered", owner.unanswered >= BEATS, topic=owner.alive)
        if owner.unanswered >= BEATS:
            return
        owner.unanswered += 1
        code = await self._said(owner.alive, owner.life.sign(what, self._every)[1], keep=True)
        owner.unanswered = 0
        owner.trouble_with("beats_refused", code >= REFUSED, code=f"0x{code:02x}", topic=owner.alive)

    async def _bring(self, lane: Lane, batch: Batch) -> None:
        code = await self._said(f"{self._owner.base}/telemetry/{batch.kind}", batch.body)
        self._owner.trouble_with("telemetry_refused", code >= REFUSED, code=f"0x{code:02x}")
        if code < REFUSED:
            lane.taken(batch)
        else:
            lane.failed()
        self._is_lane_busy = False
        self._owner.wake.set()

    async def _said(self, topic: str, body: bytes, *, keep: bool = False) -> int:
        """Publish; the broker's reason code. What the connection's end leaves open counts as under way then."""
        self._under_way += 1
        code = await self._connection.send(topic, body, keep=keep)
        self._under_way -= 1
        return code
