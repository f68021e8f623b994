"""A county as a command finds it: its configuration, and what its gateway has stored."""

from __future__ import annotations

from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from gateway.errors import UserFault
from gateway.phrases import LANGUAGE, phrase
from gateway.settings.load import ConfigurationRefused, inspect
from gateway.store import StateStore

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gateway.settings.model import Configuration


def opened(path: Path, language: str = "") -> Configuration:
    """The configuration of a command. From here on the process speaks ``language``; empty: the county's.

    Raises:
        ConfigurationRefused: with every fault.
    """
    configuration, faults = inspect(path, language or None)
    if configuration is None:
        raise ConfigurationRefused(faults)
    LANGUAGE.set(language or configuration.county.language)
    return configuration


def storage_of(configuration: Configuration) -> Path:
    """Where its gateway keeps journal, state and control socket."""
    return Path(configuration.storage.directory)


@contextmanager
def stored(configuration: Configuration) -> Iterator[StateStore]:
    """What the gateway has committed, to be read only.

    Raises:
        UserFault: it has never run here.
    """
    path = storage_of(configuration) / "state.db"
    if not path.exists():
        raise UserFault(phrase("never_run", path=path))
    with closing(StateStore(path, read_only=True)) as store:
        yield store
