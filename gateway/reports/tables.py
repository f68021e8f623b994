"""A report as tables of words: page, print, file and command line all show these, so that their figures are equal."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

BOM: Final = "\ufeff"
_BEGINS_A_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in one place; ``query``: of the cases behind it, as an address has it; empty: there are none."""

    text: str
    query: str = ""
    person: str = ""
    """Whose page it leads to: never printed, and in no file."""


@dataclass(frozen=True, slots=True)
class Table:
    """Title, heads of the columns, rows; ``note``: what is to be said of it."""

    key: str
    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""


def as_csv(about: str, tables: Iterable[Table], words: Iterable[str]) -> str:
    """The tables for spreadsheets, one below the other; no cell is a formula, and none names a person.

    Args:
        about: what stands in the first line.
        tables: the report's.
        words: what has to be said of them; lines below.
    """
    file = io.StringIO()
    lines = csv.writer(file)
    lines.writerow([_plain(about)])
    for table in tables:
        lines.writerows([[], [_plain(table.title)], [_plain(each) for each in printed_head(table)]])
        lines.writerows([_plain(cell.text) for cell in row] for row in printed_rows(table))
    lines.writerows([[], *([_plain(each)] for each in words)])
    return BOM + file.getvalue()


def printed_head(table: Table) -> tuple[str, ...]:
    """The heads without those of persons."""
    kept = _kept(table)
    return tuple(each for at, each in enumerate(table.head) if at in kept)


def printed_rows(table: Table) -> tuple[tuple[Cell, ...], ...]:
    """The rows without persons."""
    kept = _kept(table)
    return tuple(tuple(cell for at, cell in enumerate(row) if at in kept) for row in table.rows)


def _kept(table: Table) -> frozenset[int]:
    named = {at for row in table.rows for at, cell in enumerate(row) if cell.person}
    return frozenset(range(len(table.head))) - named


def _plain(text: str) -> str:
    return f"'{text}" if text.startswith(_BEGINS_A_FORMULA) else text
