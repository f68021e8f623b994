"""The command line. Exit codes: 0 well, 1 failed, 2 the user's input was wrong (with what and where)."""

from __future__ import annotations

import asyncio
import gc
import json
import os
import sys
from datetime import datetime
from importlib import metadata
from pathlib import Path  # noqa: TC003  read at run time, for the options
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer
import typer.main
from rich.console import Console

from gateway.cli.alarm_acts import alarms_app
from gateway.cli.auditing import audit
from gateway.cli.dating import dates
from gateway.cli.desk import accounts_app, console
from gateway.cli.doctoring import doctor
from gateway.cli.documents import documents_app
from gateway.cli.drafting import draft_app
from gateway.cli.enrolling import devices_app
from gateway.cli.erasing import erase
from gateway.cli.evidence import disclose, evidence, export, export_database
from gateway.cli.explaining import explain
from gateway.cli.forwarding import forward
from gateway.cli.help import language_of, speak
from gateway.cli.importing import import_fixes
from gateway.cli.officers import command, commands_app, track, where
from gateway.cli.options import DEFAULT_CONFIG, ConfigOption, CountyLanguageOption, JsonOption, LanguageOption
from gateway.cli.registers import registers_app
from gateway.cli.reloading import reload
from gateway.cli.reporting import report
from gateway.cli.roll_calling import roll_call_app
from gateway.cli.shadowing import shadow, shadow_fixes
from gateway.cli.sheets import sheets_app
from gateway.cli.streams import streams_app
from gateway.cli.tokens import tokens_app
from gateway.cli.towers import towers_app
from gateway.cli.working import worker_app
from gateway.errors import GatewayFault, PeerFault, UserFault
from gateway.sqlite_faults import judged, kind_of
from gateway.text import Text
from gateway.words.phrases import LANGUAGE, spoken

OF_THE_DISK = frozenset({"full", "read_only", "io"})
"""Kinds of fault that meet whatever a command writes, and are no bug."""
OUTPUT = Text("输出", "the output")

app = typer.Typer(
    no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False,
)  # fmt: skip


def _tell_version(asked: bool) -> None:  # noqa: FBT001  an option's one word
    if asked:
        typer.echo(f"bracelet-gateway {metadata.version('bracelet-gateway')}")
        raise typer.Exit


