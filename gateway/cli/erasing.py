"""Erasing a person's places by order: one orders, another confirms, and a page proves it."""

from __future__ import annotations

import json
from pathlib import Path  # noqa: TC003  read at run time, for the options
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from gateway.cli.options import DEFAULT_CONFIG, ByOption, ConfigOption, CountyLanguageOption, JsonOption

if TYPE_CHECKING:
    from collections.abc import Iterator

NOT_YET: Final = 3
"""Exit code where nothing has gone: a dry run, or a second person is needed."""
PATIENCE: Final = 600.0
"""Seconds to wait for the daemon, which looks through the whole journal."""


def erase(  # noqa: PLR0913, PLR0917  one parameter an option
    person: Annotated[str, typer.Argument(metavar="PERSON", help="Whose places.")],
    config: ConfigOption = DEFAULT_CONFIG,
    document: Annotated[str, typer.Option("--document", help="The order that it rests on, by its number.")] = "",
    why: Annotated[str, typer.Option("--why", help="Why they go.")] = "",
    confirm: Annotated[
        str, typer.Option("--confirm", metavar="ORDER", help="As the second person: what was ordered under it.")
    ] = "",
    proof: Annotated[
        Path | None, typer.Option("--proof", metavar="FILE", help="Write the proof of what was erased: an HTML page.")
    ] = None,
    by: ByOption = "",
    lang: CountyLanguageOption = "",
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would go.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Erase the places of a person whose supervision is over, by order; it takes a second person and leaves a proof."""
    from gateway.cli.county import opened, storage_of, told
    from gateway.control.messages import Request
    from gateway.errors import UserFault
    from gateway.words.phrases import LANGUAGE, phrase

    if sum((bool(confirm), proof is not None, dry_run, bool(document or why))) > 1:
        raise UserFault(phrase("erase_options"))
    configuration = opened(config, lang)
    if proof is not None:
        from gateway.replay.erasure_page import page
        from gateway.replay.erasure_proof import proven

        found = proven(storage_of(configuration) / "journal", person)
        proof.write_text(page(found, LANGUAGE.get(), configuration.county.timezone), "utf-8")
        typer.echo(phrase("erase_proved", path=proof, count=len(found.erasures)).of(LANGUAGE.get()))
        return
    do = "erase_confirm" if confirm else "erase_look" if dry_run else "erase"
    data = told(configuration, Request(do, id=confirm or person, by=by, document=document, why=why), PATIENCE)
    for line in [json.dumps(data, ensure_ascii=False)] if as_json else _lines(data):
        typer.echo(line)
    raise typer.Exit(NOT_YET if data["state"] in {"waits", "would"} else 0)


def _lines(data: dict[str, Any]) -> Iterator[str]:
    """What there is, and how it stands."""
    from gateway.words.phrases import LANGUAGE, phrase

    if counts := data["counts"]:
        yield phrase("erase_found", person=data["person"], **counts).of(LANGUAGE.get())
        if counts["older"]:
            yield phrase("erase_older", older=counts["older"]).of(LANGUAGE.get())
    named = {name: data[name] for name in ("person", "order", "by") if name in data}
    yield phrase(f"erase_{data['state']}", **named).of(LANGUAGE.get())
