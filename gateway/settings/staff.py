"""Who works here and what they may do; and how their commands reach the gateway."""

from __future__ import annotations

from ipaddress import ip_address
from typing import TYPE_CHECKING

from gateway.settings.model import Role, Staff
from gateway.settings.tables import note_duplicates
from gateway.settings.values import address_of, is_address
from gateway.settings.windows import Control

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gateway.settings.entries import Entry
    from gateway.settings.faults import Findings, Place
    from gateway.settings.files import Files
    from gateway.settings.raw import ControlEntry, StaffEntry

ROOT = "root"


def staff(entries: Sequence[Entry[StaffEntry]], findings: Findings) -> dict[str, Staff]:
    """Everybody by number; each account is one person's."""
    note_duplicates(((entry.value.number, entry.place("number")) for entry in entries), findings)
    first: dict[str, Place] = {}
    for entry in entries:
        _check(entry, first, findings)
    return {entry.value.number: _member(entry.value) for entry in entries}


def _check(entry: Entry[StaffEntry], first: dict[str, Place], findings: Findings) -> None:
    value, place = entry.value, entry.place("user")
    if value.user == ROOT:
        findings.add(place, "staff_root")
    elif value.user is not None and first.setdefault(value.user, place) is not place:
        findings.add(place, "staff_user", value=value.user, other=first[value.user])
    if Role.OFFICE in value.roles and value.office is None:
        findings.add(entry.place("roles"), "staff_office")
    if Role.AUDITOR in value.roles and len(set(value.roles)) > 1:
        findings.warn(entry.place("roles"), "staff_audit")


def _member(value: StaffEntry) -> Staff:
    return Staff(value.number, value.user or "", frozenset(value.roles), value.office or "")


def control(entry: Entry[ControlEntry] | None, files: Files, findings: Findings) -> Control:
    """The socket's path, absolute where the configuration has a directory, its group, and where figures are served."""
    if entry is None:
        return Control()
    value = entry.value
    path = "" if value.socket is None else files.resolved(value.socket)
    return Control(path, value.group or "", _metrics(entry, findings))


def _metrics(entry: Entry[ControlEntry], findings: Findings) -> tuple[str, int] | None:
    """An address in numbers on loopback: whoever reaches the page is asked nothing, and a name may be anywhere."""
    written = entry.value.metrics
    if written is None:
        return None
    address = address_of(written)
    if address is None or not address[1] or not is_address(address[0]) or not ip_address(address[0]).is_loopback:
        findings.add(entry.place("metrics"), "metrics_address", value=written)
    return address
