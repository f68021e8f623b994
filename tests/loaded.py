"""Our programs, loaded once, of which each start is a copy: a fork begins where loading ends.

A script of its own for ``programs.py``, on Linux. It reads what to begin from a socket: a message each, with the files
of the new process and a socket on which it answers with the new one's number, and once that has ended, with how. It
ends with the other end of its socket; all that it began ends with it.
"""

from __future__ import annotations

import atexit
import ctypes
import gc
import io
import json
import os
import selectors
import socket
import sys
import threading
import time
import traceback
from contextlib import redirect_stdout, suppress
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple

from gateway.demo.lifeline import end_with_parent

if TYPE_CHECKING:
    from collections.abc import Callable

PROGRAMS = {"bracelet-gateway": "gateway.cli.app", "bracelet-sim": "firmware_sim.cli"}
LOADED = (
    "gateway.cli.acts", "gateway.cli.command_lines", "gateway.cli.county", "gateway.console.running",
    "gateway.control.status", "gateway.daemon.daemon",
    "gateway.daemon.logs", "gateway.replay.run", "gateway.settings.check", "gateway.words.alarm_list",
    "uvloop",
)  # fmt: skip
"""What a program loads once it knows what it is asked for."""
LONGEST = 1_000_000
"""Bytes of a message."""


class Begun(NamedTuple):
    """A process, and where its end is told."""

    process: int
    answer: int


def load() -> None:
    """All that a start loads and compiles."""
    for name in (*PROGRAMS.values(), *LOADED):
        with suppress(ModuleNotFoundError):  # uvloop is not there everywhere
            import_module(name)
    typer = import_module("typer.main")
    typer.get_command = cache(typer.get_command)  # which puts a command line together, in the same way each time
    for name in PROGRAMS.values():
        typer.get_command(import_module(name).app)
    import_module("gateway.engine").prepare()
    protocols = import_module("protocols.registry")
    protocols.prepare(protocols.FAMILIES, protocols.FAMILIES)
    for family in protocols.FAMILIES.values():
        for profile in family.profiles:
            family.session(profile)
    import_module("gateway.intake.device_clock").prepare_clocks()
    import_module("gateway.settings.made_by").made_by("Asia/Shanghai")
    gc.collect()
    gc.freeze()


def begin_all(door: socket.socket) -> None:
    """Until nobody is at the other end."""
    with selectors.DefaultSelector() as doors:
        doors.register(door, selectors.EVENT_READ)
        while True:
            for key, _ in doors.select():
                if key.data is not None:
                    _tell_end(doors, key.fd, key.data)
                elif not _begin(doors, door):
                    return


def _tell_end(doors: selectors.BaseSelector, ended: int, begun: Begun) -> None:
    _, status = os.waitpid(begun.process, 0)
    with suppress(OSError):  # who asked for it may be gone
        os.write(begun.answer, b"%d\n" % status)
    doors.unregister(ended)
    os.close(ended)
    os.close(begun.answer)


def _begin(doors: selectors.BaseSelector, door: socket.socket) -> bool:
    """One more; False: there is nobody to ask for one."""
    message, files, *_ = socket.recv_fds(door, LONGEST, 4)
    if not message:
        return False
    process = os.fork()
    if process == 0:
        _close_those_of(doors)
        os.close(files[0])
        _live(json.loads(message), files[1:])
    os.write(files[0], b"%d\n" % process)
    doors.register(os.pidfd_open(process), selectors.EVENT_READ, Begun(process, files[0]))
    for stream in files[1:]:
        os.close(stream)
    return True


def _close_those_of(doors: selectors.BaseSelector) -> None:
    """What the others have open is not this one's."""
    for key in doors.get_map().values():
        os.close(key.fd)
        if key.data is not None:
            os.close(key.data.answer)
    doors.close()


def _told(main: Callable[[], None]) -> int:
    """The exit code with which a program ends, as Python takes it."""
    try:
        main()
    except SystemExit as end:
        if end.code is None or isinstance(end.code, int):
            return end.code or 0
        sys.stderr.write(f"{end.code}\n")
        return 1
    return 0


def _take(streams: list[int]) -> None:
    """Standard input, output and error, as Python opens them."""
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    for number, (name, mode) in enumerate((("stdin", "r"), ("stdout", "w"), ("stderr", "w"))):
        was = getattr(sys, name)
        buffering = 1 if name == "stderr" else -1
        now = open(number, mode, buffering, was.encoding, was.errors, closefd=False)  # noqa: SIM115  a number; for good
        setattr(sys, name, now)
        setattr(sys, f"__{name}__", now)


def _become(user: int, group: int, groups: list[int], config: list[str]) -> None:
    """Somebody else, who need not be able to read what Python loads late: all is used once before, on a county."""
    app = import_module(PROGRAMS["bracelet-gateway"]).app
    for words in (["alarms", "list"], ["status"], ["commands", "list"]):
        with redirect_stdout(io.StringIO()):
            app([*words, *config], standalone_mode=False)
    os.setgroups(groups)
    os.setgid(group)
    os.setuid(user)


def _enter(process: int) -> None:
    """See the files as another process does, in whose namespaces we may do what it may."""
    system = ctypes.CDLL(None, use_errno=True)
    for kind in ("user", "mnt"):
        with open(f"/proc/{process}/ns/{kind}", "rb") as space:  # noqa: PTH123  a number is wanted
            if system.setns(space.fileno(), 0):
                raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()), kind)


def _live(asked: dict, streams: list[int]) -> None:
    """Be that program, to its end."""
    code = 1
    try:
        if asked["inside"] is not None:
            _enter(asked["inside"])
        end_with_parent()
        _take(streams)
        os.chdir(asked["directory"])
        os.environ.clear()
        os.environ.update(asked["environment"])
        time.tzset()
        if asked["user"] is not None:
            _become(*asked["user"], asked["line"][-2:])
        sys.argv = asked["line"]
        code = _told(import_module(PROGRAMS[os.path.basename(sys.argv[0])]).main)  # noqa: PTH119  a word of a line
        threading._shutdown()
        atexit._run_exitfuncs()
    except BaseException:  # noqa: BLE001  told as Python tells it
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    load()
    begin_all(socket.socket(fileno=int(sys.argv[1])))
