"""The texts of configurations, by digest: each text once, however many configurations have it.

A desk makes several configurations a day, which differ by one short text. Rows of older versions hold texts whole.
When each was last needed stands beside it, so that one goes with the days that it was in force.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Final

from gateway.errors import OurFault
from gateway.private import private
from gateway.sqlite_faults import judged, said_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from pathlib import Path

SHORT: Final = 256
"""Characters up to which a text stands in the row itself."""
_TABLES: Final = """
CREATE TABLE IF NOT EXISTS configuration (digest TEXT PRIMARY KEY, sources TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS text (sha256 TEXT PRIMARY KEY, body TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS needed (digest TEXT PRIMARY KEY, last REAL NOT NULL) STRICT;
"""
_LEAVE: Final = (
    "DELETE FROM configuration WHERE digest IN (SELECT digest FROM needed WHERE last < ?1)",
    "DELETE FROM needed WHERE last < ?1",
    """
    DELETE FROM text WHERE ?1 > -1e999 AND sha256 NOT IN (
      SELECT json_extract(one.value, '$[0]') FROM configuration, json_each(configuration.sources) AS one
      WHERE one.type = 'array'
    )
    """,
)
"""What was last needed before a time; a text goes with the last that has it."""


def store(path: Path, digest: str, sources: Mapping[str, str]) -> None:
    """Keep a configuration's texts under their digest; storing one twice is no error.

    Raises:
        TransientFault: it cannot be stored now.
        OurFault: the file is damaged.
    """
    long = {name: _sha256(text) for name, text in sources.items() if len(text) > SHORT}
    row = {name: [long[name]] if name in long else text for name, text in sources.items()}
    texts = [(sha256, sources[name]) for name, sha256 in long.items()]
    with _writing(path) as connection:
        connection.executemany("INSERT OR IGNORE INTO text VALUES (?,?)", texts)
        said = json.dumps(row, ensure_ascii=False, sort_keys=True)
        connection.execute("INSERT OR IGNORE INTO configuration VALUES (?,?)", (digest, said))


def keep(path: Path, digests: Collection[str], now: float, horizon: float) -> int:
    """Note which are needed now; let those go that nobody has needed since ``horizon``. Returns how many are gone.

    One that was stored and never looked at counts as needed now. Times are UTC epoch seconds.

    Raises:
        TransientFault, OurFault: as :func:`store`.
    """
    with _writing(path) as connection:
        connection.execute("INSERT OR IGNORE INTO needed SELECT digest, ? FROM configuration", (now,))
        connection.executemany("UPDATE needed SET last = max(last, ?) WHERE digest = ?", [(now, d) for d in digests])
        gone = [connection.execute(statement, (horizon,)).rowcount for statement in _LEAVE]
    return gone[0]


@contextmanager
def _writing(path: Path) -> Iterator[sqlite3.Connection]:
    """All of what is done there, or nothing."""
    try:
        with closing(sqlite3.connect(private(path), isolation_level=None)) as connection:
            connection.executescript(
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON;" + _TABLES
            )
            with connection:
                connection.execute("BEGIN IMMEDIATE")
                yield connection
    except (sqlite3.Error, OSError) as fault:
        raise judged("write", "journal/configurations", fault) from fault


def stored(path: Path, digest: str) -> dict[str, str]:
    """Texts of a configuration, by file.

    Raises:
        OurFault: the digest is not stored, or the file is damaged.
    """
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as connection:
            row = connection.execute("SELECT sources FROM configuration WHERE digest = ?", (digest,)).fetchone()
            if row is None:
                raise OurFault(f"configuration {digest[:12]} is not in the journal")
            return {name: _whole(connection, kept) for name, kept in json.loads(row[0]).items()}
    except sqlite3.Error as fault:
        raise OurFault(said_of("read", "journal/configurations", fault)) from fault


def _whole(connection: sqlite3.Connection, kept: str | list[str]) -> str:
    """A text as it was: what stands in the row, or what the row names."""
    if isinstance(kept, str):
        return kept
    row = connection.execute("SELECT body FROM text WHERE sha256 = ?", kept).fetchone()
    if row is None or _sha256(row[0]) != kept[0]:
        raise OurFault(f"journal/configurations is damaged: text {kept[0][:12]} is not what was written")
    return str(row[0])


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
