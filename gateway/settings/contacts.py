"""Names and telephone numbers: files beside the configuration that are never part of it.

The console and the sender of notices alone read them.

No text of theirs is among a configuration's sources, and no fault of theirs repeats one.
"""

from __future__ import annotations

import re
import stat
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from gateway.settings.cells import read_csv
from gateway.settings.documents import Document, read_yaml
from gateway.settings.entries import read_list
from gateway.settings.faults import Findings, Place
from gateway.settings.files import CONTACTS, DirectoryFiles
from gateway.settings.sources import Sources
from gateway.settings.tables import columns_of, note_duplicates
from gateway.settings.values import Identifier, Text, refusal

if TYPE_CHECKING:
    from collections.abc import Container, Mapping

    from gateway.settings.entries import Entry, Model
    from gateway.settings.faults import Fault
    from gateway.settings.model import Configuration

PEOPLE, STAFF, OFFICES = CONTACTS
_OTHERS: Final = 0o077
_PHONE: Final = re.compile(r"\+?[0-9][0-9 ()-]{1,30}")


def _phone(text: str) -> str:
    if _PHONE.fullmatch(text) is None:
        raise refusal("contact_phone", text)
    return text


def _link(text: str) -> str:
    if re.fullmatch(r"https?://\S+", text) is None:
        raise refusal("contact_link", text)
    return text


Phone = Annotated[Text, AfterValidator(_phone)]


class _Written(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class _PersonRow(_Written):
    person: Identifier
    name: Text | None = None
    phone: Phone | None = None
    kin_phone: Phone | None = None
    care: Text | None = None


class _StaffRow(_Written):
    number: Identifier
    name: Text | None = None
    phone: Phone | None = None


class _Link(_Written):
    name: Text
    url: Annotated[Text, AfterValidator(_link)]


class _OfficeEntry(_Written):
    code: Text
    name: Text
    parent: Text | None = None
    phone: Phone | None = None
    links: list[_Link] = Field(default=[])


@dataclass(frozen=True, slots=True)
class Contact:
    """How a person or a member of staff is reached; empty: it is not known."""

    name: str = field(default="", repr=False)
    phone: str = field(default="", repr=False)
    kin_phone: str = field(default="", repr=False)
    care: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Office:
    """An office, and where its cameras and meeting rooms are: name and address."""

    code: str
    name: str
    parent: str = ""
    phone: str = ""
    links: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Contacts:
    """All of them, by person, staff number and code of the office."""

    people: Mapping[str, Contact] = field(default_factory=dict, repr=False)
    staff: Mapping[str, Contact] = field(default_factory=dict, repr=False)
    offices: Mapping[str, Office] = field(default_factory=dict)


def read_contacts(directory: Path, configuration: Configuration, language: str) -> tuple[Contacts, list[Fault]]:
    """What can be used of the files in a directory, and all that is wrong with them; a file that is not there is empty.

    A file that others than its owner may read is a fault, and not read.
    """
    findings = Findings()
    people = _table(directory, PEOPLE, _PersonRow, findings)
    staff = _table(directory, STAFF, _StaffRow, findings)
    offices = _offices(directory, findings)
    _check(people, "person", configuration.people, "unknown_person", findings)
    _check(staff, "number", configuration.staff, "staff_unknown", findings)
    _check(offices, "code", None, "", findings)
    known = {one.value.code for one in offices}
    for entry in offices:
        if entry.value.parent is not None and entry.value.parent not in known:
            findings.add(entry.place("parent"), "office_unknown", value=entry.value.parent)
    found = Contacts(
        {one.value.person: _contact(one.value) for one in reversed(people)},
        {one.value.number: Contact(one.value.name or "", one.value.phone or "") for one in reversed(staff)},
        {one.value.code: _office(one.value) for one in reversed(offices)},
    )
    said = Findings()
    said.add_hidden(findings)
    return found, said.faults(language)


def beside(path: Path, configuration: Configuration) -> Path:
    """Where the contacts of a configuration lie that was read from a path."""
    return Path(configuration.console.contacts or (path if path.is_dir() else path.parent))


def _table(directory: Path, name: str, model: type[Model], findings: Findings) -> list[Entry[Model]]:
    text = _text(directory, name, findings)
    if text is None:
        return []
    return _listed(read_csv(str(directory / name), text, *columns_of(model), findings), model, findings)


def _offices(directory: Path, findings: Findings) -> list[Entry[_OfficeEntry]]:
    text = _text(directory, OFFICES, findings)
    return [] if text is None else _listed(read_yaml(str(directory / OFFICES), text, findings), _OfficeEntry, findings)


def _listed(document: Document, model: type[Model], findings: Findings) -> list[Entry[Model]]:
    document.secret = True
    return [] if document.broken and not document.data else read_list(document, (), model, findings)


def _text(directory: Path, name: str, findings: Findings) -> str | None:
    path = directory / name
    place = Place(str(path))
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        return None
    except OSError as fault:
        findings.add(place, "file_unreadable", name=name, cause=fault.strerror)
        return None
    if stat.S_ISREG(mode) and mode & _OTHERS:
        findings.add(place, "contacts_open", name=name)
        return None
    return Sources(DirectoryFiles(directory)).text(name, place, findings, secret=True)


def _check(
    entries: list[Entry[Model]], column: str, known: Container[str] | None, key: str, findings: Findings
) -> None:
    """Each once, and each of somebody who is registered."""
    note_duplicates(((getattr(one.value, column), one.place(column)) for one in entries), findings)
    for one in entries:
        value = getattr(one.value, column)
        if known is not None and value not in known:
            findings.add(one.place(column), key, value=value)


def _contact(row: _PersonRow) -> Contact:
    return Contact(row.name or "", row.phone or "", row.kin_phone or "", tuple((row.care or "").split()))


def _office(entry: _OfficeEntry) -> Office:
    links = tuple((link.name, link.url) for link in entry.links)
    return Office(entry.code, entry.name, entry.parent or "", entry.phone or "", links)
