"""One report as it is shown: what has to be said of it, and its tables."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from gateway.reports.appraisal import appraise
from gateway.reports.cases import Counting, cases_of
from gateway.reports.drills import drill_tables, drills_of, summary
from gateway.reports.month import Month, month_tables
from gateway.reports.necessity import early, necessity
from gateway.reports.noise import noise
from gateway.reports.other_tables import APPRAISAL, appraisal_tables, necessity_tables, noise_tables
from gateway.reports.period import DAY, SILENT, Period, kept_of, standing, year_to
from gateway.reports.texts import said
from gateway.reports.worn import device_days, people_within

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from zoneinfo import ZoneInfo

    from gateway.engine import Episode, NoticeRecord
    from gateway.reports.tables import Table
    from gateway.settings.model import Authority, Configuration
    from gateway.words.alarm_words import Words


OF_THEN: Final = frozenset({"necessity", APPRAISAL})
"""Parts that say what was lifted early."""
BEFORE: Final = 31 * DAY
"""Seconds before a period within which an authority may have been shortened that ends in it."""


@dataclass(frozen=True, slots=True)
class Known:
    """What a report is made of.

    Attributes:
        configuration: in force.
        now: UTC epoch seconds.
        since: of when the oldest record is; None: there is none.
        episodes: those that were raised within :func:`span_of`.
        confirmed: people of whom an alarm that is kept was closed as confirmed.
        called: what an office is called, by its code.
        then: authorities that stood before, of the parts of :data:`OF_THEN`.
        notices: of drills, by alarm (:func:`gateway.reports.drills.drills_among`).
    """

    configuration: Configuration
    now: float
    since: float | None
    episodes: Sequence[Episode]
    confirmed: frozenset[str]
    called: Callable[[str], str] = str
    then: Sequence[Sequence[Authority]] = ()
    notices: Mapping[str, Sequence[NoticeRecord]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A report: its part and month, what has to be said first, its tables (none where no figure may be shown)."""

    part: str
    month: str
    title: str
    lines: tuple[str, ...]
    tables: tuple[Table, ...]
    foot: str


def then_of(part: str, month: Period, zone: ZoneInfo) -> Period | None:
    """Of which time it is needed what the registers said; None: of none."""
    if part not in OF_THEN:
        return None
    span = span_of(part, month, zone)
    return replace(span, start=span.start - BEFORE)


def span_of(part: str, month: Period, zone: ZoneInfo) -> Period:
    """Of which period the alarms are needed for a part of :data:`PARTS`."""
    return year_to(month, zone) if part == APPRAISAL else month


def sheet_of(part: str, month: Period, known: Known, words: Words) -> Sheet:
    """A report of a month; ``part``: a key of :data:`PARTS`."""
    alarm_days = known.configuration.storage.alarm_days
    words_for = standing(month, known.now, known.since, alarm_days)
    told = {
        "month": month.name, "days": alarm_days, "now": _moment(known.now, words),
        "since": said("nothing_ever", words.language) if known.since is None else words.day(known.since),
    }  # fmt: skip
    lines = [said(f"standing_{word}", words.language, **told) for word in words_for]
    tables: tuple[Table, ...] = ()
    if not SILENT.intersection(words_for):
        more, tables = PARTS[part](month, known, words)
        lines += more
    title = f"{said(part, words.language)} {month.name}"
    return Sheet(part, month.name, title, tuple(lines), tables, said("foot", words.language))


def counting_of(month: Period, known: Known, words: Words) -> Counting:
    """The alarms of a period as all its figures count them."""
    return Counting(cases_of(known.episodes, month, words.zone), known.now, known.configuration.appraisal)


def counting_behind(part: str, month: Period, known: Known, words: Words) -> Counting:
    """Those that the figures of a part are of."""
    return counting_of(_year(month, known, words) if part == APPRAISAL else month, known, words)


def _year(month: Period, known: Known, words: Words) -> Period:
    """Of the year up to a month's end, what all alarms are still known of."""
    alarm_days = known.configuration.storage.alarm_days
    return kept_of(year_to(month, words.zone), known.now, known.since, alarm_days, words.zone)


Made = tuple[list[str], "tuple[Table, ...]"]


def _month(month: Period, known: Known, words: Words) -> Made:
    people, until = known.configuration.people, min(month.until, known.now)
    since = max(month.start, known.since or month.start)
    minors = frozenset(one.person for one in people.values() if one.minor)
    offices = sorted({one.office for one in people.values() if not one.protected} - {""})
    made = Month(
        counting_of(month, known, words), device_days(known.configuration, since, until), offices, minors,
        len(people_within(known.configuration, since, until) & minors), words,
        known.called, summary(drills_of(known.episodes, known.notices, month), words),
    )  # fmt: skip
    return [], month_tables(made)


def _necessity(month: Period, known: Known, words: Words) -> Made:
    found = necessity(known.configuration, month, known.now, known.confirmed, known.then)
    return [], necessity_tables(found, words, known.called)


def _appraisal(month: Period, known: Known, words: Words) -> Made:
    configuration, kept = known.configuration, _year(month, known, words)
    turns = early(necessity(configuration, kept, known.now, known.confirmed, known.then))
    scores = appraise(counting_of(kept, known, words), turns)
    is_less = kept.start > year_to(month, words.zone).start
    more = [said("standing_kept", words.language, start=words.day(kept.start))] if is_less else []
    return more, appraisal_tables(scores, configuration.appraisal, words, known.called)


def _noise(month: Period, known: Known, words: Words) -> Made:
    cases = cases_of(known.episodes, month, words.zone)
    return [], noise_tables(noise(cases, month, known.now, known.configuration.console.operators), words)


def _drills(month: Period, known: Known, words: Words) -> Made:
    return [], drill_tables(drills_of(known.episodes, known.notices, month), words)


NOISE: Final = "noise"
DRILLS: Final = "drills"
PARTS: Final[Mapping[str, Callable[[Period, Known, Words], Made]]] = {
    "month": _month, "necessity": _necessity, APPRAISAL: _appraisal, NOISE: _noise, DRILLS: _drills,
}  # fmt: skip
"""By part: what has to be said besides, and the tables."""


def _moment(at: float, words: Words) -> str:
    return f"{words.day(at)} {words.clock(at)[-5:]}"
