"""``bracelet-gateway command`` and ``commands``: what is typed, into requests to the daemon, and the answer shown."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec
import typer
from rich.console import Console

from gateway.cli.county import records_of, told
from gateway.cli.identity import identified
from gateway.commands.accept import device_of, forms_of
from gateway.commands.wish import Wish
from gateway.control.client import PATIENCE
from gateway.control.messages import Request
from gateway.decoded import converted
from gateway.engine import WELL, Command, CommandRecord, End
from gateway.errors import TransientFault, UserFault
from gateway.words.command_words import asked, described, described_form, possible, sentence, shown
from gateway.words.phrases import LANGUAGE, phrase
from gateway.words.place_words import place_lines

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gateway.settings.model import Configuration

WAIT = 30.0
"""Seconds the command line waits for the device."""
UNCONFIRMED = "unconfirmed"
"""In the answer to an order: it waits for a second person."""
_UNITS = {"s": 1.0, "m": 60.0, "min": 60.0, "h": 3600.0, "d": 86400.0}


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed besides the configuration's path."""

    device: str
    order: str
    arguments: Sequence[str]
    expires: str
    by: str
    wait: bool
    as_json: bool
    reason: str = ""


class Answered(CommandRecord, frozen=True):
    """A command as the daemon tells it; of a locating that is done, with the place (:mod:`gateway.control.places`)."""

    place: dict[str, Any] | None = None


def seconds_of(text: str) -> float:
    """Seconds of a duration: 90s, 15m, 2h, 1d.

    Raises:
        UserFault: it is none.
    """
    found = re.fullmatch(r"(\d{1,9}(?:\.\d{1,3})?)\s*(s|m|min|h|d)", text.strip(), re.ASCII)
    if found is None:
        raise UserFault(phrase("expiry", value=text))
    return float(found[1]) * _UNITS[found[2]]


def values_of(arguments: Sequence[str]) -> dict[str, str]:
    """NAME=VALUE arguments by name.

    Raises:
        UserFault: one has no name, or a name comes twice.
    """
    values: dict[str, str] = {}
    for argument in arguments:
        name, equals, value = argument.partition("=")
        if not equals or not name:
            raise UserFault(phrase("argument_form", value=argument))
        if name in values:
            raise UserFault(phrase("argument_twice", name=name))
        values[name] = value
    return values


def give(configuration: Configuration, typed: Typed) -> int:
    """Give an order and wait for its end; returns the exit code.

    Raises:
        UserFault: unknown device or order, wrong arguments.
        TransientFault: the daemon is not running.
    """
    if not typed.order:
        return _show_possible(configuration, typed)
    values, expires = values_of(typed.arguments), seconds_of(typed.expires)
    wish = Wish(typed.device, typed.order, typed.by, values, expires, typed.reason)
    data = told(configuration, Request("command", wish=wish))
    if UNCONFIRMED in data:
        return _show_unconfirmed(converted(data[UNCONFIRMED], Command), as_json=typed.as_json)
    record = converted(data, Answered)
    if typed.wait and record.end is None:
        record = _wait(configuration, record)
    code = _show(record, waited=typed.wait, as_json=typed.as_json)
    if record.place is not None and not typed.as_json:
        for line in place_lines(record.place, configuration.county.timezone, LANGUAGE.get()):
            typer.echo(line)
    return code


def cancel(configuration: Configuration, identity: str, by: str) -> int:
    """Cancel an order, named by any beginning of its id; returns the exit code.

    Raises:
        UserFault: there is no such order, several, or it has ended.
        TransientFault: the daemon is not running.
    """
    records = {record.command.id: record for record in records_of(configuration, pending=False)}
    pending = [each for each, record in records.items() if record.end is None]
    waiting = any(each.startswith(identity.lower()) for each in pending)
    named = identified(identity, pending if waiting else records, "order")
    record = _ask(configuration, Request("cancel", id=named, by=by), PATIENCE)
    _show(record, waited=False, as_json=False)
    return 0


def confirm(configuration: Configuration, identity: str, by: str, *, sure: bool) -> int:
    """Let maintenance be done that somebody else has asked for; returns the exit code.

    Raises:
        UserFault: no such order waits, or it is not for this account to confirm.
        TransientFault: the daemon is not running.
    """
    data = told(configuration, Request("unconfirmed", id=identity, by=by))
    if not sure and not typer.confirm(asked(converted(data[UNCONFIRMED], Command), LANGUAGE.get())):
        raise UserFault(phrase("confirm_left"))
    record = _ask(configuration, Request("confirm", id=identity, by=by), PATIENCE)
    return _show(record, waited=False, as_json=False)


def list_(configuration: Configuration, device: str, *, everything: bool, as_json: bool) -> None:
    """Print the orders that have not ended, or all.

    Raises:
        UserFault: unknown device, or the gateway has never run here.
    """
    if device:
        device_of(configuration, device)
    records = records_of(configuration, device, pending=not everything)
    if as_json:
        for record in records:
            _print_json(described(record))
    else:
        Console().print(shown(records, configuration.county.timezone, LANGUAGE.get()))


def _show_possible(configuration: Configuration, typed: Typed) -> int:
    """No order was named: what this device can be told."""
    device = device_of(configuration, typed.device)
    if typed.as_json:
        _print_json({kind: described_form(form) for kind, form in forms_of(device).items()})
        return 0
    for line in possible(device):
        typer.echo(line)
    return 0


def _wait(configuration: Configuration, record: Answered) -> Answered:
    """The record once it has ended, or as it stands when patience is over; the order is on disk whatever happens."""
    try:
        return _ask(configuration, Request("wait", id=record.command.id, seconds=WAIT), WAIT + PATIENCE)
    except TransientFault:
        # It goes on when the gateway does; what is known is shown.
        return record


def _ask(configuration: Configuration, request: Request, patience: float) -> Answered:
    return converted(told(configuration, request, patience), Answered)


def _show_unconfirmed(command: Command, *, as_json: bool) -> int:
    """Maintenance is not done, it is asked for."""
    if as_json:
        _print_json({"id": command.id, "state": "unconfirmed"})
    else:
        typer.echo(phrase("unconfirmed", id=command.id).of(LANGUAGE.get()))
    return 0


def _show(record: Answered, *, waited: bool, as_json: bool) -> int:
    if as_json:
        _print_json(described(record) | ({"place": record.place} if record.place else {}))
    else:
        typer.echo(sentence(record, LANGUAGE.get(), waited=waited))
    if record.end is End.REFUSED:
        return 2
    return 0 if record.end in WELL or (record.end is None and not waited) else 1


def _print_json(value: object) -> None:
    typer.echo(msgspec.json.encode(value).decode())
