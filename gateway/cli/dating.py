"""``dates``: what ends when, the soonest first; the desk's page has the same."""

from __future__ import annotations

from typing import Annotated

import typer

from gateway.cli.options import DEFAULT_CONFIG, ByOption, ConfigOption, CountyLanguageOption, JsonOption


def dates(
    days: Annotated[int, typer.Option("--days", min=1, help="What ends within so many days.")] = 30,
    office: Annotated[str, typer.Option("--office", help="Of its people alone.")] = "",
    config: ConfigOption = DEFAULT_CONFIG,
    by: ByOption = "",
    *,
    as_json: JsonOption = False,
    lang: CountyLanguageOption = "",
) -> None:
    """List what ends: authorities, terms, orders and rules, leave; the soonest first."""
    from gateway.cli.county import opened
    from gateway.cli.date_lines import list_dates

    list_dates(opened(config, lang), days, office, by, as_json=as_json)
