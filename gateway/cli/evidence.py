"""``evidence``, ``disclose``, ``export``, ``export-database``: of an alarm, a case, a person, a county, by the law."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003  read at run time, for the options
from typing import Annotated

import typer

from gateway.cli.officers import AlarmArgument, PersonArgument, signed
from gateway.cli.options import DEFAULT_CONFIG, ByOption, ConfigOption, CountyLanguageOption

DocumentOption = Annotated[
    str, typer.Option("--document", prompt="文号 --document", help="Number of the document that asks for it.")
]
ApprovedOption = Annotated[
    str,
    typer.Option(
        "--approved-by", prompt="批准人工号 --approved-by", help="The leader who approved it, by staff number."
    ),
]
RecipientOption = Annotated[
    str,
    typer.Option(
        "--to",
        prompt="接收机关 --to (police, procuratorate, court, prison)",
        help="police, procuratorate, court or prison",
    ),
]
PurposeOption = Annotated[
    str,
    typer.Option(
        "--purpose", prompt="用途 --purpose (search, penalty, supervision)", help="search, penalty or supervision"
    ),
]
RecordRecipientOption = Annotated[
    str,
    typer.Option(
        "--to",
        prompt="接收机关 --to (police, procuratorate, court, prison, wearer)",
        help="police, procuratorate, court, prison or wearer",
    ),
]
RecordPurposeOption = Annotated[
    str,
    typer.Option(
        "--purpose",
        prompt="用途 --purpose (search, penalty, supervision, own_record)",
        help="search, penalty, supervision or own_record",
    ),
]
"""Of a record the wearer may have a copy, too."""
MinorOption = Annotated[bool, typer.Option("--minor", help="Of a minor, too: it is needed.")]


def evidence(  # noqa: PLR0913, PLR0917  one parameter an option
    alarm: AlarmArgument,
    output: Annotated[Path, typer.Option("--output", "-o", help="The file: .html, or .zip with its verifier.")],
    to: RecipientOption,
    purpose: PurposeOption,
    document: DocumentOption,
    approved_by: ApprovedOption,
    config: ConfigOption = DEFAULT_CONFIG,
    by: ByOption = "",
    at: Annotated[
        str, typer.Option("--at", help="As of when, local time of the county; default: the alarm's last change.")
    ] = "",
    *,
    minor: MinorOption = False,
    lang: CountyLanguageOption = "",
) -> None:
    """Write the evidence of one alarm: a page that proves itself by verify.py; the look stands in the audit log."""
    from gateway.cli.county import opened
    from gateway.cli.disclosure import Asked
    from gateway.cli.handing_over import hand_over

    asked = Asked(output, to, purpose, signed(document), signed(approved_by), signed(by), minor)
    typer.echo(hand_over(opened(config, lang), alarm, asked, at))


def disclose(  # noqa: PLR0913, PLR0917  one parameter an option
    person: PersonArgument,
    output: Annotated[Path, typer.Option("--output", "-o", help="The file: .zip.")],
    since: Annotated[str, typer.Option("--since", help="Local time of the county, for example 2026-11-02 08:00.")],
    to: RecipientOption,
    purpose: PurposeOption,
    document: DocumentOption,
    approved_by: ApprovedOption,
    until: Annotated[str, typer.Option("--until", help="The same; default: now.")] = "",
    at: Annotated[
        str,
        typer.Option("--at", help="As of when, local time of the county; default: now. The same time, the same bytes."),
    ] = "",
    config: ConfigOption = DEFAULT_CONFIG,
    by: ByOption = "",
    minor: Annotated[str, typer.Option("--minor", help="Of a minor: why it is needed.")] = "",
    *,
    places: Annotated[
        bool | None,
        typer.Option(
            "--places/--no-places", help="With places; default: for the procuratorate without.", show_default=False
        ),
    ] = None,
    lang: CountyLanguageOption = "",
) -> None:
    """Write the package of one case: statement, records, evidence, acts, with sums and watermark on every page."""
    from gateway.cli.county import opened
    from gateway.cli.disclosing import Window
    from gateway.cli.disclosing import disclose as disclosed
    from gateway.cli.disclosure import Asked

    asked = Asked(output, to, purpose, signed(document), signed(approved_by), signed(by), bool(signed(minor)))
    typer.echo(disclosed(opened(config, lang), person, asked, Window(since, until, at, places, signed(minor))))


def export(  # noqa: PLR0913, PLR0917  one parameter an option
    person: PersonArgument,
    output: Annotated[
        Path,
        typer.Option(
            "--output", "-o", help="The file: .geojson, .gpx, .csv, .json with all, or .fixes.csv for import."
        ),
    ],
    to: RecordRecipientOption,
    purpose: RecordPurposeOption,
    document: DocumentOption,
    approved_by: ApprovedOption,
    since: Annotated[
        str, typer.Option("--since", help="Local time of the county; default: as far back as places are kept.")
    ] = "",
    until: Annotated[str, typer.Option("--until", help="The same; default: now.")] = "",
    config: ConfigOption = DEFAULT_CONFIG,
    by: ByOption = "",
    *,
    minor: MinorOption = False,
    lang: CountyLanguageOption = "",
) -> None:
    """Write the whole record of one person: track, and as JSON alarms, acts and presence; the audit log has it."""
    from gateway.cli.county import opened
    from gateway.cli.disclosure import Asked
    from gateway.cli.exporting import export_record

    asked = Asked(output, to, purpose, signed(document), signed(approved_by), signed(by), minor)
    typer.echo(export_record(opened(config, lang), person, asked, since, until))


def export_database(  # noqa: PLR0913, PLR0917  one parameter an option
    output: Annotated[Path, typer.Argument(metavar="FILE.db", help="An SQLite file: about, alarms, acts, counts.")],
    to: Annotated[
        str,
        typer.Option(
            "--to",
            prompt="接收 --to (auditor, procuratorate, statistics)",
            help="auditor, procuratorate or statistics; for the last nobody can be known by it.",
        ),
    ],
    purpose: Annotated[
        str,
        typer.Option(
            "--purpose",
            prompt="用途 --purpose (audit, supervision, statistics)",
            help="audit, supervision or statistics",
        ),
    ],
    since: Annotated[str, typer.Option("--since", help="Local time of the county, for example 2026-11-02 08:00.")],
    document: DocumentOption,
    approved_by: ApprovedOption,
    until: Annotated[str, typer.Option("--until", help="The same; default: now.")] = "",
    config: ConfigOption = DEFAULT_CONFIG,
    by: ByOption = "",
    *,
    places: Annotated[
        bool, typer.Option("--places", help="With zones and places; for the procuratorate alone.")
    ] = False,
    minor: MinorOption = False,
    lang: CountyLanguageOption = "",
) -> None:
    """Write alarms, what was done about them, and counts as a database; no places unless asked for."""
    from gateway.cli.county import opened
    from gateway.cli.databases import Stretch
    from gateway.cli.databases import export_database as written
    from gateway.cli.disclosure import Asked

    asked = Asked(output, to, purpose, signed(document), signed(approved_by), signed(by), minor)
    typer.echo(written(opened(config, lang), asked, Stretch(since, until, places)))
