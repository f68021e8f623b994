"""The registers from the command line: what is done is entered by the daemon, and written into the files here."""

from __future__ import annotations

import time
import uuid
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

import msgspec
import typer
from rich.console import Console

from gateway.cli.county import opened, told
from gateway.control.messages import Request
from gateway.decoded import converted
from gateway.deeds import Deed
from gateway.errors import TransientFault
from gateway.settings.files import MAIN, OVERLAY
from gateway.settings.write_back import save, written_back
from gateway.words.deed_words import checked, line_of, shown
from gateway.words.phrases import LANGUAGE, phrase

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from gateway.settings.model import Configuration

FITTING_WAIT: Final = 60.0
"""Seconds for which a fitting check waits for the bracelet and the platform."""
FITTING_LOOK: Final = 0.5


def enter(configuration: Configuration, do: str, values: Mapping[str, str], by: str) -> None:
    """Have a deed done, and say that it is.

    Raises:
        UserFault: it cannot be done, and why.
        TransientFault: the daemon is not running, or cannot do it now.
    """
    given = {name: text for name, text in values.items() if text}
    deed = Deed(uuid.uuid4().hex, do, by, values=given)
    data = told(configuration, Request("register", deed=deed, by=by))
    typer.echo(phrase("deed_done", deed=line_of(deed, LANGUAGE.get())).of(LANGUAGE.get()))
    if data.get("reviews"):
        typer.echo(phrase("deed_reviews", days=", ".join(data["reviews"])).of(LANGUAGE.get()))


def list_deeds(configuration: Configuration, by: str, *, as_json: bool) -> None:
    """Print what was done and is not written back yet.

    Raises:
        UserFault, TransientFault: as :func:`enter`.
    """
    deeds = _standing(configuration, by)
    if as_json:
        for deed in deeds:
            typer.echo(msgspec.json.encode(deed).decode())
    else:
        Console().print(shown(deeds, ZoneInfo(configuration.county.timezone), LANGUAGE.get()))


def check_fitting(configuration: Configuration, person: str, by: str, *, begin: bool, as_json: bool) -> bool:
    """Print how the fitting of a person's bracelet stands, asked again until nothing is awaited; whether all passed.

    Raises:
        UserFault, TransientFault: as :func:`enter`.
    """
    if begin:
        told(configuration, Request("fitting_begin", id=person, by=by))
    deadline = time.monotonic() + (FITTING_WAIT if begin else 0.0)
    while True:
        data = told(configuration, Request("fitting", id=person, by=by))
        if time.monotonic() >= deadline or all(one["state"] != "not_yet" for one in data["items"]):
            break
        time.sleep(FITTING_LOOK)
    if as_json:
        typer.echo(msgspec.json.encode(data).decode())
    else:
        Console().print(checked(data["items"], LANGUAGE.get()))
    return bool(data["passed"])


def write_back(config: Path, language: str, by: str) -> None:
    """Write what was done into the county's files, and have the daemon go by them alone.

    Raises:
        ConfigurationRefused: the files, or the deeds above them, have faults.
        UserFault: the daemon refuses, and why.
        TransientFault: it is not running, or a file cannot be written.
        OurFault: what was done cannot be written in.
    """
    configuration = opened(config, language)
    deeds = _standing(configuration, by)
    sources = {name: text for name, text in configuration.sources.items() if name != OVERLAY}
    changed = written_back(sources, deeds)
    for name, text in changed.items():
        _save(config, name, text)
    left = told(configuration, Request("written_back", count=len(deeds), by=by))["deeds"]
    names = ", ".join(sorted(changed)) or "-"
    typer.echo(phrase("deeds_written", count=len(deeds), files=names, left=left).of(LANGUAGE.get()))


def _standing(configuration: Configuration, by: str) -> list[Deed]:
    return converted(told(configuration, Request("registers", by=by))["deeds"], list[Deed])


def _save(config: Path, name: str, text: str) -> None:
    """A file of the county; the main one may have another name."""
    directory, file = (config, name) if config.is_dir() else (config.parent, config.name if name == MAIN else name)
    try:
        save(directory, file, text)
    except OSError as fault:
        raise TransientFault(phrase("file_unwritten", path=directory / file, cause=fault.strerror)) from fault
