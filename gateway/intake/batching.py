"""What waits for the writer, and the time at which it was received. Knows nothing of who sent it.

Intake adds who may send; this half makes batches of it.
"""

from __future__ import annotations

import math
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import msgspec

from gateway.clock import iso
from gateway.intake.answer_times import AnswerTimes
from gateway.intake.block import Block
from gateway.intake.lanes import Item, Lanes, Strand
from gateway.intake.receive_time import STEP, ReceiveTime, look_at
from gateway.journal.entries import NO_ORIGIN, EntryKind, Gathering, Origin

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from gateway.clock import Clock
    from gateway.intake.visit import Visit
    from gateway.journal.controls import ClockStep

MOST_REPORTS = 4096
MOST_BYTES = 1 << 20
COMPANY = 0.05
"""The clock's seconds from one batch to the next where few report and nothing is urgent: a commit of twenty entries
costs what one of a single entry does, and an answer to a bracelet takes longer than that on its way."""
ENOUGH = 32
"""Rows that need no more company."""
HIGH_MARK = 4 * MOST_REPORTS
"""Entries, or answers without one, waiting beyond which TCP stops reading."""


@dataclass(slots=True)
class Waiting:
    """What the writer takes at once: entries, and what to release when they are durable.

    Answers that hang on no entry are among them, so that those of a session leave in the order of what they answer.
    """

    entries: Gathering = field(default_factory=Gathering)
    answers: list[Item | Block] = field(default_factory=list)
    releases: list[Callable[[], None]] = field(default_factory=list)
    is_urgent: bool = False
    """Whether any of it is."""
    frames: dict[int, str] = field(default_factory=dict)
    """Names of the frames that are followed, by their place among the entries."""

    def __len__(self) -> int:
        return max(len(self.entries), len(self.answers))

    def release(self) -> None:
        """What was taken is durable: answer, and tell whoever waits for it."""
        for answer in self.answers:
            if isinstance(answer, Block):
                answer.answer()
            elif answer.channel is not None:
                answer.channel.answer(answer.answer)
        for release in self.releases:
            release()


