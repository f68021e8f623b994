"""Our programs as processes of their own, as tests start them by the hundred.

Loading takes most of what a start does. So all but a few are copies of one process that has loaded everything, begun
by fork (``loaded.py``): from its command line on, each does what it always does, and can be killed as any other. What
loading itself does is shown by the tests that start a program with ``subprocess``, and by ``make torture``, where all
are started so; as they are on systems other than Linux.
"""

from __future__ import annotations

import atexit
import inspect
import json
import os
import socket
import subprocess
import sys
import threading
from functools import cache
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from effort import is_thorough

from gateway.demo.lifeline import lifeline

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

GATEWAY, SIMULATOR = (str(Path(sys.executable).with_name(name)) for name in ("bracelet-gateway", "bracelet-sim"))
PATIENCE = 120.0
"""Real seconds for what takes one: a machine may be busy elsewhere."""
_LOADED = Path(__file__).with_name("loaded.py")
_LOADING = threading.Lock()
"""Tests start programs from several threads."""


def begun(
    line: Sequence[object], stdout: int | IO[Any] | None = None, stderr: int | IO[Any] | None = None,
    env: Mapping[str, str] | None = None, **how: Any,
) -> subprocess.Popen[Any]:  # fmt: skip
    """A program that goes on beside the test, and ends with it; as ``subprocess.Popen``.

    Args:
        line: ``GATEWAY`` or ``SIMULATOR``, and the words after it.
        stdout: as there.
        stderr: as there.
        env: as there.
        how: ``stdin``, ``text``, ``cwd`` as there; or ``user``, ``group`` and ``extra_groups``, all three, for a line
            that ends in ``--config`` and a county: always a copy, for only root may read what Python loads. Or
            ``inside``: a process in whose mounts the program is to live.
    """
    words = [str(word) for word in line]
    if (is_thorough() and not how.keys() & {"user", "inside"}) or not hasattr(os, "pidfd_open"):
        how = {"preexec_fn": lifeline(), **how}
        return subprocess.Popen(words, stdout=stdout, stderr=stderr, env=env, **how)
    return _Copy(words, stdout=stdout, stderr=stderr, env=env, **how)


def ran(
    line: Sequence[object], timeout: float = PATIENCE, *, said: str = "", check: bool = False, **how: Any
) -> subprocess.CompletedProcess[str]:
    """A program that was told something and has ended, and its answer; as ``subprocess.run``, ``how`` as above."""
    with begun(line, subprocess.PIPE, subprocess.PIPE, stdin=subprocess.PIPE, text=True, **how) as process:
        try:
            out, errors = process.communicate(said, timeout)
        except subprocess.TimeoutExpired:
            process.kill()
            raise
    done = subprocess.CompletedProcess(process.args, process.returncode, out, errors)
    if check:
        done.check_returncode()
    return done


class _Copy(subprocess.Popen):
    """A process that is no child of ours: who began it tells its number and its end."""

    _answer: socket.socket
    _status: int | None = None

    def __init__(self, words: Sequence[str], *, inside: int | None = None, **how: Any) -> None:
        self._inside = inside
        super().__init__(words, **how)

    def _execute_child(self, *given: Any) -> None:
        told = inspect.signature(super()._execute_child).bind(*given).arguments
        asked = {
            "line": told["args"], "directory": str(told["cwd"] or Path.cwd()),
            "environment": dict(told["env"] or os.environ),
            "inside": self._inside,
            "user": None if told["uid"] is None else (told["uid"], told["gid"], told["gids"]),
        }  # fmt: skip
        ends = [told[f"{pipe}{end}"] for pipe in ("p2c", "c2p", "err") for end in ("read", "write")]
        self._answer, theirs = socket.socketpair()
        with theirs, open(os.devnull, "rb") as nothing:  # noqa: PTH123  a number is wanted
            own = (nothing.fileno(), 1, 2)
            streams = [mine if end == -1 else end for mine, end in zip(own, (ends[0], ends[3], ends[5]), strict=True)]
            socket.send_fds(_loaded(), [json.dumps(asked).encode()], [theirs.fileno(), *streams])
        self._close_pipe_fds(*ends)
        self.pid = int(self._answer.makefile("rb", 0).readline())
        self._child_created = True

    def _try_wait(self, wait_flags: int) -> tuple[int, int]:
        if self._status is None:
            flags = socket.MSG_DONTWAIT if wait_flags & os.WNOHANG else 0
            try:
                self._status = int(self._answer.recv(100, flags) or b"9")
            except BlockingIOError:
                return 0, 0
            self._answer.close()
        return self.pid, self._status

    def _internal_poll(self, _deadstate: int | None = None) -> int | None:
        if self.returncode is None and self._waitpid_lock.acquire(blocking=False):
            try:
                process, status = self._try_wait(os.WNOHANG)
                if process and self.returncode is None:
                    self._handle_exitstatus(status)
            finally:
                self._waitpid_lock.release()
        return self.returncode


def load_ahead() -> None:
    """Begin to load, once for all copies of this process that tests run in (``workers.py``)."""
    _loaded()


def _loaded() -> socket.socket:
    """Where to ask for a copy."""
    with _LOADING:
        return _load()


@cache
def _load() -> socket.socket:
    """Once for all tests of this process, and of its copies."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with theirs:
        number = theirs.fileno()
        # Without this folder on its path, which has folders of our packages' names.
        line = [sys.executable, "-P", str(_LOADED), str(number)]
        process = subprocess.Popen(line, stdin=subprocess.DEVNULL, pass_fds=[number])
    atexit.register(process.wait)
    atexit.register(ours.close)
    return ours
