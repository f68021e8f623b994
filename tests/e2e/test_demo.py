"""The demo as a newcomer runs it, and its journal replayed: the same alarms, byte for byte, however it is cut."""

from __future__ import annotations

import re
import subprocess
from typing import TYPE_CHECKING

import pytest
from gateway_process import PROGRAMS

from gateway.store import StateStore

if TYPE_CHECKING:
    from pathlib import Path

SECONDS = 60
"""On a machine with nothing else to do; the story waits for the work."""
TOLD = 1800.0
"""Real seconds it may take at most."""


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, subprocess.CompletedProcess[str]]:
    """One telling, and where it left everything."""
    directory = tmp_path_factory.mktemp("demo") / "kept"
    arguments = ["demo", "--seconds", str(SECONDS), "--lang", "en", "--directory", str(directory)]
    told = subprocess.run(
        [PROGRAMS / "bracelet-gateway", *arguments], capture_output=True, text=True, timeout=TOLD, check=False
    )
    return directory, told


def _figure(said: str, name: str) -> int:
    (found,) = re.findall(rf"^│\s*{name}\s*│\s*([\d,]+)\s*│$", said, re.MULTILINE)
    return int(found.replace(",", ""))


def test_the_demo_ends_well(demo: tuple[Path, subprocess.CompletedProcess[str]]) -> None:
    told = demo[1]
    assert told.returncode == 0, told.stdout[-3000:] + told.stderr[-3000:]
    for name in ("missing", "false", "doubled"):
        assert _figure(told.stdout, name) == 0


@pytest.mark.parametrize("batch", [pytest.param(1, marks=pytest.mark.torture), 17, 65_536])
def test_replaying_its_journal_gives_its_alarms_byte_for_byte(
    demo: tuple[Path, subprocess.CompletedProcess[str]], tmp_path: Path, batch: int
) -> None:
    directory, out = demo[0], tmp_path / "alarms.jsonl"
    arguments = ["--journal", str(directory / "state" / "journal"), "--alarms", str(out), "--batch", str(batch)]
    replayed = subprocess.run(
        [PROGRAMS / "bracelet-gateway", "replay", *arguments], capture_output=True, text=True, timeout=TOLD, check=False
    )
    assert replayed.returncode == 0, replayed.stderr
    store = StateStore(directory / "state" / "state.db", read_only=True)
    said = store.events()
    store.close()
    assert len(said) >= 10
    assert out.read_bytes() == b"".join(line + b"\n" for line in said)
