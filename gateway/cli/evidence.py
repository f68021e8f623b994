"""``evidence``: what there is of one alarm, as a file that whoever gets it can check."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003  read at run time, for the options
from typing import Annotated

import typer

from gateway.cli.officers import AlarmArgument, signed
from gateway.cli.options import DEFAULT_CONFIG, ByOption, ConfigOption, CountyLanguageOption


def evidence(  # noqa: PLR0913, PLR0917  one parameter an option
    alarm: AlarmArgument,
    output: Annotated[Path, typer.Option("--output", "-o", help="The file: .html, or .zip with its verifier.")],
    to: Annotated[
        str,
        typer.Option(
            "--to",
            prompt="接收机关 --to (police, procuratorate, court, prison)",
            help="police, procuratorate, court or prison",
        ),
    ],
    purpose: Annotated[
        str,
        typer.Option(
            "--purpose", prompt="用途 --purpose (search, penalty, supervision)", help="search, penalty or supervision"
        ),
    ],
    document: Annotated[
        str, typer.Option("--document", prompt="文号 --document", help="Number of the document that asks for it.")
    ],
    approved_by: Annotated[
        str,
        typer.Option(
            "--approved-by", prompt="批准人工号 --approved-by", help="The leader who approved it, by staff number."
        ),
    ],
    config: ConfigOption = DEFAULT_CONFIG,
    by: ByOption = "",
    at: Annotated[
        str, typer.Option("--at", help="As of when, local time of the county; default: the alarm's last change.")
    ] = "",
    *,
    minor: Annotated[bool, typer.Option("--minor", help="Of a minor, too: it is needed.")] = False,
    lang: CountyLanguageOption = "",
) -> None:
    """Write the evidence of one alarm: a page that proves itself by verify.py; the look stands in the audit log."""
    from gateway.cli.county import opened
    from gateway.cli.disclosure import Asked
    from gateway.cli.handing_over import hand_over

    asked = Asked(output, to, purpose, signed(document), signed(approved_by), signed(by), minor)
    typer.echo(hand_over(opened(config, lang), alarm, asked, at))
