"""Documents for paper at the command line: who may have which, the look written down, the page written."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from gateway.cli.county import episodes_of, stored, told
from gateway.cli.disclosure import caller_for, check_person, check_words, note, put, storage_for
from gateway.cli.handing_over import as_of, put_down
from gateway.cli.identity import identified
from gateway.cli.looking import enter, signed
from gateway.cli.looks import moment_of
from gateway.clock import iso
from gateway.control.messages import Request
from gateway.control.rights import check_right, sees, sees_places
from gateway.decoded import converted
from gateway.engine import place_hidden
from gateway.errors import UserFault
from gateway.evidence.others import Others
from gateway.evidence.stated import LONGEST, stated
from gateway.papers.paper import Paper
from gateway.printed.alarm_record import alarm_record
from gateway.printed.leave_slip import leave_slip, leaves_of
from gateway.printed.page import page_of
from gateway.printed.paper_sheet import paper_sheet
from gateway.printed.sheet import Making
from gateway.printed.track_statement import track_statement
from gateway.printed.wearer_notice import wearer_notice
from gateway.words.audit_list import stamped
from gateway.words.evidence_words import EXPORT_PURPOSES, EXPORT_TO, MARK
from gateway.words.phrases import LANGUAGE, phrase

if TYPE_CHECKING:
    from pathlib import Path

    from gateway.cli.disclosure import Asked
    from gateway.control.rights import Caller
    from gateway.printed.sheet import Sheet
    from gateway.settings.model import Configuration

TRACK: Final = "export"
ALARM: Final = "alarms"
REGISTERS: Final = "registers"
"""What a document is a look at, as the audit log calls it."""
DAY: Final = 86_400.0


def moment(configuration: Configuration, at: str) -> float:
    """As of when, UTC epoch seconds, as typed; empty: now.

    Raises:
        UserFault: it is no time, or has not come.
    """
    now = time.time()
    asked = moment_of("--at", at, ZoneInfo(configuration.county.timezone)) if at else now
    if asked > now:
        raise UserFault(phrase("document_to_come", at=at))
    return asked


def write_statement(configuration: Configuration, person: str, asked: Asked, times: tuple[str, str, str]) -> str:
    """Write the statement of a track; what to tell whoever asked for it.

    Args:
        configuration: in force.
        person: an id.
        asked: for whom and what for.
        times: since, until and as of when, as typed; empty: its end is the moment as of which it is.

    Raises:
        UserFault: it may not be handed over, or what was typed cannot be so; the text says why.
        TransientFault, OurFault: something cannot be read or written.
    """
    storage, caller = storage_for(configuration), caller_for(configuration, asked.by)
    try:
        check_words(asked, EXPORT_TO, EXPORT_PURPOSES)
        _check_known(configuration, person)
        check_person(configuration, configuration.people[person], "", caller, asked, TRACK)
        since, until, at = _times(configuration, times)
    except UserFault:
        note(configuration, caller, (TRACK, person), asked, "", ok=False)
        raise
    put_down(configuration, asked.by)
    found = stated(storage, person, since, until, at)
    note(configuration, caller, (TRACK, person), asked, f"{iso(since)}/{iso(until)}", ok=True)
    return _put(
        asked.path, track_statement(found, _making(configuration, caller, at, marked(configuration, caller, asked, at)))
    )


def marked(configuration: Configuration, caller: Caller, asked: Asked, at: float) -> str:
    """For whom a document is, what for, by whom: what stands on each of its pages."""
    language = LANGUAGE.get()
    return MARK.of(language).format(
        to=EXPORT_TO[asked.to].of(language), purpose=EXPORT_PURPOSES[asked.purpose].of(language),
        document=asked.document, by=caller.number, approved_by=asked.approved_by,
        at=stamped(at, ZoneInfo(configuration.county.timezone)),
    )  # fmt: skip


def _times(configuration: Configuration, times: tuple[str, str, str]) -> tuple[float, float, float]:
    zone, at = ZoneInfo(configuration.county.timezone), moment(configuration, times[2])
    since = moment_of("--since", times[0], zone)
    until = min(moment_of("--until", times[1], zone), at) if times[1] else at
    if since >= until:
        raise UserFault(phrase("export_times", since=times[0], until=times[1] or iso(at)))
    if until - since > LONGEST:
        raise UserFault(phrase("statement_long", most=int(LONGEST / DAY)))
    return since, until, at


def write_record(configuration: Configuration, alarm: str, path: Path, by: str, at: str) -> str:
    """Write the record of an alarm's handling; without places for who sees none, and where none is to be shown.

    Raises:
        UserFault: it may not be, or what was typed cannot be so; the text says why.
        TransientFault, OurFault: something cannot be read or written.
    """
    storage_for(configuration)
    _check_path(path)
    known = {one.id: one for one in episodes_of(configuration, unresolved=False, alarm=alarm, is_shown=False)}
    episode = known[identified(alarm, known, "alarm")]
    caller = _looked(configuration, (ALARM, episode.person, episode.id[:8]), by, episode.office)
    person, when = configuration.people.get(episode.person), moment(configuration, at)
    as_of(configuration, episode, at)
    closed = person is not None and (person.protected or when >= person.term_until)
    places = sees_places(caller) and not closed
    others = Others(tuple(each for each in configuration.people if each != episode.person))
    with stored(configuration) as store:
        notices = store.notices.of_alarm(episode.id)
    shown = others.masked(episode if places else place_hidden(episode))
    return _put(path, alarm_record(shown, notices, _making(configuration, caller, when), places=places))


def write_slip(configuration: Configuration, person: str, path: Path, by: str, times: tuple[str, str]) -> str:
    """Write the slip of a person's leave that begins last.

    Args:
        configuration: in force.
        person: an id.
        path: the file.
        by: staff number, as typed.
        times: of leave that begins then or before, and as of when, as typed; empty: now.

    Raises:
        UserFault: as :func:`write_record`.
        TransientFault, OurFault: something cannot be written.
    """
    storage_for(configuration)
    _check_path(path)
    _check_known(configuration, person)
    caller = _looked(configuration, (REGISTERS, person, "leave"), by, configuration.people[person].office)
    zone, when = ZoneInfo(configuration.county.timezone), moment(configuration, times[1])
    begun = moment_of("--begun", times[0], zone) if times[0] else float("inf")
    found = [one for one in leaves_of(configuration, person) if one.start <= begun]
    if not found:
        raise UserFault(phrase("leave_none", person=person, begun=times[0] or "-"))
    return _put(path, leave_slip(found[0], configuration, _making(configuration, caller, when)))


def write_notice(configuration: Configuration, person: str, path: Path, by: str, at: str) -> str:
    """Write the notice to a wearer.

    Raises:
        UserFault: as :func:`write_record`.
        TransientFault, OurFault: something cannot be written.
    """
    storage_for(configuration)
    _check_path(path)
    _check_known(configuration, person)
    caller = _looked(configuration, (REGISTERS, person, "notice"), by, configuration.people[person].office)
    return _put(path, wearer_notice(person, configuration, _making(configuration, caller, moment(configuration, at))))


def write_paper(configuration: Configuration, identity: str, path: Path, by: str, at: str) -> str:
    """Write a sheet of the office as it stands; the daemon says whether it is for whoever asks.

    Minors stand there without their numbers.

    Raises:
        UserFault: it is not, or there is none; the text says why.
        TransientFault: the daemon does not run.
        OurFault: it cannot be written.
    """
    _check_path(path)
    caller = caller_for(configuration, by)
    paper = converted(told(configuration, Request("paper", id=identity, by=by))["paper"], Paper)
    unnamed = {one.person for one in configuration.people.values() if one.minor}
    return _put(path, paper_sheet(paper, _making(configuration, caller, moment(configuration, at)), unnamed))


def _looked(configuration: Configuration, what: tuple[str, str, str], by: str, office: str) -> Caller:
    """Who asks, where it is for him; written down either way. ``what``: as the log calls it, whose, and what else."""
    caller, (name, person, about) = caller_for(configuration, by), what
    try:
        _check_office(check_right(caller, Request(name)), office, about)
    except UserFault:
        enter(configuration, [signed(caller, name, person=person, about=about, ok=False)])
        raise
    enter(configuration, [signed(caller, name, person=person, about=about)])
    return caller


def _check_office(may: Caller, office: str, about: str) -> None:
    if not sees(may, office):
        raise UserFault(phrase("staff_elsewhere", number=may.number, office=may.within or "-", what=about))


def _check_path(path: Path) -> None:
    if path.exists():
        raise UserFault(phrase("evidence_exists", path=path))


def _check_known(configuration: Configuration, person: str) -> None:
    if person not in configuration.people:
        raise UserFault(phrase("person_unknown", value=person))


def _making(configuration: Configuration, caller: Caller, at: float, mark: str = "") -> Making:
    return Making(configuration.county, LANGUAGE.get(), caller.number, at, mark)


def _put(path: Path, sheet: Sheet) -> str:
    put(path, page_of(sheet).octets)
    return phrase("document_written", path=path, digest=sheet.digest).of(LANGUAGE.get())