class Batching:
    """Entries, answers and releases in their lanes, until the writer takes them."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._time = ReceiveTime()
        self._lanes = Lanes()
        self._answer_times = AnswerTimes()
        self._made = -math.inf
        self._is_written = False
        self._put_off: list[Callable[[], None]] = []
        self.on_step: Callable[[ClockStep], None] = lambda _: None
        """Told of each step of the wall clock."""

    def now(self) -> float:
        """Receive time of what comes in now: the wall clock's, never decreasing but where that clock is set.

        The law is judged by it. The entry itself gets the time at which its batch is made (``next_batch``).
        """
        return self._time.now(look_at(self._clock))

    def steady(self) -> float:
        """The same without the steps of the wall clock, for waits."""
        return self._time.steady(look_at(self._clock))

    @property
    def stepped(self) -> float:
        """Seconds by which ``now`` is ahead of ``steady``."""
        return self._time.stepped

    def resume(self, last: float, listened: float | None = None) -> None:
        """Continue after a log whose last entry was received at ``last``.

        ``listened``: until when anybody was listened to, where the log goes on behind that (somebody looked at its
        files). If the wall clock is set back behind ``last``, the log is told as of a step from there: nobody is missed
        for the time between.
        """
        self._time.resume(last)
        if listened is not None and last - self._clock.now() > STEP:
            self._time.was_deaf(last - listened)

    def was_deaf(self, seconds: float) -> None:
        """The store failed for so long, and nobody was read: that is no silence of theirs."""
        self._time.was_deaf(seconds)

    @property
    def last_step(self) -> ClockStep | None:
        """The last step of receive time that the log was told of."""
        return self._time.last_step

    def __len__(self) -> int:
        return len(self._lanes)

    @property
    def is_waiting(self) -> bool:
        """Whether there is anything to take: entries, or something to release after those already taken."""
        return bool(len(self._lanes))

    def put_off(self, work: Callable[[], None]) -> bool:
        """Whether a batch is being written: then ``work`` is called once it is, for none is made before."""
        if self._is_written:
            self._put_off.append(work)
        return self._is_written

    @contextmanager
    def writing(self) -> Iterator[None]:
        """While a batch is being written."""
        self._is_written = True
        try:
            yield
        finally:
            self._is_written, works = False, self._put_off
            self._put_off = []
            for work in works:
                work()

    def company(self) -> float:
        """Real seconds for which what waits may wait for more, so that the disk is asked less often; 0: none."""
        if self._lanes.has_urgent or len(self._lanes) >= ENOUGH:
            return 0.0
        wait = self._made + COMPANY - self._clock.monotonic()
        return self._clock.real_seconds(wait) if wait > 0.0 else 0.0

    def figures(self) -> dict[str, Any]:
        """For the status: what waits, and for how long; how long answers took; how often the wall clock was set."""
        step = self._time.last_step
        return {
            "waiting": self._lanes.figures(), "oldest_waiting_seconds": self.waited(),
            "answer_seconds": self._answer_times.figures(),
            "clock_steps": self._time.steps,
            "last_clock_step": "" if step is None else f"{iso(step.old)} -> {iso(step.new)}",
        }  # fmt: skip

    def waited(self) -> float:
        """For how long what came first has waited, seconds; 0 where nothing waits."""
        oldest = self._lanes.oldest()
        return 0.0 if oldest is None else round(self._clock.monotonic() - oldest, 1)

    def release(self, taken: Waiting) -> None:
        """What was taken is durable: answer, tell whoever waits for it, and count how long the answers took."""
        taken.release()
        self._answer_times.note(taken.answers, self._clock.monotonic())

    def next_batch(self) -> Waiting:
        """Make a batch of what waits, what is urgent first, up to the cap of a batch.

        Its entries were received now, all of them, so that receive time never decreases in log order. After a step of
        the wall clock the first entry says so.
        """
        now, step = self._time.stamp(look_at(self._clock))
        self._made = self._clock.monotonic()
        made = Waiting(is_urgent=self._lanes.has_urgent)
        if step is not None:
            made.entries.add(EntryKind.CLOCK, now, NO_ORIGIN, msgspec.json.encode(step))
            self.on_step(step)
        while len(self._lanes) and len(made) < MOST_REPORTS and made.entries.size < MOST_BYTES:
            item = self._lanes.pop(MOST_REPORTS - len(made), MOST_BYTES - made.entries.size)
            if isinstance(item, Block):
                made.entries.add_frames(now, item.origins, item.connection, item.length, item.payload)
                made.answers.append(item)
                continue
            if item.frame:
                made.frames[len(made.entries)] = item.frame
            if item.kind is not None:
                made.entries.add(item.kind, now, item.origin, item.payload)
            if item.channel is not None:
                made.answers.append(item)
            made.releases += item.releases
        return made

    def monotonic(self) -> float:
        """Seconds of the clock that nobody sets."""
        return self._clock.monotonic()

    def real_seconds(self, seconds: float) -> float:
        """Real duration of so many seconds of ``monotonic``."""
        return self._clock.real_seconds(seconds)

    def put_block(self, block: Block) -> None:
        """Queue frames that came in one turn."""
        self._lanes.put_block(block)

    def control(self, kind: EntryKind, payload: bytes, *releases: Callable[[], None]) -> None:
        """Queue a control entry: each at its place among what waits (``_PLACES``); durable, it calls ``releases``."""
        item = Item(Strand(), self._clock.monotonic(), kind, NO_ORIGIN, payload, releases=releases)
        _PLACES.get(kind, Lanes.put)(self._lanes, item)

    def imported(self, origin: Origin, payloads: Iterable[bytes]) -> None:
        """Queue fixes of another system's past; no session said them, and nothing waits for them."""
        for payload in payloads:
            self._lanes.put(Item(Strand(), self._clock.monotonic(), EntryKind.IMPORTED, origin, payload))

    def _enter(self, visit: Visit, kind: EntryKind, origin: Origin, payload: bytes = b"") -> None:
        self._lanes.put(Item(visit.strand, self._clock.monotonic(), kind, origin, payload))

    def _owe(self, visit: Visit, answer: bytes) -> None:
        """An answer that hangs on no entry: it leaves in its connection's order all the same."""
        self._lanes.put(Item(visit.strand, self._clock.monotonic(), channel=visit.channel, answer=answer))

    def when_durable(self, release: Callable[[], None], visit: Visit | None = None) -> None:
        """Call ``release`` once everything taken of a session so far is durable (a broker's acknowledgement).

        Without a session: once everything is.
        """
        last = None if visit is None else visit.strand.last
        if last is None:
            self._lanes.put(Item(Strand(), self._clock.monotonic(), releases=(release,)))
        else:
            last.releases += (release,)

    def _put_frame(
        self, visit: Visit, kind: EntryKind, origin: Origin, raw: bytes, answer: bytes, *, urgent: bool
    ) -> Item:  # fmt: skip
        """A frame, and the answer that waits for it; an urgent one overtakes other connections'."""
        put = self._lanes.put_urgent if urgent else self._lanes.put
        channel = visit.channel if answer else None
        item = Item(visit.strand, self._clock.monotonic(), kind, origin, raw, channel, answer)
        put(item)
        return item


_PLACES = {
    EntryKind.START: Lanes.put_fence,
    EntryKind.CONFIGURATION: Lanes.put_fence,
    EntryKind.DEED: Lanes.put_fence,
    EntryKind.RELOAD: Lanes.put_fence,
    EntryKind.ERASURE: Lanes.put_fence,
    EntryKind.TOWERS: Lanes.put_fence,
    EntryKind.STOP: Lanes.put_fence,
    EntryKind.ACT: Lanes.put_urgent,
    EntryKind.COMMAND: Lanes.put_urgent,
    EntryKind.AUDIT: Lanes.put_urgent,
    EntryKind.PAPER: Lanes.put_urgent,
}
"""Nothing overtakes a start, a stop, a deed, a reload, an erasure or a configuration; an officer does not wait behind
positions. The others come after all that was taken before them: a RESULT after the frame that tells it, a TICK after
what it might call silent."""
