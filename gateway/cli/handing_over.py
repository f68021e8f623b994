"""An alarm's evidence handed over: who may, for whom and what for, written down before it is written out."""

from __future__ import annotations

import getpass
import os
import time
from contextlib import closing, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from gateway.cli.county import episodes_of, storage_of
from gateway.cli.identity import identified
from gateway.cli.looks import moment_of
from gateway.clock import iso
from gateway.console.accounts.audit import Look, write
from gateway.console.accounts.books import FILE, opened
from gateway.control.address import socket_of
from gateway.control.client import ask
from gateway.control.messages import Request
from gateway.control.offices import sees
from gateway.control.rights import Caller, caller_of, check_right
from gateway.errors import GatewayFault, UserFault
from gateway.evidence.gathered import gathered, last_change
from gateway.evidence.made import evidence
from gateway.evidence.sealed import file_of
from gateway.evidence.tables import Handing
from gateway.private import private
from gateway.settings.model import Role
from gateway.words.evidence_words import PURPOSES, TO
from gateway.words.kind_names import KIND_NAMES
from gateway.words.phrases import LANGUAGE, phrase

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from gateway.engine import Episode
    from gateway.evidence.verify import Data
    from gateway.settings.model import Configuration

ARCHIVE = ".zip"
WHAT = "evidence"
"""As the audit log calls it."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What was typed; ``at`` empty: as of the alarm's last change. ``minor``: of a minor, too."""

    alarm: str
    path: Path
    to: str
    purpose: str
    document: str
    approved_by: str
    by: str
    at: str
    minor: bool


def hand_over(configuration: Configuration, asked: Asked) -> str:
    """Write an evidence file; what to tell whoever asked for it.

    Raises:
        UserFault: it may not be handed over, or what was typed cannot be so; the text says why.
        TransientFault, OurFault: something cannot be read or written.
    """
    storage = _storage(configuration)
    known = {one.id: one for one in episodes_of(configuration, unresolved=False)}
    episode = known[identified(asked.alarm, known, "alarm")]
    caller = _caller(configuration, asked.by)
    try:
        handing = _checked(configuration, episode, caller, asked)
    except UserFault:
        _note(storage, caller, episode, asked, "", ok=False)
        raise
    with suppress(GatewayFault):  # what is stored is all there is, where no gateway runs
        ask(socket_of(configuration), Request("keep_history", by=asked.by))
    one = gathered(storage, episode, _as_of(configuration, episode, asked.at))
    data = evidence(storage, one, handing, configuration.storage.evidence_digest)
    _note(storage, caller, episode, asked, data["sums"]["whole"], ok=True)
    _put(asked.path, file_of(data, archive=asked.path.suffix == ARCHIVE))
    return _said(asked.path, data)


def _said(path: Path, data: Data) -> str:
    said = phrase(
        "evidence_written", path=path, entries=len(data["entries"]), digest=data["digest"], whole=data["sums"]["whole"]
    )
    return said.of(LANGUAGE.get())


def _storage(configuration: Configuration) -> Path:
    """Where the gateway keeps all, and this account may read, and write down who looked."""
    storage = storage_of(configuration)
    if storage.exists() and not os.access(storage, os.R_OK | os.W_OK | os.X_OK):
        raise UserFault(phrase("evidence_closed", account=getpass.getuser(), path=storage))
    return storage


def _caller(configuration: Configuration, by: str) -> Caller:
    """Who asks: the member of staff whose the account is, or whom the storage's owner, or root, names."""
    owner = os.geteuid() in (0, storage_of(configuration).stat().st_uid)
    named, staff = owner and by in configuration.staff, configuration.staff
    return caller_of(getpass.getuser(), owner=owner, by=by, staff=staff, for_staff=named)


def _checked(configuration: Configuration, episode: Episode, caller: Caller, asked: Asked) -> Handing:
    """What the law asks of it: for whom, what for, who approved it, and of whom."""
    _check_words(asked)
    may = check_right(caller, Request("track"))
    person = configuration.people.get(episode.person)
    if person is None:
        kind = KIND_NAMES[episode.kind].of(LANGUAGE.get())
        raise UserFault(phrase("evidence_nobody", alarm=episode.id[:8], kind=kind))
    if not sees(may, person.office):
        raise UserFault(phrase("staff_elsewhere", number=caller.number, office=may.within or "-", what=episode.id[:8]))
    if not _may_approve(configuration, caller, asked.approved_by):
        raise UserFault(phrase("evidence_approver", number=asked.approved_by))
    now = time.time()
    refused = {
        "evidence_protected": person.protected, "evidence_minor": person.minor and not asked.minor,
        "evidence_over": now >= person.term_until and not _is_held(configuration, episode, now),
    }  # fmt: skip
    for key, is_so in refused.items():
        if is_so:
            raise UserFault(phrase(key, person=person.person))
    return Handing(asked.to, asked.purpose, asked.document, caller.number, asked.approved_by)


def _check_words(asked: Asked) -> None:
    choices: tuple[tuple[str, str, Collection[str]], ...] = (
        ("--to", asked.to, TO), ("--purpose", asked.purpose, PURPOSES),
    )  # fmt: skip
    for option, value, allowed in choices:
        if value not in allowed:
            raise UserFault(phrase("evidence_choice", option=option, value=value, allowed=", ".join(allowed)))
    if not asked.document:
        raise UserFault(phrase("evidence_words", option="--document"))
    if asked.path.exists():
        raise UserFault(phrase("evidence_exists", path=asked.path))


def _may_approve(configuration: Configuration, caller: Caller, number: str) -> bool:
    """A second person: where there is a table of staff, a leader of it."""
    if not number or number == caller.number:
        return False
    member = configuration.staff.get(number)
    return not configuration.staff or (member is not None and Role.LEADER in member.roles)


def _is_held(configuration: Configuration, episode: Episode, now: float) -> bool:
    return any(
        one.start <= now < one.until and (one.person == episode.person or one.alarm == episode.id)
        for one in configuration.holds
    )


def _as_of(configuration: Configuration, episode: Episode, at: str) -> float:
    last = last_change(episode)
    asked = moment_of("--at", at, ZoneInfo(configuration.county.timezone)) if at else last
    if asked < last:
        raise UserFault(phrase("evidence_early", at=at, last=iso(last)))
    return asked


def _note(storage: Path, caller: Caller, episode: Episode, asked: Asked, whole: str, *, ok: bool) -> None:
    """A row of the audit log, which stands before anything is shown."""
    words = (whole, episode.id[:8], asked.to, asked.purpose, asked.document, asked.approved_by)
    purpose = " ".join(filter(None, words))
    look = Look(time.time(), caller.number, caller.office, WHAT, episode.person, purpose[:200], ok=ok)
    with closing(opened(storage / FILE)) as db, db.transaction():
        write(db, [look])


def _put(path: Path, octets: bytes) -> None:
    """A file for this account alone, whole or not at all."""
    unfinished = path.with_name(f"{path.name}.unfinished")
    try:
        private(unfinished).write_bytes(octets)
        unfinished.rename(path)
    except OSError as fault:
        raise UserFault(phrase("evidence_unwritable", path=path, cause=fault.strerror)) from fault
