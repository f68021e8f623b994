"""Alarms into a stream of NATS JetStream, acts out of one; a leaf node may stand between.

A row is delivered once the stream has answered that it stores it. What has no answer is published again with the same
``Nats-Msg-Id``, so that it is stored once. A duplicate is believed only of a row that was published before: ids are
known longer than their messages, and another county could use ours; any other is published under a new id, and whoever
reads leaves out what he has by the event's own. A stream that is full is waited for. The client connects again by
itself; once it has closed for good, another one begins from what is on disk.
"""

from __future__ import annotations

import uuid
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Final

import structlog

from gateway.backoff import Backoff
from gateway.errors import GatewayFault, OurFault, PeerFault, TransientFault
from gateway.stream.connection import Connection
from gateway.stream.faults import Full, InDoubt, NotThere, ShareFull
from gateway.stream.names import (
    ACTS,
    act_consumer,
    act_subject,
    alarm_id,
    alarm_subject,
    life_subject,
    telemetry_subject,
)
from gateway.stream.pulled import ACKNOWLEDGED, REFUSED, Pulled
from gateway.text import Text, text_of
from gateway.upstream.answered import AWAY, Answer, AnsweredUpstream, Sort
from gateway.upstream.attempts import LONGEST_WAIT
from gateway.upstream.doing import act_of, done
from gateway.upstream.fates import Fate
from gateway.upstream.timing import pause, within

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping

    from gateway.journal.controls import Act
    from gateway.settings.model import Upstream
    from gateway.stream.pulled import Taken
    from gateway.upstream.answered import Message
    from gateway.upstream.contract import Means

FULL, SHARE_FULL, REFUSES, UNHEARD = "nats_full", "nats_share_full", "nats_refuses", "nats_acts"
AT_ONCE: Final = 10
"""Acts that are on their way."""
_FATES: Final[tuple[tuple[type[GatewayFault], Fate, str], ...]] = (
    (ShareFull, Fate.LATER, SHARE_FULL),
    (Full, Fate.LATER, FULL),
    (InDoubt, Fate.FAILED, AWAY),
    (NotThere, Fate.AWAY, AWAY),
    (OurFault, Fate.REFUSED, REFUSES),
    (GatewayFault, Fate.AWAY, AWAY),
)

log = structlog.get_logger()


@dataclass(slots=True)
class NatsUpstream(AnsweredUpstream):
    """One server, and the streams behind it."""

    county: str = field(kw_only=True)
    on_act: Callable[[Act], Awaitable[str]] = field(kw_only=True)
    refuse: Callable[[str, bytes], None] = field(kw_only=True)
    _connection: Connection = field(init=False)
    _doubtful: set[str] = field(default_factory=set)
    """Events that were published and not answered."""
    _renamed: dict[str, str] = field(default_factory=dict)
    """Message ids of events whose own are somebody else's."""

    OVER: ClassVar[Mapping[Sort, tuple[str, ...]]] = {
        Sort.ALARM: (AWAY, FULL, SHARE_FULL, REFUSES), Sort.LIFE: (AWAY,), Sort.TELEMETRY: (),
    }  # fmt: skip

    @asynccontextmanager
    async def _opened(self) -> AsyncIterator[None]:
        upstream = self.upstream
        self._connection = Connection(
            upstream.url, upstream.credential, upstream.tls if upstream.url.startswith("tls://") else None,
            upstream.domain, name=f"{self.county} {upstream.name}", wait=upstream.delivery.connect_wait,
        )  # fmt: skip
        try:
            async with self._connection:
                yield
        except GatewayFault as fault:
            self.troubles.note(AWAY, cause=text_of(fault))
            raise

    async def _settle(self) -> None:
        self._doubtful.update(row.id for row in await self.rows.unsettled())
        await self.rows.release_unsettled()

    def _more(self) -> Iterable[Any]:
        yield self._watch()
        if self.upstream.accept_acts:
            yield self._take_acts()

    async def _watch(self) -> None:
        await self._connection.closed()
        raise TransientFault(Text("与消息服务器的连接已中断", "the connection to the message server was closed"))

    # Out

    async def _said(self, message: Message, wait: float) -> Answer:
        try:
            await within(self.timing, wait, self._published(message))
        except (GatewayFault, TimeoutError) as fault:
            if message.sort is Sort.ALARM and isinstance(fault, InDoubt | TimeoutError):
                self._doubtful.add(message.id)
            return _answer(fault)
        return Answer(Fate.TAKEN)

    async def _published(self, message: Message) -> None:
        if message.sort is Sort.ALARM:
            await self._store(message)
        elif message.sort is Sort.LIFE:
            await self._connection.publish(life_subject(self.county, "county"), message.body)
        else:
            await self._connection.send(telemetry_subject(self.county, message.kind), message.body)

    async def _store(self, message: Message) -> None:
        subject, own = alarm_subject(self.county, "county"), alarm_id(self.county, "county", message.id)
        name = self._renamed.get(message.id, own)
        ack = await self._connection.publish(subject, message.body, message_id=name)
        if ack.is_duplicate and message.id not in self._doubtful:
            log.warning("message id is known, and not by us", upstream=self.upstream.name, message=message.id)
            self._renamed[message.id] = name = f"{own}:{uuid.uuid4().hex}"
            await self._connection.publish(subject, message.body, message_id=name)
        self._doubtful.discard(message.id)
        self._renamed.pop(message.id, None)

    # In

    async def _take_acts(self) -> None:
        """Acts one by one, whatever becomes of the consumer: each is done, then acknowledged."""
        backoff = Backoff(longest=LONGEST_WAIT)
        while True:
            try:
                async with Pulled(
                    self._connection, ACTS, act_consumer(self.county), act_subject(self.county), AT_ONCE
                ) as pulled:  # fmt: skip
                    self.troubles.clear(UNHEARD)
                    backoff.reset()
                    while True:
                        for one in await pulled.some():
                            await pulled.answer(one, await self._judged(one))
            except GatewayFault as fault:
                log.warning("acts are not heard", upstream=self.upstream.name, fault=str(fault))
                self.troubles.note(UNHEARD, cause=text_of(fault))
            await pause(self.timing, backoff.next_wait())

    async def _judged(self, message: Taken) -> bytes:
        """Do what a message asks for; what is said to the stream of it."""
        try:
            act = act_of(message.body, self.upstream, self.county, self.clock.now())
        except PeerFault as fault:
            self.refuse(fault.reason, message.body)
            return REFUSED
        if not await done(act, self.on_act, self.upstream.name, self.timing):
            self.refuse("act_failed", message.body)
            return REFUSED
        return ACKNOWLEDGED


def _answer(fault: GatewayFault | TimeoutError) -> Answer:
    """What a fault means for the message that met it, and for what follows."""
    if isinstance(fault, TimeoutError):
        return Answer(Fate.FAILED, str(fault))
    fate, trouble = next((fate, trouble) for kind, fate, trouble in _FATES if isinstance(fault, kind))
    return Answer(fate, text_of(fault), trouble=trouble)


def made(upstream: Upstream, means: Means) -> NatsUpstream:
    """Streams that are published to."""
    return NatsUpstream(
        upstream, means.rows(upstream), means.clock, means.life, means.lane(upstream.telemetry), county=means.county,
        on_act=means.on_act, refuse=means.refuse,
    )  # fmt: skip
