"""Which orders take more than an officer: maintenance takes a technician, a reason and a second person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gateway.errors import UserFault
from gateway.settings.model import Role
from gateway.words.phrases import phrase
from protocols.allowance import Allowance
from protocols.registry import FAMILIES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gateway.engine import Command
    from gateway.settings.model import Device, Staff
    from protocols.allowance import Verdict


def verdict_of(command: Command, device: Device) -> Verdict:
    """How grave an order is on its device's wire."""
    return FAMILIES[device.protocol].allowance(command.order)


def needs_confirmation(command: Command, device: Device, staff: Mapping[str, Staff]) -> bool:
    """Whether a second person has to confirm an order before it is taken; without a table of staff words are believed.

    Raises:
        UserFault: nobody may give it, or not the one who does, or not without a reason.
    """
    allowance, what = verdict_of(command, device)
    if allowance is Allowance.FORBIDDEN:
        raise UserFault(phrase("order_forbidden", what=what))
    if allowance is Allowance.ALLOWED:
        return False
    if staff and not _has(staff, command.by, Role.TECHNICIAN):
        raise UserFault(phrase("order_maintenance", what=what, number=command.by))
    if not command.reason.strip():
        raise UserFault(phrase("order_reason", what=what))
    return True


def check_confirmer(command: Command, number: str, staff: Mapping[str, Staff]) -> None:
    """Whether this one is a second person, and a leader.

    Raises:
        UserFault: it is not.
    """
    if number == command.by:
        raise UserFault(phrase("order_confirmer", id=command.id, number=number))
    if staff and not _has(staff, number, Role.LEADER):
        raise UserFault(phrase("order_leader", number=number))


def refusal_of(command: Command, device: Device) -> str:
    """Why an order that stands in the journal is not sent all the same; empty: it is.

    An earlier version took what this one does not.
    """
    allowance, what = verdict_of(command, device)
    if allowance is Allowance.FORBIDDEN:
        return f"{what} could make the device listen, record or take pictures; the device is for positioning only"
    if allowance is Allowance.MAINTENANCE and not (command.reason and command.confirmed_by):
        return f"{what} is maintenance and was given without a reason or a second person"
    return ""


def _has(staff: Mapping[str, Staff], number: str, role: Role) -> bool:
    return number in staff and role in staff[number].roles
