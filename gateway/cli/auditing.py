"""The command of the auditor and the procurator."""

from __future__ import annotations

from typing import Annotated

import typer

from gateway.cli.options import DEFAULT_CONFIG, ByOption, ConfigOption, CountyLanguageOption, JsonOption


def audit(  # noqa: PLR0913, PLR0917  one parameter an option
    person: Annotated[str, typer.Option("--person", help="Whom it was about.")] = "",
    staff: Annotated[str, typer.Option("--staff", help="Who it was, by staff number.")] = "",
    what: Annotated[str, typer.Option("--what", help="What it was, for example track.")] = "",
    words: Annotated[str, typer.Option("--words", help="A part of its purpose, or of an alarm's id.")] = "",
    since: Annotated[str, typer.Option("--since", help="Local time of the county, for example 2026-11-02 08:00.")] = "",
    until: Annotated[str, typer.Option("--until", help="The same; default: now.")] = "",
    limit: Annotated[int, typer.Option("--limit", min=1, help="Entries at most, the newest.")] = 200,
    config: ConfigOption = DEFAULT_CONFIG,
    by: ByOption = "",
    lang: CountyLanguageOption = "",
    *,
    as_csv: Annotated[bool, typer.Option("--csv", help="A table for spreadsheets.")] = False,
    as_json: JsonOption = False,
) -> None:
    """List who saw, did or was refused what, the newest first; that is an entry itself."""
    from gateway.cli.audit_lines import lines, sought
    from gateway.cli.county import opened

    configuration = opened(config, lang)
    meant = sought(configuration, (person, staff, what, words), since, until)
    lines(configuration, meant, limit, by, form="csv" if as_csv else "json" if as_json else "")
