"""The month in tables: how many alarms, of what, whose, when, how they ended, and how soon somebody looked."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from gateway.reports.cases import NOBODY, STANDINGS, UNMARKED, Counting, Sought, share_of
from gateway.reports.necessity import few
from gateway.reports.shares import quantile
from gateway.reports.tables import Cell, Table
from gateway.reports.texts import said
from gateway.words.act_phrases import CAUSES
from gateway.words.kind_names import kind_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from gateway.reports.cases import Case
    from gateway.reports.shares import Share
    from gateway.words.alarm_words import Words

MONTH_DAYS: Final = 30.0
"""Days of a device-month."""
IN_TIME: Final = "acknowledged"
HOURS: Final = 24
HOUR: Final = 3600.0


@dataclass(frozen=True, slots=True)
class Month:
    """What a month is counted from.

    Attributes:
        counting: its alarms.
        device_days: of bracelets and phones, worn with authority.
        offices: all that the registers name, by code.
        minors: people under age; ``minors_worn``: how many of them had a device.
        words: the reader's; ``called``: what an office is called, by its code.
        drills: the month's in one line.
    """

    counting: Counting
    device_days: float
    offices: Sequence[str]
    minors: frozenset[str]
    minors_worn: int
    words: Words
    called: Callable[[str], str] = str
    drills: str = "—"


def month_tables(month: Month) -> tuple[Table, ...]:
    """All tables of a month."""
    return (_overview(month), _by_office(month), _by_kind(month), _by_hour(month), _by_cause(month))


def per_device_month(alarms: int, device_days: float) -> float | None:
    """Alarms for each 30 days that a device was worn; None: none was."""
    return alarms / (device_days / MONTH_DAYS) if device_days else None


def within_said(seconds: float, words: Words) -> str:
    """A limit as people say it: whole hours without minutes."""
    if seconds >= HOUR and seconds % HOUR == 0:
        return f"{seconds / HOUR:.0f}{'小时' if words.language == 'zh' else ' h'}"
    return words.lasted(seconds)


def _overview(month: Month) -> Table:
    language, cases = month.words.language, month.counting.cases
    rate = per_device_month(len(cases), month.device_days)
    rows = [
        ("alarms", Cell(said("alarms_count", language, count=len(cases)), _query(Sought()))),
        ("device_month", Cell("—" if rate is None else said("device_month_rate", language, rate=f"{rate:.1f}"))),
        ("device_days", Cell(f"{month.device_days:.0f}")),
        ("false_share", _false(month, cases, Sought(standing="false"))),
        ("in_time", _in_time(month, cases, Sought(missed=IN_TIME))),
        ("to_acknowledge", Cell(_times([one.acknowledged_after for one in cases if one.asks], month.words))),
        ("to_close", Cell(_times([one.closed_after for one in cases], month.words))),
        ("minors_worn", Cell(few(month.minors_worn))),
        ("minors_alarms", Cell(few(len({one.episode.person for one in cases} & month.minors)))),
        ("drills_month", Cell(month.drills)),
    ]
    within = within_said(month.counting.settings.acknowledge_seconds, month.words)
    lines = tuple((Cell(said(key, language, within=within)), cell) for key, cell in rows)
    heads = (said("figure", language), said("value", language))
    return Table("overview", said("overview", language), heads, lines, said("offices_as_raised", language))


def _by_office(month: Month) -> Table:
    language = month.words.language
    known = {one.office for one in month.counting.cases} | set(month.offices)
    offices = [*sorted(known - {NOBODY, ""}), *([NOBODY] if NOBODY in known else [])]
    rows = [_office_row(month, each) for each in [*offices, ""]]
    heads = (*_heads(month, "office"), said("late", language), said("false_share", language), _in_time_head(month))
    return Table("by_office", said("by_office", language), heads, tuple(rows))


def _office_row(month: Month, office: str) -> tuple[Cell, ...]:
    """Of an office; an empty one: of the county."""
    language, meant = month.words.language, Sought(office=office)
    cases = month.counting.of(meant)
    names = {"": said("county", language), NOBODY: said("no_office", language)}
    name = names[office] if office in names else month.called(office)
    false = _false(month, cases, replace(meant, standing="false"))
    is_small = office not in {"", NOBODY} and _false_share(cases).is_small
    marked = replace(false, text=f"{false.text} {said('few', language)}") if is_small else false
    late = replace(meant, missed=IN_TIME)
    return (Cell(name), *_counts(month, meant), _counted(month, late), marked, _in_time(month, cases, late))


def _by_kind(month: Month) -> Table:
    language = month.words.language
    kinds = sorted({one.episode.kind for one in month.counting.cases})
    rows = tuple((Cell(kind_name(each, language)), *_counts(month, Sought(kind=each))) for each in kinds)
    return Table("by_kind", said("by_kind", language), tuple(_heads(month, "kind")), rows)


def _by_hour(month: Month) -> Table:
    language = month.words.language
    row = (Cell(said("count", language)), *(_counted(month, Sought(hour=str(each))) for each in range(HOURS)))
    heads = (said("hour", language), *(f"{each:02d}" for each in range(HOURS)))
    return Table("by_hour", said("by_hour", language), heads, (row,))


def _by_cause(month: Month) -> Table:
    language, standings = month.words.language, ("false", "technical")
    heads = (said("cause", language), *(said(f"standing_{each}", language) for each in standings))
    names = {key: name.of(language) for key, name in CAUSES.items()} | {UNMARKED: said("unmarked", language)}
    rows = tuple(
        (Cell(name), *(_counted(month, Sought(cause=cause, standing=each)) for each in standings))
        for cause, name in names.items()
    )
    return Table("by_cause", said("by_cause", language), heads, rows)


def _heads(month: Month, first: str) -> Iterator[str]:
    for key in (first, "count", *(f"standing_{each}" for each in STANDINGS)):
        yield said(key, month.words.language)


def _in_time_head(month: Month) -> str:
    return said(
        "in_time", month.words.language, within=within_said(month.counting.settings.acknowledge_seconds, month.words)
    )


def _counts(month: Month, meant: Sought) -> Iterator[Cell]:
    """All, and by how they ended."""
    for each in ("", *STANDINGS):
        yield _counted(month, replace(meant, standing=each))


def _counted(month: Month, meant: Sought) -> Cell:
    """A number, and the way to the cases behind it where there are any."""
    count = month.counting.count(meant)
    return Cell(str(count), _query(meant) if count else "")


def _query(meant: Sought) -> str:
    return meant.query or "all=1"


def _false_share(cases: Sequence[Case]) -> Share:
    """Closed as false, of all that a person has closed."""
    return share_of(one.standing == "false" if one.closed_after is not None else None for one in cases)


def _false(month: Month, cases: Sequence[Case], meant: Sought) -> Cell:
    return Cell(str(_false_share(cases)), _query(meant) if month.counting.count(meant) else "")


def _in_time(month: Month, cases: Sequence[Case], meant: Sought) -> Cell:
    counting = month.counting
    share = share_of(counting.answer(IN_TIME, one) for one in cases)
    return Cell(str(share), _query(meant) if counting.count(meant) else "")


def _times(seconds: Sequence[float | None], words: Words) -> str:
    """Median, and the time within which nine in ten were done; a dash where nothing was."""
    known = [each for each in seconds if each is not None]
    parts = [each for each in (quantile(known, 0.5), quantile(known, 0.9)) if each is not None]
    return (", " if words.language == "en" else "，").join(words.lasted(each) for each in parts) or "—"
