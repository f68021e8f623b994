"""What happens on one connection to a broker: subscribe, prove, deliver, listen, until it is lost or left."""

from __future__ import annotations

import asyncio
import math
import uuid
from typing import TYPE_CHECKING, Final

import aiomqtt
import msgspec
import structlog

from gateway.decoded import from_json
from gateway.errors import GatewayFault, PeerFault
from gateway.mqtt.connection import REFUSED
from gateway.store.outbox import Marks
from gateway.upstream.beside import Beside
from gateway.upstream.doing import act_of, done
from gateway.upstream.life import Sign
from gateway.upstream.settling import Settling, digest
from gateway.upstream.timing import pause

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gateway.journal.controls import Act
    from gateway.mqtt.connection import Connection, Incoming
    from gateway.store.outbox import Owed
    from gateway.upstream.mqtt import MqttUpstream

WINDOW = 64
"""Publishes in flight."""
MOST_WAITING = 4096
"""Messages taken from the broker and not yet looked at. One more, and the connection is given up: what is not
acknowledged is said again. Of what is never said again (QoS 0) the rest is refused."""
SILENT = 3
"""Connections in a row on which nothing came back before doubt is settled towards sending again."""
SUBSCRIBE_AGAIN = 60.0
"""Seconds between attempts at a subscription that was refused."""
TROUBLE_OF: Final[Mapping[str, str]] = {"alarm": "alarms_unheard", "fence": "fence_unheard", "act": "acts_unheard"}

log = structlog.get_logger()


class Left(aiomqtt.MqttError):
    """The connection was ours to end: no fault of what was in flight."""


class _Named(msgspec.Struct):
    """What is read of an alarm that nobody waits for."""

    id: str


