"""What is to be sent next, and what an answer means for a notice: pure, time as an argument."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from gateway.engine import NoticeState
from gateway.kinds import SEVERITIES
from gateway.sms.answer import Given
from gateway.sms.incoming import Fate

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from gateway.engine import NoticeRecord
    from gateway.sms.answer import Answer
    from gateway.sms.incoming import Report

LASTS: Final = 7200.0
"""Seconds after which a notice is not sent any more: the ladder has gone on long since."""
FIRST_WAIT: Final = 5.0
LONGEST_WAIT: Final = 300.0
"""Real seconds before a notice that was not taken is tried again, doubled with each try."""
MOST_TRIES: Final = 30
"""Times that one is given to the network at most, in doubt or refused for now."""
_FATES: Final = {Fate.DELIVERED: NoticeState.DELIVERED, Fate.FAILED: NoticeState.FAILED}


@dataclass(slots=True)
class Waiting:
    """A notice that is to be sent: how often it was tried, and before which time it is not (any clock)."""

    record: NoticeRecord
    tries: int = 0
    rests: float = -math.inf


@dataclass(slots=True)
class Sending:
    """What waits, and what is on its way.

    Attributes:
        waiting: by id, as they came.
        answered: ids whose outcome is on its way into the journal: not sent again meanwhile.
        sent: of which a report may come, by id.
    """

    waiting: dict[str, Waiting] = field(default_factory=dict)
    answered: set[str] = field(default_factory=set)
    sent: dict[str, NoticeRecord] = field(default_factory=dict)

    def take(self, records: Iterable[NoticeRecord], tries: int = 0) -> None:
        """How notices stand now, on disk."""
        for record in records:
            identity = record.notice.id
            if record.state is NoticeState.OWED:
                self.waiting.setdefault(identity, Waiting(record, tries))
                continue
            self.waiting.pop(identity, None)
            self.answered.discard(identity)
            if record.state is NoticeState.SENT:
                self.sent[identity] = record
            else:
                self.sent.pop(identity, None)

    def next(self, steady: float) -> Waiting | None:
        """The next one to be sent at a time; of the gravest alarms first, the oldest of them first."""
        ready = [
            one for key, one in self.waiting.items() if one.rests <= steady and key not in self.answered
        ]  # fmt: skip
        return min(ready, key=_urgency, default=None)

    def rests_until(self) -> float:
        """When one is to be tried again that rests; infinite where none does."""
        return min((one.rests for key, one in self.waiting.items() if key not in self.answered), default=math.inf)

    def judge(self, one: Waiting, answer: Answer, steady: float) -> NoticeState | None:
        """What an answer makes of a notice; None: it is tried again."""
        if answer.given is Given.TAKEN:
            return NoticeState.SENT
        if answer.given is Given.REFUSED or one.tries >= MOST_TRIES:
            return NoticeState.FAILED
        one.rests = steady + min(FIRST_WAIT * 2.0 ** min(one.tries, 10), LONGEST_WAIT)
        return None

    def reported(
        self, report: Report, number: str, numbers: Mapping[str, str]
    ) -> tuple[NoticeRecord, NoticeState] | None:  # fmt: skip
        """What a report makes of which notice; None: of none of ours, or the centre still tries.

        ``number`` is its number and ``numbers`` those of notices on their way, by id, as they are compared.
        """
        state = _FATES.get(report.fate)
        fits = [
            one for key, one in self.sent.items()
            if report.reference in one.references and key not in self.answered and numbers.get(key) == number
        ]  # fmt: skip
        return None if state is None or not fits else (max(fits, key=lambda one: one.at), state)


def _urgency(one: Waiting) -> tuple[int, float, str]:
    notice = one.record.notice
    return (-SEVERITIES.index(notice.about.severity), notice.owed, notice.id)
