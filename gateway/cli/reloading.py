"""Changed files of the county into the running gateway."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from gateway.cli.options import DEFAULT_CONFIG, ByOption, ConfigOption, CountyLanguageOption, JsonOption

if TYPE_CHECKING:
    from collections.abc import Iterator

NOT_YET: Final = 3
"""Exit code where something differs and is not in force: a dry run, or a second person is needed."""
PATIENCE: Final = 330.0
"""Seconds to wait for the daemon, which reads the files and compiles them."""


def reload(  # noqa: PLR0913  one parameter an option
    config: ConfigOption = DEFAULT_CONFIG,
    confirm: Annotated[
        str, typer.Option("--confirm", metavar="DIGEST", help="As the second person: what was proposed under it.")
    ] = "",
    by: ByOption = "",
    lang: CountyLanguageOption = "",
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would change for whom.")] = False,
    later: Annotated[
        bool, typer.Option("--later", help="With --confirm: let a signal (systemctl reload) put it in force.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Put changed files into force while the gateway runs; what people are judged by takes a second person."""
    from gateway.cli.county import opened, told
    from gateway.control.messages import Request
    from gateway.errors import UserFault
    from gateway.words.phrases import phrase

    if (later and not confirm) or (dry_run and confirm):
        raise UserFault(phrase("reload_options"))
    do = "reload_confirm" if confirm else "reload_look" if dry_run else "reload"
    request = Request(do, id=confirm, by=by, later=later)
    data = told(opened(config, lang), request, PATIENCE)
    for line in [json.dumps(data, ensure_ascii=False)] if as_json else _lines(data):
        typer.echo(line)
    raise typer.Exit(NOT_YET if data["state"] in {"waits", "would"} else 0)


def _lines(data: dict[str, Any]) -> Iterator[str]:
    """What changes for whom, what takes a restart, how it stands."""
    from gateway.words.phrases import LANGUAGE, phrase

    yield from data["changes"]
    if data["restart"]:
        yield phrase("reload_restart", parts=", ".join(data["restart"])).of(LANGUAGE.get())
    yield phrase(f"reload_{data['state']}", files=data["files"], by=data["by"]).of(LANGUAGE.get())
