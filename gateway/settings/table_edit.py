"""Rows of a CSV text changed and added where they stand: comments, order, and all other cells stay as they were."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_CELL = re.compile(r'(?:^|,)(\s*"(?:[^"]|"")*"[^,]*|[^,]*)')


class RowEdit(NamedTuple):
    """What becomes of a row. ``line``: its number, None: it is new. ``cells``: by column; empty: nothing is there."""

    line: int | None
    cells: Mapping[str, str]


def edited_table(text: str, edits: Sequence[RowEdit]) -> str:
    """The text with its rows changed; columns that it has not are added to its header."""
    lines = text.split("\n")
    at = next(index for index, line in enumerate(lines) if _is_row(line))
    columns = [_plain(cell) for cell in _cells(lines[at])]
    new = [name for edit in edits for name, cell in edit.cells.items() if name not in columns and cell]
    if new := list(dict.fromkeys(new)):
        columns += new
        lines[at] += "".join(f",{name}" for name in new)
        lines[at + 1 :] = [_widened(line, len(new)) for line in lines[at + 1 :]]
    while lines and not lines[-1]:
        lines.pop()
    for edit in edits:
        if edit.line is None:
            lines.append(",".join(_quoted(edit.cells.get(name, "")) for name in columns))
        else:
            lines[edit.line - 1] = _changed(lines[edit.line - 1], columns, edit.cells)
    return "\n".join([*lines, ""])


def _cells(line: str) -> list[str]:
    """The cells of a line as they are written."""
    return [found[1] for found in _CELL.finditer(line)]


def _widened(line: str, count: int) -> str:
    return line + "," * count if _is_row(line) else line


def _is_row(line: str) -> bool:
    return bool(line.strip(" ,\t")) and not line.lstrip().startswith("#")


def _changed(line: str, columns: Sequence[str], cells: Mapping[str, str]) -> str:
    written = _cells(line)
    for name, cell in cells.items():
        if name in columns:
            written[columns.index(name)] = _quoted(cell)
    return ",".join(written)


def _plain(cell: str) -> str:
    return cell.strip().removeprefix('"').removesuffix('"').replace('""', '"').strip()


def _quoted(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"' if re.search(r'[",#]', cell) else cell
