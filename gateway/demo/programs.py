"""Our commands, as a demo or a drill starts them."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def command(name: str, arguments: Sequence[str]) -> list[str]:
    """One of our commands, from the environment that runs us."""
    return [str(Path(sys.executable).parent / name), *arguments]
