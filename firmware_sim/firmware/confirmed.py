"""A firmware that keeps every report until the platform has answered it, and sends again what was not answered."""

from __future__ import annotations

import math
from abc import abstractmethod
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from firmware_sim.firmware.device import USUAL_CAPACITY, Firmware, Link
from firmware_sim.firmware.quirks import PLAIN, Quirks
from firmware_sim.firmware.repeats import WAITS, UnderWay

if TYPE_CHECKING:
    from firmware_sim.firmware.device import Identity, Timing
    from firmware_sim.firmware.repeats import Sent
    from firmware_sim.firmware.source import ReportSource

NO_BATCH = -1


class Load(NamedTuple):
    """A message to send: its number, its body, and the reports it carries."""

    message: int
    body: bytes
    reports: tuple[int, ...] = ()


class ConfirmedFirmware(Firmware):
    """Adds the answers it waits for; a wire format adds its frames. ``window`` frames with reports go at once."""

    waits: ClassVar[tuple[float, ...]] = WAITS
    window: ClassVar[int] = 32
    batch: ClassVar[int] = NO_BATCH
    """The message that goes alone: nothing follows it until it is answered, but live reports that overtake it."""
    unanswered: ClassVar[frozenset[int]] = frozenset()
    """Messages that no answer is due for."""

    def __init__(
        self,
        identity: Identity,
        source: ReportSource,
        timing: Timing,
        capacity: int = USUAL_CAPACITY,
        quirks: Quirks = PLAIN,
    ) -> None:
        super().__init__(identity, source, capacity, quirks)
        self._serial = 0
        self._heartbeat_at = math.inf
        self._heartbeat = timing.heartbeat
        self._under_way = UnderWay(timing.answer_timeout, self.waits)

    @property
    def wants_close(self) -> bool:
        """The link is to be closed: the login was refused, or silence outlasted the repeats."""
        return super().wants_close or self._under_way.exhausted

    def unanswered_since(self) -> float:
        """When the oldest frame was sent that the platform owes an answer; ``inf`` where it owes none."""
        return self._under_way.unanswered_since()

    def disconnected(self) -> None:
        """The connection is gone; everything not acknowledged is to be sent again."""
        super().disconnected()
        self._under_way.clear()
        self._heartbeat_at = math.inf

    @abstractmethod
    def _frame(self, load: Load, serial: int, *, is_length_wrong: bool) -> bytes:
        """A whole frame."""

    @abstractmethod
    def _next_load(self, numbers: tuple[int, ...]) -> Load:
        """The message that carries these reports."""

    @abstractmethod
    def _beat(self) -> Load:
        """The heartbeat."""

    def _due_on_link(self) -> float:
        return min(self._under_way.due(), self._heartbeat_at)

    def _on_time(self, now: float) -> list[bytes]:
        return self._repeats(now) + self._pump(now) + self._heartbeats(now)

    def _send(self, load: Load, now: float) -> list[bytes]:
        """Number, build and note a message; one that carries reports may go out twice or wrong, if that is a quirk."""
        copies, is_wrong = 1, False
        if load.reports:
            self._frames_with_reports += 1
            copies, is_wrong = self._copies(), self._is_length_wrong()
        frame = self._frame(load, self._serial, is_length_wrong=is_wrong)
        if self._is_awaited(load):
            self._under_way.add(self._serial, frame, load.message, now, load.reports)
        self._serial = (self._serial + 1) & 0xFFFF
        self.sent += copies * len(load.reports)
        return [frame] * copies

    def _is_awaited(self, load: Load) -> bool:
        """Whether the bracelet waits for an answer."""
        return load.message not in self.unanswered

    def _pump(self, now: float) -> list[bytes]:
        """Send what waits, as far as the window goes."""
        frames: list[bytes] = []
        while len(self._queue) and self.link is Link.ONLINE and self._admits():
            numbers = self._queue.pop()
            if numbers:
                frames += self._send(self._next_load(numbers), now)
        return frames

    def _admits(self) -> bool:
        return self._under_way.admits(self.window, NO_BATCH if self._queue.overtakes else self.batch)

    def _heartbeats(self, now: float) -> list[bytes]:
        if self._heartbeat_at > now:
            return []
        self._heartbeat_at = now + self._heartbeat
        return self._send(self._beat(), now)

    def _repeats(self, now: float) -> list[bytes]:
        again = self._under_way.overdue(now)
        self.sent += sum(len(sent.reports) for sent in again)
        return [sent.frame for sent in again]

    def _settle(self, serial: int, message: int) -> Sent | None:
        """An answer that says yes: what it answered, which is forgotten; None if nothing waits for it."""
        sent = self._under_way.find(serial, message)
        if sent is not None:
            self._under_way.settle(serial)
            self.acknowledged += self.store.forget(sent.reports)
        return sent

    def _start_beating(self, now: float) -> None:
        self._heartbeat_at = now + self._heartbeat

    def _reboot(self, now: float) -> None:
        """Serial numbers begin anew."""
        super()._reboot(now)
        self._serial = 0
