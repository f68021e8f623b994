"""A county as a command finds it: its configuration, and what its gateway has stored."""

from __future__ import annotations

import os
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from gateway.cli.looking import look
from gateway.control.address import socket_of
from gateway.control.client import PATIENCE, ask, granted
from gateway.control.messages import Request
from gateway.control.rights import alarms_of, orders_of
from gateway.decoded import converted
from gateway.engine import CommandRecord, Episode
from gateway.errors import UserFault
from gateway.settings.faults import ConfigurationRefused
from gateway.settings.kept import recall
from gateway.store.state_db import StateStore
from gateway.words.phrases import LANGUAGE, phrase

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gateway.settings.city import CityConfiguration
    from gateway.settings.contacts import Contacts
    from gateway.settings.model import Configuration

STATE = "state.db"


def opened(path: Path, language: str = "", *, secrets: bool = False) -> Configuration:
    """The configuration of a command. From here on the process speaks ``language``; empty: the county's.

    Args:
        path: the directory, or the main file.
        language: ``zh`` or ``en``.
        secrets: read the credentials, too. Who gives commands need not be allowed to.

    Raises:
        ConfigurationRefused: with every fault.
    """
    recalled, _ = recall(path, secrets=secrets)
    configuration = recalled.configuration if recalled is not None else _read(path, language, secrets=secrets)
    LANGUAGE.set(language or configuration.county.language)
    return configuration


def city_opened(path: Path, language: str = "", *, secrets: bool = False) -> CityConfiguration:
    """The configuration of a city's desk, for a command as :func:`opened` is.

    Raises:
        ConfigurationRefused: with every fault.
    """
    from gateway.settings.city import load_city  # noqa: PLC0415  a county's commands need none of it

    configuration = load_city(path, language or None, secrets=secrets)
    LANGUAGE.set(language or configuration.county.language)
    return configuration


def files_of(path: Path) -> Configuration:
    """What the files of a county say by themselves, whatever was done at the desk.

    Raises:
        ConfigurationRefused: with every fault.
    """
    return _read(path, "", secrets=False, deeds=False)


def contacts_of(path: Path, configuration: Configuration) -> Contacts:
    """Names and numbers beside a county's files; what cannot be used of them is not there."""
    from gateway.settings.contacts import beside, read_contacts  # noqa: PLC0415  who tells nobody needs none of it

    return read_contacts(beside(path, configuration), configuration, configuration.county.language)[0]


def _read(path: Path, language: str, *, secrets: bool, deeds: bool = True) -> Configuration:
    from gateway.settings.load import inspect  # noqa: PLC0415  what is recalled needs none of what reads files

    configuration, faults = inspect(path, language or None, secrets=secrets, deeds=deeds)
    if configuration is None:
        raise ConfigurationRefused(faults)
    return configuration


def storage_of(configuration: Configuration) -> Path:
    """Where its gateway keeps journal, state and control socket."""
    return Path(configuration.storage.directory)


def episodes_of(
    configuration: Configuration, *, unresolved: bool, alarm: str = "", is_shown: bool = True
) -> list[Episode]:
    """The alarms as committed: out of the store where it may be read, else by the running daemon.

    Args:
        configuration: in force.
        unresolved: those alone that nobody has closed.
        alarm: the beginning of an id: those alone.
        is_shown: the journal is to have it, for they are shown; False: one is looked for that something is done about.

    Raises:
        UserFault: the gateway has never run here, or this account may not see them.
        TransientFault: the daemon is not running, or it cannot be written down who looks.
    """
    if is_open(configuration):
        return _read_episodes(configuration, unresolved=unresolved, alarm=alarm, is_shown=is_shown)
    data = told(configuration, Request("alarms", everything=not unresolved, alarm=alarm.lower()))
    return converted(data["alarms"], list[Episode])


def _read_episodes(configuration: Configuration, *, unresolved: bool, alarm: str, is_shown: bool) -> list[Episode]:
    with stored(configuration) as store:
        found = [one for one in store.episodes(unresolved=unresolved) if one.id.startswith(alarm.lower())]
    if not is_shown:
        return found
    caller = look(configuration, "alarms", person=found[0].person if alarm and len(found) == 1 else "", about=alarm)
    return alarms_of(caller, found, lambda one: one.office)


def records_of(configuration: Configuration, device: str = "", *, pending: bool) -> list[CommandRecord]:
    """Orders as committed, of one device or of all; see :func:`episodes_of`."""
    if is_open(configuration):
        with stored(configuration) as store:
            found = store.commands(device, pending=pending)
        caller = look(configuration, "orders", about=device)
        return orders_of(caller, found, lambda one: _office_of(configuration, one))
    data = told(configuration, Request("orders", device=device, everything=not pending))
    return converted(data["orders"], list[CommandRecord])


def _office_of(configuration: Configuration, record: CommandRecord) -> str:
    """The office of whoever wore the device when the order was given; empty: nobody's."""
    worn = (
        one.person for one in configuration.assignments
        if one.device == record.command.device and one.start <= record.issued < one.until
    )  # fmt: skip
    person = configuration.people.get(next(worn, ""))
    return "" if person is None else person.office


def told(configuration: Configuration, request: Request, patience: float = PATIENCE) -> dict[str, Any]:
    """What the daemon answers, in the language of this process.

    Raises:
        UserFault: it refuses, and why.
        TransientFault: it is not running, or cannot do it now.
        OurFault: it failed at it.
    """
    reply = ask(socket_of(configuration), msgspec.structs.replace(request, language=LANGUAGE.get()), patience)
    return granted(reply)


def is_open(configuration: Configuration) -> bool:
    """Whether this account may read the store itself; one that is not there yet is no secret."""
    path = storage_of(configuration) / STATE
    try:
        path.stat()
    except FileNotFoundError:
        return True
    except PermissionError:
        return False
    return os.access(path, os.R_OK)


@contextmanager
def stored(configuration: Configuration) -> Iterator[StateStore]:
    """What the gateway has committed, to be read only.

    Raises:
        UserFault: it has never run here.
    """
    path = storage_of(configuration) / STATE
    if not path.exists():
        raise UserFault(phrase("never_run", path=path))
    with closing(StateStore(path, read_only=True)) as store:
        yield store
