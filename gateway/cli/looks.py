"""``where`` and ``track`` at the command line: asked of the daemon, shown in the county's language, time and datum."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import msgspec
import typer
from rich.console import Console

from fencing.plane import LocalPlane
from gateway.cli.county import told
from gateway.control.client import PATIENCE
from gateway.control.messages import Request
from gateway.control.places import PATIENCE as TRACK_PATIENCE
from gateway.decoded import converted
from gateway.engine import Past
from gateway.errors import UserFault
from gateway.words.phrases import LANGUAGE, phrase
from gateway.words.place_words import known_lines, place_lines
from gateway.words.track_formats import Track, csv_of, geojson_of, gpx_of, table
from gateway.words.track_page import page_of

if TYPE_CHECKING:
    from gateway.settings.model import Configuration

FORMATS = {"csv": csv_of, "gpx": gpx_of, "geojson": geojson_of}
NO_END = 4_000_000_000.0
"""UTC epoch seconds no journal reaches: until now."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """What was typed of a track: times as written, and the one format asked for; empty: a table."""

    since: str
    until: str
    form: str


def where(configuration: Configuration, person: str, by: str, *, as_json: bool) -> None:
    """Print the last known places of a person.

    Raises:
        UserFault: the daemon refuses, and why.
        TransientFault: the daemon is not running.
    """
    data = told(configuration, Request("where", id=person, by=by))
    if as_json:
        typer.echo(msgspec.json.encode(data).decode())
        return
    if not data["places"]:
        typer.echo(phrase("place_none", person=person).of(LANGUAGE.get()))
    for place in data["places"]:
        for line in place_lines(place, configuration.county.timezone, LANGUAGE.get()):
            typer.echo(line)
    for line in known_lines(data, configuration.county.timezone, LANGUAGE.get()):
        typer.echo(line)


def track(configuration: Configuration, person: str, stretch: Stretch, by: str) -> None:
    """Print a track of a person.

    Raises:
        UserFault: a time cannot be read, or the daemon refuses, and why.
        TransientFault: the daemon is not running.
    """
    zone = ZoneInfo(configuration.county.timezone)
    since = moment_of("--since", stretch.since, zone)
    until = moment_of("--until", stretch.until, zone) if stretch.until else NO_END
    request = Request("track", id=person, since=since, until=until, by=by)
    past = converted(told(configuration, request, TRACK_PATIENCE + PATIENCE), Past)
    shown = Track(person, past.fixes, configuration.county.maps, zone, LANGUAGE.get())
    if not past.fixes and stretch.form in ("", "html"):
        raise UserFault(phrase("track_empty", person=person))
    _print(shown, configuration, stretch.form)
    if past.cut:
        typer.echo(phrase("track_cut", count=len(past.fixes)).of(LANGUAGE.get()), err=True)


def _print(shown: Track, configuration: Configuration, form: str) -> None:
    if form == "html":
        typer.echo(page_of(shown, configuration, LocalPlane(*configuration.county.centre)), nl=False)
    elif form:
        typer.echo(FORMATS[form](shown), nl=False)
    else:
        Console().print(table(shown))


def moment_of(option: str, text: str, zone: ZoneInfo) -> float:
    """UTC epoch seconds of a time as officers write it: local time of the county, unless it says its offset.

    Raises:
        UserFault: it is none.
    """
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError as fault:
        raise UserFault(phrase("track_time", option=option, value=text)) from fault
    return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).timestamp()


def coming(option: str, text: str, zone: ZoneInfo, now: float) -> float:
    """As :func:`moment_of`; of a time of day alone the next one after ``now``, UTC epoch seconds.

    Raises:
        UserFault: it is none.
    """
    try:
        clock = time.fromisoformat(text.strip().zfill(5))
    except ValueError:
        return moment_of(option, text, zone)
    today = datetime.fromtimestamp(now, zone).date()
    days = (datetime.combine(today + timedelta(days=each), clock, zone).timestamp() for each in (0, 1))
    return next(moment for moment in days if moment > now)
