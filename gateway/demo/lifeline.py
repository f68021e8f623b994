"""The processes of a demo or test end with it, however it ends: nobody is left listening."""

from __future__ import annotations

import ctypes
import signal
import sys
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_PR_SET_PDEATHSIG = 1
"""prctl(2)."""
_LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None
"""Loaded here: between fork and exec another thread's lock may be held for ever."""


def end_with_parent(by: int = signal.SIGTERM) -> None:
    """For ``preexec_fn``: have the kernel send this process this signal when its parent's thread ends. Linux only."""
    if _LIBC is not None:
        _LIBC.prctl(_PR_SET_PDEATHSIG, by)


def lifeline() -> Callable[[], None] | None:
    """That hook, where this thread is the main one, which lives as long as the program; else None."""
    return end_with_parent if threading.current_thread() is threading.main_thread() else None
