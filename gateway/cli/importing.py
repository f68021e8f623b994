"""``import``: what another system knew of the past, out of the CSV that it exports."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003  read at run time, for the options
from typing import Annotated

import typer

from gateway.cli.officers import signed
from gateway.cli.options import DEFAULT_CONFIG, ByOption, ConfigOption, CountyLanguageOption


def import_fixes(  # noqa: PLR0913  one parameter an option
    file: Annotated[
        Path, typer.Argument(metavar="FILE.csv", help="Fixes: time, latitude, longitude, device or person, and more.")
    ],
    document: Annotated[
        str, typer.Option("--document", prompt="文号 --document", help="Number of the document that asks for it.")
    ],
    mapping: Annotated[
        Path | None,
        typer.Option("--mapping", help="A YAML file: what they call columns and sources, datum, time zone."),
    ] = None,
    times_in: Annotated[
        str, typer.Option("--times-in", help="Zone of their times that say none, for example Asia/Shanghai.")
    ] = "",
    config: ConfigOption = DEFAULT_CONFIG,
    by: ByOption = "",
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be imported; nothing is changed.")] = False,
    lang: CountyLanguageOption = "",
) -> None:
    """Take in another system's past positions: tracks and nights have them, no alarm comes of them."""
    from gateway.cli.county import opened
    from gateway.cli.imported import Asked, import_file
    from gateway.words.phrases import LANGUAGE

    asked = Asked(file, mapping, times_in, signed(document), signed(by), dry_run)
    faults, done = import_file(opened(config, lang), asked)
    for line in faults:
        typer.echo(line.of(LANGUAGE.get()), err=True)
    typer.echo(done.of(LANGUAGE.get()))
    raise typer.Exit(2 if faults else 0)
