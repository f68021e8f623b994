#!/bin/sh
# sqlite-utils 4.2.1: Database(connection), with a connection that somebody else has opened and goes on using, turns
# recursive triggers on for it and leaves them on. From then on INSERT OR REPLACE fires the DELETE triggers of the row
# it replaces, which by SQLite's default it does not: a table that keeps a log of deletions gains lines.
# What we do: a migration and `inspect` open connections of their own, or ask that nothing be set.
# Fails if it has changed.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check sqlite-utils==4.2.1
"$folder/venv/bin/python" - <<'PYTHON'
import sqlite3
from importlib.metadata import version

import sqlite_utils

SCHEMA = """
CREATE TABLE device (id TEXT PRIMARY KEY, battery INTEGER);
CREATE TABLE removed (id TEXT);
CREATE TRIGGER gone AFTER DELETE ON device BEGIN INSERT INTO removed VALUES (old.id); END;
INSERT INTO device VALUES ('B0001', 80);
"""


def replaced(touched):
    """What a connection has set, and the lines that one REPLACE adds to the log."""
    connection = sqlite3.connect(":memory:")
    connection.executescript(SCHEMA)
    if touched:
        sqlite_utils.Database(connection)
    connection.execute("INSERT OR REPLACE INTO device VALUES ('B0001', 70)")
    (pragma,) = connection.execute("PRAGMA recursive_triggers").fetchone()
    (lines,) = connection.execute("SELECT count(*) FROM removed").fetchone()
    return pragma, lines


print("sqlite-utils", version("sqlite-utils"), "SQLite", sqlite3.sqlite_version)
print("a connection as it is: recursive_triggers, lines:", replaced(touched=False))
print("after Database(connection):                      ", replaced(touched=True))
assert replaced(touched=False) == (0, 0)
assert replaced(touched=True) == (1, 1)
PYTHON