@app.callback()
def bracelet_gateway(
    *,
    version: Annotated[
        bool, typer.Option("--version", callback=_tell_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    """Gateway for electronic bracelets. 电子腕带网关。"""  # noqa: D415  ends in both languages
    del version


app.add_typer(alarms_app, name="alarms")
app.add_typer(commands_app, name="commands")
app.add_typer(devices_app, name="devices")
app.add_typer(documents_app, name="document")
app.add_typer(registers_app, name="registers")
app.add_typer(sheets_app, name="sheets")
app.add_typer(draft_app, name="draft")
app.add_typer(streams_app, name="streams")
app.add_typer(tokens_app, name="tokens")
app.add_typer(towers_app, name="towers")
app.add_typer(roll_call_app, name="roll-call")
app.add_typer(accounts_app, name="console-accounts")
app.add_typer(worker_app, name="worker")
app.command()(audit)
app.command()(console)
app.command()(command)
app.command()(where)
app.command()(track)
app.command()(explain)
app.command()(report)
app.command()(dates)
app.command()(evidence)
app.command()(disclose)
app.command("export-database")(export_database)
app.command("import")(import_fixes)
app.command()(export)
app.command()(shadow)
app.command("shadow-fixes")(shadow_fixes)
app.command()(reload)
app.command()(doctor)
app.command()(erase)
app.command()(forward)


@app.command()
def init(directory: Path, lang: LanguageOption = "zh") -> None:
    """Write a commented small county to start from."""
    from gateway.settings.init import write_sample

    for path in write_sample(directory, lang, datetime.now().astimezone().date()):
        typer.echo(path)


@app.command()
def check(
    paths: list[Path],
    *,
    contacts: Annotated[
        bool, typer.Option("--contacts", help="Check names and telephone numbers beside it, too.")
    ] = False,
    lang: CountyLanguageOption = "",
) -> None:
    """Validate a configuration; every fault as file:line:column: message."""
    from gateway.settings.check import run

    today = datetime.now().astimezone().date()
    raise typer.Exit(run(paths, lang or None, sys.stdout, contacts=contacts, today=today))


@app.command()
def run(
    config: ConfigOption = DEFAULT_CONFIG,
    clock: Annotated[
        str, typer.Option("--clock", hidden=True, help="EPOCH,ANCHOR,SPEED or file:PATH, for demo and tests.")
    ] = "",
    *,
    debug: Annotated[
        bool, typer.Option("--debug", help="Write a line into the log for each frame and stage: for a short while.")
    ] = False,
) -> None:
    """Run the daemon until it is told to stop."""
    from functools import partial

    from gateway.cli.county import contacts_of, files_of
    from gateway.clock import parse_clock
    from gateway.daemon.daemon import Daemon
    from gateway.daemon.kept_start import begun
    from gateway.daemon.logs import configure_logs, follower
    from gateway.daemon.passed import passed

    configure_logs(debug=debug)
    gc.disable()  # until the county is made
    start = begun(config)
    LANGUAGE.set(start.configuration.county.language)
    daemon = Daemon(start.configuration, parse_clock(clock), files=partial(files_of, config), kept=start)
    daemon.trace = follower() if debug else None
    daemon.contacts = partial(contacts_of, config)
    daemon.passed = passed(os.environ)
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
    from gateway.replay.decode import run as run_decode

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
    notices: Annotated[
        Path | None, typer.Option("--notices", help="Write whom the ladder would tell here, a JSON a line.")
    ] = None,
    until: Annotated[str, typer.Option("--until", help="Stop at this time, ISO 8601 or epoch seconds.")] = "",
    batch: Annotated[int, typer.Option("--batch", hidden=True, help="Entries stepped at once.")] = 65_536,
    *,
    imported: Annotated[
        bool,
        typer.Option(
            "--imported", help="The fixes that were imported into --journal, by the rules in force or of --config."
        ),
    ] = False,
    with_skipped: Annotated[
        bool, typer.Option("--with-skipped", help="Step the entries that were passed over: to see the fault again.")
    ] = False,
    compare: Annotated[
        bool,
        typer.Option(
            "--compare", help="Show what this version, or with --config other rules, say otherwise, by person and kind."
        ),
    ] = False,
    against: Annotated[
        Path | None,
        typer.Option("--against", help="With --compare: the rules to hold others against; default: the journal's."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="With --compare: a line of JSON each.")] = False,
    towers: Annotated[
        Path | None, typer.Option("--towers", help="Look cells up in what this storage directory knows.")
    ] = None,
) -> None:
    """Run history through the same engine: a journal, a capture of frames, or a table of fixes."""
    from gateway.replay.run import Request
    from gateway.replay.run import run as run_replay

    if journal is not None:
        from gateway.cli.looking import look_at_journal

        look_at_journal(journal, "replay", config)
    request = Request(
        config, journal, fixes, alarms, track, until, batch, frames, with_skipped, towers, against, notices,
        imported,
    )  # fmt: skip
    if compare:
        from gateway.cli.compared import told

        found = told(request, Console(stderr=True))
        for line in found.lines(as_json=as_json):
            Console().print(line, markup=False, highlight=False, soft_wrap=isinstance(line, str))
        raise typer.Exit(found.code)
    run_replay(request, Console(stderr=True))


@app.command()
def rebuild(
    config: ConfigOption = DEFAULT_CONFIG,
    history: Annotated[bool, typer.Option("--history", help="Make the whole history anew, too.")] = False,  # noqa: FBT002
    lang: CountyLanguageOption = "",
) -> None:
    """After damage that no backup mends: keep what can be read, say what is lost, make state.db anew."""
    from gateway.cli.county import opened, storage_of
    from gateway.cli.rebuilt import lines
    from gateway.daemon.rebuild import rebuild as run_rebuild

    configuration = opened(config, lang)
    for line in lines(run_rebuild(storage_of(configuration), configuration, with_history=history)):
        typer.echo(line.of(LANGUAGE.get()))


@app.command()
def verify(
    config: ConfigOption = DEFAULT_CONFIG,
    journal: Annotated[Path | None, typer.Option("--journal", help="A journal directory, not the county's.")] = None,
    lang: CountyLanguageOption = "",
) -> None:
    """Walk the journal's hash chain; the first bad entry is named by its offset, and the exit code is 1."""
    from gateway.cli.county import opened, storage_of
    from gateway.journal import FileJournal
    from gateway.journal import verify as walk
    from gateway.words.phrases import phrase

    directory = journal or storage_of(opened(config, lang)) / "journal"
    opened_journal = FileJournal(directory, read_only=True)
    if not opened_journal.segments():
        raise UserFault(phrase("journal_none", directory=directory))
    seen = walk(opened_journal)
    figures = {name: getattr(seen, name) for name in ("rows", "entries", "begins", "gaps", "erased")}
    typer.echo(phrase("journal_verified", **figures, last=max(seen.begins, seen.ends - 1)).of(LANGUAGE.get()))


@app.command()
def inspect(
    what: Annotated[str, typer.Argument(metavar="WHAT", help="A table of state.db, a FILE, or FILE/TABLE.")] = "",
    config: ConfigOption = DEFAULT_CONFIG,
    limit: Annotated[int, typer.Option("--limit", min=1, help="Rows at most, the newest.")] = 20,
    *,
    as_json: JsonOption = False,
    lang: CountyLanguageOption = "",
) -> None:
    """Show what is stored: tables of state.db and of the journal, their rows, sizes, versions; nothing is changed."""
    from gateway.cli.county import opened
    from gateway.cli.inspection import inspect as show
    from gateway.cli.looking import look

    configuration = opened(config, lang)
    if what:
        look(configuration, "inspect", about=what)
    show(configuration, what, limit, as_json=as_json)


@app.command()
def backup(
    directory: Annotated[Path, typer.Argument(help="Is made; a new one each time.")],
    config: ConfigOption = DEFAULT_CONFIG,
    *,
    tried: Annotated[bool, typer.Option("--try", help="Make none: see whether this one can be restored.")] = False,
    lang: CountyLanguageOption = "",
) -> None:
    """Copy journal, state.db and secret while the gateway runs, and walk the copy's hash chain."""
    from gateway.cli.backing_up import made, tried_anew
    from gateway.cli.county import opened, storage_of

    storage = storage_of(opened(config, lang))
    typer.echo((tried_anew if tried else made)(storage, directory).of(LANGUAGE.get()))


@app.command()
def restore(
    directory: Annotated[Path, typer.Argument(metavar="BACKUP", help="As backup made it.")],
    config: ConfigOption = DEFAULT_CONFIG,
    *,
    replaces: Annotated[
        bool, typer.Option("--replace", help="Put aside what the storage directory holds; nothing is removed.")
    ] = False,
    lang: CountyLanguageOption = "",
) -> None:
    """Try a backup and put it in the storage directory's place, while no gateway runs there."""
    from gateway.cli.backing_up import put_back
    from gateway.cli.county import opened, storage_of

    for line in put_back(storage_of(opened(config, lang)), directory, replaces=replaces):
        typer.echo(line.of(LANGUAGE.get()))


@app.command()
def status(
    config: ConfigOption = DEFAULT_CONFIG, *, as_json: JsonOption = False, lang: CountyLanguageOption = ""
) -> None:
    """What the running daemon says of itself; exit code 3 while something is broken."""
    from gateway.cli.county import opened, told
    from gateway.control.messages import Request
    from gateway.control.status import code_of, shown

    configuration = opened(config, lang)
    data = told(configuration, Request("status"))
    if as_json:
        typer.echo(json.dumps(data, ensure_ascii=False))
    else:
        Console().print(shown(data, LANGUAGE.get(), ZoneInfo(configuration.county.timezone)))
    raise typer.Exit(code_of(data))


@app.command()
def demo(
    seconds: Annotated[int | None, typer.Option("--seconds", help="End after so many seconds with a summary.")] = None,
    lang: LanguageOption = "zh",
    directory: Annotated[Path | None, typer.Option("--directory", help="Keep everything here.")] = None,
    bracelets: Annotated[
        int, typer.Option("--bracelets", min=13, max=60, help="Fewer, where the machine is slow.")
    ] = 60,
) -> None:
    """Gateway, 60 bundled bracelets and a local broker in one command."""
    from gateway.demo.run import run_demo

    LANGUAGE.set(lang)
    raise typer.Exit(run_demo(seconds, lang, directory, bracelets))


@app.command("demo-city")
def demo_city(
    seconds: Annotated[float, typer.Option("--seconds", min=30, help="Real seconds of reports until the count.")] = 120,
    bracelets: Annotated[int, typer.Option("--bracelets", min=30, max=10_000, help="In all three counties.")] = 2000,
    speed: Annotated[float, typer.Option("--speed", min=1, max=600, help="How often faster time goes, at most.")] = 60,
    lang: LanguageOption = "zh",
    directory: Annotated[Path | None, typer.Option("--directory", help="Keep everything here.")] = None,
    *,
    chaos: Annotated[bool, typer.Option("--chaos", help="Kill processes, one after the other.")] = False,
) -> None:
    """A city of three nodes, counties and workers on this machine: kill any; at the end a count against the truth."""
    from gateway.demo.city.run import run_city

    LANGUAGE.set(lang)
    raise typer.Exit(run_city(seconds, bracelets, speed, chaos, lang, directory))


@app.command()
def drill(
    minutes: Annotated[float, typer.Option("--minutes", min=0.1, max=1380, help="Real minutes until it ends.")] = 20.0,
    speed: Annotated[
        float, typer.Option("--speed", min=1, max=60, help="How often faster the county's time goes.")
    ] = 4.0,
    lang: LanguageOption = "zh",
) -> None:
    """Exercise the desk: a simulated county without a platform; at the end how fast each alarm was answered."""
    from gateway.demo.drill import run_drill

    LANGUAGE.set(lang)
    raise typer.Exit(run_drill(minutes, speed, lang))


def main() -> None:
    """Entry point: faults become one plain line and an exit code."""
    command = typer.main.get_command(app)
    speak(command, language_of(sys.argv[1:], os.environ))
    try:
        command()
    except UserFault as fault:
        _leave(fault, 2)
    except (GatewayFault, PeerFault) as fault:
        _leave(fault, 1)
    except OSError as fault:
        if kind_of(fault) not in OF_THE_DISK:
            raise
        _leave(judged("write", fault.filename or OUTPUT, fault), 1)
    except ExceptionGroup as group:
        known = group.subgroup(GatewayFault)
        if known is None or len(known.exceptions) < len(group.exceptions):
            raise
        _leave(known.exceptions[0], 1)


def _leave(fault: Exception, code: int) -> None:
    typer.echo(spoken(fault, LANGUAGE.get()), err=True)
    sys.exit(code)
