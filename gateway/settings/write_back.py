"""What was done at the desk, written into the files: rows are changed in place, and what is new comes behind the rest.

The texts are worked out and held against what is in force before any file is touched.
"""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from gateway.deeds import text_of
from gateway.errors import OurFault
from gateway.on_disk import rename
from gateway.settings.durations import written
from gateway.settings.faults import Findings
from gateway.settings.files import MAIN, OVERLAY, KeptFiles, decoded
from gateway.settings.load import load_sources
from gateway.settings.overlay import overlaid
from gateway.settings.registers import REGISTERS, are_equal
from gateway.settings.sections import read_sections
from gateway.settings.sources import Sources
from gateway.settings.table_edit import RowEdit, edited_table
from gateway.settings.yaml_edit import EntryEdit, edited_yaml

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from pydantic import BaseModel

    from gateway.deeds import Deed
    from gateway.settings.entries import Entry

    Entries = Sequence[Entry[BaseModel]]

BOM: Final = b"\xef\xbb\xbf"


@dataclass(slots=True)
class _Edits:
    """By file, what is to be changed in it: rows of a table, or entries of a list."""

    rows: dict[str, list[RowEdit]] = field(default_factory=dict)
    entries: dict[str, list[EntryEdit]] = field(default_factory=dict)

    def change(self, section: str, entry: Entry[BaseModel], origin: Entry[BaseModel]) -> None:
        """Some values of an entry that stands in a file."""
        before = _texts(origin.value)
        cells = {key: text for key, text in _texts(entry.value).items() if text != before[key]}
        document = origin.document
        if not cells:
            return
        if document.table:
            self.rows.setdefault(document.file, []).append(RowEdit(origin.place().line, cells))
        else:
            edit = EntryEdit(section, int(origin.path[-1]), {key: text or None for key, text in cells.items()})
            self.entries.setdefault(document.file, []).append(edit)

    def add(self, section: str, entry: Entry[BaseModel], table: str) -> None:
        """A new entry: into a table, or into the list of a YAML file."""
        texts = {key: text for key, text in _texts(entry.value).items() if text}
        if table.endswith(".csv"):
            self.rows.setdefault(table, []).append(RowEdit(None, texts))
        else:
            self.entries.setdefault(table, []).append(EntryEdit(section, None, texts))


def written_back(sources: Mapping[str, str], deeds: Sequence[Deed]) -> dict[str, str]:
    """The texts that change, by name, so that they say by themselves what the deeds above them did.

    Args:
        sources: the texts of the county's files, without the deeds.
        deeds: all that stand above them, in their order.

    Raises:
        ConfigurationRefused: the files, or the deeds above them, have faults.
        OurFault: the texts that came out would not say the same.
    """
    whole = load_sources({**sources, OVERLAY: text_of(list(deeds))}) if deeds else load_sources(sources)
    texts, findings = Sources(KeptFiles(sources)), Findings()
    base = read_sections(texts, findings)
    done = overlaid(base, text_of(list(deeds)), ZoneInfo(whole.county.timezone), findings)
    edits = _Edits()
    for section in REGISTERS.values():
        _compare(section, getattr(base, section), getattr(done, section), edits, sources)
    changed = {name: edited_table(sources[name], rows) for name, rows in edits.rows.items()}
    changed |= {name: edited_yaml(sources[name], entries) for name, entries in edits.entries.items()}
    if not are_equal(load_sources({**sources, **changed}), whole):
        raise OurFault("what was done cannot be written into the files by itself: write it in by hand")
    return changed


def _compare(section: str, base: Entries, done: Entries, edits: _Edits, sources: Mapping[str, str]) -> None:
    """What has become of the entries of a section."""
    known = {id(entry) for entry in base}
    for entry in done:
        if id(entry) in known:
            continue
        if entry.origin is not None and id(entry.origin) in known:
            edits.change(section, entry, entry.origin)
        else:
            edits.add(section, entry, base[-1].document.file if base else _file_of(section, sources))


def _file_of(section: str, sources: Mapping[str, str]) -> str:
    """Where the first entry of a section goes: into its table where the main file names one, else into that file."""
    named = f"{section}.csv"
    return named if named in sources else MAIN


def _texts(value: BaseModel) -> dict[str, str]:
    """The values of an entry as an officer writes them; empty: not written."""
    fields = type(value).model_fields.items()
    return {info.alias or name: _OWN.get(name, _text)(getattr(value, name)) for name, info in fields}


def _listed(value: list[str] | None) -> str:
    return " ".join(value or ())


def _lasting(value: float | None) -> str:
    return "" if value is None else written(value)


def _text(value: object) -> str:
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M:%S}" if value.second else f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, date):
        return value.isoformat()
    return "" if value is None else str(value.value if isinstance(value, Enum) else value)


_OWN: Final[Mapping[str, Callable[[Any], str]]] = {"excuses": _listed, "travel": _lasting}
"""Values that are written otherwise, by name."""


def save(directory: Path, name: str, text: str) -> None:
    """Write a text of a county where it stands: whole or as it was, in its encoding, for the same people.

    Raises:
        OSError: it cannot be written.
    """
    path = (directory / name).resolve()
    before = path.read_bytes()
    written = text.replace("\n", "\r\n") if b"\r\n" in before else text
    data = BOM + written.encode() if before.startswith(BOM) else written.encode(_encoding(before))
    unfinished = path.with_name(f"{path.name}.new")
    unfinished.write_bytes(data)
    shutil.copystat(path, unfinished)
    owner = path.stat()
    os.chown(unfinished, owner.st_uid, owner.st_gid)
    with unfinished.open("rb") as out:
        os.fsync(out.fileno())
    rename(unfinished, path)


def _encoding(data: bytes) -> str:
    """In which a file is written, as it was read: UTF-8, else GB18030."""
    return "utf-8" if decoded(data).encode() == data.replace(b"\r\n", b"\n").replace(b"\r", b"\n") else "gb18030"
