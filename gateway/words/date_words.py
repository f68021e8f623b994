"""What ends, and how it is told: kinds of ends, columns of their table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gateway.words.texts import Text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gateway.words.alarm_words import Words

END_KINDS: Final[Mapping[str, Text]] = {
    "authority": Text("定位依据", "authority of positioning"),
    "term": Text("矫正期限（解矫日）", "term of supervision"),
    "rule": Text("禁止令或规则", "order or rule"),
    "leave": Text("请假", "leave"),
}
COLUMNS: Final = (
    Text("人员", "Person"),
    Text("司法所", "Office"),
    Text("期限", "What ends"),
    Text("依据", "Document"),
    Text("最后一天", "Last day"),
    Text("还有（天）", "Days left"),
    Text("已到提醒", "Reminder"),
    Text("下次评估", "Next review"),
)
"""Of the table of ends."""
NOTHING_ENDS: Final = Text("没有即将到期的期限。", "Nothing ends.")


def end_name(kind: str, what: str, words: Words) -> str:
    """What ends: its kind, and which authority or rule it is."""
    named = END_KINDS[kind].of(words.language)
    if not what:
        return named
    return words.part(f"authority_{what}") if kind == "authority" else f"{named} {what}"


def last_moment(kind: str, until: float, words: Words) -> str:
    """The last day on which it holds; leave ends at an hour."""
    return words.clock(until) if kind == "leave" else words.day(until - 1.0)


def review_day(review: float | None, words: Words) -> str:
    """By which day an authority is to be assessed anew; empty: nothing is."""
    return "" if review is None else words.day(review)


def reminder(step: int, language: str) -> str:
    """Which reminder was reached; empty: none yet."""
    return Text(f"{step}天", f"{step} days").of(language) if step else ""
