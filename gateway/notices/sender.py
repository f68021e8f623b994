"""The sender: what the engine owes people goes to their device or telephone, and what came of it into the journal.

    owed ──▶ (tried: noted in state.db) ──▶ modem, HTTP gateway, device ──▶ NOTICE entry ══commit══▶ sent, delivered ...

A notice is given to the network at least once and, after a crash or an answer that was lost, perhaps again: never lost,
seldom double. Numbers are read from the contacts as they are needed and never leave this room but for the network.
"""

from __future__ import annotations

import asyncio
import traceback
from collections import deque
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Protocol

import msgspec
import structlog

from gateway.engine import WEARER, NoticeState, on_duty
from gateway.journal.controls import Act, NoticeTold
from gateway.journal.entries import EntryKind
from gateway.kinds import DRILL
from gateway.notices.numbers import compared, number_for
from gateway.notices.replies import Unmeant, meaning_of
from gateway.notices.sending import LASTS, Sending
from gateway.notices.wearer import is_shown, order_of
from gateway.sms.address import dialled
from gateway.sms.incoming import Fate
from gateway.words.sms_text import sms_of

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from gateway.engine import CommandRecord, EngineState, NoticeRecord
    from gateway.in_force import InForce
    from gateway.intake.intake import Intake
    from gateway.notices.sending import Waiting
    from gateway.notices.wearer import WearerTexts
    from gateway.settings.contacts import Contacts
    from gateway.sms.answer import Answer
    from gateway.sms.incoming import Incoming, Report
    from gateway.store.state_db import StateStore
    from gateway.writer import Writer

SMS, DEVICE = "sms", "device"
LONGEST_WAIT: Final = 30.0
"""Real seconds between looks, however long nothing is to be done."""
BACK_ON_LINE: Final = 1.0
"""Real seconds between looks whether the modem is there."""
MOST_REPORTS: Final = 1000
REPORT_WAITS: Final = 60.0
"""Seconds that a report waits for its notice, and a notice in which something of ours went wrong."""
NO_NUMBER: Final = "no number"

log = structlog.get_logger()


class Network(Protocol):
    """A modem or an HTTP gateway.

    Attributes:
        trouble: why nothing can be sent, or was not; empty: nothing.
        is_line: while there is trouble nothing need be tried.
    """

    trouble: str
    is_line: bool

    @property
    def odd(self) -> int:
        """Lines that meant nothing."""

    async def run(self) -> None:
        """Be there."""

    async def send(self, number: str, text: str) -> Answer:
        """One text."""


