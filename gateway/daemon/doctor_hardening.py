"""What ``doctor`` says of how far the running gateway is shut in: the kernel's word, not the unit's.

``/proc/PID/status`` and ``/proc/PID/mountinfo`` are described in proc(5).
"""

from __future__ import annotations

import socket
import struct
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from gateway.control.address import reachable
from gateway.words.phrases import phrase
from gateway.words.texts import Text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

PROC: Final = Path("/proc")
_CREDENTIALS: Final = struct.Struct("3i")
"""Process, user, group: ``struct ucred`` of unix(7)."""
_FILTERED: Final = "2"
"""SECCOMP_MODE_FILTER."""
_UNSEEN: Final = frozenset({"hidepid=invisible", "hidepid=2"})
_TMP, _OWN = "/tmp", "systemd-private"  # noqa: S108  where others have theirs


@dataclass(frozen=True, slots=True)
class Mount:
    """One mount as a process sees it: what of its file system stands there, how, and that file system's own options."""

    root: str
    options: frozenset[str]
    kind: str
    own: frozenset[str]


@dataclass(frozen=True, slots=True)
class Inmate:
    """A process, as the kernel describes it: fields of its status, and its mounts by where they stand (the last)."""

    status: Mapping[str, str]
    mounts: Mapping[str, Mount]

    def mount(self, point: str) -> Mount:
        """What stands there; nothing: an empty one."""
        return self.mounts.get(point, Mount("", frozenset(), "", frozenset()))


WALLS: Final[Mapping[str, tuple[Text, Callable[[Inmate], bool]]]] = {
    "User": (Text("专用账号", "an account of its own"), lambda one: one.status["Uid"].split()[1] != "0"),
    "NoNewPrivileges": (Text("不能提权", "no new privileges"), lambda one: one.status["NoNewPrivs"] == "1"),
    "CapabilityBoundingSet": (Text("没有特权", "no capabilities"), lambda one: int(one.status["CapBnd"], 16) == 0),
    "SystemCallFilter": (Text("限制系统调用", "calls filtered"), lambda one: one.status["Seccomp"] == _FILTERED),
    "ProtectSystem": (Text("系统只读", "a read-only system"), lambda one: "ro" in one.mount("/").options),
    "PrivateDevices": (Text("看不到设备", "no devices"), lambda one: one.mount("/dev").kind == "tmpfs"),
    "ProtectHome": (Text("看不到家目录", "no home directories"), lambda one: _is_hidden(one.mount("/home"))),
    "PrivateTmp": (Text("专用临时目录", "temporary files of its own"), lambda one: _OWN in one.mount(_TMP).root),
    "ProtectProc": (Text("看不到别的进程", "no other processes"), lambda one: bool(one.mount("/proc").own & _UNSEEN)),
}
"""By the unit's key: in words, and whether it holds of a process."""


def _is_hidden(home: Mount) -> bool:
    return "inaccessible" in home.root or home.kind == "tmpfs"


def hardening(path: Path) -> Iterator[tuple[str, Text]]:
    """A grade and a sentence of the process that answers at a control socket; none where nobody does."""
    with suppress(OSError):
        inmate = _inmate(_answering(path))
        missing = [key for key, (_, holds) in WALLS.items() if not holds(inmate)]
        if held := [words for key, (words, _) in WALLS.items() if key not in missing]:
            yield "well", _said("doctor_shut_in", held)
        if missing:
            lacking = [Text(f"{WALLS[key][0].zh}（{key}）", f"{WALLS[key][0].en} ({key})") for key in missing]
            yield "note", _said("doctor_not_shut_in", lacking)


def _said(key: str, walls: list[Text]) -> Text:
    zh, en = "、".join(one.zh for one in walls), ", ".join(one.en for one in walls)
    return Text(phrase(key, walls=zh).zh, phrase(key, walls=en).en)


def _answering(path: Path) -> int:
    """The process that listens there, by the kernel's word.

    Raises:
        OSError: nobody does, or this account may not ask.
    """
    with socket.socket(socket.AF_UNIX) as line, reachable(path) as address:
        line.connect(address)
        process: int = _CREDENTIALS.unpack(line.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _CREDENTIALS.size))[0]
        return process


def _inmate(process: int) -> Inmate:
    """What the kernel says of a process.

    Raises:
        OSError: it has ended, or may not be looked at.
    """
    there = PROC / str(process)
    fields = (line.split(":", 1) for line in (there / "status").read_text("utf-8").splitlines())
    status = {name: value.strip() for name, value in fields}
    return Inmate(status, dict(map(_mount, (there / "mountinfo").read_text("utf-8").splitlines())))


def _mount(line: str) -> tuple[str, Mount]:
    before, after = line.split(" - ", 1)
    *_, root, point, options = before.split()[:6]
    kind, _, own = after.split()[:3]
    return point, Mount(root, frozenset(options.split(",")), kind, frozenset(own.split(",")))
