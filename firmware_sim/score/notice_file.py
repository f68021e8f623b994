"""A file of notices as the gateway's replay writes them: whom its ladder would have told, one a line."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from firmware_sim.score import tally
from firmware_sim.score.figures import Told
from firmware_sim.score.json_lines import read_lines

if TYPE_CHECKING:
    from pathlib import Path

    from firmware_sim.score.json_lines import Line

WEARER = "wearer"
RUNGS = ("staff_at_once", "next_rung", "leaders")
"""Of the ladder, from 0 on; what goes up does so because nobody has answered, and in a replay nobody answers."""
OTHERS = {"void": "void", "reminder": "reminder"}
"""Topics that are no rung: an alarm that was taken back, and what is to come for a wearer."""


def told(path: Path, until: float, device_months: float) -> Told:
    """Count a file of notices up to a time (UTC epoch seconds).

    Raises:
        ScoreFault: it cannot be read, or a line is no notice.
    """
    lines = [line for line in read_lines(path) if line.moment("owed") <= until]
    rungs = Counter(_rung(line) for line in lines)
    kinds = Counter(line.text("kind") for line in lines if _rung(line) not in RUNGS[1:])
    up = sum(rungs[rung] for rung in RUNGS[1:])
    return Told(
        answered=tally.rate(len(lines) - up, device_months), unanswered=tally.rate(len(lines), device_months),
        by_rung={name: tally.rate(rungs[name], device_months) for name in (WEARER, *RUNGS, *OTHERS)},
        by_kind={kind: tally.rate(count, device_months) for kind, count in sorted(kinds.items())},
    )  # fmt: skip


def _rung(line: Line) -> str:
    topic, rung = line.text("topic"), int(line.number("rung"))
    if topic in OTHERS:
        return OTHERS[topic]
    if line.text("to") == WEARER:
        return WEARER
    if not 0 <= rung < len(RUNGS):
        raise line.fault(f"rung {rung}; it has to be from 0 to {len(RUNGS) - 1}")
    return RUNGS[rung]
