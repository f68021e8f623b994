"""Why no alarm was raised: what a rule's evidence was, as a page shows it; inside means inside the rule's zone."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

from gateway.console.words.texts import text
from gateway.engine import HOME
from gateway.words.explain_words import VERDICTS, flip_words, why
from gateway.words.explained import RADIUS95

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gateway.words.alarm_words import Words
    from gateway.words.explained import Explanation, Step

WIDE: Final = 720.0
TALL: Final = 160.0
"""Of the curve, in its own units."""
MOST_ROWS: Final = 60
"""Fixes that are listed, the last ones."""
TICKS: Final = 4
BARRED: Final = "keep_out"


@dataclass(frozen=True, slots=True)
class Why:
    """One rule and zone.

    Attributes:
        rule: and zone, as a heading; ``asks``: the rule in words, with its document.
        said: why there is no alarm, or that there is one. ``raised``: from which probability on there is.
        curve: what it is of, from when to when; ``points``: of its line, as SVG has them; empty: there is no fix.
        level: height of the threshold. ``ticks``: place and words on the axis of time.
        rows: the last fixes: time, where, error, inside by itself, inside in all, verdict. ``of``: how many there were.
        otherwise: what would have made it otherwise.
    """

    rule: str
    asks: str
    said: str
    raised: str
    curve: str
    points: str
    level: float
    ticks: Sequence[tuple[float, str]]
    rows: Sequence[tuple[str, ...]]
    of: int
    otherwise: Sequence[str]


def shown(one: Explanation, words: Words) -> Why:
    """An explanation in words, and as a curve of how probable it was that somebody was inside."""
    t, zone = partial(text, words.language), _zone(one, words)
    is_barred, steps = one.asks == BARRED, one.steps
    limit = one.threshold if is_barred else 1.0 - one.threshold
    ends = (words.clock(steps[0].time), words.clock(steps[-1].time)) if steps else ("", "")
    return Why(
        t("why_rule_is", rule=one.rule, zone=zone), t("why_basis", text=one.text[words.language], basis=one.basis),
        why(one, words),
        t("why_raised" if is_barred else "why_raised_below", zone=zone, percent=words.percent(limit)),
        t("why_curve", zone=zone, since=ends[0], until=ends[1]),
        " ".join(f"{_x(step, steps):.1f},{_y(_inside(step.p, one)):.1f}" for step in steps), round(_y(limit), 1),
        _ticks(steps, words), [_row(step, one, words) for step in steps[-MOST_ROWS:]], one.left_out + len(steps),
        [flip_words(each, words) for each in one.flips],
    )  # fmt: skip


def _zone(one: Explanation, words: Words) -> str:
    return words.part(HOME) if one.zone.partition(":")[0] == HOME else one.zone_name


def _inside(breach: float, one: Explanation) -> float:
    return breach if one.asks == BARRED else 1.0 - breach


def _x(step: Step, steps: Sequence[Step]) -> float:
    return WIDE * (step.time - steps[0].time) / max(steps[-1].time - steps[0].time, 1.0)


def _y(probability: float) -> float:
    return TALL * (1.0 - probability)


def _ticks(steps: Sequence[Step], words: Words) -> list[tuple[float, str]]:
    if not steps:
        return []
    begin, lasts = steps[0].time, steps[-1].time - steps[0].time
    return [(round(WIDE * at / TICKS, 1), words.clock(begin + lasts * at / TICKS)) for at in range(TICKS + 1)]


def _row(step: Step, one: Explanation, words: Words) -> tuple[str, ...]:
    outwards = -step.beyond_m if one.asks == BARRED else step.beyond_m
    key = "why_out_by" if outwards > 0.0 else "why_in_by"
    return (
        words.clock(step.time, seconds=True), text(words.language, key, metres=round(abs(outwards))),
        words.distance(RADIUS95 * step.sigma_m), words.percent(_inside(step.says, one)),
        words.percent(_inside(step.p, one)), VERDICTS[step.verdict].of(words.language),
    )  # fmt: skip
