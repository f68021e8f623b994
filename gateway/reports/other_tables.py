"""Necessity, appraisal and the desk's load in tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gateway.reports.appraisal import MEASURES
from gateway.reports.cases import QUESTIONS, Sought
from gateway.reports.month import within_said
from gateway.reports.necessity import few
from gateway.reports.shares import tenths
from gateway.reports.tables import Cell, Table
from gateway.reports.texts import said
from gateway.words.kind_names import kind_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from gateway.reports.appraisal import Score
    from gateway.reports.necessity import Necessity, Turn
    from gateway.reports.noise import Noise
    from gateway.settings.model import Appraisal
    from gateway.words.alarm_words import Words


APPRAISAL: Final = "appraisal"


def _table(key: str, heads: Iterable[str], rows: Iterable[Iterable[Cell]], words: Words, note: str = "") -> Table:
    language = words.language
    return Table(
        key, said(key, language), tuple(said(each, language) for each in heads), tuple(tuple(row) for row in rows),
        said(note, language) if note else "",
    )  # fmt: skip


def necessity_tables(found: Necessity, words: Words, called: Callable[[str], str] = str) -> tuple[Table, ...]:
    """What was extended, lifted early and ran out, each with its document; and who has worn a bracelet for long.

    ``called``: what an office is called, by its code.
    """
    language = words.language
    counts = {name: str(len(getattr(found, name))) for name in ("extended", "lifted", "expired", "long")}
    counts["minors_worn"] = few(found.minors)
    counted = ((Cell(said(name, language)), Cell(count)) for name, count in counts.items())
    extended = (
        (*_turn(one, called), Cell(one.assessment or said("no_assessment", language)), Cell(words.day(one.at)))
        for one in found.extended
    )
    lifted = ((*_turn(one, called), Cell(words.day(one.at)), Cell(str(one.days))) for one in found.lifted)
    expired = ((*_turn(one, called), Cell(words.day(one.at - 1.0))) for one in found.expired)
    long = (
        (Cell(one.person, person=one.person), Cell(called(one.office)), Cell(str(one.days))) for one in found.long
    )  # fmt: skip
    return (
        _table("necessity_counts", ("figure", "number"), counted, words),
        _table("extended", ("office", "document", "assessment", "since"), extended, words),
        _table("lifted", ("office", "document", "on", "days_left"), lifted, words, "lifted_is"),
        _table("expired", ("office", "document", "last_day"), expired, words),
        _table("long", ("person", "office", "days_worn"), long, words, "long_is"),
    )


def _turn(one: Turn, called: Callable[[str], str]) -> tuple[Cell, Cell]:
    return Cell(called(one.office)), Cell(one.document)


def appraisal_tables(
    scores: Sequence[Score], settings: Appraisal, words: Words, called: Callable[[str], str] = str
) -> tuple[Table, ...]:  # fmt: skip
    """The score table: a row an office, by code; ``called``: what one is called."""
    language = words.language
    weighed = [name for name in MEASURES if settings.weights[name]]
    within = {"acknowledged": settings.acknowledge_seconds, "closed": settings.close_seconds}
    measures = [
        said("weight", language, weight=settings.weights[name],
             measure=said(f"measure_{name}", language, within=within_said(within.get(name, 0.0), words)))
        for name in weighed
    ]  # fmt: skip
    heads = (
        *(said(each, language) for each in ("office", "cases")),
        *measures,
        said("score", language),
        said("place", language),
    )
    rows = tuple(
        (
            Cell(called(one.office)), _behind(str(one.cases), one.office, asked="yes" if one.cases else ""),
            *(_share(one, name) for name in weighed), Cell(_points(one)), Cell(_place(one, language)),
        )
        for one in scores
    )  # fmt: skip
    return (Table("score_table", said("score_table", language), heads, rows, said("score_is", language)),)


def _share(one: Score, name: str) -> Cell:
    """A share, and the way to the cases that it lacks."""
    share = one.shares[name]
    is_missed = name in QUESTIONS and share.true < share.count
    return _behind(str(share), one.office, missed=name if is_missed else "")


def _behind(text: str, office: str, **words: str) -> Cell:
    return Cell(text, f"part={APPRAISAL}&{Sought(office=office, **words).query}" if any(words.values()) else "")


def _points(one: Score) -> str:
    return "—" if one.points is None else f"{tenths(one.points)} [{tenths(one.low)}, {tenths(one.high)}]"


def _place(one: Score, language: str) -> str:
    if one.place is not None:
        return str(one.place)
    return said(one.why, language)


def noise_tables(found: Noise, words: Words) -> tuple[Table, ...]:
    """The desk's load, and what makes it."""
    language = words.language
    figures = {
        "operator_day": _rate(found.operator_day, 1), "ten_minutes": _rate(found.ten_minutes, 3),
        "peak": str(found.peak), "floods": str(found.floods),
    }  # fmt: skip
    worst = (
        (Cell(kind_name(one.kind, language)), Cell(one.rule), Cell(one.zone), Cell(str(one.alarms)))
        for one in found.worst
    )
    return (
        _table(
            "load", ("figure", "value"), ((Cell(said(name, language)), Cell(said_)) for name, said_ in figures.items()),
            words, "load_is",
        ),
        _table("worst", ("kind", "rule", "zone", "count"), worst, words),
        *(
            _table(
                key, ("kind", "count"), ((Cell(kind_name(kind, language)), Cell(str(count))) for kind, count in counts),
                words,
            )
            for key, counts in (("stale", found.stale), ("chattering", found.chattering))
        ),
    )  # fmt: skip


def _rate(value: float | None, digits: int) -> str:
    return "—" if value is None else f"{value:.{digits}f}"
