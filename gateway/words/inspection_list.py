"""What ``inspect`` tells of state.db and the journal's files, for people and for scripts."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from rich.table import Table
from rich.text import Text as Cell

from gateway.clock import iso
from gateway.words.listing import Item, listing
from gateway.words.texts import Text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from zoneinfo import ZoneInfo

    from rich.console import Group

HEADINGS: Final = {"zh": ("文件", "版本", "字节"), "en": ("file", "version", "bytes")}
TIMES: Final = (
    "decided", "issued", "attempted", "received_first", "received_last", "onset", "ended", "acked", "delivered",
    "time", "since", "until",
)  # fmt: skip
"""Columns that hold UTC epoch seconds."""
_WORDS: Final[Mapping[str, Text]] = {
    "aged": Text("{table}：{rows} 行，{oldest} 至 {newest}", "{table}: {rows} rows, {oldest} to {newest}"),
    "plain": Text("{table}：{rows} 行", "{table}: {rows} rows"),
}


@dataclass(frozen=True, slots=True)
class TableFacts:
    """A table: its rows, and the first and the last time in it, UTC epoch seconds; None: it knows of none."""

    table: str
    rows: int
    oldest: float | None = None
    newest: float | None = None


@dataclass(frozen=True, slots=True)
class FileFacts:
    """A file: its name, its size with what its write-ahead log holds, its version, its tables; or what is wrong."""

    name: str
    bytes: int
    version: int = 0
    tables: tuple[TableFacts, ...] = ()
    fault: str = ""


def stated(file: FileFacts) -> Iterator[dict[str, Any]]:
    """A file for scripts: one mapping a table, or one that names the fault; times in ISO 8601."""
    whole = {"file": file.name, "bytes": file.bytes}
    if file.fault:
        yield {**whole, "fault": file.fault}
    for each in file.tables:
        yield {**whole, "version": file.version, **asdict(each), "oldest": iso(each.oldest), "newest": iso(each.newest)}


def stated_row(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row for scripts: times in ISO 8601."""
    return {name: iso(value) if name in TIMES else value for name, value in row.items()}


def shown(files: Sequence[FileFacts], zone: ZoneInfo, language: str) -> Group:
    """All files in the reader's language and the county's time."""
    items = [
        Item(
            (file.name, str(file.version), f"{file.bytes:,}"),
            (file.fault,) if file.fault else tuple(_line(each, zone, language) for each in file.tables),
            "red" if file.fault else "",
        )
        for file in files
    ]
    return listing(HEADINGS[language], items)


def _line(each: TableFacts, zone: ZoneInfo, language: str) -> str:
    if each.oldest is None or each.newest is None:
        return _WORDS["plain"].of(language).format(table=each.table, rows=f"{each.rows:,}")
    ages = {"oldest": _local(each.oldest, zone), "newest": _local(each.newest, zone)}
    return _WORDS["aged"].of(language).format(table=each.table, rows=f"{each.rows:,}", **ages)


def rows_shown(rows: Sequence[Mapping[str, Any]], zone: ZoneInfo) -> Table:
    """Rows as a table under the names of their columns; times are the county's, control characters are left out."""
    table = Table(*(rows[0] if rows else ()), box=None, pad_edge=False)
    for row in rows:
        table.add_row(*(Cell(_cell(name, value, zone), overflow="fold") for name, value in row.items()))
    return table


def _cell(name: str, value: Any, zone: ZoneInfo) -> str:  # noqa: ANN401  whatever SQLite holds
    if value is None:
        return "-"
    if name in TIMES:
        return _local(value, zone)
    return "".join(sign for sign in str(value) if sign.isprintable())


def _local(at: float, zone: ZoneInfo) -> str:
    return datetime.fromtimestamp(at, zone).isoformat(" ", "seconds")
