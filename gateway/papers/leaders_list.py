"""What a leader looks through every morning: closes that nobody else has seen, leave entered afterwards, objections."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec

from gateway.papers.alarm_lines import alarm_line
from gateway.papers.said import in_both, part, strung
from gateway.words.change_texts import OUTCOMES
from gateway.words.kind_names import kind_name

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from gateway.engine import Episode
    from gateway.journal.controls import PaperLine
    from gateway.papers.seen import Seen
    from gateway.words.alarm_words import Words

DOUBTED: Final = frozenset({"technical", "false"})
"""Outcomes of a critical alarm that a second person looks at: they say that there was nothing."""


def leaders_list(seen: Seen) -> list[PaperLine]:
    """Its lines. An alarm may stand under several headings: each is looked at for itself."""
    return [
        _line(seen, one, heading)
        for heading, belongs in HEADINGS.items()
        for one in sorted(seen.episodes, key=lambda one: (one.closed or one.onset, one.id))
        if belongs(seen, one)
    ]


def _is_doubted(seen: Seen, one: Episode) -> bool:
    is_closed = one.closed is not None and seen.since <= one.closed <= seen.until
    return is_closed and one.severity == "critical" and one.outcome in DOUBTED


def _is_late_leave(seen: Seen, one: Episode) -> bool:
    return "leave_late" in one.facts and float(str(one.facts.get("leave_from", seen.since))) <= seen.until


def _is_disputed(seen: Seen, one: Episode) -> bool:
    return one.disputed is not None and (one.closed is None or one.disputed >= seen.since)


HEADINGS: Final[Mapping[str, Callable[[Seen, Episode], bool]]] = {
    "closed_as_nothing": _is_doubted,
    "leave_late": _is_late_leave,
    "disputed": _is_disputed,
}
"""By heading, in their order: which alarms stand under it."""


def _line(seen: Seen, episode: Episode, heading: str) -> PaperLine:
    """Under its heading, with how it was closed."""
    line = alarm_line(seen, episode, heading)
    if episode.closed is None:
        return msgspec.structs.replace(line, key=f"{heading}-{episode.id}")

    def say(words: Words) -> str:
        outcome = OUTCOMES[episode.outcome].of(words.language)
        closed = part(
            words, "closed_as", time=words.clock(episode.closed or 0.0), by=episode.closed_by, outcome=outcome
        )
        return strung(words, kind_name(episode.kind, words.language), closed)

    zh, en = in_both(seen, say)
    return msgspec.structs.replace(line, key=f"{heading}-{episode.id}", zh=zh, en=en)
