"""The command of whoever enrols bracelets: terminals that knock and that no device table knows."""

from __future__ import annotations

import json
from zoneinfo import ZoneInfo

import typer
from rich.console import Console

from gateway.cli.options import DEFAULT_CONFIG, ConfigOption, CountyLanguageOption, JsonOption

devices_app = typer.Typer(
    help="Devices: those that knock and are unknown. 设备：连上来而未登记的。", no_args_is_help=True
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
