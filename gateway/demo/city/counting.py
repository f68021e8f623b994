"""The city's count: of each county what its gateway told and what a worker told, against the simulator's truth."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from statistics import median
from typing import TYPE_CHECKING, Final

from rich.table import Table

from gateway.demo.city.words import ROLES, TIMES, WORDS
from gateway.demo.tally import Count, count
from gateway.words.alarm_list import local
from gateway.words.kind_names import kind_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from zoneinfo import ZoneInfo

    from gateway.demo.city.takeovers import Takeover
    from gateway.demo.tally import Expected, Platform

MARGIN: Final = 1200.0
"""Simulated seconds in which an alarm must have come."""
_FIGURES: Final = ("expected", "found", "missing", "false", "doubled", "disordered")


@dataclass(slots=True)
class CityCount(Count):
    """A count, and the alarms of which something older was told after something newer."""

    disordered: list[str] = field(default_factory=list)


def counted(expected: list[Expected], platform: Platform, now: float) -> CityCount:
    """The count up to a simulated moment: what came too shortly before it is not missing."""
    plain = count([one for one in expected if one.onset <= now], platform)
    found = CityCount(
        plain.expected, plain.received, plain.found, plain.missing, plain.false, plain.doubled, disordered(platform)
    )
    found.missing = [one for one in found.missing if one.onset + MARGIN <= now]
    found.expected = len(found.found) + len(found.missing)
    return found


def disordered(platform: Platform) -> list[str]:
    """Alarms of which an older revision came behind a newer one."""
    last: dict[str, int] = {}
    found = []
    for event in platform.order:
        alarm, revision = event["data"]["alarm"], event["data"]["revision"]
        if revision < last.setdefault(alarm, revision):
            found.append(alarm)
        last[alarm] = revision
    return found


def is_well(counts: Mapping[tuple[str, str], CityCount]) -> bool:
    """Whether something was found everywhere, and nothing is missing, came twice or out of order."""
    return all(one.found and not (one.missing or one.doubled or one.disordered) for one in counts.values())


def table(counts: Mapping[tuple[str, str], CityCount], language: str) -> Table:
    """A row a county and source."""
    shown = Table(title=WORDS["count"].of(language))
    for name in ("county", "source", *_FIGURES):
        shown.add_column(WORDS[name].of(language), justify="right")
    for (code, source), one in counts.items():
        figures = (one.expected, *(len(getattr(one, name)) for name in _FIGURES[1:]))
        shown.add_row(code, WORDS[f"of_{source}"].of(language), *map(str, figures))
    return shown


def lines(
    counts: Mapping[tuple[str, str], CityCount], takeovers: Sequence[Takeover], language: str, zone: ZoneInfo
) -> Iterator[str]:
    """Each alarm that is wrong, and how long takeovers took."""
    for (code, source), one in counts.items():
        wrong = [("missing", f"{local(each.onset, zone)} {each.device} {kind_name(each.kind, language)}")
                 for each in one.missing]  # fmt: skip
        wrong += [("false", each.event["data"]["text"][language]) for each in one.false]
        wrong += [(word, each) for word in ("doubled", "disordered") for each in getattr(one, word)]
        for word, said in wrong:
            yield f"{WORDS[word].of(language)}: {code} {WORDS[f'of_{source}'].of(language)} {said}"
    for role, called in ROLES.items():
        times = [one.seconds for one in takeovers if one.role == role]
        if times:
            took = {"middle": median(times), "most": within(times), "longest": max(times)}
            yield TIMES.filled(count=len(times), role=called.of(language), **took).of(language)


def within(times: Sequence[float], share: float = 0.95) -> float:
    """The least of some times within which so many of them are."""
    return sorted(times)[math.ceil(share * len(times)) - 1]
