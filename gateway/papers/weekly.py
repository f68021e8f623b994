"""Whose track somebody has looked at in a week, and what for; and whose nobody has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from gateway.journal.controls import PaperLine
from gateway.papers.said import in_both, part

if TYPE_CHECKING:
    from gateway.papers.seen import Look, Seen

TRACK_SEEN: Final = "track_seen"
TRACK_UNSEEN: Final = "track_unseen"


def weekly(seen: Seen) -> list[PaperLine]:
    """A line for everybody who may be located by a bracelet now: those first whose track nobody has looked at."""
    last: dict[str, Look] = {}
    for look in sorted(seen.looks, key=lambda one: one.at):
        if seen.since <= look.at <= seen.until:
            last[look.person] = look
    people = [one for one in _supervised(seen) if seen.is_theirs(one)]
    unseen = [_unseen(seen, one) for one in people if one not in last]
    return unseen + [_seen(seen, last[one]) for one in people if one in last]


def _supervised(seen: Seen) -> list[str]:
    """Who wears a bracelet under authority at the end of the sheet's time."""
    policy, devices = seen.policy, np.arange(len(seen.policy.devices))
    time = np.full(len(devices), seen.until)
    wearing = policy.wearing_at(devices, time)
    meant = policy.lawful(wearing, time) & ~policy.phone
    return sorted({policy.wearings[row][1] for row in wearing[meant].tolist() if not policy.hidden[row]})


def _unseen(seen: Seen, person: str) -> PaperLine:
    zh, en = in_both(seen, lambda words: part(words, "track_unseen", time=words.day(seen.since)))
    return PaperLine(f"track-{person}", TRACK_UNSEEN, person, zh=zh, en=en, since=seen.since)


def _seen(seen: Seen, look: Look) -> PaperLine:
    zh, en = in_both(seen, lambda words: part(words, "track_seen", by=look.by, purpose=look.purpose or "-"))
    return PaperLine(f"track-{look.person}", TRACK_SEEN, look.person, zh=zh, en=en, since=look.at)
