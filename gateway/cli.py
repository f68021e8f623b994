"""The command line. Exit codes: 0 well, 1 failed, 2 the user's input was wrong (with what and where)."""

from __future__ import annotations

import asyncio
import getpass
import json
import sys
import uuid
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Literal

import typer
from rich.console import Console
from rich.table import Table

from gateway.errors import GatewayFault, PeerFault, UserFault

app = typer.Typer(
    help="Gateway for electronic bracelets. 电子腕带网关。", no_args_is_help=True, add_completion=False,
    pretty_exceptions_enable=False,
)  # fmt: skip
alarms_app = typer.Typer(
    help="Alarms: list, acknowledge, close, note. 报警：列表、接收、办结、备注。", no_args_is_help=True
)
app.add_typer(alarms_app, name="alarms")
commands_app = typer.Typer(help="Orders to devices: list, cancel. 下达给设备的指令：列表、取消。", no_args_is_help=True)
app.add_typer(commands_app, name="commands")

ConfigOption = Annotated[Path, typer.Option("--config", help="gateway.yaml, or the directory that holds it.")]
LanguageOption = Annotated[Literal["zh", "en"], typer.Option("--lang", help="zh or en")]
ByOption = Annotated[str, typer.Option("--by", help="Who does it; default: the login name.")]
DEFAULT_CONFIG = Path("/etc/bracelet-gateway")


@app.command()
def init(directory: Path, lang: LanguageOption = "zh") -> None:
    """Write a commented small county to start from."""
    from gateway.settings.init import write_sample

    for path in write_sample(directory, lang, datetime.now().astimezone().date()):
        typer.echo(path)


@app.command()
def check(
    paths: list[Path], lang: Annotated[str, typer.Option("--lang", help="zh or en; default: the county's.")] = ""
) -> None:
    """Validate a configuration; every fault as file:line:column: message."""
    from gateway.settings.check import run

    raise typer.Exit(run(paths, lang or None, sys.stdout))


@app.command()
def run(
    config: ConfigOption = DEFAULT_CONFIG,
    clock: Annotated[str, typer.Option("--clock", hidden=True, help="EPOCH,ANCHOR,SPEED for demo and tests.")] = "",
) -> None:
    """Run the daemon until it is told to stop."""
    from gateway.clock import parse_clock
    from gateway.daemon import Daemon
    from gateway.logs import configure_logs
    from gateway.settings.load import load

    configure_logs()
    daemon = Daemon(load(config), parse_clock(clock))
    with asyncio.Runner(loop_factory=_loop_factory()) as runner:
        runner.run(daemon.run())


def _loop_factory() -> Any:  # noqa: ANN401  uvloop is not there everywhere
    try:
        import uvloop
    except ImportError:
        return None
    return uvloop.new_event_loop


@app.command()
def decode(
    protocol: Annotated[str, typer.Option("--protocol", help="For example jt808.")],
    profile: Annotated[str, typer.Option("--profile", help="Model profile.")] = "",
) -> None:
    """Frames in, a hexadecimal line each; JSON out, a line each. Never dies of a frame."""
    from gateway.decode import run as run_decode

    raise typer.Exit(run_decode(protocol, profile, sys.stdin, sys.stdout))


@app.command()
def replay(  # noqa: PLR0913, PLR0917  one parameter an option
    config: Annotated[
        Path | None, typer.Option("--config", help="Rules to judge by; default: those of the journal.")
    ] = None,
    journal: Annotated[Path | None, typer.Option("--journal", help="A journal directory.")] = None,
    fixes: Annotated[Path | None, typer.Option("--fixes", help="A CSV of fixes.")] = None,
    frames: Annotated[Path | None, typer.Option("--frames", help="A capture of frames (a directory).")] = None,
    alarms: Annotated[
        Path | None, typer.Option("--alarms", help="Write alarms here, a CloudEvents JSON a line.")
    ] = None,
    track: Annotated[Path | None, typer.Option("--track", help="Write the fused track here, CSV.")] = None,
    until: Annotated[str, typer.Option("--until", help="Stop at this time, ISO 8601 or epoch seconds.")] = "",
    batch: Annotated[int, typer.Option("--batch", hidden=True, help="Entries stepped at once.")] = 65_536,
) -> None:
    """Run history through the same engine: a journal, a capture of frames, or a table of fixes."""
    from gateway.replay import Request
    from gateway.replay import run as run_replay

    run_replay(Request(config, journal, fixes, alarms, track, until, batch, frames), Console(stderr=True))


@app.command()
def status(config: ConfigOption = DEFAULT_CONFIG, *, as_json: Annotated[bool, typer.Option("--json")] = False) -> None:
    """What the running daemon says of itself."""
    from gateway.control.client import ask
    from gateway.control.messages import Request

    data = ask(_storage(config), Request("status")).data
    if as_json:
        typer.echo(json.dumps(data, ensure_ascii=False))
        return
    table = Table(show_header=False)
    for name, value in data.items():
        table.add_row(name, json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else str(value))
    Console().print(table)


