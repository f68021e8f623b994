"""The commands of zones drawn at the desk: looked at, tried, let in by two, written."""

from __future__ import annotations

from typing import Annotated

import typer

from gateway.cli.options import DEFAULT_CONFIG, ByOption, ConfigOption, CountyLanguageOption, JsonOption
from gateway.cli.reloading import NOT_YET

draft_app = typer.Typer(
    help="Zones drawn at the desk, which hold for nobody yet. 值班台所画的区域草图，尚未生效。", no_args_is_help=True
)
Identity = Annotated[str, typer.Argument(metavar="ID", help="As listed.")]
FAULTY = 2
"""Exit code of a draft that has faults."""


@draft_app.command("list")
def list_(
    config: ConfigOption = DEFAULT_CONFIG, by: ByOption = "", lang: CountyLanguageOption = "", *,
    as_json: JsonOption = False,
) -> None:  # fmt: skip
    """List the drafts: zone, who changed it last, how it stands."""
    from gateway.cli.draft_lines import listed

    for line in listed(config, lang, by, as_json=as_json):
        typer.echo(line)


@draft_app.command("check")
def check_draft(
    identity: Identity, config: ConfigOption = DEFAULT_CONFIG, by: ByOption = "", lang: CountyLanguageOption = ""
) -> None:
    """Check the whole configuration with a draft laid over it; every fault as file:line:column: message."""
    from gateway.cli.draft_lines import faults

    is_well, lines = faults(config, lang, by, identity)
    for line in lines:
        typer.echo(line)
    raise typer.Exit(0 if is_well else FAULTY)


@draft_app.command("preview")
def preview(
    identity: Identity, config: ConfigOption = DEFAULT_CONFIG, by: ByOption = "", lang: CountyLanguageOption = ""
) -> None:
    """Judge the last 90 days again with a draft beside the rules in force, and keep what comes of it."""
    from gateway.cli.draft_lines import tried

    for line in tried(config, lang, by, identity):
        typer.echo(line)


@draft_app.command("propose")
def propose(
    identity: Identity, config: ConfigOption = DEFAULT_CONFIG, by: ByOption = "", lang: CountyLanguageOption = ""
) -> None:
    """Propose a draft that has no faults and was tried; a leader confirms it."""
    from gateway.cli.draft_lines import asked

    typer.echo(asked(config, lang, by, identity, "draft_propose")[1])
    raise typer.Exit(NOT_YET)


@draft_app.command("confirm")
def confirm(
    identity: Identity, config: ConfigOption = DEFAULT_CONFIG, by: ByOption = "", lang: CountyLanguageOption = ""
) -> None:
    """As the second person: write a draft into the county's files and put it in force."""
    from gateway.cli.draft_lines import asked

    state, line = asked(config, lang, by, identity, "draft_confirm")
    typer.echo(line)
    raise typer.Exit(0 if state == "in_force" else NOT_YET)


@draft_app.command("write")
def write(
    identity: Identity, config: ConfigOption = DEFAULT_CONFIG, by: ByOption = "", lang: CountyLanguageOption = ""
) -> None:
    """Write a draft that was confirmed into files that the gateway may not write, and put it in force."""
    from gateway.cli.draft_lines import written

    typer.echo(written(config, lang, by, identity))


@draft_app.command("drop")
def drop(
    identity: Identity, config: ConfigOption = DEFAULT_CONFIG, by: ByOption = "", lang: CountyLanguageOption = ""
) -> None:
    """Drop a draft; nothing that is in force changes."""
    from gateway.cli.draft_lines import dropped

    typer.echo(dropped(config, lang, by, identity))
