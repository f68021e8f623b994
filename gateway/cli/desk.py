"""The commands of whoever sets up the duty desk: its pages, and the accounts of those who work at it."""

from __future__ import annotations

import asyncio
from typing import Annotated

import typer

from gateway.cli.options import DEFAULT_CONFIG, ConfigOption, CountyLanguageOption, JsonOption

accounts_app = typer.Typer(help="Accounts of the duty desk. 值班台的账号。", no_args_is_help=True)
Number = Annotated[str, typer.Argument(metavar="NUMBER", help="Staff number, as in staff.")]


def console(
    config: ConfigOption = DEFAULT_CONFIG,
    listen: Annotated[
        str, typer.Option("--listen", help="HOST:PORT of the pages; default: that of console.listen.")
    ] = "",
    clock: Annotated[
        str, typer.Option("--clock", hidden=True, help="EPOCH,ANCHOR,SPEED or file:PATH, for demo and tests.")
    ] = "",
) -> None:
    """Serve the pages of the duty desk until it is told to stop."""
    from gateway.cli.county import opened
    from gateway.clock import parse_clock
    from gateway.console.running import run
    from gateway.daemon.logs import configure_logs

    configure_logs()
    asyncio.run(run(opened(config), config, parse_clock(clock), listen))


@accounts_app.command("add")
def add(number: Number, config: ConfigOption = DEFAULT_CONFIG, lang: CountyLanguageOption = "") -> None:
    """Make an account; its password, to be changed at the first login, and its second factor are shown once."""
    from gateway.cli.county import opened
    from gateway.cli.desk_accounts import add as make

    make(opened(config, lang), number)


@accounts_app.command("reset")
def reset(number: Number, config: ConfigOption = DEFAULT_CONFIG, lang: CountyLanguageOption = "") -> None:
    """Give an account another password and second factor; its sessions end."""
    from gateway.cli.county import opened
    from gateway.cli.desk_accounts import reset as renew

    renew(opened(config, lang), number)


@accounts_app.command("unlock")
def unlock(number: Number, config: ConfigOption = DEFAULT_CONFIG, lang: CountyLanguageOption = "") -> None:
    """Let a number try again that is locked after five failures."""
    from gateway.cli.county import opened
    from gateway.cli.desk_accounts import unlock as let_in

    let_in(opened(config, lang), number)


@accounts_app.command("list")
def list_(
    config: ConfigOption = DEFAULT_CONFIG, *, as_json: JsonOption = False, lang: CountyLanguageOption = ""
) -> None:
    """List the staff, and who has an account, is locked, or has not been in yet."""
    from gateway.cli.county import opened
    from gateway.cli.desk_accounts import show

    show(opened(config, lang), as_json=as_json)
