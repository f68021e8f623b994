"""Where the control socket stands: in the state directory, unless the configuration says where."""

from __future__ import annotations

import os
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gateway.settings.model import Configuration

NAME = "control.sock"


def socket_of(configuration: Configuration) -> Path:
    """The path of a county's control socket."""
    return Path(configuration.control.socket or Path(configuration.storage.directory) / NAME)


@contextmanager
def reachable(path: Path) -> Iterator[str]:
    """The same socket by a path that fits the 107 bytes a Unix address may have, however deep its directory lies.

    Raises:
        OSError: there is no such directory, or no way through it; nobody need be able to list it.
    """
    handle = os.open(path.parent, os.O_PATH | os.O_DIRECTORY)
    try:
        yield f"/proc/self/fd/{handle}/{path.name}"
    finally:
        os.close(handle)
