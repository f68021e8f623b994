"""What stands in the registers as lines of a sheet: leave, bracelets that are off with leave, authorities that end."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final, NamedTuple

import msgspec
import numpy as np

from gateway.journal.controls import PaperLine
from gateway.papers.alarm_lines import ENDS_SOON, alarm_line, last_act, waiting
from gateway.papers.said import in_both, part, strung
from gateway.words.act_phrases import followed
from gateway.words.texts import REMOVALS

if TYPE_CHECKING:
    from gateway.engine import Episode
    from gateway.papers.seen import Seen
    from gateway.words.alarm_words import Words

DAY: Final = 86_400.0
SHIFT: Final = 43_200.0
"""Seconds of a shift: what begins within it belongs to the one that takes over."""
SOON: Final = 7 * DAY
"""Seconds before its end from which on an authority is told of."""


def leaves(seen: Seen) -> list[PaperLine]:
    """Who is on leave now or will be within a shift, by when it ends."""
    coming = [
        Stretch(one.person, one.start, one.ends, "leave" if one.start <= seen.until else "leave_from")
        for one in seen.configuration.leave
        if one.start < seen.until + SHIFT and one.ends > seen.until and seen.is_theirs(one.person)
    ]  # fmt: skip
    return [_absence(seen, "leave", one) for one in sorted(coming, key=Stretch.order)]


def removals(seen: Seen) -> list[PaperLine]:
    """Whose bracelet is off with leave, by when it has to be back."""
    off = [
        Stretch(one.person, one.start, one.until, "removal", one.reason)
        for one in seen.configuration.removals
        if one.start <= seen.until < one.until and seen.is_theirs(one.person)
    ]  # fmt: skip
    return [_absence(seen, "removal", one) for one in sorted(off, key=Stretch.order)]


class Stretch(NamedTuple):
    """What is permitted to somebody for a while: start <= t < until; ``key``: of its words, ``reason``: a code."""

    person: str
    start: float
    until: float
    key: str
    reason: str = ""

    def order(self) -> tuple[float, str, float]:
        """What ends first comes first."""
        return self.until, self.person, self.start


def _absence(seen: Seen, section: str, one: Stretch) -> PaperLine:
    def say(words: Words) -> str:
        reason = REMOVALS[one.reason].of(words.language) if one.reason else ""
        return part(words, one.key, begin=words.clock(one.start), time=words.clock(one.until), reason=reason)

    zh, en = in_both(seen, say)
    key = f"{section}-{one.person}-{one.start:.0f}"
    return PaperLine(key, section, one.person, zh=zh, en=en, since=one.start, due=one.until)


def endings(seen: Seen) -> list[PaperLine]:
    """Authorities that end within a week and are not extended, the soonest first; then what an alarm says of others."""
    grants, told = seen.policy.grants, {_grant_of(one): one for one in waiting(seen) if one.kind == ENDS_SOON}
    soon = np.flatnonzero((grants.until > seen.until) & (grants.until <= seen.until + SOON))
    rows = [row for row in soon[np.argsort(grants.until[soon], kind="stable")].tolist() if _is_last(seen, row)]
    lines = [_ending(seen, row, told.pop(grants.key[row], None)) for row in rows]
    return lines + [alarm_line(seen, one, "ending") for one in told.values()]


def _is_last(seen: Seen, row: int) -> bool:
    """Whether it is of their people, holds, and nothing goes on where it ends."""
    grants = seen.policy.grants
    person = grants.key[row][0]
    return seen.is_theirs(person) and grants.start[row] <= seen.until and not grants.covers(row, grants.until[row])


def _ending(seen: Seen, row: int, alarm: Episode | None) -> PaperLine:
    (person, kind, _), until = seen.policy.grants.key[row], float(seen.policy.grants.until[row])

    def say(words: Words) -> str:
        days, last = math.ceil((until - seen.until) / DAY), words.day(until - 1.0)
        told = part(words, "ends_in", authority=words.part(f"authority_{kind}"), days=days, last_day=last)
        return strung(words, told, followed(alarm.follow_up, words) if alarm is not None and alarm.follow_up else "")

    zh, en = in_both(seen, say)
    line = PaperLine(f"authority-{person}-{kind}", "ending", person, zh=zh, en=en, due=until)
    if alarm is None:
        return line
    return msgspec.structs.replace(
        line, alarm=alarm.id, device=alarm.device, last=last_act(seen, alarm), owner=alarm.assigned or alarm.owner
    )  # fmt: skip


def _grant_of(episode: Episode) -> tuple[str, str, float]:
    """Of which row of the authorities an alarm tells."""
    facts = episode.facts
    return episode.person, str(facts.get("authority", "")), float(str(facts.get("authority_until", "nan")))
