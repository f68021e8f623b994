"""The demo as a newcomer runs it, and its journal replayed: the same alarms, byte for byte, however it is cut."""

from __future__ import annotations

import json
import re
import subprocess
from typing import TYPE_CHECKING

import httpx
import pytest
from programs import GATEWAY, ran

from gateway.demo.run import SHORTEST
from gateway.store.state_db import StateStore

if TYPE_CHECKING:
    from pathlib import Path

TOLD = 1800.0
"""Real seconds it may take at most."""


@pytest.fixture(scope="module", params=[13, pytest.param(60, marks=pytest.mark.torture)])
def demo(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, subprocess.CompletedProcess[str]]:
    """One telling, as quick as may be: it waits for the work. And where it left everything."""
    directory = tmp_path_factory.mktemp("demo") / "kept"
    arguments = ["demo", "--seconds", str(SHORTEST), "--lang", "en", "--directory", str(directory)]
    arguments += ["--bracelets", str(request.param)]
    told = subprocess.run([GATEWAY, *arguments], capture_output=True, text=True, timeout=TOLD, check=False)
    return directory, told


def test_the_demo_says_where_its_desk_is_and_leaves_none_behind(
    demo: tuple[Path, subprocess.CompletedProcess[str]],
) -> None:
    directory, told = demo
    found = re.search(r"duty desk (http://127\.0\.0\.1:\d+/)", told.stdout)
    assert found is not None
    (opened,) = [json.loads(line) for line in (directory / "console.log").read_text("utf-8").splitlines()]
    assert opened["url"] == found[1]
    with pytest.raises(httpx.ConnectError):
        httpx.get(found[1])


def _figure(said: str, name: str) -> int:
    (found,) = re.findall(rf"^│\s*{name}\s*│\s*([\d,]+)\s*│$", said, re.MULTILINE)
    return int(found.replace(",", ""))


def test_the_demo_ends_well(demo: tuple[Path, subprocess.CompletedProcess[str]]) -> None:
    told = demo[1]
    assert told.returncode == 0, told.stdout[-3000:] + told.stderr[-3000:]
    for name in ("missing", "false", "doubled"):
        assert _figure(told.stdout, name) == 0


@pytest.mark.parametrize("batch", [211, *(pytest.param(size, marks=pytest.mark.torture) for size in (1, 65_536))])
def test_replaying_its_journal_gives_its_alarms_byte_for_byte(
    demo: tuple[Path, subprocess.CompletedProcess[str]], tmp_path: Path, batch: int
) -> None:
    directory, out = demo[0], tmp_path / "alarms.jsonl"
    arguments = ["--journal", str(directory / "state" / "journal"), "--alarms", str(out), "--batch", str(batch)]
    replayed = ran([GATEWAY, "replay", *arguments], TOLD)
    assert replayed.returncode == 0, replayed.stderr
    store = StateStore(directory / "state" / "state.db", read_only=True)
    said = store.events()
    store.close()
    assert len(said) >= 10
    assert out.read_bytes() == b"".join(line + b"\n" for line in said)


def test_its_log_tells_what_happened_and_names_no_place_and_nobody(
    demo: tuple[Path, subprocess.CompletedProcess[str]],
) -> None:
    """Held against what its alarms say: places, zones, people, staff, notes."""
    directory = demo[0]
    lines = [json.loads(line) for line in (directory / "gateway.log").read_text("utf-8").splitlines()]
    store = StateStore(directory / "state" / "state.db", read_only=True)
    alarms = [json.loads(body)["data"] for body in store.events()]
    store.close()
    assert {"connection opened", "device on line", "alarm raised", "alarm cleared", "act"} <= {
        line["event"] for line in lines
    }
    told = "\n".join(json.dumps({**line, "timestamp": ""}, ensure_ascii=False) for line in lines)
    private = {alarm[name] for alarm in alarms for name in ("person", "zone_name", "closed_by", "acknowledged_by")}
    private |= {note["text"] for alarm in alarms for note in alarm["notes"]}
    assert len(private) > 5
    assert [word for word in private if word and word in told] == []
    numbers = {float(found) for found in re.findall(r"(?<![\d.])\d+\.\d{3,}(?![\d.])", told)}
    places = {degrees for alarm in alarms if alarm["position"] for degrees in alarm["position"]["coordinates"]}
    assert places
    assert [one for one in numbers if any(abs(one - degrees) < 0.5 for degrees in places)] == []
