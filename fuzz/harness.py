"""What a wire format must stand, for any bytes in any split: the check behind the fuzzer and behind its saved corpus.

An input is one byte of choices, one byte of profile, and a stream. Nothing here knows a family by name.
"""

from __future__ import annotations

import math
import zlib
from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING

from protocols.errors import OrderFault
from protocols.order import Order, Shape
from protocols.session import Decision, Frame, FrameBatch, Login, Refused, Send

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from protocols.session import Event, Family, WireSession

HEAD = 2
"""Bytes of choices before the stream."""
STRICT, IN_PIECES, NAMED = (1 << bit for bit in range(3))
MOST_HELD = 256 * 1024
"""Bytes and objects one session may hold, whatever was sent."""
REPEATS = 100
WHOLE_SHARE = 256
"""While searching, one input in so many goes the whole way; which ones is told by their CRC-32."""
_PIECES = 8
NOW = 1_795_435_200.0
"""2026-11-23 12:00 UTC: what is older or newer is so to every input alike."""
_POOL = 512
_DEPTH = 12
_IDENTITY = "861000000000001"


class Target:
    """One family under test. Whatever :meth:`run` raises is a finding.

    Frames are decoded in batches, as the gateway does; ``flush`` decodes what still waits.
    """

    def __init__(self, family: Family) -> None:
        self.family = family
        self.inputs = 0
        self.frames = 0
        self._waiting: dict[tuple[str, str], list[Frame]] = {}
        self._describers = {name: family.describer(name) for name in family.profiles}

    def run(self, data: bytes, *, whole: bool = True) -> None:
        """Put one input through session, decoder, redaction, orders and account.

        Args:
            data: the input.
            whole: False: through the session alone; its frames are decoded later, with many others, and neither time
                passes nor orders are given. The fuzzer takes those of :func:`goes_whole` the whole way.

        Raises:
            AssertionError: a promise of :mod:`protocols.session` was broken.
        """
        self.inputs += 1
        if len(data) <= HEAD:
            return
        choices, stream = data[0], data[HEAD:]
        profile = self.family.profiles[data[1] % len(self.family.profiles)]
        session = self._session(profile, choices)
        events = self._talk(session, stream, choices)
        if whole:
            events += self._wait(session, stream)
        assert_counted(session, events)
        frames = [event if isinstance(event, Frame) else event.frame for event in events if _holds_frame(event)]
        self.frames += len(frames)
        self._decode(profile, frames, now=whole)
        if whole:
            self._keep(frames)
            self._order(session, frames, stream)
            self._describers[profile](stream, NOW)

    def hammer(self, data: bytes) -> None:
        """Send one stream again and again into one session: what it holds stays bounded.

        Raises:
            AssertionError: it grew over :data:`MOST_HELD`.
        """
        if len(data) <= HEAD:
            return
        profile = self.family.profiles[data[1] % len(self.family.profiles)]
        session = self._session(profile, data[0])
        for turn in range(REPEATS):
            session.feed(data[HEAD:], NOW + turn)
        held = weight(session)
        assert held <= MOST_HELD, f"{self.family.name}: a session holds {held} bytes"

    def flush(self) -> None:
        """Decode every frame that waits, each profile's in one batch."""
        for (profile, facts), frames in self._waiting.items():
            self._check(profile, facts, frames)
        self._waiting = {}

    def _session(self, profile: str, choices: int) -> WireSession:
        identity = _IDENTITY if choices & NAMED else ""
        return self.family.session(profile, strict_checksum=bool(choices & STRICT), identity=identity)

    def _talk(self, session: WireSession, stream: bytes, choices: int) -> list[Event]:
        events: list[Event] = session.tick(NOW)
        for after, part in enumerate(_parts(stream, in_pieces=bool(choices & IN_PIECES))):
            found = session.feed(part, NOW + after)
            events += found
            for event in found:
                _check_event(event)
                if isinstance(event, Login):
                    decision = tuple(Decision)[choices % len(Decision)]
                    assert isinstance(session.decide(event, decision, "code"), bytes)
        return events + session.end_datagram(NOW)

    def _wait(self, session: WireSession, stream: bytes) -> list[Event]:
        """What time alone brings."""
        return [event for later in (1.0, 60.0, 7200.0) for event in session.tick(NOW + len(stream) + later)]

    def _order(self, session: WireSession, frames: Sequence[Frame], stream: bytes) -> None:
        """Every order with arguments taken from the stream: segments, or the one fault an order may have."""
        word = stream[:12].decode("latin-1")
        identity = frames[-1].identity if frames else _IDENTITY
        shape = Shape(1 + stream[0], word, ((24.0 + stream[0] / 256, 109.0),), 100.0)
        for kind, form in self.family.orders.items():
            for text in (word, str(stream[0])):
                values = dict.fromkeys((*form.required, *(form.optional if stream[0] & 1 else ())), text)
                try:
                    sending = session.order(identity, Order(kind, values, (shape,) if stream[0] & 2 else ()))
                except OrderFault:
                    continue
                assert all(sending.segments), "an empty segment"

    def _keep(self, frames: Sequence[Frame]) -> None:
        for frame in frames:
            count = len(frame.device_times)
            if count and not frame.is_fragment:
                assert self.family.keep(frame.raw, [True] * count) == frame.raw
                assert self.family.keep(frame.raw, [False] * count) == b""
                kept = [at % 2 == 0 for at in range(count)]
                rest = self.family.keep(frame.raw, kept)
                batch = self.family.decode(FrameBatch.of([rest] if rest else [], self.family.profiles[0]))
                assert len(batch) <= count

    def _decode(self, profile: str, frames: Sequence[Frame], *, now: bool) -> None:
        whole = [frame for frame in frames if not frame.is_fragment]
        if self.family.fragments is not None:
            for frame in frames:
                if frame.is_fragment:
                    part = self.family.fragments.part(frame.raw)
                    assert 1 <= part.index <= part.total
        for facts in {frame.facts for frame in whole}:
            waiting = self._waiting.setdefault((profile, facts), [])
            waiting += [frame for frame in whole if frame.facts == facts]
            if now or len(waiting) >= _POOL:
                self._check(profile, facts, waiting)
                waiting.clear()

    def _check(self, profile: str, facts: str, frames: Sequence[Frame]) -> None:
        """The columns hold the reports the session announced, in order, at their times."""
        if not frames:
            return
        found = self._times(profile, facts, frames)
        if not all(map(_agree, frames, found)):
            alone = [self._times(profile, facts, [frame])[0] for frame in frames]
            wrong = next((pair for pair in zip(frames, alone, strict=True) if not _agree(*pair)), None)
            assert wrong is None, f"{profile}: {wrong[0].raw.hex()}: stated {wrong[0].device_times}, decoded {wrong[1]}"
            raise AssertionError(f"{profile}: frames decode otherwise together than each alone")

    def _times(self, profile: str, facts: str, frames: Sequence[Frame]) -> list[list[float]]:
        batch = self.family.decode(FrameBatch.of([frame.raw for frame in frames], profile, facts))
        times: list[list[float]] = [[] for _ in frames]
        for index, time in zip(batch.frame.tolist(), batch.time.tolist(), strict=True):
            times[index].append(time)
        return times


