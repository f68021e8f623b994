"""The table of faults in the code is the one that operators read."""

from __future__ import annotations

import errno
import sqlite3
from pathlib import Path

import pytest

from gateway.fault_table import FAULTS, FaultKind

GUIDE = Path(__file__).parents[2] / "docs" / "reliability.md"
NAMES = "FULL IOERR_SHMSIZE READONLY IOERR BUSY LOCKED PROTOCOL PERM AUTH CANTOPEN NOMEM CORRUPT NOTADB"
SQLITE = {getattr(sqlite3, f"SQLITE_{name}"): f"SQLITE_{name}" for name in NAMES.split()}
"""The module has names of other things with the same numbers."""


def row(name: str, kind: FaultKind) -> str:
    """A row as the guide has it."""
    known = list(dict.fromkeys(SQLITE.get(code, "SQLITE_CONSTRAINT") for code in kind.codes))
    known += [errno.errorcode[number] for number in kind.errnos]
    by = ", ".join(f"`{each}`" for each in known) or "-"
    passes = "yes" if kind.passes else "no"
    return f"| `{name}` | {by} | {kind.said.en} | {kind.advice.en} | {passes} | {kind.answered} |"


@pytest.mark.parametrize("name", FAULTS)
def test_the_guide_has_each_row_as_the_code_has_it(name):
    assert row(name, FAULTS[name]) in GUIDE.read_text("utf-8").splitlines()


def test_the_guide_has_no_other_rows():
    section = GUIDE.read_text("utf-8").partition("## Faults of the machine")[2].partition("\n## ")[0]
    named = [line.split("|")[1].strip(" `") for line in section.splitlines() if line.startswith("| `")]
    assert named == [*FAULTS]


def test_each_row_is_said_in_both_languages():
    for kind in FAULTS.values():
        for said in (kind.said, kind.advice):
            assert said.zh.isascii() is False
            assert said.en.isascii()
