"""The demo's count at its end, in words."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from rich.table import Table

from gateway.demo.words import WORDS
from gateway.words.alarm_list import local
from gateway.words.kind_names import kind_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from rich.console import Console

    from gateway.demo.tally import Count, Expected
    from gateway.demo.watch import Watcher

LEAST_EXPECTED = 10
FIRST_KINDS = frozenset({
    "inclusion_exit", "exclusion_enter", "curfew_absent", "repeated_place", "strap_cut", "battery_low", "sos",
    "comms_lost",
})  # fmt: skip


def summary(console: Console, language: str, result: Count, watcher: Watcher, bracelets: Mapping[str, int]) -> int:
    """Print the count; returns 0 only if at least 10 alarms were expected, each kind occurred and none was wrong."""
    shown = Table(title=WORDS["summary"].of(language), show_header=False)
    for name, value in _figures(result, watcher, bracelets).items():
        shown.add_row(WORDS[name].of(language), f"{value:,}")
    console.print(shown)
    for line in _explained(language, result, watcher):
        console.print(line, markup=False, soft_wrap=True)
    well = result.expected >= LEAST_EXPECTED and result.kinds >= FIRST_KINDS
    return 0 if well and not (result.missing or result.false or result.doubled) else 1


def _figures(result: Count, watcher: Watcher, bracelets: Mapping[str, int]) -> dict[str, int]:
    made, acknowledged = bracelets.get("made", 0), bracelets.get("acknowledged", 0)
    return {
        "made": made, "sent": bracelets.get("sent", 0), "acknowledged": acknowledged, "kept": made - acknowledged,
        "journaled_reports": watcher.reports, "journaled": watcher.frames,
        "expected": result.expected, "found": len(result.found), "received": result.received,
        "missing": len(result.missing), "false": len(result.false), "doubled": len(result.doubled),
        "naive": watcher.naive,
    }  # fmt: skip


def _explained(language: str, result: Count, watcher: Watcher) -> Iterator[str]:
    """What was found, by kind; every alarm that is wrong."""
    zone = ZoneInfo(watcher.configuration.county.timezone)
    kinds = Counter(expected.kind for expected, _ in result.found)
    said = {
        "found": [_numbers(kinds, language)],
        "naive": [_numbers(watcher.naive_by_kind, language)],
        "missing": [_wanted(wanted, language, zone) for wanted in result.missing],
        "false": [alarm.event["data"]["text"][language] for alarm in result.false],
        "doubled": result.doubled,
        "not_occurred": [kind_name(kind, language) for kind in sorted(FIRST_KINDS - result.kinds)],
    }
    colon = "：" if language == "zh" else ": "
    for word, lines in said.items():
        yield from (f"{WORDS[word].of(language)}{colon}{line}" for line in lines)


def _numbers(kinds: Mapping[str, int], language: str) -> str:
    names = {kind: WORDS[kind].of(language) if kind in WORDS else kind_name(kind, language) for kind in kinds}
    comma = "，" if language == "zh" else ", "
    return comma.join(f"{names[kind]} {number}" for kind, number in sorted(kinds.items()))


def _wanted(wanted: Expected, language: str, zone: ZoneInfo) -> str:
    return f"{local(wanted.onset, zone)} {wanted.device} {kind_name(wanted.kind, language)}"
