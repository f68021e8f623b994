"""What a line says, in both languages at once, with times as they are read when the sheet's time ends."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from gateway.words.alarm_words import Words
from gateway.words.paper_words import PAPER_PARTS

if TYPE_CHECKING:
    from collections.abc import Callable

    from gateway.papers.seen import Seen


def in_both(seen: Seen, say: Callable[[Words], str]) -> tuple[str, str]:
    """Chinese and English of what ``say`` puts into the words of either language."""
    zone = ZoneInfo(seen.configuration.county.timezone)
    return say(Words("zh", zone, seen.until)), say(Words("en", zone, seen.until))


def part(words: Words, key: str, **values: object) -> str:
    """An entry of the table of a line's parts, filled."""
    return PAPER_PARTS[key].of(words.language).format_map(values)


def strung(words: Words, *parts: str) -> str:
    """What is said one after the other; what is empty is left out."""
    return part(words, "stop").join(filter(None, parts))
