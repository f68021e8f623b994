"""Who asks, and what may be asked by whom: one line a request."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from gateway.commands.accept import LOCATING
from gateway.errors import UserFault
from gateway.settings.model import Role
from gateway.words.phrases import phrase

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gateway.control.messages import Request
    from gateway.settings.model import Staff

_ANSWERING = frozenset({Role.DUTY, Role.OFFICE, Role.LEADER})
_READING = _ANSWERING | {Role.AUDITOR, Role.PROCURATOR}
_ORDERING = _ANSWERING | {Role.TECHNICIAN}
NEEDS: Final[Mapping[str, frozenset[Role]]] = {
    "status": frozenset(Role),
    "pending": frozenset({Role.TECHNICIAN, Role.LEADER}),
    "where": _ANSWERING,
    "track": _ANSWERING,
    "alarms": _READING,
    "orders": _READING | {Role.TECHNICIAN},
    "act": _ANSWERING,
    "resend": _ORDERING,
    "command": _ORDERING,
    "wait": _ORDERING,
    "cancel": _ORDERING,
    "unconfirmed": _ORDERING,
    "confirm": frozenset({Role.LEADER}),
    "register": _ORDERING,
    "registers": _READING | {Role.TECHNICIAN},
    "written_back": frozenset({Role.TECHNICIAN}),
}
"""By request: the roles of which one is needed. What does not stand here is asked by nobody."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks.

    Attributes:
        number: what stands under what is done: a staff number, or what root or the daemon's own account says.
        account: the account at the other end of the socket, as the kernel tells it.
        roles: None: root or the daemon's own account, who may do everything and speak for others.
    """

    number: str
    account: str
    roles: frozenset[Role] | None = None


def caller_of(account: str, *, owner: bool, by: str, staff: Mapping[str, Staff]) -> Caller:
    """Who an account is. A member of staff is himself; the ``owner`` of the daemon, or root, is whom he names.

    Raises:
        UserFault: the account is nobody's, or names somebody else; the text says what to do.
    """
    member = next((one for one in staff.values() if one.user == account), None)
    if member is not None:
        if by not in ("", member.number):
            raise UserFault(phrase("staff_other", account=account, number=member.number, by=by))
        return Caller(member.number, account, member.roles)
    if owner:
        return Caller(by or account, account)
    raise UserFault(phrase("staff_stranger", account=account))


def check_right(caller: Caller, request: Request) -> None:
    """Whether a request is for the caller to make.

    Raises:
        UserFault: no role of his is enough; the text says which are.
    """
    needed = NEEDS.get(request.do, frozenset())
    if request.wish is not None and request.wish.kind in LOCATING:
        needed &= _ANSWERING
    if caller.roles is not None and not caller.roles & needed:
        roles = ", ".join(sorted(needed))
        raise UserFault(phrase("staff_role", number=caller.number, do=request.do, roles=roles or "-"))
