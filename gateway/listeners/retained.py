"""Which publishes were taken before: a broker says a retained one again at each subscription.

It cannot be told from one that was never seen (the broker had lost our session, or we came later than it) but by what
we remember: digests of each topic's latest publishes, once they are durable, and of its retained one however many
followed. They outlast a restart and a kill in a file, a line each.
"""

from __future__ import annotations

import hashlib
import os
from collections import OrderedDict, deque
from contextlib import suppress
from dataclasses import dataclass, field
from typing import IO, TYPE_CHECKING

import msgspec
import structlog

from gateway.decoded import json_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MOST_PUBLISHES = 32
"""Of one topic that are known. Beyond that a retained one is taken a second time, and then known for good."""
MOST_TOPICS = 20_000
SPARE_LINES = 10_000
"""Lines that no longer count which the file may hold before it is written anew, beside one for each that does."""

log = structlog.get_logger()


class Line(msgspec.Struct, array_like=True):
    """One publish: its topic, a digest of its bytes, and whether the broker said that it is retained."""

    topic: str
    digest: str
    retained: bool


@dataclass(slots=True)
class Publishes:
    """Digests of one topic's retained publish and of its latest."""

    retained: str = ""
    latest: deque[str] = field(default_factory=lambda: deque(maxlen=MOST_PUBLISHES))


_LINE, _NONE = json_of(Line), Publishes()


class Known:
    """What was taken, by topic; bounded. In memory alone until it is given a file."""

    def __init__(self) -> None:
        self._topics: OrderedDict[str, Publishes] = OrderedDict()
        self._path: Path | None = None
        self._file: IO[bytes] | None = None
        self._room = 0
        """Lines that may still be written before the file is written anew."""

    def holds(self, topic: str, payload: bytes) -> bool:
        """Whether such a publish was taken before."""
        publishes, digest = self._topics.get(topic, _NONE), _digest(payload)
        return digest == publishes.retained or digest in publishes.latest

    def add(self, topic: str, payload: bytes, *, retained: bool) -> None:
        """A publish of a topic is durable. A file that cannot be written is given up: a restart knows less."""
        line = Line(topic, _digest(payload), retained)
        if self._note(line) and self._file is not None and self._path is not None:
            try:
                self._write(line, self._file, self._path)
            except OSError as fault:
                self._give_up(fault)

    def load(self, path: Path) -> None:
        """Go on with what a file holds, and write there. Lines that are damaged are passed over."""
        self._path = path
        try:
            for text in path.read_bytes().splitlines() if path.exists() else ():
                with suppress(msgspec.MsgspecError, UnicodeDecodeError):
                    self._note(_LINE.decode(text))
            self._rewrite(path)
        except OSError as fault:
            self._give_up(fault)

    def close(self) -> None:
        """Write no more."""
        file, self._file = self._file, None
        if file is not None:
            file.close()

    def _write(self, line: Line, file: IO[bytes], path: Path) -> None:
        if self._room:
            self._room -= 1
            file.write(msgspec.json.encode(line) + b"\n")
        else:
            self._rewrite(path)

    def _rewrite(self, path: Path) -> None:
        """What counts, and no more; whole or not at all."""
        unfinished, lines = path.with_suffix(".new"), list(self._lines())
        with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
            out.writelines(msgspec.json.encode(line) + b"\n" for line in lines)
        unfinished.replace(path)
        self.close()
        self._file, self._room = path.open("ab", buffering=0), len(lines) + SPARE_LINES

    def _give_up(self, fault: OSError) -> None:
        log.warning("retained publishes are not remembered over a restart", file=str(self._path), fault=str(fault))
        self.close()

    def _note(self, line: Line) -> bool:
        """Remember; False where it was known."""
        publishes = self._topics.setdefault(line.topic, Publishes())
        self._topics.move_to_end(line.topic)
        if len(self._topics) > MOST_TOPICS:
            self._topics.popitem(last=False)
        if line.digest == publishes.retained or (not line.retained and line.digest in publishes.latest):
            return False
        if line.retained:
            publishes.retained = line.digest
        else:
            publishes.latest.append(line.digest)
        return True

    def _lines(self) -> Iterator[Line]:
        for topic, publishes in self._topics.items():
            yield from (Line(topic, digest, retained=False) for digest in publishes.latest)
            if publishes.retained:
                yield Line(topic, publishes.retained, retained=True)


def _digest(payload: bytes) -> str:
    return hashlib.blake2b(payload, digest_size=8).hexdigest()
