"""CSV tables as plain data that still knows where each cell stands."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from gateway.settings.documents import Document
from gateway.settings.entries import note_unknown
from gateway.settings.faults import Place
from gateway.settings.values import full_width, to_ascii

if TYPE_CHECKING:
    from gateway.settings.documents import Path
    from gateway.settings.faults import Findings

_CELL = re.compile(r'(?P<cell>"(?:[^"]|"")*"|[^,\r\n]*)(?P<end>,|\r\n|\n|\r|\Z)')


def read_csv(file: str, text: str, columns: tuple[str, ...], required: tuple[str, ...], findings: Findings) -> Document:
    """Read a table with a header: ``data`` is a list of dicts of its filled cells.

    Blank lines and lines that start with ``#`` are passed over. Rows whose number of cells differs from the header's
    are refused. With an unusable header ``data`` is None.
    """
    values: dict[Path, Place] = {}
    texts: dict[Path, str] = {}
    document = Document(file, None, values, values, texts, table=True)
    rows = [row for row in _rows(file, text, findings) if any(cell for _, cell in row) and row[0][1][:1] != "#"]
    if not rows:
        findings.add(Place(file), "csv_header", column=columns[0], expected=",".join(columns))
        return document
    header, *body = rows
    if not _header(header, columns, required, findings):
        return document
    data: list[dict[str, str]] = []
    for row in body:
        if len(row) != len(header):
            _miscounted(row, len(header), findings)
            document.broken = True
            continue
        index = len(data)
        values[(index,)] = row[0][0]
        pairs = zip(header, row, strict=True)
        cells = [(name, place, cell) for (_, name), (place, cell) in pairs if cell and name in columns]
        for name, place, cell in cells:
            values[index, name] = place
            texts[index, name] = cell
        data.append({name: cell for name, _, cell in cells})
    document.data = data
    return document


def _rows(file: str, text: str, findings: Findings) -> list[list[tuple[Place, str]]]:
    rows: list[list[tuple[Place, str]]] = [[]]
    line, line_start = 1, 0
    said: dict[str, str] = {}
    for found in _CELL.finditer(text):
        place, cell = Place(file, line, found.start() - line_start + 1), found["cell"]
        if cell.startswith('"') and not (len(cell) > 1 and cell.endswith('"')):
            findings.add(place, "csv_quote")
        cell = cell.strip().removeprefix('"').removesuffix('"').replace('""', '"').strip()
        rows[-1].append((place, said.setdefault(cell, cell)))
        if found["end"] != ",":
            line, line_start = line + max(found[0].count("\n"), 1), found.end()
            rows.append([])
        if found.end() == len(text):
            break
    return [row for row in rows if row]


def _header(
    header: list[tuple[Place, str]], columns: tuple[str, ...], required: tuple[str, ...], findings: Findings
) -> bool:
    place, first = header[0]
    names = [name for _, name in header]
    if len(header) == 1 and re.search("[，;\t；]", first):
        findings.add(place, "csv_separator")
        return False
    for column in required:
        if column not in names:
            findings.add(place, "csv_header", column=column, expected=",".join(columns))
    for index, (other, name) in enumerate(header):
        if name in names[:index]:
            findings.add(other, "duplicate_key", key=name)
        if name not in columns:
            note_unknown(other, name, list(columns), findings)
    return set(required) <= set(names)


def _miscounted(row: list[tuple[Place, str]], expected: int, findings: Findings) -> None:
    for place, cell in row:
        if "，" in cell and full_width(cell):
            findings.add(place, "full_width", value=cell, ascii=to_ascii(cell))
            return
    findings.add(row[0][0], "csv_cells", count=len(row), expected=expected)
