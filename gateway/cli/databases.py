"""Alarms, acts and counts of a county written as a database, for an auditor, the procuratorate or statistics."""

from __future__ import annotations

import random
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from gateway.cli.county import stored
from gateway.cli.disclosure import caller_for, check_words, may_approve, note, put, storage_for
from gateway.cli.looks import moment_of
from gateway.clock import iso
from gateway.control.messages import Request
from gateway.control.rights import check_right
from gateway.errors import UserFault
from gateway.evidence.database import Names, database_of
from gateway.words.evidence_words import DATABASE_PURPOSES, DATABASE_TO, MARK
from gateway.words.phrases import LANGUAGE, phrase

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gateway.cli.disclosure import Asked
    from gateway.control.rights import Caller
    from gateway.engine import Episode
    from gateway.settings.model import Configuration

WHAT: Final = "database"
"""As the audit log calls it."""
STATISTICS: Final = "statistics"
PLACES_TO: Final = "procuratorate"
"""Who alone may have places of more than one case."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Which alarms: those that began since <= onset < until, as typed; and whether with their places."""

    since: str
    until: str
    places: bool


def export_database(configuration: Configuration, asked: Asked, stretch: Stretch) -> str:
    """Write the database; what to tell whoever asked for it.

    Raises:
        UserFault: it may not be handed over so, or what was typed cannot be so; the text says why.
        TransientFault, OurFault: something cannot be read or written.
    """
    storage_for(configuration)
    caller = caller_for(configuration, asked.by)
    try:
        begin, end = _checked(configuration, caller, asked, stretch)
    except UserFault:
        note(configuration, caller, (WHAT, ""), asked, "", ok=False)
        raise
    with stored(configuration) as store:
        alarms = [one for one in store.episodes(unresolved=False) if begin <= one.onset < end]
    held = list(_shown(configuration, alarms, asked))
    note(configuration, caller, (WHAT, ""), asked, f"{iso(begin)}/{iso(end)}" + " places" * stretch.places, ok=True)
    names = Names(random.SystemRandom().shuffle if asked.to == STATISTICS else None)
    about = _about(asked, caller, begin, end, configuration)
    octets = database_of(held, names, about, ZoneInfo(configuration.county.timezone), places=stretch.places)
    put(asked.path, octets)
    said = phrase("database_written", path=asked.path, alarms=len(held), left=len(alarms) - len(held))
    return said.of(LANGUAGE.get())


def _checked(configuration: Configuration, caller: Caller, asked: Asked, stretch: Stretch) -> tuple[float, float]:
    """Since when, and until when.

    Raises:
        UserFault: it may not be.
    """
    check_words(asked, DATABASE_TO, DATABASE_PURPOSES)
    may = check_right(caller, Request(WHAT))
    if may.within is not None:
        raise UserFault(phrase("database_office", number=caller.number))
    if not may_approve(configuration, caller, asked.approved_by):
        raise UserFault(phrase("evidence_approver", number=asked.approved_by))
    if stretch.places and asked.to != PLACES_TO:
        raise UserFault(phrase("database_places", to=asked.to, allowed=PLACES_TO))
    zone, now = ZoneInfo(configuration.county.timezone), time.time()
    begin = moment_of("--since", stretch.since, zone)
    end = min(now, moment_of("--until", stretch.until, zone)) if stretch.until else now
    if begin >= end:
        raise UserFault(phrase("export_times", since=stretch.since, until=stretch.until or iso(now)))
    return begin, end


def _shown(configuration: Configuration, alarms: list[Episode], asked: Asked) -> Iterator[Episode]:
    """Of protected people none is, of minors none unless asked for, and never for statistics."""
    minors = asked.minor and asked.to != STATISTICS
    for one in alarms:
        person = configuration.people.get(one.person)
        if person is None or not (person.protected or (person.minor and not minors)):
            yield one


def _about(asked: Asked, caller: Caller, begin: float, end: float, configuration: Configuration) -> dict[str, str]:
    language = LANGUAGE.get()
    mark = MARK.of(language).format(
        to=DATABASE_TO[asked.to].of(language), purpose=DATABASE_PURPOSES[asked.purpose].of(language),
        document=asked.document, by=caller.number, approved_by=asked.approved_by, at=iso(end),
    )  # fmt: skip
    return {
        "mark": mark, "county": configuration.county.code, "since": f"{iso(begin)}", "until": f"{iso(end)}",
        "to": asked.to, "purpose": asked.purpose, "document": asked.document,
    }  # fmt: skip
