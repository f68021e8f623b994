"""``inspect``: what stands in state.db and in the files of journal and history; none is changed, no frame shown."""

from __future__ import annotations

import json
import os
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

import typer
from rich.console import Console
from sqlite_utils import Database

from gateway.cli.county import STATE, storage_of
from gateway.errors import OurFault, UserFault
from gateway.history.file import is_history
from gateway.journal.segment import is_segment
from gateway.sqlite_faults import said_of, told
from gateway.towers.store import NAME as TOWERS
from gateway.words.inspection_list import FileFacts, TableFacts, rows_shown, shown, stated, stated_row
from gateway.words.phrases import LANGUAGE, phrase

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from rich.console import RenderableType
    from sqlite_utils.db import Column, Table

    from gateway.settings.model import Configuration

SIZE_ONLY: Final = {"body", "sources"}
"""Texts that hold what people wrote, places and whole configurations: only how long they are is shown, as of a BLOB."""
DIGESTS: Final = {"chain", "digest"}
AGES: Final = {
    "decided": "decided", "issued": "issued", "attempted": "attempted", "received_first": "received_last",
    "time": "time", "since": "since",
}  # fmt: skip
"""Columns that tell how old a row is: where the oldest is looked for, and where the newest."""
PATIENCE: Final = 10.0
"""Seconds to wait for a lock."""


def inspect(configuration: Configuration, what: str, most: int, *, as_json: bool) -> None:
    """Print the files, one of them, or the newest rows of a table.

    Args:
        configuration: whose storage it is.
        what: empty, ``FILE``, ``FILE/TABLE``, or a table of state.db.
        most: rows at most.
        as_json: a line a table or row, for scripts.

    Raises:
        UserFault: there is no such file or table, or this account may not read it.
        OurFault: the file is damaged.
    """
    files, zone = files_of(storage_of(configuration)), ZoneInfo(configuration.county.timezone)
    name, _, table = what.partition("/")
    if what and name not in files:
        name, table = STATE, what
    if name and name not in files:
        raise UserFault(phrase("never_run", path=storage_of(configuration) / STATE))
    if table:
        rows = rows_of(files[name], table, most)
        _print(map(stated_row, rows), rows_shown(rows, zone), as_json=as_json)
    else:
        facts = [facts_of(path) for each, path in files.items() if name in ("", each)]
        lines = (line for file in facts for line in stated(file))
        _print(lines, shown(facts, zone, LANGUAGE.get()), as_json=as_json)


def _print(lines: Iterable[dict[str, Any]], page: RenderableType, *, as_json: bool) -> None:
    if not as_json:
        Console().print(page)
        return
    for line in lines:
        typer.echo(json.dumps(line, ensure_ascii=False))


def files_of(storage: Path) -> dict[str, Path]:
    """Files by name: state.db, towers.db, configurations, the days of the journal, oldest first, those of the history.

    Raises:
        UserFault: the gateway has never run here, or this account may not look.
    """
    journal, history = storage / "journal", storage / "history"
    try:
        days = [
            *sorted(path for path in (journal.iterdir() if journal.is_dir() else ()) if is_segment(path)),
            *sorted(path for path in (history.iterdir() if history.is_dir() else ()) if is_history(path)),
        ]
        single = (storage / STATE, storage / TOWERS, journal / "configurations")
        found = [path for path in single if path.is_file()] + days
    except PermissionError as fault:
        raise UserFault(phrase("inspect_closed", path=storage)) from fault
    if not found:
        raise UserFault(phrase("never_run", path=storage / STATE))
    return {path.name: path for path in found}


def facts_of(path: Path) -> FileFacts:
    """A file and its tables; one that cannot be read says why instead."""
    size = sum(each.stat().st_size for each in (path, _log(path)) if each.exists())
    try:
        with closing(_opened(path)) as connection:
            db = _database(connection)
            (version,) = db.execute("PRAGMA user_version").fetchone()
            return FileFacts(path.name, size, version, tuple(_table_facts(db, name) for name in _tables(db)))
    except sqlite3.Error as fault:
        return FileFacts(path.name, size, fault=told(fault).of(LANGUAGE.get()))


def rows_of(path: Path, table: str, most: int) -> list[dict[str, Any]]:
    """The newest rows of a table, the oldest of them first; contents that are sized only stand as ``NAME_bytes``.

    Raises:
        UserFault: there is no such table.
        OurFault: the file cannot be read.
    """
    try:
        with closing(_opened(path)) as connection:
            db = _database(connection)
            if table not in (known := _tables(db)):
                raise UserFault(phrase("inspect_unknown", value=table, file=path.name, allowed=", ".join(known)))
            found = db.table(table)
            order = ", ".join(f"{_quoted(name)} DESC" for name in filter(None, (_age(found), *found.pks)))
            columns = ", ".join(map(_column, found.columns))
            return list(found.rows_where(select=columns, order_by=order, limit=most))[::-1]
    except sqlite3.Error as fault:
        raise OurFault(said_of("read", path.name, fault)) from fault


def _opened(path: Path) -> sqlite3.Connection:
    """A connection that cannot write, whatever it is told; nor does it leave a log beside a file that has none open.

    Raises:
        UserFault: this account may not read the file.
    """
    if not os.access(path, os.R_OK):
        raise UserFault(phrase("inspect_closed", path=path))
    rest = "" if _log(path).exists() else "&immutable=1"
    return sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro{rest}", uri=True, timeout=PATIENCE)


def _log(path: Path) -> Path:
    return path.with_name(f"{path.name}-wal")


def _database(connection: sqlite3.Connection) -> Database:
    return Database(connection, recursive_triggers=False, execute_plugins=False)


def _tables(db: Database) -> list[str]:
    return sorted(name for name in db.table_names() if not name.startswith("sqlite_"))


def _table_facts(db: Database, name: str) -> TableFacts:
    table = db.table(name)
    if (first := _age(table)) is None:
        return TableFacts(name, table.count)
    ends = f"SELECT min({first}), max({AGES[first]}) FROM {_quoted(name)}"  # noqa: S608  names of columns
    return TableFacts(name, table.count, *db.execute(ends).fetchone())


def _age(table: Table) -> str | None:
    return next((name for name in AGES if name in table.columns_dict), None)


def _column(column: Column) -> str:
    """A column as it is shown."""
    name = _quoted(column.name)
    if column.name in DIGESTS and column.type == "BLOB":
        return f"lower(hex({name})) AS {name}"
    if column.name in SIZE_ONLY or column.type == "BLOB":
        return f"length(CAST({name} AS BLOB)) AS {_quoted(column.name + '_bytes')}"
    return name


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
