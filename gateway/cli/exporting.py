"""A person's whole record exported, in a form for maps, tables or programs."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from gateway.cli.disclosure import caller_for, check_person, check_words, note, put, storage_for
from gateway.cli.handing_over import put_down
from gateway.cli.looks import moment_of
from gateway.clock import iso
from gateway.errors import UserFault
from gateway.evidence.record import fixes_of, json_of, record_of
from gateway.words.evidence_words import EXPORT_PURPOSES, EXPORT_TO, MARK
from gateway.words.phrases import LANGUAGE, phrase
from gateway.words.track_formats import Track, csv_of, geojson_of, gpx_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from gateway.cli.disclosure import Asked
    from gateway.control.rights import Caller
    from gateway.evidence.record import Record
    from gateway.settings.model import Configuration

WHAT: Final = "export"
"""As the audit log calls it."""
DAY: Final = 86_400.0


def _of_track(form: Callable[[Track, str], str]) -> Callable[[Record, str], str]:
    def said(one: Record, mark: str) -> str:
        county = one.policy.configuration.county
        track = Track(one.person, one.fixes, county.maps, ZoneInfo(county.timezone), LANGUAGE.get())
        return form(track, mark)

    return said


FORMATS: Final[Mapping[str, Callable[[Record, str], str]]] = {
    ".fixes.csv": fixes_of, ".json": json_of, ".geojson": _of_track(geojson_of), ".gpx": _of_track(gpx_of),
    ".csv": _of_track(csv_of),
}  # fmt: skip
"""By the end of the file's name, the longest first."""


def export_record(configuration: Configuration, person: str, asked: Asked, since: str, until: str) -> str:
    """Write a person's record; what to tell whoever asked for it.

    Args:
        configuration: in force.
        person: an id.
        asked: for whom and what for.
        since: as typed; empty: as far back as places are kept.
        until: as typed; empty: now.

    Raises:
        UserFault: it may not be handed over, or what was typed cannot be so; the text says why.
        TransientFault, OurFault: something cannot be read or written.
    """
    storage, caller = storage_for(configuration), caller_for(configuration, asked.by)
    try:
        _check(configuration, person, caller, asked)
    except UserFault:
        note(configuration, caller, (WHAT, person), asked, "", ok=False)
        raise
    begin, end = _times(configuration, since, until)
    put_down(configuration, asked.by)
    one = record_of(storage, person, begin, end)
    note(configuration, caller, (WHAT, person), asked, f"{iso(begin)}/{iso(end)}", ok=True)
    mark = MARK.of(LANGUAGE.get()).format(
        to=EXPORT_TO[asked.to].of(LANGUAGE.get()), purpose=EXPORT_PURPOSES[asked.purpose].of(LANGUAGE.get()),
        document=asked.document, by=caller.number, approved_by=asked.approved_by, at=iso(end),
    )  # fmt: skip
    put(asked.path, _form(asked.path)(one, mark).encode())
    said = phrase("export_written", path=asked.path, fixes=len(one.fixes), alarms=len(one.alarms))
    return said.of(LANGUAGE.get())


def _check(configuration: Configuration, person: str, caller: Caller, asked: Asked) -> None:
    check_words(asked, EXPORT_TO, EXPORT_PURPOSES)
    _form(asked.path)
    if person not in configuration.people:
        raise UserFault(phrase("person_unknown", value=person))
    check_person(configuration, configuration.people[person], "", caller, asked, WHAT)


def _form(path: Path) -> Callable[[Record, str], str]:
    """How a record is written into a file of that name.

    Raises:
        UserFault: no way of writing it is called so.
    """
    for end, form in FORMATS.items():
        if path.name.endswith(end):
            return form
    raise UserFault(phrase("export_form", path=path, allowed=", ".join(FORMATS)))


def _times(configuration: Configuration, since: str, until: str) -> tuple[float, float]:
    zone, now = ZoneInfo(configuration.county.timezone), time.time()
    end = min(moment_of("--until", until, zone), now) if until else now
    kept = now - configuration.storage.keep_days * DAY
    begin = max(moment_of("--since", since, zone), kept) if since else kept
    if begin >= end:
        raise UserFault(phrase("export_times", since=since or iso(kept), until=until or iso(now)))
    return begin, end
