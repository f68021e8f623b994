"""The storage directory: for our account alone, and the secret that authentication codes are derived from."""

from __future__ import annotations

import os
import secrets
from typing import TYPE_CHECKING, Final

from gateway import on_disk
from gateway.errors import GatewayFault, OurFault, TransientFault, UserFault
from gateway.private import close_to_others
from gateway.sqlite_faults import judged, kind_of, told
from gateway.words.phrases import phrase

if TYPE_CHECKING:
    from pathlib import Path

    from gateway.text import Text

SECRET_BYTES = 32
UNFINISHED = "restore-unfinished"
"""While this file stands in the directory, a restore has begun to move things and has not come to its end."""


_MISPLACED: Final = frozenset({"denied", "unopened", "other"})
"""Kinds of fault for which the configuration, or who owns the place, is to be corrected."""


def of_place(said: Text, fault: OSError) -> GatewayFault:
    """The fault to raise where the storage directory cannot be used: the user's, or one that may pass."""
    return UserFault(said) if kind_of(fault) in _MISPLACED else TransientFault(said)


def make(directory: Path) -> None:
    """The storage directory, for us alone.

    Raises:
        UserFault: it is not for us to make.
        TransientFault: it cannot be made now.
    """
    try:
        on_disk.make(directory, 0o700)
    except OSError as fault:
        raise of_place(phrase("storage_unmade", directory=directory, cause=told(fault)), fault) from fault


def check_whole(directory: Path) -> None:
    """Whether what is there is of one state.

    Raises:
        UserFault: a restore was broken off.
    """
    if (directory / UNFINISHED).exists():
        raise UserFault(phrase("restore_unfinished", directory=directory))


def close(directory: Path) -> None:
    """What an earlier version, or a copy out of a backup, left open to others is closed.

    Raises:
        UserFault: a file there is not ours.
        TransientFault: it cannot be done now.
    """
    try:
        close_to_others(directory)
    except OSError as fault:
        raise of_place(phrase("storage_unwritable", directory=directory, cause=told(fault)), fault) from fault


def secret_of(path: Path) -> bytes:
    """The gateway's own secret, from which authentication codes are derived; made once, whole or not at all.

    Raises:
        TransientFault: it cannot be read or made now.
        OurFault: it is damaged.
    """
    try:
        if not path.exists():
            unfinished = path.with_suffix(".new")
            with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
                out.write(secrets.token_bytes(SECRET_BYTES))
                out.flush()
                os.fsync(out.fileno())
            unfinished.rename(path)
        # Also where a start that was killed has made it: a code that a bracelet has must stay right.
        on_disk.sync(path.parent)
        secret = path.read_bytes()
    except OSError as fault:
        raise judged("use", path, fault) from fault
    if len(secret) < SECRET_BYTES:
        raise OurFault(f"{path} is damaged: {len(secret)} bytes instead of {SECRET_BYTES}; restore it from the backup")
    return secret
