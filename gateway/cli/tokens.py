"""``tokens``: programs that read an office's alarms."""

from __future__ import annotations

from typing import Annotated

import typer

from gateway.cli.options import DEFAULT_CONFIG, ConfigOption, CountyLanguageOption

tokens_app = typer.Typer(help="Tokens of programs that read alarms. 读取报警的程序所用的令牌。", no_args_is_help=True)
NameArgument = Annotated[str, typer.Argument(metavar="NAME", help="As it stands in the audit log.")]


@tokens_app.command("add")
def add(
    name: NameArgument,
    office: Annotated[str, typer.Option("--office", help="Code of the office whose people's alarms alone it reads.")],
    config: ConfigOption = DEFAULT_CONFIG,
    *,
    places: Annotated[bool, typer.Option("--places", help="With places; else without.")] = False,
    lang: CountyLanguageOption = "",
) -> None:
    """Make a token for one office; it is shown once, and kept as a digest."""
    from gateway.cli.county import opened
    from gateway.cli.token_lines import add as make

    make(opened(config, lang), name, office, places=places)


@tokens_app.command("revoke")
def revoke(name: NameArgument, config: ConfigOption = DEFAULT_CONFIG, lang: CountyLanguageOption = "") -> None:
    """Take a token back; it reads no more from now on."""
    from gateway.cli.county import opened
    from gateway.cli.token_lines import revoke as take_back

    take_back(opened(config, lang), name)


@tokens_app.command("list")
def list_tokens(config: ConfigOption = DEFAULT_CONFIG, lang: CountyLanguageOption = "") -> None:
    """List tokens: name, office, since when, with places or without."""
    from zoneinfo import ZoneInfo

    from gateway.cli.county import opened
    from gateway.cli.token_lines import show

    configuration = opened(config, lang)
    show(configuration, ZoneInfo(configuration.county.timezone))
