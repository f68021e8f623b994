"""Names and telephone numbers: files beside the configuration that are never part of it.

The console and the sender of notices alone read them.

No text of theirs is among a configuration's sources, and no fault of theirs repeats one.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from pydantic import BaseModel

from gateway.settings.cells import read_csv
from gateway.settings.faults import Findings
from gateway.settings.files import CONTACTS
from gateway.settings.offices import WRITTEN, Offices, Phone, read_offices
from gateway.settings.secluded import secluded_list, secluded_text
from gateway.settings.tables import columns_of, note_duplicates
from gateway.settings.values import Identifier, Text

if TYPE_CHECKING:
    from collections.abc import Container, Mapping

    from gateway.settings.entries import Entry, Model
    from gateway.settings.faults import Fault
    from gateway.settings.model import Configuration, Person, Staff

PEOPLE, STAFF, _ = CONTACTS


class _PersonRow(BaseModel):
    model_config = WRITTEN
    person: Identifier
    name: Text | None = None
    phone: Phone | None = None
    kin_phone: Phone | None = None
    care: Text | None = None


class _StaffRow(BaseModel):
    model_config = WRITTEN
    number: Identifier
    name: Text | None = None
    phone: Phone | None = None


@dataclass(frozen=True, slots=True)
class Contact:
    """How a person or a member of staff is reached; empty: it is not known."""

    name: str = field(default="", repr=False)
    phone: str = field(default="", repr=False)
    kin_phone: str = field(default="", repr=False)
    care: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Contacts:
    """All of them, by person, staff number and code of the office."""

    people: Mapping[str, Contact] = field(default_factory=dict, repr=False)
    staff: Mapping[str, Contact] = field(default_factory=dict, repr=False)
    offices: Offices = field(default_factory=Offices)


class Registered(Protocol):
    """Who is registered, by id and staff number."""

    @property
    def people(self) -> Mapping[str, Person]:
        """Persons."""
        ...

    @property
    def staff(self) -> Mapping[str, Staff]:
        """Members of the staff."""
        ...


def read_contacts(directory: Path, configuration: Registered, language: str) -> tuple[Contacts, list[Fault]]:
    """What can be used of the files in a directory, and all that is wrong with them; a file that is not there is empty.

    A file that others than its owner may read is a fault, and not read.
    """
    findings = Findings()
    people = _table(directory, PEOPLE, _PersonRow, findings)
    staff = _table(directory, STAFF, _StaffRow, findings)
    offices = read_offices(directory, findings)
    _check(people, "person", configuration.people, "unknown_person", findings)
    _check(staff, "number", configuration.staff, "staff_unknown", findings)
    found = Contacts(
        {one.value.person: _contact(one.value) for one in reversed(people)},
        {one.value.number: Contact(one.value.name or "", one.value.phone or "") for one in reversed(staff)},
        offices,
    )
    said = Findings()
    said.add_hidden(findings)
    return found, said.faults(language)


def beside(path: Path, configuration: Configuration) -> Path:
    """Where the contacts of a configuration lie that was read from a path."""
    return Path(configuration.console.contacts or (path if path.is_dir() else path.parent))


def _table(directory: Path, name: str, model: type[Model], findings: Findings) -> list[Entry[Model]]:
    text = secluded_text(directory, name, findings)
    if text is None:
        return []
    return secluded_list(read_csv(str(directory / name), text, *columns_of(model), findings), model, findings)


def _check(entries: list[Entry[Model]], column: str, known: Container[str], key: str, findings: Findings) -> None:
    """Each once, and each of somebody who is registered."""
    note_duplicates(((getattr(one.value, column), one.place(column)) for one in entries), findings)
    for one in entries:
        value = getattr(one.value, column)
        if value not in known:
            findings.add(one.place(column), key, value=value)


def _contact(row: _PersonRow) -> Contact:
    return Contact(row.name or "", row.phone or "", row.kin_phone or "", tuple((row.care or "").split()))
