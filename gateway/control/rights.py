"""Who asks, and what may be asked by whom: one line a request."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import msgspec

from gateway.commands.accept import LOCATING, locates
from gateway.engine import place_hidden
from gateway.errors import UserFault
from gateway.settings.model import Role
from gateway.words.phrases import phrase

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from gateway.control.messages import Request
    from gateway.engine import CommandRecord, Episode
    from gateway.settings.model import Staff

_ANSWERING = frozenset({Role.DUTY, Role.OFFICE, Role.LEADER})
_READING = _ANSWERING | {Role.AUDITOR, Role.PROCURATOR}
_ORDERING = _ANSWERING | {Role.TECHNICIAN}
NEEDS: Final[Mapping[str, frozenset[Role]]] = {
    "status": frozenset(Role),
    "pending": frozenset({Role.TECHNICIAN, Role.LEADER}),
    "devices": _ORDERING,
    "where": _ANSWERING,
    "places": _ANSWERING,
    "track": _ANSWERING,
    "explain": _ANSWERING,
    "keep_history": _ANSWERING,
    "alarms": _READING,
    "follow": _READING,
    "orders": _READING | {Role.TECHNICIAN},
    "act": _ANSWERING,
    "drill": frozenset({Role.LEADER}),
    "resend": _ORDERING,
    "command": _ORDERING,
    "wait": _ORDERING,
    "cancel": _ORDERING,
    "unconfirmed": _ORDERING,
    "confirm": frozenset({Role.LEADER}),
    "register": _ORDERING,
    "fitting": _ANSWERING,
    "fitting_begin": _ANSWERING,
    "registers": _READING | {Role.TECHNICIAN},
    "written_back": frozenset({Role.TECHNICIAN}),
    "import": frozenset({Role.TECHNICIAN}),
    "import_look": frozenset({Role.TECHNICIAN, Role.LEADER}),
    "erase": frozenset({Role.TECHNICIAN, Role.LEADER}),
    "erase_look": frozenset({Role.TECHNICIAN, Role.LEADER, Role.AUDITOR}),
    "erase_confirm": frozenset({Role.LEADER}),
    "reload": frozenset({Role.TECHNICIAN}),
    "reload_look": frozenset({Role.TECHNICIAN, Role.LEADER, Role.AUDITOR}),
    "reload_confirm": frozenset({Role.LEADER}),
    "roll_call_look": _ANSWERING,
    "roll_call": _ANSWERING,
    "roll_call_confirm": frozenset({Role.DUTY, Role.LEADER}),
    "roll_calls": _ANSWERING,
    "roll_call_sign": _ANSWERING,
    "draft": _ORDERING,
    "draft_propose": _ORDERING,
    "draft_confirm": frozenset({Role.LEADER}),
    "draft_written": frozenset({Role.TECHNICIAN}),
    "audit": frozenset({Role.AUDITOR, Role.PROCURATOR}),
    "audit_enter": frozenset(),
    "papers": _READING,
    "paper": _READING,
    "paper_act": _ANSWERING,
    "number": _ANSWERING,
    "evidence": _ANSWERING,
    "disclose": _ANSWERING,
    "export": _ANSWERING,
    "database": _READING,
    "shadow": _ANSWERING,
    "replay": _ANSWERING,
    "report": frozenset({Role.LEADER, Role.AUDITOR, Role.PROCURATOR}),
    "load": frozenset({Role.LEADER}),
    "dates": _READING | {Role.TECHNICIAN},
    "inspect": _ANSWERING,
}
"""By request, and by what is seen beside the socket: the roles of which one is needed, whichever way somebody comes.

What does not stand here is asked by nobody; what needs no role that there is, by root and the daemon's own account.
"""
BESIDE: Final = frozenset({
    "draft", "number", "evidence", "disclose", "export", "database", "shadow", "replay", "report", "load", "inspect",
    "dates",
})  # fmt: skip
"""What the duty desk, and commands that read files, ask for themselves."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks.

    Attributes:
        number: what stands under what is done: a staff number, or what root or the daemon's own account says.
        account: the account at the other end of the socket, as the kernel tells it.
        roles: None: root or the daemon's own account, who may do everything and speak for others.
        office: his own; empty: none.
        within: the office whose people alone what he asks is about; None: the whole county (:func:`check_right`).
    """

    number: str
    account: str
    roles: frozenset[Role] | None = None
    office: str = ""
    within: str | None = None


def sees_places(caller: Caller) -> bool:
    """Whether where somebody is, or was, is for the caller to see at all."""
    return caller.roles is None or bool(caller.roles & NEEDS["where"])


def sees(caller: Caller, office: str) -> bool:
    """Whether what is of an office's people is for the caller."""
    return caller.within is None or (office != "" and office == caller.within)


def alarms_of(caller: Caller, found: Iterable[Episode], office_of: Callable[[Episode], str]) -> list[Episode]:
    """Of alarms those that are for the caller, without their places where he sees none."""
    mine = [one for one in found if sees(caller, office_of(one))]
    return mine if sees_places(caller) else [place_hidden(one) for one in mine]


def orders_of(
    caller: Caller, found: Iterable[CommandRecord], office_of: Callable[[CommandRecord], str]
) -> list[CommandRecord]:
    """Of orders those that are for the caller, as he may see them."""
    return [seen_by(caller, one) for one in found if caller.within is None or sees(caller, office_of(one))]


def seen_by(caller: Caller, record: CommandRecord) -> CommandRecord:
    """An order as the caller may see it: what a device answers to a locating may be a place."""
    is_hidden = locates(record.command.kind) and not sees_places(caller)
    return msgspec.structs.replace(record, text="") if is_hidden else record


def caller_of(account: str, *, owner: bool, by: str, staff: Mapping[str, Staff], for_staff: bool = False) -> Caller:
    """Who an account is. A member of staff is himself; the ``owner`` of the daemon, or root, is whom he names.

    ``for_staff``: the owner asks as if the member of staff whom he names had, who may then do what is his own alone.

    Raises:
        UserFault: the account is nobody's, or names somebody else, or nobody of the staff; the text says what to do.
    """
    if for_staff:
        return _spoken_for(account, owner=owner, by=by, staff=staff)
    member = next((one for one in staff.values() if one.user == account), None)
    if member is not None:
        if by not in ("", member.number):
            raise UserFault(phrase("staff_other", account=account, number=member.number, by=by))
        return Caller(member.number, account, member.roles, member.office)
    if owner:
        return Caller(by or account, account)
    raise UserFault(phrase("staff_stranger", account=account))


def _spoken_for(account: str, *, owner: bool, by: str, staff: Mapping[str, Staff]) -> Caller:
    if not owner:
        raise UserFault(phrase("staff_speaker", account=account))
    if by not in staff:
        raise UserFault(phrase("staff_unknown", number=by or "-"))
    return Caller(by, account, staff[by].roles, staff[by].office)


def check_right(caller: Caller, request: Request) -> Caller:
    """Whether a request is for the caller to make; the caller, narrowed to his office where that is all he may ask for.

    Raises:
        UserFault: no role of his is enough; the text says which are.
    """
    if caller.roles is None:
        return caller
    needed = NEEDS.get(request.do, frozenset())
    if request.wish is not None and request.wish.kind in LOCATING:
        needed &= _ANSWERING
    mine = caller.roles & needed
    if not mine:
        roles = ", ".join(sorted(needed))
        raise UserFault(phrase("staff_role", number=caller.number, do=request.do, roles=roles or "-"))
    return replace(caller, within=caller.office) if mine == {Role.OFFICE} else caller
