"""Whom the ladder would have told, a line of JSON each: for whoever counts what people are told.

    {"notice", "alarm", "kind", "severity", "person", "device", "to", "rung", "topic", "owed"}

``to``: a staff number, or ``wearer``; ``rung``: 0 at once, 1 and 2 because nobody answered; ``topic``: ``alarm``,
``void`` or ``reminder``; ``owed``: receive time, ISO 8601 UTC. In a replay nothing is sent, so nothing fails.
"""

from __future__ import annotations

from typing import IO, TYPE_CHECKING

import msgspec

from gateway.clock import iso
from gateway.engine import NoticeState

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gateway.engine import NoticeRecord


class NoticeOutput:
    """Writes notices as they come to be owed."""

    __slots__ = ("_file",)

    def __init__(self, file: IO[str]) -> None:
        self._file = file

    def take(self, records: Iterable[NoticeRecord]) -> None:
        """Of how notices stand, those that are new."""
        for record in records:
            if record.state is NoticeState.OWED:
                self._file.write(_line(record) + "\n")


def _line(record: NoticeRecord) -> str:
    notice, about = record.notice, record.notice.about
    said = {
        "notice": notice.id, "alarm": notice.alarm, "kind": about.kind, "severity": about.severity,
        "person": about.person, "device": about.device, "to": notice.to, "rung": notice.rung,
        "topic": notice.topic.value, "owed": iso(notice.owed),
    }  # fmt: skip
    return msgspec.json.encode(said).decode()
