"""How probable an alarm's condition was, over time, as the JSON that ``static/alarm.js`` draws: all words said."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

import msgspec

from gateway.console.words.texts import text
from gateway.engine import HOME

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gateway.engine import Curve, Episode
    from gateway.words.alarm_words import Words

MOST_ROWS: Final = 500
"""Rows of the table beside a curve: the last ones."""


class Turn(msgspec.Struct, frozen=True):
    """A verdict that became another: when (UTC epoch seconds), and in words."""

    at: float
    words: str


class Drawn(msgspec.Struct, frozen=True):
    """One curve.

    Attributes:
        at: UTC epoch seconds; ``p``: the probability just after each.
        threshold: from which on an alarm is raised.
        turns: verdicts that changed, and the moment of decision.
        rows: the same as text: time, probability.
        timezone: of the county, in whose time the axis is.
        words: of the curve and its threshold.
        said: what stands below it.
    """

    timezone: str
    at: list[float] = []
    p: list[float] = []
    threshold: float | None = None
    turns: list[Turn] = []
    rows: list[tuple[str, str]] = []
    words: dict[str, str] = {}
    said: str = ""


def has_curve(episode: Episode) -> bool:
    """Whether an alarm rests on evidence of a rule, which is gathered fix by fix."""
    return bool(episode.rule and episode.person)


def drawn(curves: Sequence[Curve], episode: Episode, words: Words, timezone: str, fault: str = "") -> Drawn:
    """The curve of an alarm's rule and zone; ``fault``: why none can be had."""
    t = partial(text, words.language)
    said = {"p": t("alarm_curve_of"), "threshold": t("alarm_curve_threshold"), "time": t("alarm_past_time")}
    mine = [one for one in curves if one.rule == episode.rule and one.zone == episode.zone]
    if fault or not mine:
        why = t("alarm_curve_failed", why=fault) if fault else t("alarm_curve_none")
        return Drawn(timezone, words=said, said=why)
    curve = mine[0]
    pairs = zip(curve.times, curve.breach, strict=True)
    rows = [(words.clock(at, seconds=True), words.percent(breach)) for at, breach in pairs]
    turns = [Turn(at, t(f"turn_{become}", time=words.clock(at, seconds=True))) for at, become in curve.moments]
    turns.append(Turn(episode.decided, t("alarm_curve_moment", time=words.clock(episode.decided, seconds=True))))
    name = words.part(HOME) if curve.name == HOME else curve.name
    return Drawn(timezone, curve.times, curve.breach, curve.threshold, turns, rows[-MOST_ROWS:], said, name)
