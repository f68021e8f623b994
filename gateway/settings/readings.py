"""What was read of a county's files, by the digest of each text: what has not changed is neither read nor judged again.

Kept is what stood in files when nothing was wrong with any of them. Entries are held against each other anew each time;
a place in such a file is looked up, by reading it, only where a fault is told.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Protocol

from gateway.columns import Columns
from gateway.settings import (
    absences,
    durations,
    hour_model,
    model,
    raw,
    raw_holds,
    raw_hours,
    raw_meetings,
    times,
    values,
    windows,
    zone_model,
)
from gateway.settings.documents import Document
from gateway.settings.entries import Entry
from gateway.settings.faults import Findings
from gateway.settings.plain_places import LookedUp
from gateway.settings.sources import text_digest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from pydantic import BaseModel

    from gateway.settings.documents import Path
    from gateway.settings.model import Area, Circle, ZoneDefinition
    from gateway.settings.sources import Sources

    Read = Callable[[str, str, Findings], Document]

LISTS: Final = frozenset({
    "zones", "rules", "authorities", "leave", "removal", "appointments", "holds", "protected", "duty", "holidays",
    "alarms",
})  # fmt: skip
"""Sections of a file that is kept; one with any other is read each time."""
TABLE: Final = ""
"""Stands for the section of a table, which is all of it."""
_DRAWN: Final = dict.fromkeys(("polygon", "holes", "parts", "line"))
"""What need not be kept of a zone: it has become places."""
_MODULES: Final = (
    absences, durations, hour_model, model, raw, raw_holds, raw_hours, raw_meetings, times, values, windows, zone_model,
)  # fmt: skip


class Piece(NamedTuple):
    """What was read of one text.

    Attributes:
        entries: by section, in order; of zones without what is drawn in the text itself.
        places: of each of its zones, in WGS-84.
        cited: of each of its zones the digest of the file that it is drawn in; empty: it is drawn in the text.
        kinds: of each of its alarms.
    """

    entries: Mapping[str, Sequence[Any]]
    places: Sequence[tuple[Circle | Area, ...]]
    cited: Sequence[str]
    kinds: Sequence[str]

    def alarms(self, document: Document) -> dict[str, Entry[Any]]:
        """The entries of ``alarms``, by kind."""
        values = self.entries.get("alarms", ())
        return {kind: Entry(document, ("alarms", kind), value) for kind, value in zip(self.kinds, values, strict=True)}

    def listed(self, document: Document, path: Path) -> list[Entry[Any]]:
        """The entries of the list at ``path``."""
        return [Entry(document, (*path, at), value) for at, value in enumerate(self.entries.get(_section(path), ()))]

    def declared(self, path: Path, key: str) -> frozenset[str] | None:
        """What the entries of the list at ``path`` have under ``key``; None: there is no list."""
        listed = self.entries.get(_section(path))
        return None if listed is None else frozenset(getattr(value, key) for value in listed)


_COLUMNS: Final = Columns([Piece, *(
    value for module in _MODULES for value in vars(module).values()
    if isinstance(value, type) and value.__module__ == module.__name__ and not value.__name__.startswith("_")
)])  # fmt: skip


class Shelf(Protocol):
    """Where pieces are kept, by key."""

    def get(self, key: str) -> bytes | None:
        """What was put there; None: nothing, or it is damaged or of another version."""
        ...

    def put(self, key: str, data: bytes) -> None:
        """Keep it."""
        ...


@dataclass(slots=True)
class Readings:
    """Of one reading of a county's files: what is at hand of each, and what is new.

    Attributes:
        around: digest of what all files are judged by: the county's bounds.
        anew: entries that were read, not found.
        used: keys of all files that are kept, or can be.
    """

    shelf: Shelf
    around: str = ""
    anew: int = 0
    used: list[str] = field(default_factory=list)
    _new: list[tuple[str, Document]] = field(default_factory=list)

    def document(self, kind: str, file: str, text: str, findings: Findings, read: Read) -> Document:
        """A text of that kind, as it was read before, or read; ``file``: the name shown to the officer."""
        key = sha256(f"{kind}\0{self.around}\0{text}".encode()).hexdigest()
        data = self.shelf.get(key)
        if data is not None:
            self.used.append(key)
            return _found(file, _COLUMNS.unpacked(data), lambda: read(file, text, Findings()))
        document = read(file, text, findings)
        self._new.append((key, document))
        return document

    def keep(self, entries: Iterable[Entry[Any]], areas: Mapping[str, ZoneDefinition], sources: Sources) -> None:
        """Keep what was read, for there was nothing wrong with it; ``entries``: of all files, in order."""
        by_document: dict[int, dict[str, list[Entry[Any]]]] = {}
        for entry in entries:
            found = by_document.setdefault(id(entry.document), {})
            found.setdefault(_section(entry.path[:-1]), []).append(entry)
        for key, document in self._new:
            listed = by_document.get(id(document), {})
            self.anew += sum(map(len, listed.values()))
            if document.table or (isinstance(document.data, dict) and document.data.keys() <= LISTS):
                self.shelf.put(key, _COLUMNS.packed(_piece(listed, areas, sources)))
                self.used.append(key)
        self._new.clear()


def _found(file: str, piece: Piece, read: Callable[[], Document]) -> Document:
    """The document of a text that is read only if a place in it is asked for."""
    again = cache(read)

    def later(name: str) -> LookedUp[Any]:
        return LookedUp(lambda: iter(getattr(again(), name)), lambda path: getattr(again(), name).get(path))

    is_table = TABLE in piece.entries
    return Document(file, {}, later("values"), later("keys"), later("texts"), table=is_table, kept=piece)


def _section(path: Path) -> str:
    return str(path[0]) if path else TABLE


def _piece(listed: Mapping[str, Sequence[Entry[Any]]], areas: Mapping[str, ZoneDefinition], sources: Sources) -> Piece:
    zones = [entry.value for entry in listed.get("zones", ())]
    entries = {section: [entry.value for entry in found] for section, found in listed.items()}
    if zones:
        entries["zones"] = [_undrawn(value) for value in zones]
    cited = ["" if value.file is None else text_digest(sources.texts[value.file]) for value in zones]
    kinds = [str(entry.path[-1]) for entry in listed.get("alarms", ())]
    return Piece(entries, [areas[value.id].places for value in zones], cited, kinds)


def _undrawn(value: BaseModel) -> BaseModel:
    return value.model_copy(update=_DRAWN)
