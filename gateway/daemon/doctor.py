"""``doctor``: what a county's machine has to give, looked at from outside the daemon; nothing is changed.

A check is a function of a :class:`Patient` and a line in ``CHECKS``. What a running gateway holds (its ports, its
serial lines) is asked for in another way than while it stands still.
"""

from __future__ import annotations

import ctypes
import errno
import fcntl
import os
import shutil
import socket
import stat
import subprocess
import tempfile
import time
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Final

from gateway.control.address import socket_of
from gateway.control.client import ask
from gateway.control.messages import Request
from gateway.control.status import code_of
from gateway.daemon.doctor_files import permissions
from gateway.daemon.doctor_hardening import hardening
from gateway.daemon.doctor_outside import brokers, listeners, log_servers, platforms, streams
from gateway.errors import GatewayFault, UserFault
from gateway.fault_table import FAULTS
from gateway.settings.model import ListenerKind, UpstreamKind
from gateway.sqlite_faults import told
from gateway.text import Text
from gateway.words.phrases import phrase

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from gateway.settings.model import Configuration, Listener

LEAST_FREE: Final = 1 << 30
"""Bytes on the disk; fewer are a fault: a day of a large county takes as much."""
SLOW_SYNC: Final = 0.1
"""Seconds that a sync may take: each answer waits for one."""
SYNCS: Final = 5
_UNSYNCHRONISED: Final = 0x40
"""STA_UNSYNC of adjtimex(2)."""
_TIMEX_BYTES: Final = 256
_STATUS_AT: Final = 40
"""Where ``status`` stands in ``struct timex`` (linux/timex.h): behind modes and four longs, on a machine of 64 bits."""


class Grade(StrEnum):
    """How grave it is."""

    WELL = "well"
    NOTE = "note"
    FAULT = "fault"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at, and what to do where it is not well."""

    subject: str
    grade: Grade
    said: Text


@dataclass(frozen=True, slots=True)
class Patient:
    """A county's machine: its configuration, the directory of its files, and whether its gateway runs."""

    configuration: Configuration
    files: Path
    is_running: bool

    @property
    def storage(self) -> Path:
        """Its storage directory."""
        return Path(self.configuration.storage.directory)


def patient(configuration: Configuration, files: Path) -> Patient:
    """Look whether the gateway runs."""
    return Patient(configuration, files, _is_locked(Path(configuration.storage.directory) / "lock"))


def examine(one: Patient) -> Iterator[Finding]:
    """All findings, one after the other."""
    for subject, check in CHECKS.items():
        for grade, said in check(one):
            yield Finding(subject, grade, said)


