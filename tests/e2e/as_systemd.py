"""Begins a program as systemd would by its unit: sockets passed by name, no new privileges, the unit's filter of calls.

    python as_systemd.py UNIT NAMES NUMBER... -- PROGRAM WORD...

The filter is set where systemd-analyze and libseccomp are; without them the program runs without one.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ALLOW, REFUSE = 0x7FFF0000, 0x00050000 | 1
"""SCMP_ACT_ALLOW; SCMP_ACT_ERRNO of EPERM (seccomp.h)."""
NO_NEW_PRIVILEGES = 38
"""PR_SET_NO_NEW_PRIVS of prctl(2)."""


def can_filter() -> bool:
    """Whether this machine knows the sets of calls, and how to filter by them."""
    return shutil.which("systemd-analyze") is not None and ctypes.util.find_library("seccomp") is not None


def allowed(unit: Path) -> set[str]:
    """Calls that a unit's filter lets through: its lines one after the other, of which those with ``~`` take away."""
    sets, found = _sets(), set[str]()
    for line in re.findall(r"^SystemCallFilter=(.*)$", unit.read_text("utf-8"), re.MULTILINE):
        calls = set().union(*(_calls(word, sets) for word in line.removeprefix("~").split()))
        found = found - calls if line.startswith("~") else found | calls
    return found | _calls("@default", sets)


def _sets() -> dict[str, list[str]]:
    told = subprocess.run(["systemd-analyze", "syscall-filter"], capture_output=True, text=True, check=True)  # noqa: S607
    sets: dict[str, list[str]] = {}
    for line in told.stdout.splitlines():
        if line.startswith("@"):
            sets[line] = []
        elif sets and line.strip() and "#" not in line:
            sets[next(reversed(sets))].append(line.strip())
    return sets


def _calls(word: str, sets: dict[str, list[str]]) -> set[str]:
    return set().union(*(_calls(each, sets) for each in sets[word])) if word in sets else {word}


def shut_in(calls: set[str]) -> None:
    """Refuse this process all other calls, for good; systemd always allows the one that begins the program."""
    seccomp = ctypes.CDLL(ctypes.util.find_library("seccomp"))
    seccomp.seccomp_init.restype = ctypes.c_void_p
    rules = ctypes.c_void_p(seccomp.seccomp_init(REFUSE))
    for name in sorted(calls | {"execve"}):
        number = seccomp.seccomp_syscall_resolve_name(name.encode())
        if number >= 0:
            seccomp.seccomp_rule_add(rules, ALLOW, number, 0)
    if seccomp.seccomp_load(rules):
        raise OSError("the filter was not taken")


def main(unit: Path, names: str, numbers: list[int], line: list[str]) -> None:
    """Become the program."""
    for place, number in enumerate(numbers, 3):
        os.dup2(number, place)
    os.environ |= {"LISTEN_PID": str(os.getpid()), "LISTEN_FDS": str(len(numbers)), "LISTEN_FDNAMES": names}
    if can_filter():
        calls = allowed(unit)
        ctypes.CDLL(None).prctl(NO_NEW_PRIVILEGES, 1, 0, 0, 0)
        shut_in(calls)
    os.execv(line[0], line)  # noqa: S606  what systemd does


if __name__ == "__main__":
    at = sys.argv.index("--")
    main(Path(sys.argv[1]), sys.argv[2], [int(number) for number in sys.argv[3:at]], sys.argv[at + 1 :])
