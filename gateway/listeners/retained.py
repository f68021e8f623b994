"""Which publishes were taken before: a broker says a retained one again at each subscription.

It cannot be told from one that was never seen (the broker had lost our session, or we came later than it) but by what
we remember: digests of each topic's latest publishes, once they are durable, and of its retained one however many
followed. They outlast a restart in a file.
"""

from __future__ import annotations

import hashlib
import os
from collections import OrderedDict
from typing import TYPE_CHECKING

import msgspec
import structlog

if TYPE_CHECKING:
    from pathlib import Path

MOST_PUBLISHES = 32
"""Of one topic that are known. Beyond that a retained one is taken a second time, and then known for good."""
MOST_TOPICS = 20_000

log = structlog.get_logger()


class Publishes(msgspec.Struct):
    """Of one topic: digests in hexadecimal of its retained publish and of its latest, the newest last."""

    retained: str = ""
    latest: list[str] = []


class Known:
    """What was taken, by topic; bounded."""

    def __init__(self) -> None:
        self._topics: OrderedDict[str, Publishes] = OrderedDict()
        self._path: Path | None = None
        self._is_changed = False

    def add(self, topic: str, payload: bytes, *, retained: bool) -> None:
        """A publish of a topic is durable."""
        publishes, digest = self._topics.setdefault(topic, Publishes()), _digest(payload)
        self._topics.move_to_end(topic)
        if retained:
            publishes.retained = digest
        elif digest not in publishes.latest:
            publishes.latest = [*publishes.latest[1 - MOST_PUBLISHES :], digest]
        if len(self._topics) > MOST_TOPICS:
            self._topics.popitem(last=False)
        self._is_changed = True

    def holds(self, topic: str, payload: bytes) -> bool:
        """Whether such a publish was taken before."""
        publishes, digest = self._topics.get(topic, Publishes()), _digest(payload)
        return digest == publishes.retained or digest in publishes.latest

    def load(self, path: Path) -> None:
        """Go on with what a file holds, and write there. One that is missing or damaged: nothing is known."""
        self._path = path
        try:
            self._topics = OrderedDict(msgspec.json.decode(path.read_bytes(), type=dict[str, Publishes]))
        except FileNotFoundError:
            return
        except (OSError, msgspec.MsgspecError, UnicodeDecodeError) as fault:
            log.warning("retained publishes are not known; they are taken once more", file=str(path), fault=str(fault))

    def save(self) -> None:
        """Write what has changed, whole or not at all.

        Raises:
            OSError: it cannot be written.
        """
        if self._path is None or not self._is_changed:
            return
        unfinished = self._path.with_suffix(".new")
        with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
            out.write(msgspec.json.encode(self._topics))
        unfinished.replace(self._path)
        self._is_changed = False


def _digest(payload: bytes) -> str:
    return hashlib.blake2b(payload, digest_size=8).hexdigest()
