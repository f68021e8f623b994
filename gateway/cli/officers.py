"""The commands of a duty officer: alarms, and orders to devices."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console

from gateway.cli.options import DEFAULT_CONFIG, ByOption, ConfigOption, CountyLanguageOption, JsonOption

alarms_app = typer.Typer(
    help="Alarms: list, show, what is done about them, resend. 报警：列表、查看、处理、再次发送。",
    no_args_is_help=True,
)
commands_app = typer.Typer(
    help="Orders to devices: list, cancel, confirm. 下达给设备的指令：列表、取消、确认。", no_args_is_help=True
)
PersonArgument = Annotated[str, typer.Argument(help="As in people.csv.")]
AlarmArgument = Annotated[str, typer.Argument(metavar="ID", help="As listed; its beginning is enough.")]


@alarms_app.command("list")
def list_alarms(
    config: ConfigOption = DEFAULT_CONFIG,
    *,
    unresolved: Annotated[bool, typer.Option("--unresolved", help="Only those nobody has closed.")] = False,
    as_json: JsonOption = False,
    lang: CountyLanguageOption = "",
) -> None:
    """List alarms, oldest first; those that nobody has closed gravest first, but with --json."""
    from gateway.cli.alarm_json import json_lines
    from gateway.cli.county import episodes_of, opened
    from gateway.words.alarm_list import gravest_first, shown
    from gateway.words.phrases import LANGUAGE

    configuration = opened(config, lang)
    episodes = episodes_of(configuration, unresolved=unresolved)
    if as_json:
        for line in json_lines(episodes, configuration.county):
            typer.echo(line)
    else:
        episodes = gravest_first(episodes) if unresolved else episodes
        Console().print(shown(episodes, configuration.county.timezone, LANGUAGE.get(), configuration.county.maps))


@alarms_app.command("reliability")
def show_reliability(
    config: ConfigOption = DEFAULT_CONFIG, *, as_json: JsonOption = False, lang: CountyLanguageOption = ""
) -> None:
    """Compare how probable alarms were said to be with what persons found, by kind, office and model."""
    from dataclasses import asdict

    import msgspec
    from rich.console import Console

    from gateway.cli.county import episodes_of, opened
    from gateway.control.reliability import reliability
    from gateway.words.phrases import LANGUAGE
    from gateway.words.reliability_list import reliability_shown

    configuration = opened(config, lang)
    rows = [asdict(row) for row in reliability(episodes_of(configuration, unresolved=False), configuration.devices)]
    if as_json:
        for row in rows:
            typer.echo(msgspec.json.encode(row).decode())
    else:
        Console().print(reliability_shown(rows, LANGUAGE.get()))


@alarms_app.command("drill")
def drill(
    reason: Annotated[str, typer.Option("--reason", help="Why there is a drill now.")],
    config: ConfigOption = DEFAULT_CONFIG,
    by: ByOption = "",
    lang: CountyLanguageOption = "",
) -> None:
    """Ring the people on duty as a critical alarm would, marked as a drill; how soon they answer is kept."""
    from gateway.cli.acts import drilled
    from gateway.cli.county import opened

    typer.echo(drilled(opened(config, lang), signed(by), reason))


@alarms_app.command("resend")
def resend(config: ConfigOption = DEFAULT_CONFIG, lang: CountyLanguageOption = "") -> None:
    """Send again the messages that are set aside (see status)."""
    from gateway.cli.acts import resent
    from gateway.cli.county import opened

    for line in resent(opened(config, lang)):
        typer.echo(line)


def signed(by: str) -> str:
    """Who does it, in one line of what can be seen; empty: whoever the daemon sees at the other end."""
    from gateway.journal.controls import printable

    return " ".join(printable(by).split())


def command(  # noqa: PLR0913, PLR0917  one parameter an option
    device: Annotated[str, typer.Argument(help="As in devices.csv.")],
    order: Annotated[str, typer.Argument(help="For example locate; without it: what the device can be told.")] = "",
    arguments: Annotated[list[str] | None, typer.Argument(metavar="NAME=VALUE")] = None,
    config: ConfigOption = DEFAULT_CONFIG,
    expires: Annotated[str, typer.Option("--expires", help="Not sent after this time: 90s, 15m, 2h, 1d.")] = "15m",
    by: ByOption = "",
    reason: Annotated[str, typer.Option("--reason", help="Of maintenance: why; a second person confirms it.")] = "",
    *,
    wait: Annotated[bool, typer.Option("--wait/--no-wait", help="Wait up to 30 s for the device's answer.")] = True,
    as_json: JsonOption = False,
    lang: CountyLanguageOption = "",
) -> None:
    """Give a device an order: locate, interval, text and others, as its protocol has them."""
    from gateway.cli.command_lines import Typed, give
    from gateway.cli.county import opened

    typed = Typed(device, order, arguments or [], expires, signed(by), wait, as_json, signed(reason))
    raise typer.Exit(give(opened(config, lang), typed))


@commands_app.command("list")
def list_commands(
    device: Annotated[str, typer.Argument(help="Only those to this device.")] = "",
    config: ConfigOption = DEFAULT_CONFIG,
    *,
    everything: Annotated[bool, typer.Option("--all", help="Those that have ended, too.")] = False,
    as_json: JsonOption = False,
    lang: CountyLanguageOption = "",
) -> None:
    """List orders that have not ended, oldest first."""
    from gateway.cli.command_lines import list_
    from gateway.cli.county import opened

    list_(opened(config, lang), device, everything=everything, as_json=as_json)


@commands_app.command("cancel")
def cancel_command(
    identity: Annotated[str, typer.Argument(metavar="ID", help="As listed; its beginning is enough.")],
    config: ConfigOption = DEFAULT_CONFIG,
    by: ByOption = "",
    lang: CountyLanguageOption = "",
) -> None:
    """Cancel an order; what has gone out to the device cannot be called back."""
    from gateway.cli.command_lines import cancel
    from gateway.cli.county import opened

    raise typer.Exit(cancel(opened(config, lang), identity, signed(by)))


@commands_app.command("confirm")
def confirm_command(
    identity: Annotated[str, typer.Argument(metavar="ID", help="As the one who gave it was told.")],
    config: ConfigOption = DEFAULT_CONFIG,
    by: ByOption = "",
    *,
    sure: Annotated[bool, typer.Option("--yes", help="Do not ask again.")] = False,
    lang: CountyLanguageOption = "",
) -> None:
    """Confirm maintenance that somebody else has asked for."""
    from gateway.cli.command_lines import confirm
    from gateway.cli.county import opened

    raise typer.Exit(confirm(opened(config, lang), identity, signed(by), sure=sure))


def where(
    person: PersonArgument,
    config: ConfigOption = DEFAULT_CONFIG,
    by: ByOption = "",
    *,
    as_json: JsonOption = False,
    lang: CountyLanguageOption = "",
) -> None:
    """Show where a person was last found: place, radius, age, source, and which zones it is in."""
    from gateway.cli.county import opened
    from gateway.cli.looks import where as look

    look(opened(config, lang), person, signed(by), as_json=as_json)


def track(  # noqa: PLR0913  one parameter an option
    person: PersonArgument,
    since: Annotated[str, typer.Option("--since", help="Local time of the county, for example 2026-11-02 08:00.")],
    until: Annotated[str, typer.Option("--until", help="The same; default: now.")] = "",
    config: ConfigOption = DEFAULT_CONFIG,
    by: ByOption = "",
    *,
    as_csv: Annotated[bool, typer.Option("--csv", help="A line a fix, in the datum of the county's maps.")] = False,
    as_gpx: Annotated[bool, typer.Option("--gpx", help="GPX 1.1, WGS-84.")] = False,
    as_geojson: Annotated[bool, typer.Option("--geojson", help="GeoJSON, WGS-84.")] = False,
    as_html: Annotated[bool, typer.Option("--html", help="One page with a drawn map.")] = False,
    lang: CountyLanguageOption = "",
) -> None:
    """Show where a person was, worked out anew from the history; a table unless a format is asked for."""
    from gateway.cli.county import opened
    from gateway.cli.looks import Stretch
    from gateway.cli.looks import track as look
    from gateway.errors import UserFault
    from gateway.words.phrases import phrase

    configuration = opened(config, lang)
    wanted = {"csv": as_csv, "gpx": as_gpx, "geojson": as_geojson, "html": as_html}
    forms = [name for name, asked in wanted.items() if asked]
    if len(forms) > 1:
        raise UserFault(phrase("track_format"))
    look(configuration, person, Stretch(since, until, "".join(forms)), signed(by))


@alarms_app.command("show")
def show_alarm(
    alarm: AlarmArgument,
    config: ConfigOption = DEFAULT_CONFIG,
    *,
    as_json: JsonOption = False,
    lang: CountyLanguageOption = "",
) -> None:
    """Show all of an alarm: what it says, its place, the notes, and where its evidence stands."""
    from gateway.cli.alarm_json import json_lines
    from gateway.cli.county import episodes_of, opened
    from gateway.cli.identity import identified
    from gateway.cli.registered import registered_in
    from gateway.words.alarm_list import lines
    from gateway.words.phrases import LANGUAGE

    configuration = opened(config, lang)
    episodes = {episode.id: episode for episode in episodes_of(configuration, unresolved=False, alarm=alarm)}
    episode, county = episodes[identified(alarm, episodes, "alarm")], configuration.county
    names = registered_in(episode, configuration)
    shown = json_lines([episode], county, names) if as_json else lines(episode, county, LANGUAGE.get(), names)
    for line in shown:
        typer.echo(line)
