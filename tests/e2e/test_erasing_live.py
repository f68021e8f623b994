"""A person's places are erased by order beside a running daemon: no file has anything of them, all else is there."""

from __future__ import annotations

import gzip
import json
import math
import re
import struct
import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from gateway_process import eventually
from plain_terminal import POSITION, SOS, Terminal, position
from pressed_county import device, phone

from gateway.control.client import ask
from gateway.control.messages import Request
from gateway.history.reader import HistoryReader
from gateway.journal import FileJournal, verify

if TYPE_CHECKING:
    from pathlib import Path

    from gateway_process import Gateway

LONG_AGO = 4 * 86400
"""Seconds: her reports come late, of a time when she was supervised."""
HERS, ANOTHER = (24.543216, 109.654321), (24.612349, 109.712345)
SAID = [b"24.5432", b"109.6543", struct.pack("<d", HERS[0]), struct.pack("<d", HERS[1])]
RAW = struct.pack(">II", *(round(each * 1e6) for each in HERS))
REST = struct.pack(">II", *(round(each * 1e6) for each in ANOTHER))


def content(storage: Path) -> dict[str, bytes]:
    """Every byte of every file, snapshots as they are before they are packed."""
    files = (path for path in sorted(storage.rglob("*")) if path.is_file())
    return {
        path.name: gzip.decompress(path.read_bytes()) if path.suffix == ".snapshot" else path.read_bytes()
        for path in files
    }  # fmt: skip


def said_in(storage: Path, *wanted: bytes) -> set[str]:
    return {name for name, said in content(storage).items() if any(each in said for each in wanted)}


def report(gateway: Gateway, number: int, place: tuple[float, float], *ages: float, alarm: int = 0) -> None:
    with Terminal(gateway.county.port, phone(number)) as terminal:
        terminal.log_in()
        for age in ages:
            where = {"latitude": place[0], "longitude": place[1]}
            terminal.ask(POSITION, position(time.time() - age, alarm=alarm, **where))


def reports_of(gateway: Gateway, number: int) -> int:
    reader = HistoryReader(gateway.county.storage / "history")
    return len(reader.rows([device(number)], -math.inf, math.inf))


def told(gateway: Gateway, code: int, *words: str) -> str:
    done = gateway.command(*words)
    assert done.returncode == code, (done.stdout, done.stderr)
    return str(done.stdout + done.stderr)


def end_supervision(gateway: Gateway, number: int) -> None:
    """Wearing and authority ended the day before yesterday, by the files."""
    path = gateway.county.directory / "gateway.yaml"
    over = f"{datetime.now(UTC) - timedelta(days=2):%Y-%m-%d}"
    text = path.read_text("utf-8")
    text = re.sub(rf"(device: {device(number)}, person.*)}}", rf'\1, until: "{over} 23:00"}}', text)
    text = re.sub(rf"(document: order-{number},.*), until: .*}}", rf"\1, until: {over}}}", text)
    path.write_text(text, "utf-8")
    told(gateway, 0, "reload", "--by", "T01")


def erased(gateway: Gateway) -> str:
    return str(gateway.status()["erasures"].get("P0001", {}).get("en", ""))


def test_nothing_of_the_places_is_left_and_all_else_is_as_it_was(gateway):
    storage = gateway.county.storage
    report(gateway, 1, HERS, *(LONG_AGO + age for age in range(900, 150, -60)))
    report(gateway, 1, HERS, LONG_AGO, alarm=SOS)
    report(gateway, 2, ANOTHER, *range(900, 0, -60))
    eventually(lambda: [one["data"]["kind"] for one in gateway.events()] == ["sos"], "the alarm is there")
    (alarm,) = {one["data"]["alarm"] for one in gateway.events()}
    end_supervision(gateway, 1)
    told(gateway, 0, "alarms", "close", alarm, "--outcome", "excused", "--note", "pressed by mistake")
    eventually(lambda: len(gateway.events()) == 2 and gateway.owed() == 0, "all is delivered")
    assert ask(storage, Request("keep_history")).ok
    before = " ".join(said_in(storage, RAW, *SAID))
    assert all(part in before for part in ("state.db", ".journal"))
    assert reports_of(gateway, 1) == 14
    ordered = told(gateway, 3, "erase", "P0001", "--document", "d-1", "--why", "over", "--by", "L01", "--json")
    order = json.loads(ordered)["order"]
    assert order in erased(gateway)
    told(gateway, 0, "erase", "P0001", "--confirm", order, "--by", "L02")
    gateway.kill()
    gateway.start()
    eventually(lambda: erased(gateway).startswith("erased by"), "it is done")
    assert said_in(storage, RAW, *SAID) == set()
    assert said_in(storage, REST)
    assert (reports_of(gateway, 1), reports_of(gateway, 2)) == (0, 15)
    assert verify(FileJournal(storage / "journal", read_only=True)).erased == 14
    kinds = {one["type"].rsplit(".", 1)[1]: one["data"] for one in gateway.events()}
    assert kinds.keys() == {"raised", "closed"}
    assert all(one["position"] is None and "places_erased" in one["facts"] for one in kinds.values())
    report(gateway, 1, HERS, LONG_AGO + 100)
    assert said_in(storage, RAW, *SAID) == set()
    gateway.stop()
    assert said_in(storage, RAW, *SAID) == set()
    page = gateway.county.directory / "proof.html"
    assert "1 erasures" in told(gateway, 0, "erase", "P0001", "--proof", str(page))
    text = page.read_text("utf-8")
    assert all(word in text for word in (order, "d-1", "L01", "L02", "over"))
    assert gateway.tracebacks() == 0