def goes_whole(data: bytes) -> bool:
    """Whether the search takes an input the whole way: the same input always."""
    return zlib.crc32(data) % WHOLE_SHARE == 0


def assert_counted(session: WireSession, events: Sequence[Event]) -> None:
    """Every refusal with bytes stands in the session's counters."""
    refused = sum(len(event.raw) > 0 for event in events if isinstance(event, Refused))
    assert not refused or sum(session.discarded.values()) >= refused, "a refusal was not counted"


def weight(held: object, depth: int = _DEPTH) -> int:
    """Bytes of texts, and one for every other object, that hang on an object of ours."""
    if isinstance(held, (bytes, bytearray, str)):
        return len(held)
    if depth == 0:
        return 1
    return 1 + sum(weight(each, depth - 1) for each in _parts_of(held))


def _parts_of(held: object) -> Iterator[object]:
    if isinstance(held, dict):
        yield from held.keys()
        yield from held.values()
    elif isinstance(held, (list, tuple, set, frozenset)):
        yield from held
    elif is_dataclass(held) and not isinstance(held, type):
        yield from (getattr(held, field.name) for field in fields(held))
    elif type(held).__module__.startswith("protocols."):
        yield from getattr(held, "__dict__", {}).values()


def _parts(stream: bytes, *, in_pieces: bool) -> Iterator[bytes]:
    """The stream at once, or eight pieces whose lengths its own bytes give, and the rest."""
    at = 0
    for _ in range(_PIECES if in_pieces else 0):
        if at >= len(stream):
            return
        size = 1 + stream[at] % 23
        yield stream[at : at + size]
        at += size
    if at < len(stream):
        yield stream[at:]


def _holds_frame(event: Event) -> bool:
    return isinstance(event, (Frame, Login))


def _check_event(event: Event) -> None:
    if isinstance(event, Send):
        assert all(event.segments), "an empty segment"
    elif isinstance(event, Refused):
        assert event.reason, "a refusal without a reason"
    else:
        frame = event if isinstance(event, Frame) else event.frame
        assert frame.raw, "a frame without bytes"
        assert isinstance(frame.identity, str)


def _agree(frame: Frame, decoded: Sequence[float]) -> bool:
    """Whether the decoded times are those announced; what tells of the device alone may have a row without a time."""
    stated = frame.device_times
    if not stated:
        return all(map(math.isnan, decoded))
    same = (
        one == other or (math.isnan(one) and math.isnan(other)) for one, other in zip(stated, decoded, strict=False)
    )
    return len(stated) == len(decoded) and all(same)
