"""The city's count: of each county what its gateway told and what a worker told, against the simulator's truth."""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING, Final

from rich.table import Table

from gateway.demo.city.words import ROLES, TIMES, WORDS
from gateway.demo.tally import count
from gateway.words.alarm_list import local
from gateway.words.kind_names import kind_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from zoneinfo import ZoneInfo

    from gateway.demo.city.takeovers import Takeover
    from gateway.demo.tally import Count, Expected, Platform

MARGIN: Final = 1200.0
"""Simulated seconds in which an alarm must have come."""
_FIGURES: Final = ("expected", "found", "missing", "false", "doubled")


def counted(expected: list[Expected], platform: Platform, now: float) -> Count:
    """The count up to a simulated moment: what came too shortly before it is not missing."""
    found = count([one for one in expected if one.onset <= now], platform)
    found.missing = [one for one in found.missing if one.onset + MARGIN <= now]
    found.expected = len(found.found) + len(found.missing)
    return found


def is_well(counts: Mapping[tuple[str, str], Count]) -> bool:
    """Whether something was found everywhere, and nothing is missing or came twice."""
    return all(one.found and not one.missing and not one.doubled for one in counts.values())


def table(counts: Mapping[tuple[str, str], Count], language: str) -> Table:
    """A row a county and source."""
    shown = Table(title=WORDS["count"].of(language))
    for name in ("county", "source", *_FIGURES):
        shown.add_column(WORDS[name].of(language), justify="right")
    for (code, source), one in counts.items():
        figures = (one.expected, *(len(each) for each in (one.found, one.missing, one.false, one.doubled)))
        shown.add_row(code, WORDS[f"of_{source}"].of(language), *map(str, figures))
    return shown


def lines(
    counts: Mapping[tuple[str, str], Count], takeovers: Sequence[Takeover], language: str, zone: ZoneInfo
) -> Iterator[str]:
    """Each alarm that is wrong, and how long takeovers took."""
    for (code, source), one in counts.items():
        wrong = [("missing", f"{local(each.onset, zone)} {each.device} {kind_name(each.kind, language)}")
                 for each in one.missing]  # fmt: skip
        wrong += [("false", each.event["data"]["text"][language]) for each in one.false]
        wrong += [("doubled", each) for each in one.doubled]
        for word, said in wrong:
            yield f"{WORDS[word].of(language)}: {code} {WORDS[f'of_{source}'].of(language)} {said}"
    for role, called in ROLES.items():
        times = [one.seconds for one in takeovers if one.role == role]
        if times:
            yield TIMES.filled(
                count=len(times), role=called.of(language), middle=median(times), longest=max(times)
            ).of(language)  # fmt: skip
