"""What ``audit`` lists: out of the files where they may be read, else as the daemon tells it."""

from __future__ import annotations

import json
from itertools import islice
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

import msgspec
import typer
from rich.console import Console

from gateway.cli.county import is_open, storage_of, told
from gateway.cli.looking import look
from gateway.cli.looks import moment_of
from gateway.clock import iso
from gateway.control.messages import Request
from gateway.errors import UserFault
from gateway.journal.audit import audited, row_of
from gateway.journal.controls import Sought
from gateway.words.audit_list import WHATS, as_csv, shown
from gateway.words.phrases import LANGUAGE, phrase

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gateway.settings.model import Configuration

AT_ONCE: Final = 1000
"""Entries of one answer of the daemon."""


def sought(configuration: Configuration, named: tuple[str, str, str, str], since: str, until: str) -> Sought:
    """What was typed: person, staff number, what, words; times as written.

    Raises:
        UserFault: there is no such thing in the log, or a time cannot be read.
    """
    person, staff, what, words = named
    if what and what not in WHATS:
        raise UserFault(phrase("audit_no_what", value=what, allowed=", ".join(sorted(WHATS))))
    zone = ZoneInfo(configuration.county.timezone)
    begin, end = (
        moment_of(name, text, zone) if text else 0.0 for name, text in (("--since", since), ("--until", until))
    )
    return Sought(person, staff, what, words, begin, end)


def lines(configuration: Configuration, meant: Sought, limit: int, by: str, form: str) -> None:
    """Print so many entries at most; ``form``: ``csv``, ``json``, or empty: for people.

    Raises:
        UserFault: it is not for this account.
        TransientFault: the daemon is not running, or it cannot be written down who looks.
    """
    rows, zone = list(islice(_rows(configuration, meant, by), limit)), ZoneInfo(configuration.county.timezone)
    if form == "json":
        for row in rows:
            typer.echo(json.dumps({**row, "at": iso(row["at"])}, ensure_ascii=False))
    elif form == "csv":
        typer.echo(as_csv(rows, zone), nl=False)
    else:
        Console().print(shown(rows, zone, LANGUAGE.get()))


def _rows(configuration: Configuration, meant: Sought, by: str) -> Iterator[dict[str, Any]]:
    if is_open(configuration):
        look(configuration, "audit", by, person=meant.person)
        yield from map(row_of, audited(storage_of(configuration) / "journal", meant))
        return
    rows: list[dict[str, Any]] = [{}] * AT_ONCE
    while len(rows) == AT_ONCE:
        rows = told(configuration, Request("audit", by=by, sought=meant, count=AT_ONCE))["rows"]
        yield from rows
        meant = msgspec.structs.replace(meant, before=rows[-1]["offset"] if rows else 1)
