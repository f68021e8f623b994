"""Alarms as lines of a sheet: unresolved, with something agreed, about the device, or closed in this shift.

What people typed about an alarm may hold a name or a place: it stays with the alarm.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec

from gateway.journal.controls import PaperLine
from gateway.kinds import SEVERITIES, TRIALS
from gateway.papers.said import in_both, part, strung
from gateway.words.act_phrases import followed, line
from gateway.words.kind_names import kind_name

if TYPE_CHECKING:
    from gateway.engine import Episode
    from gateway.papers.seen import Seen
    from gateway.words.alarm_words import Words

ENDS_SOON: Final = "authority_expiring"
"""The kind of alarm that stands on its authority's line."""
OF_THE_DEVICE: Final = frozenset({
    "battery_low", "battery_critical", "charge_missed", "clock_fault", "position_implausible", "strap_glitch_suspected",
})  # fmt: skip
"""Kinds of alarm that tell of a device which goes worse: to be charged, looked at, or replaced."""


def unresolved(seen: Seen) -> list[PaperLine]:
    """Alarms that somebody has to look into, about which nothing is agreed; the gravest first."""
    return _under("unresolved", seen)


def agreed(seen: Seen) -> list[PaperLine]:
    """Those of which something was agreed or promised: for when, and what came of it."""
    return _under("agreed", seen)


def worse(seen: Seen) -> list[PaperLine]:
    """Those that tell of a device."""
    return _under("worse", seen)


def done(seen: Seen) -> list[PaperLine]:
    """Alarms that somebody has closed within the sheet's time, in the order in which that was done."""
    closed = [one for one in seen.episodes if one.closed is not None and seen.since <= one.closed <= seen.until]
    return [alarm_line(seen, one, "done") for one in sorted(closed, key=lambda one: (one.closed, one.id))]


def waiting(seen: Seen) -> list[Episode]:
    """Alarms that somebody has to look into, the gravest first, then the oldest."""
    left = [one for one in seen.episodes if not one.resolved and one.kind not in TRIALS]
    return sorted(left, key=lambda one: (-SEVERITIES.index(one.severity), one.onset, one.id))


def alarm_line(seen: Seen, episode: Episode, section: str) -> PaperLine:
    """One alarm under a heading."""
    zh, en = in_both(seen, lambda words: _cause(episode, words))
    agreed_on = episode.follow_up
    due = agreed_on.at if agreed_on is not None and agreed_on.is_pending and episode.closed is None else 0.0
    return PaperLine(
        f"alarm-{episode.id}", section, episode.person, episode.id, episode.device, zh, en, episode.onset, due,
        last_act(seen, episode), episode.assigned or episode.owner,
    )  # fmt: skip


def last_act(seen: Seen, episode: Episode) -> tuple[str, str, float] | None:
    """What was done about an alarm last: Chinese, English, when; None: nothing yet."""
    if not episode.acts:
        return None
    bare = msgspec.structs.replace(episode.acts[-1], note="")
    return (*in_both(seen, lambda words: line(bare, words)), bare.at)


def _under(section: str, seen: Seen) -> list[PaperLine]:
    return [alarm_line(seen, one, section) for one in waiting(seen) if _section_of(one) == section]


def _section_of(episode: Episode) -> str:
    """The one heading that an alarm which is not resolved stands under."""
    if episode.kind == ENDS_SOON:
        return "ending"
    if episode.follow_up is not None or _is_promised(episode):
        return "agreed"
    return "worse" if episode.kind in OF_THE_DEVICE else "unresolved"


def _is_promised(episode: Episode) -> bool:
    """Whether somebody who was called last has promised something."""
    tried = [act for act in episode.acts if act.do == "attempt"]
    return bool(tried) and tried[-1].result == "promised"


def _cause(episode: Episode, words: Words) -> str:
    over = episode.closed is None and episode.ended is not None
    return strung(
        words, kind_name(episode.kind, words.language),
        part(words, "ended", time=words.clock(episode.ended or 0.0)) if over else "",
        followed(episode.follow_up, words) if episode.follow_up is not None and episode.closed is None else "",
    )  # fmt: skip