def _is_locked(path: Path) -> bool:
    """Whether a daemon holds a storage directory; one that cannot be looked at is taken for still."""
    try:
        with path.open("rb") as held:
            fcntl.flock(held, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False


def _clock(_: Patient) -> Iterator[tuple[Grade, Text]]:
    """What the kernel says of its clock (adjtimex(2)), whichever program keeps it."""
    timex = ctypes.create_string_buffer(_TIMEX_BYTES)
    if ctypes.CDLL(None, use_errno=True).adjtimex(timex) < 0:
        yield Grade.NOTE, phrase("doctor_clock_unknown", cause=os.strerror(ctypes.get_errno()))
    elif int.from_bytes(timex.raw[_STATUS_AT : _STATUS_AT + 4], "little") & _UNSYNCHRONISED:
        yield Grade.NOTE, FAULTS["clock"].told()
    else:
        yield Grade.WELL, phrase("doctor_clock")


def _permissions(one: Patient) -> Iterator[tuple[Grade, Text]]:
    """The storage directory is ours alone, and so are the files with secrets and names."""
    for grade, said in permissions(one.configuration, one.files):
        yield Grade(grade), said


def _disk(one: Patient) -> Iterator[tuple[Grade, Text]]:
    """Room, and how long a sync takes."""
    if not one.storage.is_dir() or not os.access(one.storage, os.W_OK | os.X_OK):
        return
    try:
        free, took = shutil.disk_usage(one.storage).free, _sync_seconds(one.storage)
    except OSError as fault:
        yield Grade.FAULT, phrase("doctor_disk_fails", directory=one.storage, cause=told(fault))
        return
    figures = {"free": free >> 20, "sync": f"{1e3 * took:.1f}"}
    if free < LEAST_FREE:
        yield Grade.FAULT, phrase("doctor_disk_full", **figures)
    yield (Grade.NOTE, phrase("doctor_disk_slow", **figures)) if took > SLOW_SYNC else (
        Grade.WELL, phrase("doctor_disk", **figures)
    )  # fmt: skip


def _sync_seconds(directory: Path) -> float:
    """The middle of several."""
    took = []
    with tempfile.TemporaryFile(dir=directory) as file:
        for _ in range(SYNCS):
            file.write(bytes(4096))
            file.flush()
            began = time.perf_counter()
            os.fsync(file.fileno())
            took.append(time.perf_counter() - began)
    return sorted(took)[SYNCS // 2]


def _ports(one: Patient) -> Iterator[tuple[Grade, Text]]:
    """Each port: ours while the gateway runs, free while it does not."""
    kinds = {ListenerKind.TCP: socket.SOCK_STREAM, ListenerKind.UDP: socket.SOCK_DGRAM}
    for listener in one.configuration.listeners:
        if listener.kind not in kinds or not listener.port:
            continue
        facts = {"name": listener.name, "where": f"{listener.host}:{listener.port}"}
        cause = _cannot_bind(listener.host, listener.port, kinds[listener.kind])
        if one.is_running:
            yield (Grade.WELL, phrase("doctor_port_ours", **facts)) if cause else (
                Grade.FAULT, phrase("doctor_port_deaf", **facts)
            )  # fmt: skip
        elif cause and _is_held(listener):
            yield Grade.WELL, phrase("doctor_port_held", **facts)
        elif cause:
            yield Grade.FAULT, phrase("doctor_port_taken", **facts, cause=cause)
        else:
            yield Grade.WELL, phrase("doctor_port", **facts)


def _is_held(listener: Listener) -> bool:
    """Whether systemd holds a port for us while we are away, by a unit of ours."""
    if not (systemctl := shutil.which("systemctl")):
        return False
    unit = f"bracelet-gateway-{listener.kind}@{listener.port}.socket"
    return subprocess.run([systemctl, "is-active", "--quiet", unit], check=False).returncode == 0  # noqa: S603


def _cannot_bind(host: str, port: int, kind: socket.SocketKind) -> str:
    """Why a port cannot be had; empty: it can. Nothing is left listening."""
    try:
        family, *_, address = socket.getaddrinfo(host or None, port, type=kind, flags=socket.AI_PASSIVE)[0]
        with socket.socket(family, kind) as trial:
            if kind is socket.SOCK_STREAM:
                trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            trial.bind(address)
    except OSError as fault:
        return fault.strerror or str(fault)
    return ""


def _lines(one: Patient) -> Iterator[tuple[Grade, Text]]:
    """Serial devices of listeners and of the modem."""
    paths = {
        listener.name: listener.line.path
        for listener in one.configuration.listeners if listener.kind is ListenerKind.SERIAL
    }  # fmt: skip
    notices = one.configuration.notices
    if notices is not None and notices.modem is not None:
        paths["notices"] = notices.modem.path
    for name, path in paths.items():
        cause = _cannot_use(path)
        said = phrase("doctor_line_lost" if cause else "doctor_line", name=name, path=path, cause=cause)
        yield Grade.FAULT if cause else Grade.WELL, said


def _cannot_use(path: str) -> str:
    """Why a device cannot be read and written; it is not opened, for opening one may reset what hangs on it."""
    try:
        mode = Path(path).stat().st_mode
    except OSError as fault:
        return fault.strerror or str(fault)
    if not stat.S_ISCHR(mode):
        return os.strerror(errno.ENOTTY)
    return "" if os.access(path, os.R_OK | os.W_OK) else os.strerror(errno.EACCES)


def _folders(one: Patient) -> Iterator[tuple[Grade, Text]]:
    """Where alarms go as files."""
    for upstream in one.configuration.upstreams:
        if upstream.kind is UpstreamKind.FILE:
            path = Path(upstream.url)
            folder = path if path.is_dir() else path.parent
            facts = {"name": upstream.name, "path": folder}
            if os.access(folder, os.W_OK | os.X_OK):
                yield Grade.WELL, phrase("doctor_folder", **facts)
            else:
                cause = os.strerror(errno.EACCES if folder.exists() else errno.ENOENT)
                yield Grade.FAULT, phrase("doctor_folder_closed", **facts, cause=cause)


def _brokers(one: Patient) -> Iterator[tuple[Grade, Text]]:
    """Brokers of listeners and upstreams: reached, logged in to, their certificates not about to end."""
    for grade, said in (*brokers(one.configuration), *streams(one.configuration)):
        yield Grade(grade), said


def _platforms(one: Patient) -> Iterator[tuple[Grade, Text]]:
    """Platforms that are posted to: reached, and known."""
    for grade, said in platforms(one.configuration):
        yield Grade(grade), said


def _log_servers(one: Patient) -> Iterator[tuple[Grade, Text]]:
    """The log server: reached, and known."""
    for grade, said in log_servers(one.configuration):
        yield Grade(grade), said


def _certificates(one: Patient) -> Iterator[tuple[Grade, Text]]:
    """Our own, that devices are shown."""
    for grade, said in listeners(one.configuration):
        yield Grade(grade), said


def _hardening(one: Patient) -> Iterator[tuple[Grade, Text]]:
    """How far the running gateway is shut in."""
    for grade, said in hardening(socket_of(one.configuration)) if one.is_running else ():
        yield Grade(grade), said


def _gateway(one: Patient) -> Iterator[tuple[Grade, Text]]:
    """What the running gateway says of itself."""
    if not one.is_running:
        yield Grade.NOTE, phrase("doctor_gateway_none")
        return
    try:
        status = ask(socket_of(one.configuration), Request("status")).data
    except (GatewayFault, UserFault) as fault:
        yield Grade.NOTE, phrase("doctor_gateway_mute", cause=fault)
        return
    for name, said in status["troubles"].items():
        yield Grade.FAULT, phrase("doctor_gateway_trouble", name=name, cause=Text(said["zh"], said["en"]))
    ill = code_of(status) != 0
    yield Grade.FAULT if ill else Grade.WELL, phrase("doctor_gateway_ill" if ill else "doctor_gateway")


CHECKS: Final[dict[str, Callable[[Patient], Iterator[tuple[Grade, Text]]]]] = {
    "clock": _clock,
    "permissions": _permissions,
    "disk": _disk,
    "ports": _ports,
    "serial lines": _lines,
    "folders": _folders,
    "brokers": _brokers,
    "platforms": _platforms,
    "log server": _log_servers,
    "certificates": _certificates,
    "gateway": _gateway,
    "hardening": _hardening,
}
