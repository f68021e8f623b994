"""Where the control socket stands: in the state directory, readable by its owner only."""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NAME = "control.sock"


@contextmanager
def socket_path(directory: Path) -> Iterator[str]:
    """A path to the socket that fits the 107 bytes a Unix address may have, however deep the directory lies."""
    handle = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield f"/proc/self/fd/{handle}/{NAME}"
    finally:
        os.close(handle)
