"""The texts of configurations, by digest: each text once, however many configurations have it.

A desk makes several configurations a day, which differ by one short text. Rows of older versions hold texts whole.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Final

from gateway.errors import OurFault
from gateway.private import private
from gateway.sqlite_faults import judged, said_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

SHORT: Final = 256
"""Characters up to which a text stands in the row itself."""
_TABLES: Final = """
CREATE TABLE IF NOT EXISTS configuration (digest TEXT PRIMARY KEY, sources TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS text (sha256 TEXT PRIMARY KEY, body TEXT NOT NULL) STRICT;
"""


def store(path: Path, digest: str, sources: Mapping[str, str]) -> None:
    """Keep a configuration's texts under their digest; storing one twice is no error.

    Raises:
        TransientFault: it cannot be stored now.
        OurFault: the file is damaged.
    """
    long = {name: _sha256(text) for name, text in sources.items() if len(text) > SHORT}
    row = {name: [long[name]] if name in long else text for name, text in sources.items()}
    texts = [(sha256, sources[name]) for name, sha256 in long.items()]
    try:
        with closing(sqlite3.connect(private(path), isolation_level=None)) as connection:
            connection.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;" + _TABLES)
            with connection:
                connection.execute("BEGIN IMMEDIATE")
                connection.executemany("INSERT OR IGNORE INTO text VALUES (?,?)", texts)
                said = json.dumps(row, ensure_ascii=False, sort_keys=True)
                connection.execute("INSERT OR IGNORE INTO configuration VALUES (?,?)", (digest, said))
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
