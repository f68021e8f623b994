"""The commands of whoever sets up the duty desk: its pages, and the accounts of those who work at it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Annotated

import typer

from gateway.cli.options import DEFAULT_CONFIG, ConfigOption, CountyLanguageOption, JsonOption

if TYPE_CHECKING:
    from pathlib import Path

    from gateway.cli.desk_accounts import Staffed

accounts_app = typer.Typer(help="Accounts of the duty desk. 值班台的账号。", no_args_is_help=True)
Number = Annotated[str, typer.Argument(metavar="NUMBER", help="Staff number, as in staff.")]
CityOption = Annotated[bool, typer.Option("--city", help="A city's desk: --config is city.yaml, or its directory.")]


def console(
    config: ConfigOption = DEFAULT_CONFIG,
    listen: Annotated[
        str, typer.Option("--listen", help="HOST:PORT of the pages; default: that of console.listen.")
    ] = "",
    clock: Annotated[
        str, typer.Option("--clock", hidden=True, help="EPOCH,ANCHOR,SPEED or file:PATH, for demo and tests.")
    ] = "",
    *,
    city: CityOption = False,
    drill: Annotated[bool, typer.Option("--drill", help="Say on every page and print that it is a drill.")] = False,
) -> None:
    """Serve the pages of the duty desk until it is told to stop."""
    from gateway.cli.county import city_opened, opened
    from gateway.clock import parse_clock
    from gateway.daemon.logs import configure_logs

    configure_logs()
    if city:
        from gateway.city.running import run as run_city

        asyncio.run(run_city(city_opened(config, secrets=True), config, parse_clock(clock), listen))
        return
    from gateway.console.running import run

    asyncio.run(run(opened(config), config, parse_clock(clock), listen, drill=drill))


def _staffed(config: Path, lang: str, *, city: bool) -> Staffed:
    """Whose accounts are meant."""
    from gateway.cli.county import city_opened, opened
    from gateway.cli.desk_accounts import of_city, of_county

    return of_city(city_opened(config, lang)) if city else of_county(opened(config, lang))


@accounts_app.command("add")
def add(
    number: Number, config: ConfigOption = DEFAULT_CONFIG, *, city: CityOption = False, lang: CountyLanguageOption = ""
) -> None:  # fmt: skip
    """Make an account; its password, to be changed at the first login, and its second factor are shown once."""
    from gateway.cli.desk_accounts import add as make

    make(_staffed(config, lang, city=city), number)


@accounts_app.command("reset")
def reset(
    number: Number, config: ConfigOption = DEFAULT_CONFIG, *, city: CityOption = False, lang: CountyLanguageOption = ""
) -> None:  # fmt: skip
    """Give an account another password and second factor; its sessions end."""
    from gateway.cli.desk_accounts import reset as renew

    renew(_staffed(config, lang, city=city), number)


@accounts_app.command("unlock")
def unlock(
    number: Number, config: ConfigOption = DEFAULT_CONFIG, *, city: CityOption = False, lang: CountyLanguageOption = ""
) -> None:  # fmt: skip
    """Let a number try again that is locked after five failures."""
    from gateway.cli.desk_accounts import unlock as let_in

    let_in(_staffed(config, lang, city=city), number)


@accounts_app.command("list")
def list_(
    config: ConfigOption = DEFAULT_CONFIG,
    *,
    city: CityOption = False,
    as_json: JsonOption = False,
    lang: CountyLanguageOption = "",
) -> None:
    """List the staff, and who has an account, is locked, or has not been in yet."""
    from gateway.cli.desk_accounts import show

    show(_staffed(config, lang, city=city), as_json=as_json)
