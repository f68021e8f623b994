"""How far the running gateway is shut in, as the kernel tells: each wall there, and each missing by itself."""

from __future__ import annotations

import os
import socket
from contextlib import closing, contextmanager

import pytest

from gateway.daemon import doctor_hardening
from gateway.daemon.doctor_hardening import WALLS, hardening

SHUT_IN = {"Uid": "994\t994\t994\t994", "CapBnd": "0000000000000000", "NoNewPrivs": "1", "Seccomp": "2"}
OPEN = {"Uid": "0\t0\t0\t0", "CapBnd": "000001ffffffffff", "NoNewPrivs": "0", "Seccomp": "0"}
"""Fields of a status by proc(5)."""
MOUNTS = """\
30 1 8:1 / / ro,relatime master:1 - ext4 /dev/sda1 rw
31 30 0:25 / /proc rw,nosuid - proc proc rw,hidepid=invisible,subset=pid
32 30 0:5 / /dev rw,nosuid - devtmpfs udev rw,size=1k
33 32 0:40 / /dev ro,nosuid - tmpfs tmpfs rw,mode=755
34 30 0:24 /systemd/inaccessible/dir /home ro,nosuid - tmpfs tmpfs rw,size=1k
35 30 8:1 /tmp/systemd-private-0a1b-bracelet-gateway.service-x/tmp /tmp rw - ext4 /dev/sda1 rw
"""
"""As under a systemd of version 252; of two mounts at a place the last one counts."""
LOST = {
    "User": ("Uid", "0\t0\t0\t0"), "NoNewPrivileges": ("NoNewPrivs", "0"),
    "CapabilityBoundingSet": ("CapBnd", "0000000000000400"), "SystemCallFilter": ("Seccomp", "0"),
    "ProtectSystem": "30 ", "ProtectProc": "31 ", "PrivateDevices": "33 ", "ProtectHome": "34 ", "PrivateTmp": "35 ",
}  # fmt: skip
"""What takes away each wall: another status, or a mount less."""


@pytest.fixture
def kernel(tmp_path, monkeypatch):
    """Writes what the kernel would say of this process, which answers at the socket."""
    there = tmp_path / "proc" / str(os.getpid())
    there.mkdir(parents=True)
    monkeypatch.setattr(doctor_hardening, "PROC", tmp_path / "proc")

    def says(status: dict[str, str], mounts: str = MOUNTS) -> None:
        (there / "status").write_text("".join(f"{name}:\t{value}\n" for name, value in status.items()), "utf-8")
        (there / "mountinfo").write_text(mounts, "utf-8")

    return says


@contextmanager
def answering(path):
    with closing(socket.socket(socket.AF_UNIX)) as one:
        one.bind(str(path))
        one.listen()
        yield path


def found(tmp_path) -> list[tuple[str, str, str]]:
    with answering(tmp_path / "control.sock") as path:
        return [(grade, said.en, said.zh) for grade, said in hardening(path)]


def test_by_the_unit_all_walls_stand(kernel, tmp_path):
    kernel(SHUT_IN)
    [(grade, english, chinese)] = found(tmp_path)
    assert grade == "well"
    for words, _ in WALLS.values():
        assert words.en in english
        assert words.zh in chinese


@pytest.mark.parametrize("key", LOST)
def test_a_wall_that_is_missing_is_named_by_the_units_key(kernel, tmp_path, key):
    lost = LOST[key]
    if isinstance(lost, tuple):
        kernel(SHUT_IN | dict([lost]))
    else:
        kernel(SHUT_IN, "\n".join(line for line in MOUNTS.splitlines() if not line.startswith(lost)))
    (_, held, _), (grade, said, _) = found(tmp_path)
    assert grade == "note"
    assert said.startswith(f"the running gateway is not shut in by: {WALLS[key][0].en} ({key});")
    assert WALLS[key][0].en not in held


def test_without_systemd_none_stands(kernel, tmp_path):
    kernel(OPEN, "30 1 8:1 / / rw,relatime - ext4 /dev/sda1 rw")
    [(grade, said, _)] = found(tmp_path)
    assert grade == "note"
    assert all(f"({key})" in said for key in WALLS)


def test_of_a_gateway_that_does_not_answer_nothing_is_said(tmp_path):
    assert list(hardening(tmp_path / "control.sock")) == []
