"""The commands of whoever looks after bracelets: terminals that knock and that no table knows; the ledger."""

from __future__ import annotations

import json
from typing import Annotated
from zoneinfo import ZoneInfo

import typer
from rich.console import Console

from gateway.cli.options import DEFAULT_CONFIG, ByOption, ConfigOption, CountyLanguageOption, JsonOption

devices_app = typer.Typer(
    help="Devices: those that knock and are unknown; the ledger. 设备：连上来而未登记的；台账。", no_args_is_help=True
)


@devices_app.command("pending")
def pending(
    config: ConfigOption = DEFAULT_CONFIG, *, as_json: JsonOption = False, lang: CountyLanguageOption = ""
) -> None:
    """List unknown terminals that knocked since the start, each with the line that enrols it."""
    from gateway.cli.county import opened, told
    from gateway.control.messages import Request
    from gateway.words.pending_list import shown, stated
    from gateway.words.phrases import LANGUAGE

    configuration = opened(config, lang)
    found = told(configuration, Request("pending"))["pending"]
    if as_json:
        for each in found:
            typer.echo(json.dumps(stated(each), ensure_ascii=False))
    else:
        Console().print(shown(found, ZoneInfo(configuration.county.timezone), LANGUAGE.get()))


@devices_app.command("ledger")
def ledger(
    config: ConfigOption = DEFAULT_CONFIG,
    *,
    state: Annotated[
        str, typer.Option("--state", help="worn, lost, repair, due_back, put_away or stock; default: all.")
    ] = "",
    device: Annotated[str, typer.Option("--device", help="This one alone.")] = "",
    by: ByOption = "",
    as_json: JsonOption = False,
    lang: CountyLanguageOption = "",
) -> None:
    """Say of each bracelet where it is, when it is charged and flat, how its battery has aged."""
    from gateway.cli.county import opened, told
    from gateway.control.messages import Request
    from gateway.words.ledger_words import LEDGER, Ledger, shown
    from gateway.words.phrases import LANGUAGE

    configuration = opened(config, lang)
    data = told(configuration, Request("devices", kind=state, device=device, by=by))
    if as_json:
        for row in data["rows"]:
            typer.echo(json.dumps(row, ensure_ascii=False))
        return
    words = Ledger(LANGUAGE.get(), ZoneInfo(configuration.county.timezone), data["now"])
    Console().print(shown(data["rows"], words))
    if data["left"]:
        typer.echo(LEDGER["ledger_left_unread"].of(words.language).format(left=data["left"]))
