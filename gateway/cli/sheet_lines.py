"""Sheets of the office from the command line: made, listed, changed and signed by the daemon."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

import msgspec
import typer
from rich.console import Console

from gateway.cli.county import told
from gateway.cli.looks import coming, moment_of
from gateway.clock import SystemClock
from gateway.control.messages import Request
from gateway.decoded import converted
from gateway.errors import UserFault
from gateway.journal.controls import PaperAct, PaperLine
from gateway.words.paper_list import listed, shown
from gateway.words.phrases import LANGUAGE, phrase

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gateway.settings.model import Configuration

SHORTEST: Final = 8
"""Digits of a digest that whoever signs has to give: as many as tell it from any other."""
NONE: Final = "none"
"""Typed for what a line is to have no more."""
OWN: Final = "added"
"""The heading of a line that staff add."""


def list_sheets(configuration: Configuration, form: str, by: str, *, as_json: bool) -> None:
    """Print the sheets of a form, the latest first.

    Raises:
        UserFault: they are not for whoever asks.
        TransientFault: the daemon is not running, or cannot do it now.
    """
    papers = told(configuration, Request("papers", kind=form, by=by))["papers"]
    if as_json:
        for one in papers:
            typer.echo(msgspec.json.encode(one).decode())
    else:
        Console().print(listed(papers, _zone(configuration), LANGUAGE.get()))


def show_sheet(configuration: Configuration, sheet: str, by: str, *, as_json: bool) -> None:
    """Print one with its lines, its signatures and the digest of what is signed; raises as :func:`list_sheets`."""
    data = told(configuration, Request("paper", id=sheet, by=by))
    if as_json:
        typer.echo(msgspec.json.encode(data).decode())
    else:
        Console().print(shown(data["paper"], data["digest"], _zone(configuration), LANGUAGE.get()))


def begin_sheet(configuration: Configuration, form: str, office: str, since: str, by: str) -> None:
    """Have one made, and print its id; raises as :func:`list_sheets`."""
    begun = moment_of("--from", since, _zone(configuration)) if since else 0.0
    data = _acted(configuration, PaperAct("", "begin", 1, by, form=form, office=office, since=begun))
    typer.echo(data["paper"]["id"])


def add_line(configuration: Configuration, sheet: str, by: str, said: Mapping[str, str]) -> None:
    """Add a line of ``text`` and maybe ``person``, ``due`` and ``owner``, and print its key.

    Raises:
        UserFault, TransientFault: as :func:`list_sheets`.
    """
    text, due = said["text"], said["due"]
    at = _due(configuration, due) if due else 0.0
    key = f"own-{uuid.uuid4().hex[:12]}"
    line = PaperLine(key, OWN, said["person"], zh=text, en=text, due=at, owner=said["owner"])
    _acted(configuration, _next(configuration, sheet, "add", by, lines=(line,)))
    typer.echo(key)


def correct_line(configuration: Configuration, sheet: str, key: str, by: str, said: Mapping[str, str]) -> None:
    """Correct the ``text``, ``due`` or ``owner`` of a line; empty: as it is, NONE: taken away.

    Raises:
        UserFault: nothing is to be corrected, there is no such line, or as :func:`list_sheets`.
        TransientFault: as :func:`list_sheets`.
    """
    paper = told(configuration, Request("paper", id=sheet, by=by))["paper"]
    line = next((each["line"] for each in paper["entries"] if each["line"]["key"] == key), None)
    if line is None:
        raise UserFault(phrase("paper_line_unknown", key=key))
    changed: dict[str, Any] = {"zh": said["text"], "en": said["text"]} if said["text"] else {}
    if said["due"]:
        changed["due"] = 0.0 if said["due"] == NONE else _due(configuration, said["due"])
    if said["owner"]:
        changed["owner"] = "" if said["owner"] == NONE else said["owner"]
    if not changed:
        raise UserFault(phrase("sheet_nothing_corrected"))
    corrected = msgspec.structs.replace(converted(line, PaperLine), **changed)
    _acted(configuration, PaperAct(sheet, "correct", paper["revision"] + 1, by, lines=(corrected,)))


def _due(configuration: Configuration, said: str) -> float:
    return coming("--due", said, _zone(configuration), SystemClock().now())


def mark(configuration: Configuration, sheet: str, do: str, by: str, *, key: str = "", note: str = "") -> None:
    """Tick a line, strike it out, or reopen the sheet; raises as :func:`list_sheets`."""
    _acted(configuration, _next(configuration, sheet, do, by, key=key, note=note))


def sign_sheet(configuration: Configuration, sheet: str, digest: str, by: str) -> None:
    """Sign what has a digest that begins so, and print whether it is closed now.

    Raises:
        UserFault: it says something else by now, or as :func:`list_sheets`.
        TransientFault: as :func:`list_sheets`.
    """
    now = told(configuration, Request("paper", id=sheet, by=by))
    if len(digest) < SHORTEST or not now["digest"].startswith(digest.lower()):
        raise UserFault(phrase("sheet_digest", given=digest, digest=now["digest"][:12], least=SHORTEST))
    revision = now["paper"]["revision"] + 1
    done = _acted(configuration, PaperAct(sheet, "sign", revision, by, digest=now["digest"]))
    key = "sheet_closed" if done["paper"].get("frozen") else "sheet_signed"
    typer.echo(phrase(key, digest=done["digest"]).of(LANGUAGE.get()))


def _next(configuration: Configuration, sheet: str, do: str, by: str, **said: Any) -> PaperAct:  # noqa: ANN401  its fields
    """The act that follows what the sheet says now."""
    now = told(configuration, Request("paper", id=sheet, by=by))["paper"]
    return PaperAct(sheet, do, now["revision"] + 1, by, **said)


def _acted(configuration: Configuration, act: PaperAct) -> dict[str, Any]:
    return told(configuration, Request("paper_act", paper=act, by=act.by))


def _zone(configuration: Configuration) -> ZoneInfo:
    return ZoneInfo(configuration.county.timezone)
