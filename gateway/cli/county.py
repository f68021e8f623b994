"""A county as a command finds it: its configuration, and what its gateway has stored."""

from __future__ import annotations

import os
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from gateway.control.address import socket_of
from gateway.control.client import PATIENCE, ask, granted
from gateway.control.messages import Request
from gateway.engine import CommandRecord, Episode
from gateway.errors import UserFault
from gateway.settings.faults import ConfigurationRefused
from gateway.settings.kept import recall
from gateway.store.state_db import StateStore
from gateway.words.phrases import LANGUAGE, phrase

if TYPE_CHECKING:
    from collections.abc import Iterator

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


def episodes_of(configuration: Configuration, *, unresolved: bool) -> list[Episode]:
    """The alarms as committed: out of the store where it may be read, else by the running daemon.

    Raises:
        UserFault: the gateway has never run here, or this account may not see them.
        TransientFault: the daemon is not running.
    """
    if _is_open(configuration):
        with stored(configuration) as store:
            return store.episodes(unresolved=unresolved)
    data = told(configuration, Request("alarms", everything=not unresolved))
    return msgspec.convert(data["alarms"], list[Episode])


def records_of(configuration: Configuration, device: str = "", *, pending: bool) -> list[CommandRecord]:
    """Orders as committed, of one device or of all; see :func:`episodes_of`."""
    if _is_open(configuration):
        with stored(configuration) as store:
            return store.commands(device, pending=pending)
    data = told(configuration, Request("orders", device=device, everything=not pending))
    return msgspec.convert(data["orders"], list[CommandRecord])


def told(configuration: Configuration, request: Request, patience: float = PATIENCE) -> dict[str, Any]:
    """What the daemon answers, in the language of this process.

    Raises:
        UserFault: it refuses, and why.
        TransientFault: it is not running, or cannot do it now.
        OurFault: it failed at it.
    """
    reply = ask(socket_of(configuration), msgspec.structs.replace(request, language=LANGUAGE.get()), patience)
    return granted(reply)


def _is_open(configuration: Configuration) -> bool:
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
