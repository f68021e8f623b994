"""What ``report`` prints, out of the stored files."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import typer
from rich.console import Console
from rich.table import Table as Drawn

from gateway.cli.county import storage_of, stored
from gateway.cli.looking import look
from gateway.clock import SystemClock
from gateway.journal.segment import oldest_day
from gateway.replay.registers_then import authorities_then
from gateway.reports.drills import drills_among
from gateway.reports.period import month_at, month_of
from gateway.reports.sheet import NOISE, Known, sheet_of, span_of, then_of
from gateway.reports.tables import as_csv
from gateway.sqlite_faults import judged
from gateway.words.alarm_words import Words
from gateway.words.phrases import LANGUAGE

if TYPE_CHECKING:
    from pathlib import Path

    from gateway.reports.period import Period
    from gateway.reports.sheet import Sheet
    from gateway.settings.model import Configuration


def made(configuration: Configuration, part: str, written_month: str, by: str) -> Sheet:
    """A part of a month's report; that it is looked at stands in the journal before.

    Raises:
        UserFault: that is no month, it is not for this account, or the gateway has never run here.
        TransientFault: it cannot be written down who looks.
    """
    zone, now = ZoneInfo(configuration.county.timezone), SystemClock().now()
    month = month_of(written_month, zone) if written_month else month_at(now, zone, back=1)
    look(configuration, "load" if part == NOISE else "report", by, purpose=f"{month.name} {part}")
    return sheet_of(part, month, _known(configuration, part, month, now), Words(LANGUAGE.get(), zone))


def _known(configuration: Configuration, part: str, month: Period, now: float) -> Known:
    span = span_of(part, month, ZoneInfo(configuration.county.timezone))
    with stored(configuration) as store:
        episodes = store.episodes_between(span.start, span.until)
        notices = {one: store.notices.of_alarm(one) for one in drills_among(episodes)}
        oldest, confirmed = store.oldest_episode(), store.confirmed_people()
    first = oldest_day(storage_of(configuration) / "journal")
    zone = ZoneInfo(configuration.county.timezone)
    wanted, journal = then_of(part, month, zone), storage_of(configuration) / "journal"
    then = [] if wanted is None else authorities_then(journal, wanted.start, min(wanted.until, now), zone)
    since = min((each for each in (oldest, first) if each is not None), default=None)
    return Known(configuration, now, since, episodes, confirmed, then=then, notices=notices)


def written(configuration: Configuration, sheet: Sheet, output: Path | None) -> None:
    """The tables for spreadsheets, into a file or to the standard output.

    Raises:
        TransientFault, OurFault: the file cannot be written.
    """
    text = as_csv(f"{configuration.county.code} {sheet.title}", sheet.tables, (*sheet.lines, sheet.foot))
    if output is None:
        typer.echo(text, nl=False)
        return
    try:
        output.write_text(text, "utf-8", newline="")
    except OSError as fault:
        raise judged("write", output, fault) from fault


def show(sheet: Sheet) -> None:
    """The tables on a terminal, as wide as it is."""
    console = Console()
    for line in (sheet.title, *sheet.lines):
        console.print(line, highlight=False, markup=False)
    for table in sheet.tables:
        drawn = Drawn(*table.head, title=table.title, title_justify="left")
        for row in table.rows:
            drawn.add_row(*(cell.text for cell in row))
        console.print(drawn)
        if table.note:
            console.print(table.note, highlight=False, markup=False)
    console.print(sheet.foot, highlight=False, markup=False)
