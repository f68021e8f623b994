"""The commands for sheets of the office: hand-overs and lists that the gateway makes and staff sign."""

from __future__ import annotations

from typing import Annotated

import typer

from gateway.cli.options import DEFAULT_CONFIG, ByOption, ConfigOption, CountyLanguageOption, JsonOption

sheets_app = typer.Typer(
    help="Sheets of the office: hand-overs and lists that the gateway makes and staff sign."
    " 表单：交接班单和各种清单，由网关生成，由工作人员签署。",
    no_args_is_help=True,
)
Sheet = Annotated[str, typer.Argument(metavar="SHEET", help="As sheets list shows it.")]
Line = Annotated[str, typer.Argument(metavar="LINE", help="As sheets show has it.")]
FormArgument = Annotated[str, typer.Argument(metavar="FORM", help="For example hand_over.")]
Why = Annotated[str, typer.Option("--why", help="The reason; it stands on the sheet.")]


@sheets_app.command("list")
def list_(
    form: FormArgument = "hand_over",
    config: ConfigOption = DEFAULT_CONFIG,
    by: ByOption = "",
    *,
    as_json: JsonOption = False,
    lang: CountyLanguageOption = "",
) -> None:
    """List the sheets of a form, the latest first, and who has signed them."""
    from gateway.cli.county import opened
    from gateway.cli.sheet_lines import list_sheets

    list_sheets(opened(config, lang), form, by, as_json=as_json)


@sheets_app.command("show")
def show(
    sheet: Sheet,
    config: ConfigOption = DEFAULT_CONFIG,
    by: ByOption = "",
    *,
    as_json: JsonOption = False,
    lang: CountyLanguageOption = "",
) -> None:
    """Show a sheet: its lines, what was done to them, its signatures, and the digest of what is signed."""
    from gateway.cli.county import opened
    from gateway.cli.sheet_lines import show_sheet

    show_sheet(opened(config, lang), sheet, by, as_json=as_json)


@sheets_app.command("begin")
def begin(
    form: FormArgument = "hand_over",
    office: Annotated[str, typer.Option("--office", help="Of its people alone; left out: of the whole county.")] = "",
    since: Annotated[
        str, typer.Option("--from", help="Local time of the county; default: where the last one that was signed ended.")
    ] = "",
    config: ConfigOption = DEFAULT_CONFIG,
    by: ByOption = "",
    lang: CountyLanguageOption = "",
) -> None:
    """Have a sheet made of what the gateway knows now; prints its id."""
    from gateway.cli.county import opened
    from gateway.cli.sheet_lines import begin_sheet

    begin_sheet(opened(config, lang), form, office, since, by)


@sheets_app.command("add")
def add(  # noqa: PLR0913, PLR0917  one parameter an option
    sheet: Sheet,
    text: str,
    person: Annotated[str, typer.Option("--person", help="Whom it is about, as in people.csv.")] = "",
    due: Annotated[str, typer.Option("--due", help="Local time of the county: 08:30, or 2026-11-02 08:30.")] = "",
    owner: Annotated[str, typer.Option("--owner", help="Whose it is: a staff number, or the code of an office.")] = "",
    config: ConfigOption = DEFAULT_CONFIG,
    by: ByOption = "",
    lang: CountyLanguageOption = "",
) -> None:
    """Add a line to a sheet; prints its key."""
    from gateway.cli.county import opened
    from gateway.cli.sheet_lines import add_line

    add_line(opened(config, lang), sheet, by, {"text": text, "person": person, "due": due, "owner": owner})


@sheets_app.command("correct")
def correct(  # noqa: PLR0913, PLR0917  one parameter an option
    sheet: Sheet,
    line: Line,
    text: Annotated[str, typer.Option("--text", help="What the line says instead; left out: as before.")] = "",
    due: Annotated[str, typer.Option("--due", help="Local time, or none; left out: as before.")] = "",
    owner: Annotated[str, typer.Option("--owner", help="Whose it is, or none; left out: as before.")] = "",
    config: ConfigOption = DEFAULT_CONFIG,
    by: ByOption = "",
    lang: CountyLanguageOption = "",
) -> None:
    """Correct a line; what it said before stays to be read."""
    from gateway.cli.county import opened
    from gateway.cli.sheet_lines import correct_line

    correct_line(opened(config, lang), sheet, line, by, {"text": text, "due": due, "owner": owner})


@sheets_app.command("tick")
def tick(
    sheet: Sheet,
    line: Line,
    note: Annotated[str, typer.Option("--note", help="In free words.")] = "",
    config: ConfigOption = DEFAULT_CONFIG,
    by: ByOption = "",
    lang: CountyLanguageOption = "",
) -> None:
    """Say that a line was looked at."""
    from gateway.cli.county import opened
    from gateway.cli.sheet_lines import mark

    mark(opened(config, lang), sheet, "tick", by, key=line, note=note)


@sheets_app.command("strike")
def strike(
    sheet: Sheet,
    line: Line,
    why: Why,
    config: ConfigOption = DEFAULT_CONFIG,
    by: ByOption = "",
    lang: CountyLanguageOption = "",
) -> None:
    """Strike a line out; it stays to be read."""
    from gateway.cli.county import opened
    from gateway.cli.sheet_lines import mark

    mark(opened(config, lang), sheet, "strike", by, key=line, note=why)


@sheets_app.command("sign")
def sign(
    sheet: Sheet,
    digest: Annotated[
        str, typer.Option("--digest", help="As sheets show has it, the first eight digits or more: what is signed.")
    ],
    config: ConfigOption = DEFAULT_CONFIG,
    by: ByOption = "",
    lang: CountyLanguageOption = "",
) -> None:
    """Sign a sheet as it is; the last signature closes it."""
    from gateway.cli.county import opened
    from gateway.cli.sheet_lines import sign_sheet

    sign_sheet(opened(config, lang), sheet, digest, by)


@sheets_app.command("reopen")
def reopen(
    sheet: Sheet,
    why: Why,
    config: ConfigOption = DEFAULT_CONFIG,
    by: ByOption = "",
    lang: CountyLanguageOption = "",
) -> None:
    """Open a sheet that is not signed by all yet: the signatures so far are void."""
    from gateway.cli.county import opened
    from gateway.cli.sheet_lines import mark

    mark(opened(config, lang), sheet, "reopen", by, note=why)