@alarms_app.command("list")
def list_alarms(
    config: ConfigOption = DEFAULT_CONFIG,
    *,
    unresolved: Annotated[bool, typer.Option("--unresolved", help="Only those nobody has closed.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="A JSON line each, for scripts.")] = False,
    lang: LanguageOption = "zh",
) -> None:
    """List alarms, oldest first."""
    from gateway.alarm_list import json_lines, table
    from gateway.settings.load import load
    from gateway.store import StateStore

    configuration = load(config)
    path = Path(configuration.storage.directory) / "state.db"
    if not path.exists():
        raise UserFault(f"{path} does not exist: the gateway has not run here yet")
    store = StateStore(path, read_only=True)
    episodes = store.episodes(unresolved=unresolved)
    store.close()
    if as_json:
        for line in json_lines(episodes, configuration.county.timezone):
            typer.echo(line)
    else:
        Console().print(table(episodes, configuration.county.timezone, lang))


@alarms_app.command("ack")
def acknowledge(alarm: str, config: ConfigOption = DEFAULT_CONFIG, note: str = "", by: ByOption = "") -> None:
    """Acknowledge an alarm: somebody is looking into it."""
    _act(config, "acknowledge", alarm, by, note=note)


@alarms_app.command("close")
def close(
    alarm: str,
    outcome: Annotated[str, typer.Option("--outcome", help="confirmed, excused, technical, false or unverifiable")],
    note: Annotated[str, typer.Option("--note", help="What was found.")],
    config: ConfigOption = DEFAULT_CONFIG,
    by: ByOption = "",
) -> None:
    """Close an alarm with an outcome and a note: the only finding there is."""
    _act(config, "close", alarm, by, outcome=outcome, note=note)


@alarms_app.command("note")
def add_note(alarm: str, text: str, config: ConfigOption = DEFAULT_CONFIG, by: ByOption = "") -> None:
    """Add a note to an alarm."""
    _act(config, "note", alarm, by, note=text)


def _act(config: Path, do: str, alarm: str, by: str, *, outcome: str = "", note: str = "") -> None:
    """Send an act to the daemon, which answers after the commit."""
    from gateway.control.client import ask
    from gateway.control.messages import Request
    from gateway.engine.controls import Act

    act = Act(uuid.uuid4().hex, do, alarm, by or getpass.getuser(), outcome, note, "command line")
    reply = ask(_storage(config), Request("act", act))
    if not reply.ok:
        raise UserFault(reply.error)
    typer.echo(f"{alarm}: {do} journaled")


@app.command()
def command(  # noqa: PLR0913  one parameter an option
    device: Annotated[str, typer.Argument(help="As in devices.csv.")],
    order: Annotated[str, typer.Argument(help="For example locate; without it: what the device can be told.")] = "",
    arguments: Annotated[list[str] | None, typer.Argument(metavar="NAME=VALUE")] = None,
    config: ConfigOption = DEFAULT_CONFIG,
    expires: Annotated[str, typer.Option("--expires", help="Not sent after this time: 90s, 15m, 2h, 1d.")] = "15m",
    by: ByOption = "",
    *,
    wait: Annotated[bool, typer.Option("--wait/--no-wait", help="Wait up to 30 s for the device's answer.")] = True,
    as_json: Annotated[bool, typer.Option("--json", help="JSON, for scripts.")] = False,
) -> None:
    """Give a device an order: locate, interval, text and others, as its protocol has them."""
    from gateway.commands.line import Typed, give

    typed = Typed(device, order, arguments or [], expires, by or getpass.getuser(), wait, as_json)
    raise typer.Exit(give(config, typed))


@commands_app.command("list")
def list_commands(
    device: Annotated[str, typer.Argument(help="Only those to this device.")] = "",
    config: ConfigOption = DEFAULT_CONFIG,
    *,
    everything: Annotated[bool, typer.Option("--all", help="Those that have ended, too.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="A JSON line each, for scripts.")] = False,
    lang: Annotated[
        Literal["", "zh", "en"], typer.Option("--lang", help="zh or en; default: the county's.", show_default=False)
    ] = "",
) -> None:
    """List orders that have not ended, oldest first."""
    from gateway.commands.line import list_

    list_(config, device, lang, everything=everything, as_json=as_json)


@commands_app.command("cancel")
def cancel_command(
    identity: Annotated[str, typer.Argument(metavar="ID")], config: ConfigOption = DEFAULT_CONFIG, by: ByOption = ""
) -> None:
    """Cancel an order; what has gone out to the device cannot be called back."""
    from gateway.commands.line import cancel

    raise typer.Exit(cancel(config, identity, by or getpass.getuser()))


def _storage(config: Path) -> Path:
    from gateway.settings.load import load

    return Path(load(config).storage.directory)


@app.command()
def demo(
    seconds: Annotated[int | None, typer.Option("--seconds", help="End after so many seconds with a summary.")] = None,
    lang: LanguageOption = "zh",
    directory: Annotated[Path | None, typer.Option("--directory", help="Keep everything here.")] = None,
) -> None:
    """Gateway, 60 bundled bracelets and a local broker in one command."""
    from gateway.console.demo import run_demo

    raise typer.Exit(run_demo(seconds, lang, directory))


def main() -> None:
    """Entry point: faults become one plain line and an exit code."""
    try:
        app()
    except UserFault as fault:
        _leave(fault, 2)
    except (GatewayFault, PeerFault) as fault:
        _leave(fault, 1)
    except ExceptionGroup as group:
        known = group.subgroup(GatewayFault)
        if known is None or len(known.exceptions) < len(group.exceptions):
            raise
        _leave(known.exceptions[0], 1)


def _leave(fault: Exception, code: int) -> None:
    typer.echo(str(fault), err=True)
    sys.exit(code)
