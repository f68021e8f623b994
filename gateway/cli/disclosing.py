"""A package for one case at the command line: asked by one, approved by another, written down, then written out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from gateway.cli.disclosure import caller_for, check_person, check_words, note, put, storage_for
from gateway.cli.documenting import moment
from gateway.cli.handing_over import put_down
from gateway.cli.looks import moment_of
from gateway.clock import iso
from gateway.errors import UserFault
from gateway.evidence.package import PROCURATORATE, check_times, package
from gateway.printed.case_sheets import Case
from gateway.words.evidence_words import PURPOSES, TO
from gateway.words.phrases import LANGUAGE, phrase

if TYPE_CHECKING:
    from gateway.cli.disclosure import Asked
    from gateway.control.rights import Caller
    from gateway.settings.model import Configuration

WHAT: Final = "disclose"
"""As the audit log calls it."""
ARCHIVE: Final = ".zip"


@dataclass(frozen=True, slots=True)
class Window:
    """Which time and what of it, as typed.

    Attributes:
        since, until, at: empty: its end is the moment as of which it is, which is now.
        places: None: as the recipient has them by rule.
        minor: why something of a minor is handed over.
    """

    since: str
    until: str
    at: str
    places: bool | None
    minor: str


def disclose(configuration: Configuration, person: str, asked: Asked, window: Window) -> str:
    """Write the package; what to tell whoever asked for it.

    Raises:
        UserFault: it may not be handed over, or what was typed cannot be so; the text says why.
        TransientFault, OurFault: something cannot be read or written.
    """
    storage, caller = storage_for(configuration), caller_for(configuration, asked.by)
    try:
        case = _checked(configuration, person, caller, asked, window)
    except UserFault:
        note(configuration, caller, (WHAT, person), asked, "", ok=False)
        raise
    put_down(configuration, asked.by)
    made = package(storage, configuration, case, LANGUAGE.get())
    more = " ".join(filter(None, (made.digest, f"{iso(case.since)}/{iso(case.until)}", case.minor)))
    note(configuration, caller, (WHAT, person), asked, more, ok=True)
    put(asked.path, made.octets)
    said = phrase("disclosed", path=asked.path, files=made.files, alarms=made.alarms, digest=made.digest)
    return said.of(LANGUAGE.get())


def _checked(configuration: Configuration, person: str, caller: Caller, asked: Asked, window: Window) -> Case:
    check_words(asked, TO, PURPOSES)
    if asked.path.suffix != ARCHIVE:
        raise UserFault(phrase("disclose_zip", path=asked.path))
    known = configuration.people.get(person)
    if known is None:
        raise UserFault(phrase("person_unknown", value=person))
    check_person(configuration, known, "", caller, asked, WHAT)
    zone, at = ZoneInfo(configuration.county.timezone), moment(configuration, window.at)
    since = moment_of("--since", window.since, zone)
    until = min(moment_of("--until", window.until, zone), at) if window.until else at
    if since >= until:
        raise UserFault(phrase("export_times", since=window.since, until=window.until or iso(at)))
    check_times(since, until)
    places = asked.to != PROCURATORATE if window.places is None else window.places
    return Case(
        person, known.office, since, until, at, asked.to, asked.purpose, asked.document, caller.number,
        asked.approved_by, places, window.minor if known.minor else "",
    )  # fmt: skip
