"""Before a command shows what it reads out of the files itself: whether it may, and an entry in the journal."""

from __future__ import annotations

import os
import pwd
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec

from gateway.control.address import socket_of
from gateway.control.audit import roles_of
from gateway.control.client import ask, granted
from gateway.control.messages import Request
from gateway.control.rights import Caller, caller_of, check_right
from gateway.errors import TransientFault, UserFault
from gateway.journal.controls import Audited
from gateway.settings.kept import recall
from gateway.words.phrases import LANGUAGE, phrase

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from gateway.settings.model import Configuration, Staff

AT_ONCE: Final = 100
"""Entries of one request."""
DOOR: Final = "files"


def account() -> str:
    """Whose process this is, whatever its environment says; the user's number where the system has no name for it."""
    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:
        return f"uid {os.geteuid()}"


def caller_at(storage: Path, staff: Mapping[str, Staff], by: str) -> Caller:
    """Who asks: the member of staff whose the account is, or whom the storage's owner, or root, names.

    Raises:
        UserFault: nobody of the staff.
    """
    owner = os.geteuid() in (0, storage.stat().st_uid)
    return caller_of(account(), owner=owner, by=by, staff=staff, for_staff=owner and by in staff)


def look(
    configuration: Configuration, what: str, by: str = "", *, person: str = "", about: str = "", purpose: str = ""
) -> Caller:  # fmt: skip
    """Somebody is about to see something: who, narrowed to what is his.

    Args:
        configuration: in force.
        what: a key of :data:`gateway.control.rights.NEEDS`.
        by: in whose name; empty: in that of the account.
        person: whom it is about; empty: nobody in particular.
        about: what else.
        purpose: what for.

    Raises:
        UserFault: it is not for him; that stands in the journal, too. Or the gateway has never run here.
        TransientFault: it cannot be written down, so that nothing may be shown.
    """
    storage = Path(configuration.storage.directory)
    if not storage.exists():
        raise UserFault(phrase("never_run", path=storage))
    caller = caller_at(storage, configuration.staff, by)
    seen = signed(caller, what, person=person, about=about, purpose=purpose)
    try:
        may = check_right(caller, Request(what))
    except UserFault:
        enter(configuration, [msgspec.structs.replace(seen, ok=False)])
        raise
    enter(configuration, [seen])
    return may


def look_at_journal(journal: Path, what: str, config: Path | None) -> None:
    """The same of a journal that a gateway has: one beside which its lock lies. A copy of one is nobody's.

    Args:
        journal: its directory.
        what: as in :func:`look`.
        config: the county's files, where they were named; else by the account alone, without the table of staff.

    Raises:
        UserFault, TransientFault: as :func:`look`.
    """
    storage = journal.resolve().parent
    if not (storage / "lock").exists():
        return
    found = None if config is None else recall(config, secrets=False)[0]
    if found is not None and Path(found.configuration.storage.directory).resolve() == storage:
        look(found.configuration, what)
        return
    _entered(storage, storage, [signed(caller_at(storage, {}, ""), what)])


def signed(
    caller: Caller, what: str, *, person: str = "", about: str = "", purpose: str = "", ok: bool = True
) -> Audited:
    """What stands of it in the log; the fields as in :class:`Audited`."""
    return Audited(
        what, caller.number, caller.account, roles_of(caller), caller.office, DOOR, person, about, purpose=purpose,
        ok=ok,
    )  # fmt: skip


def enter(configuration: Configuration, looks: Sequence[Audited]) -> None:
    """Have entries made durable: by the daemon, or where none runs under its lock.

    Raises:
        UserFault: this account may not.
        TransientFault: it cannot be done now: nothing may be shown.
    """
    _entered(Path(configuration.storage.directory), socket_of(configuration), looks)


def enter_aside(storage: Path, looked: Audited) -> None:
    """The same where no daemon ever runs.

    Raises:
        TransientFault: as above.
    """
    _aside(storage, (looked,))


def _entered(storage: Path, socket: Path, looks: Sequence[Audited]) -> None:
    for some in _parts(looks):
        try:
            granted(ask(socket, Request("audit_enter", looks=some, language=LANGUAGE.get())))
        except TransientFault:
            _aside(storage, some)


def _aside(storage: Path, looks: tuple[Audited, ...]) -> None:
    from gateway.journal.aside import append_aside  # noqa: PLC0415  beside a daemon none of it is needed

    try:
        append_aside(storage, [_here(one) for one in looks], time.time())
    except TransientFault as fault:
        raise TransientFault(phrase("audit_unstored")) from fault


def _here(one: Audited) -> Audited:
    return msgspec.structs.replace(one, account=account())


def _parts(looks: Sequence[Audited]) -> Iterator[tuple[Audited, ...]]:
    for first in range(0, len(looks), AT_ONCE):
        yield tuple(looks[first : first + AT_ONCE])
