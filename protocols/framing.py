"""Deframers: where frames begin and end in a stream, with a cap, resync and a count of every byte thrown away."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from protocols.session import Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

# What else is heard on an open port, by its first bytes.
_KINDS = (
    (b"(", "text_line"),
    (b"GET ", "http_request"),
    (b"POST ", "http_request"),
    (b"HEAD ", "http_request"),
    (b"PUT ", "http_request"),
    (b"OPTIONS ", "http_request"),
    (b"CONNECT ", "http_request"),
    (b"\x16\x03", "tls_hello"),
    (b"SSH-", "ssh_banner"),
)
RUBBISH = "rubbish"
ENDLESS = "endless_frame"
CUT = "short_frame"
"""A sentence that the next one interrupted."""
CUT_DATAGRAM = "cut_datagram"
"""The rest of a datagram, too little for a frame; the next datagram does not continue it."""
BLANKS = b"\r\n\t \0"
LOOK_BYTES = 16
"""How much of a stretch of rubbish is looked at and kept: enough to tell its kind, too little to fill a memory."""


def kind_of(data: bytes) -> str:
    """Name of what ``data`` seems to be, judged by its first bytes; ``rubbish`` when it is like nothing known."""
    return next((kind for head, kind in _KINDS if data.startswith(head)), RUBBISH)


class _Counting:
    """What every deframer tells of what it threw away."""

    __slots__ = ("_discarded",)

    def __init__(self) -> None:
        self._discarded: dict[str, int] = {}

    @property
    def discarded(self) -> Mapping[str, int]:
        """Bytes thrown away so far, by kind."""
        return dict(self._discarded)

    def _count(self, kind: str, size: int) -> None:
        self._discarded[kind] = self._discarded.get(kind, 0) + size


class FlagDeframer(_Counting):
    """Cuts a stream at a flag byte; one flag may end a frame and begin the next, empty frames are none.

    Bytes before the first flag, and a frame that outgrows the cap, are skipped to the next flag: one
    :class:`Refused` a stretch, whose ``raw`` is its first bytes, and every byte counted.

    Args:
        flag: the flag, 0-255.
        cap: longest frame on the wire in bytes, both flags included.
    """

    __slots__ = ("_cap", "_flag", "_inside", "_pending", "_skipping")

    def __init__(self, flag: int, cap: int) -> None:
        super().__init__()
        self._flag = bytes([flag])
        self._cap = cap - 2
        self._inside = False
        self._pending = b""
        self._skipping = ""

    def feed(self, data: bytes) -> list[bytes | Refused]:
        """Take bytes in any split; return what became complete, in order.

        Returns:
            Contents of frames (without flags, still escaped, never empty) and refused stretches.
        """
        out: list[bytes | Refused] = []
        first, *others = data.split(self._flag)
        self._grow(first, out)
        for part in others:
            self._end(out)
            self._grow(part, out)
        return out

    @property
    def is_at_rest(self) -> bool:
        """Whether a flag was the last byte, so that nothing is open and the next frame may share it or have its own."""
        return self._inside and not self._pending and not self._skipping

    def cut(self) -> list[Refused]:
        """The bytes fed so far were all of a datagram: what is unfinished is refused, what comes next begins afresh."""
        out: list[bytes | Refused] = []
        if self._pending:
            self._refuse(CUT_DATAGRAM if self._inside else kind_of(self._pending), self._pending, out)
        self._inside, self._pending, self._skipping = False, b"", ""
        return [each for each in out if isinstance(each, Refused)]

    def _end(self, out: list[bytes | Refused]) -> None:
        """A flag: what was open is complete, and a frame may begin."""
        if self._pending:
            if self._inside:
                out.append(self._pending)
            else:
                self._refuse(kind_of(self._pending), self._pending, out)
        self._inside, self._pending, self._skipping = True, b"", ""

    def _grow(self, part: bytes, out: list[bytes | Refused]) -> None:
        if self._skipping:
            self._count(self._skipping, len(part))
        elif part:
            self._pending += part
            if not self._inside and len(self._pending) >= LOOK_BYTES:
                self._refuse(kind_of(self._pending), self._pending, out)
            elif len(self._pending) > self._cap:
                self._refuse(ENDLESS, self._pending, out)

    def _refuse(self, kind: str, stretch: bytes, out: list[bytes | Refused]) -> None:
        self._count(kind, len(stretch))
        out.append(Refused(kind, stretch[:LOOK_BYTES]))
        self._inside, self._pending, self._skipping = False, b"", kind


class SentenceDeframer(_Counting):
    """Cuts a stream of sentences, each between a beginning and an end byte; blanks and line ends may stand between.

    A beginning before the end means that the sentence before was cut: it is refused, the new one is read. Rubbish and
    sentences over the cap are skipped to the next beginning or end.

    Args:
        begin, end: one byte each.
        cap: longest sentence in bytes, both included.
    """

    def __init__(self, begin: bytes, end: bytes, cap: int) -> None:
        super().__init__()
        self._begin = begin
        self._end = end
        self._cap = cap - 2
        self._inside = False
        self._pending = b""
        self._skipping = ""

    def feed(self, data: bytes) -> list[bytes | Refused]:
        """Take bytes in any split; contents of sentences (without beginning and end) and refused stretches."""
        out: list[bytes | Refused] = []
        *closed, rest = data.split(self._end)
        for part in closed:
            self._grow(part, out)
            if self._inside:
                out.append(self._pending)
            else:
                self._drop(kind_of(self._pending), out)
            self._start(inside=False)
        self._grow(rest, out)
        return out

    def cut(self) -> list[Refused]:
        """The bytes fed so far were all of a datagram: what is unfinished is refused, what comes next begins afresh."""
        out: list[bytes | Refused] = []
        self._drop(CUT_DATAGRAM if self._inside else kind_of(self._pending), out)
        self._start(inside=False)
        return [each for each in out if isinstance(each, Refused)]

    def _grow(self, part: bytes, out: list[bytes | Refused]) -> None:
        outside, *others = part.split(self._begin)
        self._add(outside, out)
        for sentence in others:
            self._drop(CUT if self._inside else kind_of(self._pending), out)
            self._start(inside=True)
            self._add(sentence, out)

    def _start(self, *, inside: bool) -> None:
        self._inside, self._pending, self._skipping = inside, b"", ""

    def _add(self, text: bytes, out: list[bytes | Refused]) -> None:
        if self._skipping:
            self._count(self._skipping, len(text))
            return
        self._pending += text
        if not self._inside:
            self._pending = self._pending.lstrip(BLANKS)
        if len(self._pending) > (self._cap if self._inside else LOOK_BYTES):
            reason = ENDLESS if self._inside else kind_of(self._pending)
            self._drop(reason, out)
            self._inside, self._pending, self._skipping = False, b"", reason

    def _drop(self, reason: str, out: list[bytes | Refused]) -> None:
        stretch = self._pending if self._inside else self._pending.strip(BLANKS)
        if stretch:
            self._count(reason, len(stretch))
            out.append(Refused(reason, stretch[:LOOK_BYTES]))


class LineDeframer(_Counting):
    """Cuts a stream at line ends (CR, LF or both); empty lines are none, an overlong one is refused to its end.

    Args:
        cap: longest line in bytes, without its end.
    """

    def __init__(self, cap: int) -> None:
        super().__init__()
        self._cap = cap
        self._pending = b""
        self._skipping = False

    def feed(self, data: bytes) -> list[bytes | Refused]:
        """Take bytes in any split; return lines that became complete (never empty) and refused stretches."""
        out: list[bytes | Refused] = []
        *closed, rest = data.replace(b"\r", b"\n").split(b"\n")
        for part in closed:
            self._add(part, out)
            if self._pending:
                out.append(self._pending)
            self._pending, self._skipping = b"", False
        self._add(rest, out)
        return out

    def cut(self) -> list[Refused]:
        """The bytes fed so far were all of a datagram: what is unfinished is refused, what comes next begins afresh."""
        cut = self._pending
        self._pending, self._skipping = b"", False
        if not cut:
            return []
        self._count(CUT_DATAGRAM, len(cut))
        return [Refused(CUT_DATAGRAM, cut[:LOOK_BYTES])]

    def _add(self, part: bytes, out: list[bytes | Refused]) -> None:
        if self._skipping:
            self._count(ENDLESS, len(part))
            return
        self._pending += part
        if len(self._pending) > self._cap:
            self._count(ENDLESS, len(self._pending))
            out.append(Refused(ENDLESS, self._pending[:LOOK_BYTES]))
            self._pending, self._skipping = b"", True


TRUST_TRAILER = -1
"""A measure's word for: what this frame states of its length is not so."""
_PIECE = 4096
_MOST_TRIES = 4
"""Trailers tried for the end of a frame whose length is false, and marks for its beginning: a hostile stream could be
made of nothing else. What is not found so is found from the next mark on."""