@dataclass(slots=True)
class NoticeSender:
    """One county's.

    Attributes:
        contacts: reads them anew.
        act: journals an act, and returns once it is done.
        state: what the engine knows.
        texts: for devices that show them.
    """

    in_force: InForce
    store: StateStore
    writer: Writer
    intake: Intake
    wake: Callable[[], None]
    contacts: Callable[[], Contacts]
    act: Callable[[Act], Awaitable[str]]
    state: Callable[[], EngineState]
    texts: WearerTexts
    network: Network = field(init=False)
    sending: Sending = field(default_factory=Sending)
    _reports: deque[tuple[float, Report]] = field(default_factory=lambda: deque(maxlen=MOST_REPORTS))
    _nudge: asyncio.Event = field(default_factory=asyncio.Event)
    _by_device: dict[str, NoticeRecord] = field(default_factory=dict)
    """Notices that a device is to show, by the order's id."""
    _shown: set[str] = field(default_factory=set)
    """Ids of notices that a device was to show: they are not tried so again."""
    _used: set[str] = field(default_factory=set)
    """Alarms whose act is under way: their codes are used."""

    async def resume(self) -> None:
        """Take up what was owed before the start."""
        for state in (NoticeState.OWED, NoticeState.SENT):
            for record, tries in await self.writer.run(self.store.notices.waiting, state.value):
                self.sending.take([record], tries)
        for one in list(self.sending.waiting.values()):
            if one.record.notice.to == WEARER:
                await self._look_at_order(one.record)

    def committed(self, records: Sequence[NoticeRecord]) -> None:
        """How notices stand, now that it is on disk."""
        self.sending.take(records)
        self._shown.difference_update(one.notice.id for one in records if one.state is not NoticeState.OWED)
        self._nudge.set()

    def orders_ended(self, records: Sequence[CommandRecord]) -> None:
        """How orders stand: of one that shows a notice, what came of it; where it did not, an SMS goes."""
        for record in records:
            if record.end is None or (notice := self._by_device.pop(record.command.id, None)) is None:
                continue
            if is_shown(record):
                self._tell(notice, NoticeState.DELIVERED, DEVICE)
            else:
                self.sending.answered.discard(notice.notice.id)
                self._nudge.set()

    async def _look_at_order(self, record: NoticeRecord) -> None:
        """A device was asked to show it before the start: that goes on, or is over."""
        order = await self.writer.run(self.store.command, order_of(record.notice))
        if order is not None:
            self._shown.add(record.notice.id)
            self.sending.answered.add(record.notice.id)
            self._by_device[order.command.id] = record
            self.orders_ended([order])

    async def run(self) -> None:
        """Send, for ever."""
        while True:
            if self._reports:
                await self._take_reports()
            one = self.sending.next(self.intake.steady())
            if one is None:
                await self._rest(min(LONGEST_WAIT, self.sending.rests_until() - self.intake.steady()))
            else:
                await self._try(one)

    def figures(self) -> dict[str, Any]:
        """For the status."""
        return {
            "trouble": self.network.trouble or "ok", "owed": len(self.sending.waiting),
            "on_their_way": len(self.sending.sent), "odd_lines": self.network.odd,
        }  # fmt: skip

    async def heard(self, text: Incoming) -> None:
        """A text came: it acknowledges an alarm, or is counted and forgotten."""
        contacts = await asyncio.to_thread(self.contacts)
        codes = self._codes()
        meant = meaning_of(text, contacts, codes, {alarm: self._may(alarm) for alarm in codes.values()})
        if isinstance(meant, Unmeant):
            self.intake.counts[meant.value] += 1
            return
        alarm, by = meant
        self._used.add(alarm)
        try:
            await self.act(Act(f"sms {alarm} {by}", "acknowledge", alarm, by, origin=SMS))
        finally:
            self._used.discard(alarm)

    def reported(self, report: Report) -> None:
        """A delivery report came; of those that come all at once the last ones are looked at."""
        self._reports.append((self.intake.steady(), report))
        self._nudge.set()

    async def _take_reports(self) -> None:
        """Each of its notice; one may come before it is on disk that its notice has gone: it waits a while."""
        contacts = await asyncio.to_thread(self.contacts)
        numbers = {key: compared(number_for(one.notice, contacts)) for key, one in self.sending.sent.items()}
        waiting, self._reports = list(self._reports), deque(maxlen=MOST_REPORTS)
        for since, report in waiting:
            found = self.sending.reported(report, compared(report.number), numbers)
            if found is not None:
                self._tell(found[0], found[1], SMS, f"status {report.status:02X}" * (found[1] is NoticeState.FAILED))
            elif report.fate is not Fate.TRYING and self.intake.steady() - since < REPORT_WAITS:
                self._reports.append((since, report))

    async def _try(self, one: Waiting) -> None:
        """One notice's fault is its own turn, not the end of all of them; what is told of it has no number in it."""
        try:
            await self._send(one)
        except Exception as fault:  # noqa: BLE001  a traceback may show values
            one.rests = self.intake.steady() + REPORT_WAITS
            self.intake.counts["notice_trouble"] += 1
            place = traceback.extract_tb(fault.__traceback__)[-1]
            log.error("a notice could not be sent, and is tried again", notice=one.record.notice.id,
                      fault=type(fault).__name__, at=f"{place.name}:{place.lineno}")  # fmt: skip

    async def _send(self, one: Waiting) -> None:
        record, notice, now = one.record, one.record.notice, self.intake.now()
        if now > notice.owed + LASTS:
            self._tell(record, NoticeState.EXPIRED, SMS)
            return
        county = self.in_force.configuration.county
        text = sms_of(notice, county.language, county.timezone, now)
        if notice.to == WEARER and notice.id not in self._shown and self._shows(record, text):
            return
        number = dialled(number_for(notice, await asyncio.to_thread(self.contacts)))
        if not number:
            self.intake.counts["notice_unreachable"] += 1
            self._tell(record, NoticeState.UNREACHABLE, SMS, NO_NUMBER)
            return
        if self.network.trouble and self.network.is_line:
            one.rests = self.intake.steady() + BACK_ON_LINE
            return
        await self._give(one, number, text)

    async def _give(self, one: Waiting, number: str, text: str) -> None:
        """To the network: noted before, journaled after."""
        record = one.record
        await self.writer.run(self.store.notices.attempt, record.notice.id)
        one.tries += 1
        answer = await self.network.send(number, text)
        state = self.sending.judge(one, answer, self.intake.steady())
        if state is not None:
            self._tell(record, state, SMS, answer.why, answer.references)
        log.info("notice", notice=record.notice.id, alarm=record.notice.alarm, given=answer.given.value, why=answer.why)

    def _shows(self, record: NoticeRecord, text: str) -> bool:
        """Whether the wearer's device is asked to show it."""
        self._shown.add(record.notice.id)
        if not self.texts.give(record.notice, text):
            return False
        self.sending.answered.add(record.notice.id)
        self._by_device[order_of(record.notice)] = record
        return True

    def _tell(
        self, record: NoticeRecord, state: NoticeState, by: str, why: str = "", references: tuple[int, ...] = ()
    ) -> None:
        """Into the journal; until that is committed nothing more is done about it."""
        self.sending.answered.add(record.notice.id)
        told = NoticeTold(record.notice.id, state.value, by, why, references)
        self.intake.control(EntryKind.NOTICE, msgspec.json.encode(told))
        self.wake()

    def _codes(self) -> dict[str, str]:
        """Alarms that nobody has acknowledged, by code; a drill is answered by everybody."""
        state = self.state()
        return {
            ladder.code: alarm for alarm, ladder in state.ladders.items()
            if alarm in state.episodes and alarm not in self._used
            and (state.episodes[alarm].acknowledged is None or ladder.kind == DRILL)
        }  # fmt: skip

    def _may(self, alarm: str) -> frozenset[str]:
        """Who may acknowledge an alarm: whoever is on duty now, and whoever was told of it."""
        return on_duty(self.in_force.configuration, self.intake.now()) | set(self.state().ladders[alarm].told)

    async def _rest(self, seconds: float) -> None:
        """Until then, or until something happens."""
        with suppress(TimeoutError):
            async with asyncio.timeout(max(seconds, 0.001)):
                await self._nudge.wait()
        self._nudge.clear()
