"""``report``: what a month says of the work, by the same figures as the page and its print."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003  read at run time, for the options
from typing import Annotated, Literal

import typer

from gateway.cli.options import DEFAULT_CONFIG, ByOption, ConfigOption, CountyLanguageOption

Part = Literal["month", "necessity", "appraisal", "noise", "drills"]


def report(  # noqa: PLR0913  one parameter an option
    month: Annotated[str, typer.Option("--month", help="For example 2026-11; default: the last that is over.")] = "",
    part: Annotated[Part, typer.Option("--part", help="month, necessity, appraisal, noise or drills")] = "month",
    config: ConfigOption = DEFAULT_CONFIG,
    by: ByOption = "",
    lang: CountyLanguageOption = "",
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Of --csv: the file; default: the standard output.")
    ] = None,
    *,
    as_csv: Annotated[bool, typer.Option("--csv", help="A table for spreadsheets.")] = False,
) -> None:
    """Report a month: alarms, false share, time to acknowledge; necessity; appraisal; the desk's load; drills."""
    from gateway.cli.county import opened
    from gateway.cli.report_lines import made, show, written

    configuration = opened(config, lang)
    sheet = made(configuration, part, month, by)
    if as_csv:
        written(configuration, sheet, output)
    else:
        show(sheet)