class Session:
    """One connection. ``owner`` outlives it and keeps what must."""

    def __init__(self, owner: MqttUpstream, connection: Connection, earlier: list[Owed]) -> None:
        self._owner = owner
        self._connection = connection
        self._timing = owner.timing
        self.settling = Settling(owner.upstream.delivery, earlier, owner.losses)
        self._topics = {"alarm": f"{owner.base}/alarm/+", "fence": f"{owner.base}/gateway/fence"}
        if owner.upstream.accept_acts:
            self._topics["act"] = f"{owner.base}/act"
        self._mark = uuid.uuid4().hex.encode()
        self._is_busy = False
        """A window is under way: what comes back meanwhile is written down with it."""
        self._returned: list[tuple[int, Incoming]] = []
        """Rows that came back, by sequence: acknowledged to the broker once that is on disk."""
        self._acts: asyncio.Queue[tuple[Act, Incoming]] = asyncio.Queue()
        self._beside: Beside | None = None
        self._stirred = asyncio.Event()
        """Something is due that was not before."""

    async def run(self) -> None:
        """Until the connection is lost or left.

        Raises:
            ExceptionGroup: of MqttError, GatewayFault.
        """
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._listen())
            tasks.create_task(self._do_acts())
            for each in self._topics:
                await self._subscribe(each)
            self._owner.up()
            tasks.create_task(self._watch())
            self._beside = Beside(self._owner, self._connection, tasks, self._timing.now())
            tasks.create_task(self._deliver(self._beside))
            tasks.create_task(self._subscribe_again())

    async def flush(self, marks: Marks | None = None) -> None:
        """Write down what has become of rows, what came back among them; then the broker may forget it."""
        returned, self._returned = self._returned, []
        marks = Marks() if marks is None else marks
        marks.delivered = sorted({*marks.delivered, *(seq for seq, _ in returned)})
        if marks:
            await self._owner.rows.note(marks)
        for _, incoming in returned:
            self._connection.forget(incoming)

    def blamable(self) -> list[int]:
        """Rows in flight that may be why the broker ends the connection: none where something else may be."""
        is_other = self._beside is not None and self._beside.is_under_way
        return [] if is_other else self.settling.in_flight()

    # Subscriptions

    async def _subscribe(self, name: str) -> None:
        """Ask for a topic; a broker that says no is worked with as far as it goes."""
        code = await self._connection.ask(self._topics[name], self.settling.waits.publish_wait)
        refused = code >= REFUSED
        self._owner.trouble_with(TROUBLE_OF[name], refused, code=f"0x{code:02x}")
        if name == "alarm":
            self.settling.hears = not refused

    async def _subscribe_again(self) -> None:
        """What was refused, at intervals. An older version heard every topic below ours: that is given up.

        Not at once: the broker may still hold for that subscription what it has not repeated yet.
        """
        waits = self.settling.waits
        await pause(self._timing, waits.repeat_wait)
        while self.settling.doubtful:
            await pause(self._timing, waits.repeat_wait)
        stale = [f"{self._owner.base}/#"] + ([] if "act" in self._topics else [f"{self._owner.base}/act"])
        await self._connection.unsubscribe(stale, timeout=waits.publish_wait)
        while True:
            await pause(self._timing, SUBSCRIBE_AGAIN)
            for name in self._topics:
                if TROUBLE_OF[name] in self._owner.troubles:
                    await self._subscribe(name)

    # Out

    async def _deliver(self, beside: Beside) -> None:
        """Prove the connection, then send what is owed, a window at a time; wait for more."""
        await self._prove()
        owner = self._owner
        while True:
            owner.wake.clear()
            self._is_busy = True
            now = self._timing.now()
            most = min(WINDOW, owner.pace.allowed(now))
            rows = await owner.rows.claim(most, self.settling.blocked(now)) if most else []
            beside.look(now, is_free=not rows, is_quiet=bool(most) and not rows)
            if rows:
                await self._send(rows)
                continue
            self._is_busy = False
            self._stirred.set()
            await self.flush()
            now = self._timing.now()
            rest = min(beside.due(now), now + (owner.pace.wait() or math.inf)) - now
            await self._timing.wait(owner.wake, max(0.0, rest))

    async def farewell(self) -> None:
        """The last sign of life.

        Raises:
            MqttError: the connection is lost.
        """
        if self._beside is not None:
            await self._beside.beat(Sign.STOPPED)

    async def _prove(self) -> None:
        """The fence: acknowledged, it shows that the broker takes something; back, that it returns things."""
        self.settling.fence(self._timing.now())
        self._stirred.set()
        await self._connection.send(self._topics["fence"], self._mark)
        self.settling.fenced(self._timing.now())
        self._stirred.set()
        self._owner.proved()
        if not self.settling.hears:
            await self.flush(self.settling.settle_blindly())

    async def _send(self, rows: list[Owed]) -> None:
        self._owner.pace.spend(len(rows))
        self.settling.send(rows, self._timing.now())
        self._stirred.set()
        sent = (self._connection.send(f"{self._owner.base}/alarm/{row.alarm}", row.body) for row in rows)
        reasons = dict(zip((row.seq for row in rows), await asyncio.gather(*sent), strict=True))
        worst = max(reasons.values())
        self._owner.trouble_with("publish_refused", worst >= REFUSED, code=f"0x{worst:02x}")
        await self.flush(self.settling.land(reasons, self._timing.now()))
        self._stirred.set()

    async def _watch(self) -> None:
        """What only time tells."""
        while True:
            self._stirred.clear()
            await self._timing.wait(self._stirred, max(0.0, self.settling.due() - self._timing.now()))
            overdue = self.settling.look(self._timing.now())
            if overdue.is_stalled:
                raise Left("no acknowledgement of what was published")
            if overdue.is_silent:
                self._owner.silent()
                overdue.marks = self.settling.settle_blindly()
            if overdue.marks:
                await self.flush(overdue.marks)
            if overdue.marks or overdue.is_rested:
                self._owner.wake.set()

    # In

    async def _listen(self) -> None:
        """Every message is judged inside one fence: whatever is wrong with it, it is counted, kept and forgotten."""
        while True:
            incoming = await self._connection.receive()
            try:
                is_kept = await self._judge(incoming)
            except (aiomqtt.MqttError, GatewayFault):
                raise
            except PeerFault as fault:
                is_kept = self._refuse(fault.reason, incoming)
            except Exception as fault:  # noqa: BLE001  nothing that anybody can publish may end us
                log.warning("message not understood", upstream=self._owner.upstream.name, fault=repr(fault)[:200])
                is_kept = self._refuse("message_fault", incoming)
            if not is_kept:
                self._connection.forget(incoming)

    def _refuse(self, reason: str, incoming: Incoming) -> bool:
        self._owner.refuse(reason, incoming.payload)
        return False

    async def _judge(self, incoming: Incoming) -> bool:
        """Do what a message asks for; True while it must not be forgotten yet.

        Raises:
            PeerFault: it is none of ours, or one too many.
            Left: one too many that is said again.
        """
        if self._connection.waiting >= MOST_WAITING:
            if incoming.qos:
                raise Left("more came than could be taken")
            raise PeerFault("message_flood", "more came than could be taken")
        alarm = self._topics["alarm"][:-1]
        if incoming.topic.startswith(alarm):
            return await self._own_alarm(incoming.topic.removeprefix(alarm), incoming)
        if incoming.topic == self._topics["fence"]:
            if incoming.payload == self._mark:
                self.settling.heard(self._timing.now())
                self._owner.heard()
                self._stirred.set()
            return False
        if incoming.topic == self._topics.get("act"):
            owner = self._owner
            act = act_of(incoming.payload, owner.upstream, owner.county, owner.clock.now())
            self._acts.put_nowait((act, incoming))
            return True
        raise PeerFault("topic_unexpected", incoming.topic)

    async def _own_alarm(self, alarm: str, incoming: Incoming) -> bool:
        """An alarm that came back: the broker has it. It may forget it only once that is on disk."""
        mark, doubtful = digest(alarm, incoming.payload), self.settling.doubtful
        row = self.settling.came_back(mark, self._timing.now(), repeated=incoming.repeated)
        if self.settling.doubtful < doubtful:
            self._owner.wake.set()  # what stood behind it may go, and nothing else need come before it is looked for
        if row is None:
            row = await self._late(alarm, incoming.payload)
        if row is None:
            return False
        self._owner.heard()
        self._returned.append((row.seq, incoming))
        if not self._is_busy:
            await self.flush()
        return True

    async def _late(self, alarm: str, payload: bytes) -> Owed | None:
        """The row of an alarm that nobody waits for any more; None: it is delivered, and was repeated.

        Raises:
            PeerFault: it is none of ours: somebody else publishes there.
        """
        try:
            identity = from_json(payload, _Named).id
        except (msgspec.MsgspecError, RecursionError, UnicodeError) as fault:
            raise PeerFault("alarm_foreign", str(fault)) from fault
        found = await self._owner.rows.find(identity)
        if found is None or (found[0].alarm, found[0].body) != (alarm, payload):
            raise PeerFault("alarm_foreign", identity)
        row, is_open = found
        return row if is_open else None

    async def _do_acts(self) -> None:
        """Acts one by one: journaled, applied, committed, then acknowledged to the broker."""
        while True:
            act, incoming = await self._acts.get()
            if not await done(act, self._owner.on_act, self._owner.upstream.name, self._timing):
                self._refuse("act_failed", incoming)
            self._connection.forget(incoming)
