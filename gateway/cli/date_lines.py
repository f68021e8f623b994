"""What ``dates`` prints."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import msgspec
import typer
from rich.console import Console
from rich.table import Table

from gateway.cli.looking import look
from gateway.clock import SystemClock
from gateway.control.rights import sees
from gateway.dates.ends import days_left, ends, step_of
from gateway.words.alarm_words import Words
from gateway.words.date_words import COLUMNS, NOTHING_ENDS, end_name, last_moment, reminder, review_day
from gateway.words.phrases import LANGUAGE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gateway.dates.ends import End
    from gateway.settings.model import Configuration


def list_dates(configuration: Configuration, days: int, office: str, by: str, *, as_json: bool) -> None:
    """Print what ends within so many days; that it is looked at stands in the journal before.

    Raises:
        UserFault: it is not for this account, or the gateway has never run here.
        TransientFault: it cannot be written down who looks.
    """
    caller, now = look(configuration, "dates", by, about=office), SystemClock().now()
    found = [
        one for one in ends(configuration, now)
        if days_left(one.until, now) <= days and office in {"", one.office} and sees(caller, one.office)
    ]  # fmt: skip
    if as_json:
        told = [one._asdict() | {"days": days_left(one.until, now), "start": _begun(one)} for one in found]
        typer.echo(msgspec.json.encode(told).decode())
    else:
        _print(found, Words(LANGUAGE.get(), ZoneInfo(configuration.county.timezone)), now)


def _begun(one: End) -> float | None:
    """Since when it holds; None: for ever."""
    return one.start if one.start > 0 else None


def _print(found: Sequence[End], words: Words, now: float) -> None:
    if not found:
        typer.echo(NOTHING_ENDS.of(words.language))
        return
    table = Table()
    for column in COLUMNS:
        table.add_column(column.of(words.language), overflow="fold")
    for one in found:
        days = days_left(one.until, now)
        table.add_row(
            one.person, one.office, end_name(one.kind, one.what, words), one.document,
            last_moment(one.kind, one.until, words), str(days), reminder(step_of(days), words.language),
            review_day(one.review, words),
        )  # fmt: skip
    Console().print(table)
