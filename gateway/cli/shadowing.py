"""``shadow``, ``shadow-fixes``: another system's alarms held against ours over the same days, as a page and as JSON."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003  read at run time, for the options
from typing import Annotated

import typer

from gateway.cli.officers import signed
from gateway.cli.options import DEFAULT_CONFIG, ByOption, ConfigOption, CountyLanguageOption


def shadow(  # noqa: PLR0913, PLR0917  one parameter an option
    theirs: Annotated[
        Path, typer.Argument(metavar="THEIRS.csv", help="Their export: device or person, kind, from, until.")
    ],
    since: Annotated[str, typer.Option("--since", help="Local time of the county, for example 2026-11-02 08:00.")],
    until: Annotated[str, typer.Option("--until", help="The same.")],
    output: Annotated[
        list[Path], typer.Option("--output", "-o", help="The file: .html, a page, or .json; may be given twice.")
    ],
    document: Annotated[
        str, typer.Option("--document", prompt="文号 --document", help="Number of the document that asks for it.")
    ],
    kinds: Annotated[
        Path | None, typer.Option("--kinds", help="A CSV of their kinds and ours, theirs,ours a line.")
    ] = None,
    times_in: Annotated[
        str, typer.Option("--times-in", help="Zone of their times that say none, for example Asia/Shanghai.")
    ] = "",
    within: Annotated[int, typer.Option("--within", min=0, help="Minutes by which the same alarm may lie apart.")] = 30,
    operators: Annotated[
        int, typer.Option("--operators", min=1, help="How many answer alarms at a time, on either side.")
    ] = 1,
    config: ConfigOption = DEFAULT_CONFIG,
    by: ByOption = "",
    *,
    lang: CountyLanguageOption = "",
) -> None:
    """Compare another system's alarms with ours over the same days; nothing is changed, and the audit log has it."""
    from gateway.cli.county import opened
    from gateway.cli.shadowed import Asked, compare
    from gateway.words.phrases import LANGUAGE

    asked = Asked(
        theirs, since, until, tuple(output), signed(document), kinds, times_in, 60.0 * within, operators, signed(by)
    )
    told = compare(opened(config, lang), asked)
    for line in told.faults:
        typer.echo(line.of(LANGUAGE.get()), err=True)
    for line in told.written:
        typer.echo(line.of(LANGUAGE.get()))
    raise typer.Exit(2 if told.faults else 0)


def shadow_fixes(  # noqa: PLR0913, PLR0917  one parameter an option
    theirs: Annotated[
        Path, typer.Argument(metavar="FIXES.csv", help="Fixes: time, latitude, longitude, device or person, and more.")
    ],
    since: Annotated[str, typer.Option("--since", help="Local time of the county, for example 2026-11-02 08:00.")],
    until: Annotated[str, typer.Option("--until", help="The same.")],
    output: Annotated[
        list[Path], typer.Option("--output", "-o", help="The file: .html, a page, or .json; may be given twice.")
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
    lang: CountyLanguageOption = "",
) -> None:
    """Put another system's positions through our rules and compare places and alarms; nothing is changed."""
    from gateway.cli.county import opened
    from gateway.cli.fix_shadowed import Asked, compare_fixes
    from gateway.words.phrases import LANGUAGE

    asked = Asked(theirs, since, until, tuple(output), signed(document), mapping, times_in, signed(by))
    told = compare_fixes(opened(config, lang), asked)
    for line in told.faults:
        typer.echo(line.of(LANGUAGE.get()), err=True)
    for line in told.written:
        typer.echo(line.of(LANGUAGE.get()))
    raise typer.Exit(2 if told.faults else 0)
