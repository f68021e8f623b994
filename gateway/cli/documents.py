"""``document``: what is printed of a track, an alarm, a leave, a sheet of the office, and for a wearer."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from gateway.cli.evidence import (  # noqa: TC001  read at run time
    ApprovedOption,
    DocumentOption,
    MinorOption,
    RecordPurposeOption,
    RecordRecipientOption,
)
from gateway.cli.officers import AlarmArgument, PersonArgument, signed
from gateway.cli.options import DEFAULT_CONFIG, ByOption, ConfigOption, CountyLanguageOption

documents_app = typer.Typer(
    help="Documents for paper: track, alarm, leave, notice. 打印文书：轨迹、报警、请假、告知。", no_args_is_help=True
)
PageOption = Annotated[Path, typer.Option("--output", "-o", help="The file: a page (.html) to be printed.")]
MomentOption = Annotated[
    str, typer.Option("--at", help="As of when, local time of the county; default: now. The same time, the same bytes.")
]


@documents_app.command("track")
def document_track(  # noqa: PLR0913, PLR0917  one parameter an option
    person: PersonArgument,
    output: PageOption,
    since: Annotated[str, typer.Option("--since", help="Local time of the county, for example 2026-11-02 08:00.")],
    to: RecordRecipientOption,
    purpose: RecordPurposeOption,
    document: DocumentOption,
    approved_by: ApprovedOption,
    until: Annotated[str, typer.Option("--until", help="The same; default: now.")] = "",
    at: MomentOption = "",
    config: ConfigOption = DEFAULT_CONFIG,
    by: ByOption = "",
    *,
    minor: MinorOption = False,
    lang: CountyLanguageOption = "",
) -> None:
    """Write the statement of a track: what was received, stays, gaps, errors, basis; no conclusion."""
    from gateway.cli.county import opened
    from gateway.cli.disclosure import Asked
    from gateway.cli.documenting import write_statement

    asked = Asked(output, to, purpose, signed(document), signed(approved_by), signed(by), minor)
    typer.echo(write_statement(opened(config, lang), person, asked, (since, until, at)))


@documents_app.command("alarm")
def document_alarm(
    alarm: AlarmArgument,
    output: PageOption,
    at: MomentOption = "",
    config: ConfigOption = DEFAULT_CONFIG,
    by: ByOption = "",
    lang: CountyLanguageOption = "",
) -> None:
    """Write the record of an alarm's handling: every act, call and notice, with its time and by whom."""
    from gateway.cli.county import opened
    from gateway.cli.documenting import write_record

    typer.echo(write_record(opened(config, lang), alarm, output, signed(by), at))


@documents_app.command("leave")
def document_leave(  # noqa: PLR0913, PLR0917  one parameter an option
    person: PersonArgument,
    output: PageOption,
    begun: Annotated[
        str, typer.Option("--begun", help="The last leave that begins then or before; default: the last of all.")
    ] = "",
    at: MomentOption = "",
    config: ConfigOption = DEFAULT_CONFIG,
    by: ByOption = "",
    lang: CountyLanguageOption = "",
) -> None:
    """Write the slip of a leave and of the return from it, as the registers have them."""
    from gateway.cli.county import opened
    from gateway.cli.documenting import write_slip

    typer.echo(write_slip(opened(config, lang), person, output, signed(by), (begun, at)))


@documents_app.command("notice")
def document_notice(
    person: PersonArgument,
    output: PageOption,
    at: MomentOption = "",
    config: ConfigOption = DEFAULT_CONFIG,
    by: ByOption = "",
    lang: CountyLanguageOption = "",
) -> None:
    """Write the notice to a wearer: what is collected, how long, by whom, and the wearer's rights."""
    from gateway.cli.county import opened
    from gateway.cli.documenting import write_notice

    typer.echo(write_notice(opened(config, lang), person, output, signed(by), at))


@documents_app.command("paper")
def document_paper(
    paper: Annotated[str, typer.Argument(metavar="ID", help="Of the sheet, as its page says.")],
    output: PageOption,
    at: MomentOption = "",
    config: ConfigOption = DEFAULT_CONFIG,
    by: ByOption = "",
    lang: CountyLanguageOption = "",
) -> None:
    """Write a sheet of the office as it stands: its lines, what was added and ticked, signatures, digest."""
    from gateway.cli.county import opened
    from gateway.cli.documenting import write_paper

    typer.echo(write_paper(opened(config, lang), paper, output, signed(by), at))
