"""The commands of whoever keeps the tables of cell towers."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003  read at run time, for the arguments
from typing import Annotated

import typer

from gateway.cli.options import DEFAULT_CONFIG, ConfigOption, CountyLanguageOption, JsonOption

towers_app = typer.Typer(help="Cell towers and WiFi: where they stand. 基站和 WiFi：位置表。", no_args_is_help=True)


@towers_app.command("import")
def import_(
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE...", help="Tables of OpenCelliD or MLS, surveys of WiFi; CSV or .gz.")
    ],
    config: ConfigOption = DEFAULT_CONFIG,
    mcc: Annotated[
        str, typer.Option("--mcc", help="Countries that are taken, for example 460,461; default: all.")
    ] = "",
    show: Annotated[
        int, typer.Option("--show", min=0, help="Broken rows that are shown of a file; all are counted.")
    ] = 10,
    *,
    as_json: JsonOption = False,
    lang: CountyLanguageOption = "",
) -> None:
    """Import tables of cell towers and WiFi; the new version is in use once it is whole."""
    from gateway.cli.county import opened
    from gateway.cli.tower_lines import import_towers

    import_towers(opened(config, lang), files, mcc, show, as_json=as_json)


@towers_app.command("learn")
def learn(
    config: ConfigOption = DEFAULT_CONFIG,
    days: Annotated[
        int, typer.Option("--days", min=0, help="Newest days of the journal to learn from; 0: all that are kept.")
    ] = 0,
    *,
    as_json: JsonOption = False,
    lang: CountyLanguageOption = "",
) -> None:
    """Learn from own reports where cells and WiFi are heard; the new version is in use once it is whole."""
    from gateway.cli.county import opened
    from gateway.cli.tower_lines import learn_towers

    learn_towers(opened(config, lang), days, as_json=as_json)


@towers_app.command("info")
def info(
    config: ConfigOption = DEFAULT_CONFIG, *, as_json: JsonOption = False, lang: CountyLanguageOption = ""
) -> None:
    """Show the version of the towers in use: its digest, its age, cells by radio and country, what was learnt."""
    from gateway.cli.county import opened
    from gateway.cli.tower_lines import tell_towers

    tell_towers(opened(config, lang), as_json=as_json)
