"""Something of a person handed over: who may, for whom and what for, written down before it is written out."""

from __future__ import annotations

import getpass
import os
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gateway.cli.county import STATE, storage_of
from gateway.cli.looking import caller_at, enter, signed
from gateway.control.audit import LONGEST_PURPOSE
from gateway.control.messages import Request
from gateway.control.rights import check_right, sees
from gateway.errors import UserFault
from gateway.evidence.withheld import why_withheld
from gateway.private import replacing
from gateway.settings.model import Role
from gateway.sqlite_faults import judged
from gateway.words.phrases import phrase

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from gateway.control.rights import Caller
    from gateway.settings.model import Configuration, Person


@dataclass(frozen=True, slots=True)
class Asked:
    """What was typed of it.

    Attributes:
        path: the file to be written.
        to, purpose, document: recipient, purpose, and the number of the document that asks for it.
        approved_by, by: staff numbers; ``by`` empty: whoever the account is.
        minor: of a minor, too.
    """

    path: Path
    to: str
    purpose: str
    document: str
    approved_by: str
    by: str
    minor: bool


def storage_for(configuration: Configuration) -> Path:
    """Where the gateway keeps all, and this account may read, and write down who looked.

    Raises:
        UserFault: it may not, or the gateway has never run here.
    """
    storage = storage_of(configuration)
    if storage.exists() and not os.access(storage, os.R_OK | os.W_OK | os.X_OK):
        raise UserFault(phrase("evidence_closed", account=getpass.getuser(), path=storage))
    if not (storage / STATE).exists():
        raise UserFault(phrase("never_run", path=storage / STATE))
    return storage


def caller_for(configuration: Configuration, by: str) -> Caller:
    """Who asks: the member of staff whose the account is, or whom the storage's owner, or root, names.

    Raises:
        UserFault: nobody of the staff.
    """
    return caller_at(storage_of(configuration), configuration.staff, by)


def check_words(asked: Asked, to: Collection[str], purposes: Collection[str]) -> None:
    """Whether what was typed can be so.

    Raises:
        UserFault: it is no recipient or purpose, no document is named, or the file is there.
    """
    choices = (("--to", asked.to, to), ("--purpose", asked.purpose, purposes))
    for option, value, allowed in choices:
        if value not in allowed:
            raise UserFault(phrase("evidence_choice", option=option, value=value, allowed=", ".join(allowed)))
    if not asked.document:
        raise UserFault(phrase("evidence_words", option="--document"))
    if asked.path.exists():
        raise UserFault(phrase("evidence_exists", path=asked.path))


def check_person(
    configuration: Configuration, person: Person, alarm: str, caller: Caller, asked: Asked, what: str
) -> None:
    """Whether ``what`` of a person, or of an alarm of hers (empty: of none), may be handed over now.

    Raises:
        UserFault: not by this caller, not approved by a second one, or not of this person; the text says why.
    """
    may = check_right(caller, Request(what))
    if not sees(may, person.office):
        named = alarm[:8] or person.person
        raise UserFault(phrase("staff_elsewhere", number=caller.number, office=may.within or "-", what=named))
    if not may_approve(configuration, caller, asked.approved_by):
        raise UserFault(phrase("evidence_approver", number=asked.approved_by))
    key = why_withheld(configuration, person, alarm, time.time(), minor=asked.minor)
    if key:
        raise UserFault(phrase(key, person=person.person))


def may_approve(configuration: Configuration, caller: Caller, number: str) -> bool:
    """A second person: where there is a table of staff, a leader of it."""
    if not number or number == caller.number:
        return False
    member = configuration.staff.get(number)
    return not configuration.staff or (member is not None and Role.LEADER in member.roles)


def note(
    configuration: Configuration, caller: Caller, what: tuple[str, str], asked: Asked, more: str, *, ok: bool
) -> None:  # fmt: skip
    """An entry of the audit log, which stands before anything is shown.

    Args:
        configuration: in force.
        caller: who asks.
        what: as the log calls it, and whose.
        asked: for whom and what for.
        more: what else is to be found again; the digest of what is handed over, an alarm.
        ok: False: it was refused.

    Raises:
        TransientFault, OurFault: it cannot be written, and nothing may be handed over.
    """
    purpose = " ".join(filter(None, (asked.to, asked.purpose, asked.document, asked.approved_by)))
    said = signed(caller, what[0], person=what[1], about=more, purpose=purpose[:LONGEST_PURPOSE], ok=ok)
    enter(configuration, [said])


def put(path: Path, octets: bytes) -> None:
    """Write a file for this account alone, on the disk whole, or not at all.

    Raises:
        UserFault: nothing can be written there.
        TransientFault, OurFault: the disk is full, or fails.
    """
    try:
        with replacing(path) as out:
            out.write(octets)
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError, PermissionError) as fault:
        raise UserFault(phrase("evidence_unwritable", path=path, cause=fault.strerror)) from fault
    except OSError as fault:
        raise judged("write", path, fault) from fault
