"""What a day asks for: holidays that are not published, and reviews that are due."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from gateway.settings.calendar import midnight
from gateway.settings.law import reviews

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gateway.settings.entries import Entry
    from gateway.settings.faults import Findings
    from gateway.settings.model import Configuration, Rule
    from gateway.settings.raw import RuleEntry

OCTOBER: Final = 10
"""From this month on the next year's holidays are asked for: they are published in autumn."""
AHEAD: Final = timedelta(days=7)
"""Before the day by which a review is due, from when on it is said."""


def unpublished(configuration: Configuration, today: date) -> list[int]:
    """Years, of this one and from autumn on the next, in which a rule goes by holidays that are not known."""
    years = [today.year, today.year + 1] if today.month >= OCTOBER else [today.year]
    rules = [rule for rule in configuration.rules if _by_calendar(rule)]
    zone = ZoneInfo(configuration.county.timezone)
    return [
        year for year in years if year not in configuration.calendar.published
        and any(_binds_in(rule, year, zone) for rule in rules)
    ]  # fmt: skip


def _by_calendar(rule: Rule) -> bool:
    return rule.curfew is not None and rule.curfew.by_calendar


def _binds_in(rule: Rule, year: int, zone: ZoneInfo) -> bool:
    return rule.start < midnight(date(year + 1, 1, 1), zone) and rule.until > midnight(date(year, 1, 1), zone)


def note_unpublished(
    today: date, entries: Sequence[Entry[RuleEntry]], configuration: Configuration, findings: Findings
) -> None:
    """Note those years at the first rule that goes by holidays; the rules are those of ``entries``."""
    for year in unpublished(configuration, today):
        entry = next(each for each, rule in zip(entries, configuration.rules, strict=True) if _by_calendar(rule))
        findings.warn(entry.place("curfew"), "year_unpublished", year=year)


def reviews_due(configuration: Configuration, today: date) -> dict[str, date]:
    """By person, until when it is to be asked whether positioning is still necessary: from AHEAD before that day on."""
    zone = ZoneInfo(configuration.county.timezone)
    due = [
        (each.person, day)
        for each in configuration.authorities for day in reviews(each, zone) if today <= day <= today + AHEAD
    ]  # fmt: skip
    return dict(sorted(due, reverse=True))
