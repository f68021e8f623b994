"""Offices: what they are called, whom they stand under, how they are reached, where their cameras and meetings are.

``offices.yaml`` lies beside the contacts and is read as they are. It is a tree: city, counties, their offices. What is
in force is what it says now; whatever is stored keeps the code.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, Final

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from gateway.settings.documents import read_yaml
from gateway.settings.files import CONTACTS
from gateway.settings.secluded import secluded_list, secluded_text
from gateway.settings.tables import note_duplicates
from gateway.settings.values import Text, refusal

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from gateway.settings.entries import Entry
    from gateway.settings.faults import Findings
    from gateway.settings.raw import PersonRow

OFFICES: Final = CONTACTS[2]
_PHONE: Final = re.compile(r"\+?[0-9][0-9 ()-]{1,30}")
_LINK: Final = re.compile(r"https://[^\s/?#@]+(?:[/?#]\S*)?")
"""No name and password in it: whoever sees the page would see them."""


def _phone(text: str) -> str:
    if _PHONE.fullmatch(text) is None:
        raise refusal("contact_phone", text)
    return text


def address_linked(text: str) -> str:
    """An https address without a name and password in it; refused where it is none."""
    if _LINK.fullmatch(text) is None:
        raise refusal("contact_link", text)
    return text


Phone = Annotated[Text, AfterValidator(_phone)]


WRITTEN: Final = ConfigDict(extra="forbid", strict=True, frozen=True)
"""What stands in a file of contacts: nothing but what is named."""


class _Link(BaseModel):
    model_config = WRITTEN
    name: Text
    url: Annotated[Text, AfterValidator(address_linked)]


class _OfficeEntry(BaseModel):
    model_config = WRITTEN
    code: Text
    name: Text
    name_en: Text | None = None
    parent: Text | None = None
    phone: Phone | None = None
    links: list[_Link] = Field(default=[])


@dataclass(frozen=True, slots=True)
class Office:
    """An office, a county's group of them, or the city.

    Attributes:
        code: as people and alarms name it.
        name, name_en: in Chinese; in English, empty: it has none.
        parent: code of what it stands under; empty: of nothing.
        phone: as it is written; empty: it is not known.
        links: title and address of its cameras and meeting rooms.
    """

    code: str
    name: str
    name_en: str = ""
    parent: str = ""
    phone: str = ""
    links: tuple[tuple[str, str], ...] = ()

    def called(self, language: str) -> str:
        """Its name in a language; where it has none in English, the Chinese one."""
        return (self.name_en if language == "en" else "") or self.name


@dataclass(frozen=True, slots=True)
class Offices:
    """The tree, by code, in the order of the file. Parents are known and in no circle."""

    by_code: Mapping[str, Office] = field(default_factory=dict)

    def called(self, code: str, language: str) -> str:
        """What an office is called; one that is not described by its code."""
        known = self.by_code.get(code)
        return code if known is None else known.called(language)

    def labelled(self, code: str, language: str) -> str:
        """Code and name, where a choice is to be found by either; one that is not described by its code alone."""
        known = self.by_code.get(code)
        return code if known is None else f"{code} {known.called(language)}"

    def above(self, code: str) -> list[Office]:
        """What an office stands under, the nearest first."""
        found: list[Office] = []
        while (known := self.by_code.get(code)) is not None and (above := self.by_code.get(known.parent)) is not None:
            found.append(above)
            code = above.code
        return found

    def rows(self) -> Iterator[tuple[int, Office]]:
        """All of them as the tree is read from above: how deep each stands (0: under nothing), and which it is."""
        under: dict[str, list[Office]] = {}
        for each in self.by_code.values():
            under.setdefault(each.parent, []).append(each)
        waiting = [(0, each) for each in reversed(under.get("", []))]
        while waiting:
            depth, one = waiting.pop()
            yield depth, one
            waiting += [(depth + 1, each) for each in reversed(under.get(one.code, []))]


def read_offices(directory: Path, findings: Findings) -> Offices:
    """What can be used of the file in a directory; a file that is not there is empty.

    A parent that is unknown, or stands in a circle, is a fault and none.

    Args:
        directory: where ``offices.yaml`` lies.
        findings: where its faults are noted; they may repeat what it says.
    """
    text = secluded_text(directory, OFFICES, findings)
    if text is None:
        return Offices()
    document = read_yaml(str(directory / OFFICES), text, findings)
    entries = secluded_list(document, _OfficeEntry, findings)
    note_duplicates(((one.value.code, one.place("code")) for one in entries), findings)
    written = document.data if isinstance(document.data, list) else []
    known = {one.get("code") for one in written if isinstance(one, dict)}
    first = {one.value.code: one.value for one in reversed(entries)}
    parents = {code: one.parent for code, one in first.items()}
    for one in entries:
        _note_parent(one, known, parents, findings)
    return Offices({one.value.code: _office(first[one.value.code], parents) for one in entries})


def note_unknown_offices(rows: Sequence[Entry[PersonRow]], offices: Offices, findings: Findings) -> None:
    """Note each office of people that is not described, once, where there is a file of them."""
    if not offices.by_code:
        return
    unknown = [row for row in rows if row.value.office not in offices.by_code]
    for code, count in Counter(row.value.office for row in unknown).items():
        first = next(row for row in unknown if row.value.office == code)
        findings.warn(first.place("office"), "office_unnamed", value=code, count=count)


def _note_parent(
    entry: Entry[_OfficeEntry], known: set[object], parents: Mapping[str, str | None], findings: Findings
) -> None:
    """Note why an office's parent is none; one whose own entry has a fault is no second one."""
    parent = entry.value.parent
    if parent is not None and parent not in known:
        findings.add(entry.place("parent"), "office_unknown", value=parent)
    elif _circles(entry.value.code, parents):
        findings.add(entry.place("parent"), "office_circle", value=entry.value.code)


def _circles(code: str, parents: Mapping[str, str | None]) -> bool:
    """Whether going up from an office leads back to it."""
    passed: set[str] = set()
    above = parents.get(code)
    while above is not None and above not in passed:
        if above == code:
            return True
        passed.add(above)
        above = parents.get(above)
    return False


def _office(entry: _OfficeEntry, parents: Mapping[str, str | None]) -> Office:
    parent = entry.parent if entry.parent in parents and not _circles(entry.code, parents) else None
    links = tuple((link.name, link.url) for link in entry.links)
    return Office(entry.code, entry.name, entry.name_en or "", parent or "", entry.phone or "", links)