@dataclass(frozen=True, slots=True)
class TrailedWire:
    """What a :class:`TrailedDeframer` must know of a wire whose frames state their length and end in a trailer.

    Attributes:
        starts: the marks by which a frame begins, equally long.
        trailer: the bytes by which it ends; they may stand inside too.
        cap: longest frame in bytes.
        measure: length of the frame that begins the bytes given; 0 while too few are there to tell;
            ``TRUST_TRAILER`` when the stated length is none. Never raises.
        is_sound: whether the bytes are a whole frame that proves itself. Never raises.
    """

    starts: tuple[bytes, ...]
    trailer: bytes
    cap: int
    measure: Callable[[bytes], int]
    is_sound: Callable[[bytes], bool]

    def find_start(self, data: bytes, begin: int = 0) -> int:
        """Where the next mark is, -1 for nowhere."""
        found = [at for at in (data.find(mark, begin) for mark in self.starts) if at >= 0]
        return min(found, default=-1)


class TrailedDeframer(_Counting):
    """Cuts a stream into frames: at the first trailer that makes one sound, or where its length says and a trailer is.

    A frame that is not sound and whose length is false ends at the first trailer that the next frame follows. If a
    sound frame ends such a stretch, what stands before that one is rubbish. The outcome does not depend on how the
    stream was split, except by ``settle``.
    """

    __slots__ = ("_pending", "_skipping", "_wire")

    def __init__(self, wire: TrailedWire) -> None:
        super().__init__()
        self._wire = wire
        self._pending = b""
        self._skipping = ""

    def feed(self, data: bytes) -> list[bytes | Refused]:
        """Take bytes in any split; return whole frames (sound or not) and refused stretches, in order."""
        out: list[bytes | Refused] = []
        # Piece by piece: every frame taken off the front moves what is left.
        for begin in range(0, len(data), _PIECE):
            self._pending += data[begin : begin + _PIECE]
            while self._pending and self._advance(out, ended=False):
                pass
        return out

    @property
    def is_at_rest(self) -> bool:
        """Whether the last byte ended a frame, or none came yet."""
        return not self._pending and not self._skipping

    def settle(self) -> list[bytes | Refused]:
        """Nothing more came for a while: what waits for the end that its length states is taken as it is."""
        out: list[bytes | Refused] = []
        while self._pending and self._advance(out, ended=True):
            pass
        return out

    def rescue(self) -> list[bytes | Refused]:
        """Nothing more came for a little while: a sound frame that stands inside the one waited for is taken.

        Rubbish that reads like a mark with a long length would else hold up the frames behind it.
        """
        out: list[bytes | Refused] = []
        wire, begin = self._wire, 0
        for _ in range(_MOST_TRIES):
            begin = wire.find_start(self._pending, begin + 1)
            if begin < 0:
                return out
            length = wire.measure(self._pending[begin : begin + wire.cap])
            if length > 0 and wire.is_sound(self._pending[begin : begin + length]):
                self._discard(RUBBISH, begin, out)
                break
        else:
            return out
        while self._pending and self._advance(out, ended=False):
            pass
        return out

    def _advance(self, out: list[bytes | Refused], *, ended: bool) -> bool:
        """Take one frame or one stretch off; False when more bytes are needed."""
        if not self._pending.startswith(self._wire.starts):
            return self._skip(out, ended=ended)
        self._skipping = ""
        length = self._wire.measure(self._pending[: self._wire.cap])
        length = self._proven_before(length) or length
        if length == 0 and not ended and len(self._pending) < self._wire.cap:
            return False
        if length > 0:
            self._cut(length, out)
            return True
        return self._by_trailer(out, ended=ended)

    def _proven_before(self, length: int) -> int:
        """Length of a sound frame that ends at a trailer before the end that it states; 0: there is none.

        Only trailers behind which the frame would still wait for more count: so it ends there however it was split.
        """
        wire, pending = self._wire, self._pending
        before, at = (length - 1 if length > 0 else wire.cap), 0
        for _ in range(_MOST_TRIES):
            at = pending.find(wire.trailer, at + 1, before)
            end = at + len(wire.trailer)
            if at < 0 or wire.measure(pending[:end]) != 0:
                return 0
            if wire.is_sound(pending[:end]):
                return end
        return 0

    def _skip(self, out: list[bytes | Refused], *, ended: bool) -> bool:
        """Rubbish up to the next mark; the last byte may be half of one."""
        pending, at = self._pending, self._wire.find_start(self._pending)
        half = 0 if ended or pending[-1:] not in {mark[:1] for mark in self._wire.starts} else 1
        end = len(pending) - half if at < 0 else at
        if at < 0 and not self._skipping and not ended and end < LOOK_BYTES:
            return False
        if end:
            self._discard(self._skipping or kind_of(pending), end, out)
        return at >= 0

    def _discard(self, kind: str, count: int, out: list[bytes | Refused]) -> None:
        """Count bytes off the front; one :class:`Refused` a stretch, however it was split."""
        self._count(kind, count)
        if not self._skipping:
            out.append(Refused(kind, self._pending[: min(count, LOOK_BYTES)]))
        self._skipping = kind
        self._pending = self._pending[count:]

    def _cut(self, length: int, out: list[bytes | Refused]) -> None:
        out.append(self._pending[:length])
        self._pending = self._pending[length:]

    def _by_trailer(self, out: list[bytes | Refused], *, ended: bool) -> bool:
        """A frame whose length is false: end it at a trailer; refuse what grows beyond the cap without one."""
        wire, pending = self._wire, self._pending
        at = 0
        for _ in range(_MOST_TRIES):
            at = pending.find(wire.trailer, at + 1, wire.cap)
            if at < 0:
                break
            end = at + len(wire.trailer)
            behind = pending[end : end + len(wire.starts[0])]
            begin = self._sound_end(pending[:end])
            if begin >= 0 or behind in wire.starts or (ended and not behind):
                if begin > 0:
                    self._discard(RUBBISH, begin, out)
                self._cut(end - max(begin, 0), out)
                return True
            if len(behind) < len(wire.starts[0]) and not ended:
                return False
        if at < 0 and len(pending) < wire.cap and not ended:
            return False
        self._discard(CUT if ended else ENDLESS, len(wire.starts[0]), out)
        return True

    def _sound_end(self, stretch: bytes) -> int:
        """Where in a stretch a sound frame begins that reaches its end; -1 for nowhere."""
        wire, begin = self._wire, len(stretch)
        if wire.is_sound(stretch):
            return 0
        for _ in range(_MOST_TRIES):
            begin = max(stretch.rfind(mark, 1, begin + 1) for mark in wire.starts)
            if begin < 0:
                break
            if wire.measure(stretch[begin:]) == len(stretch) - begin and wire.is_sound(stretch[begin:]):
                return begin
        return -1
