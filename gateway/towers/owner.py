"""Files of towers belong to whoever owns the storage, also where root imports: the daemon starts on no others."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from gateway.private import private

if TYPE_CHECKING:
    from pathlib import Path


def given(path: Path) -> Path:
    """The path of a file that its directory's owner alone may use: made empty where there is none.

    Raises:
        OSError: it cannot be made, or is somebody else's.
    """
    handed_over(private(path))
    return path


def handed_over(path: Path) -> None:
    """Give a file or directory to the owner of the directory that it is in; only root can."""
    if os.geteuid() == 0:
        above = path.parent.stat()
        os.chown(path, above.st_uid, above.st_gid)
