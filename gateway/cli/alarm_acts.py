"""What a duty officer does about an alarm: takes it, tries to reach somebody, agrees, assigns, notes, closes."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Annotated

import typer

from gateway.cli.officers import AlarmArgument, alarms_app, signed
from gateway.cli.options import DEFAULT_CONFIG, ByOption, ConfigOption, CountyLanguageOption

if TYPE_CHECKING:
    from gateway.journal.controls import Act

__all__ = ["alarms_app"]
NoteOption = Annotated[str, typer.Option("--note", help="In free words.")]


@alarms_app.command("ack")
def acknowledge(
    alarm: AlarmArgument,
    config: ConfigOption = DEFAULT_CONFIG,
    note: NoteOption = "",
    by: ByOption = "",
    lang: CountyLanguageOption = "",
) -> None:
    """Acknowledge an alarm: somebody is looking into it."""
    _act(config, lang, _of("acknowledge", alarm, by, note=note))


@alarms_app.command("take-over")
def take_over(
    alarm: AlarmArgument,
    config: ConfigOption = DEFAULT_CONFIG,
    note: NoteOption = "",
    by: ByOption = "",
    lang: CountyLanguageOption = "",
) -> None:
    """Take an alarm over from whoever has it."""
    _act(config, lang, _of("take_over", alarm, by, note=note))


@alarms_app.command("attempt")
def attempt(  # noqa: PLR0913, PLR0917  one parameter an option
    alarm: AlarmArgument,
    whom: Annotated[str, typer.Option("--whom", help="wearer, family, office, police or other")],
    result: Annotated[str, typer.Option("--result", help="no_answer, reached, promised or refused")],
    config: ConfigOption = DEFAULT_CONFIG,
    note: NoteOption = "",
    by: ByOption = "",
    lang: CountyLanguageOption = "",
) -> None:
    """Record that somebody was called or looked for, and what came of it."""
    _act(config, lang, _of("attempt", alarm, by, note=note, whom=whom, result=result))


@alarms_app.command("follow-up")
def follow_up(  # noqa: PLR0913, PLR0917  one parameter an option
    alarm: AlarmArgument,
    moment: Annotated[str, typer.Option("--at", help="Local time of the county: 22:45, or 2026-11-02 22:45.")],
    expects: Annotated[str, typer.Option("--expects", help="home, reports, calls or visit")],
    config: ConfigOption = DEFAULT_CONFIG,
    note: NoteOption = "",
    by: ByOption = "",
    lang: CountyLanguageOption = "",
) -> None:
    """Record what was agreed for a time; the alarm comes back then, with what the gateway has seen."""
    from zoneinfo import ZoneInfo

    from gateway.cli.county import opened
    from gateway.cli.looks import coming
    from gateway.clock import SystemClock

    at = coming("--at", moment, ZoneInfo(opened(config, lang).county.timezone), SystemClock().now())
    _act(config, lang, _of("follow_up", alarm, by, note=note, at=at, expects=expects))


@alarms_app.command("assign")
def assign(
    alarm: AlarmArgument,
    to: Annotated[str, typer.Option("--to", help="A staff number, or the code of an office.")],
    config: ConfigOption = DEFAULT_CONFIG,
    note: NoteOption = "",
    by: ByOption = "",
    lang: CountyLanguageOption = "",
) -> None:
    """Assign an alarm to somebody or to an office."""
    _act(config, lang, _of("assign", alarm, by, note=note, to=to))


@alarms_app.command("arrived")
def arrived(
    alarm: AlarmArgument,
    config: ConfigOption = DEFAULT_CONFIG,
    note: NoteOption = "",
    by: ByOption = "",
    lang: CountyLanguageOption = "",
) -> None:
    """Record that somebody has reached the wearer."""
    _act(config, lang, _of("arrived", alarm, by, note=note))


@alarms_app.command("close")
def close(  # noqa: PLR0913, PLR0917  one parameter an option
    alarm: AlarmArgument,
    outcome: Annotated[str, typer.Option("--outcome", help="confirmed, excused, technical, false or unverifiable")],
    note: Annotated[str, typer.Option("--note", help="What was found.")],
    verified_by: Annotated[
        str, typer.Option("--verified-by", help="Of a confirmed one: call, visit, document or police.")
    ] = "",
    config: ConfigOption = DEFAULT_CONFIG,
    by: ByOption = "",
    lang: CountyLanguageOption = "",
) -> None:
    """Close an alarm with an outcome and a note: the only finding there is."""
    _act(config, lang, _of("close", alarm, by, note=note, outcome=outcome, verified_by=verified_by))


@alarms_app.command("dispute")
def dispute(
    alarm: AlarmArgument,
    note: Annotated[str, typer.Option("--note", help="What the wearer objects to, in the wearer's words.")],
    config: ConfigOption = DEFAULT_CONFIG,
    by: ByOption = "",
    lang: CountyLanguageOption = "",
) -> None:
    """Record that the wearer objects to how an alarm was closed; it opens again, and a leader closes it."""
    _act(config, lang, _of("dispute", alarm, by, note=note))


@alarms_app.command("cause")
def cause(
    alarm: AlarmArgument,
    cause: Annotated[str, typer.Option("--cause", help="redrawn (the zone), device, rule or other")],
    config: ConfigOption = DEFAULT_CONFIG,
    note: NoteOption = "",
    by: ByOption = "",
    lang: CountyLanguageOption = "",
) -> None:
    """Mark why an alarm that was closed as false or technical was none; for a leader, and it stays closed."""
    _act(config, lang, _of("cause", alarm, by, note=note, cause=cause))


@alarms_app.command("note")
def add_note(
    alarm: AlarmArgument,
    text: str,
    config: ConfigOption = DEFAULT_CONFIG,
    by: ByOption = "",
    lang: CountyLanguageOption = "",
) -> None:
    """Add a note to an alarm."""
    _act(config, lang, _of("note", alarm, by, note=text))


def _of(do: str, alarm: str, by: str, **said: str | float) -> Act:
    from gateway.decoded import converted
    from gateway.journal.controls import Act

    return converted({"id": uuid.uuid4().hex, "do": do, "alarm": alarm, "by": signed(by), **said}, Act)


def _act(config: ConfigOption, lang: str, act: Act) -> None:
    """Have an act done, and say what was."""
    from gateway.cli.acts import act_on
    from gateway.cli.county import opened

    typer.echo(act_on(opened(config, lang), act))
