"""Cells imported beside a running daemon: in force within seconds, journaled, and there for whoever looks back."""

from __future__ import annotations

import csv
import struct
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import msgspec
import pytest
from gateway_process import eventually
from plain_terminal import POSITION, Terminal, position
from pressed_county import phone

from gateway.control.client import ask
from gateway.control.messages import Request
from gateway.journal.controls import TowersNamed
from gateway.journal.entries import EntryKind

if TYPE_CHECKING:
    from pathlib import Path

    from gateway_process import Gateway

CELLS = (101, 102, 103)
HEADER = "radio,mcc,net,area,cell,unit,lon,lat,range,samples,changeable,created,updated,averageSignal"


def table(path: Path, latitude: float, updated: int) -> str:
    """A table that has the cells around a place."""
    rows = [
        f"LTE,460,0,77,{cell},,{109.42 + 0.002 * number},{latitude},1000,9,1,1,{updated},"
        for number, cell in enumerate(CELLS, start=-1)
    ]
    path.write_text("\n".join([HEADER, *rows, ""]))
    return str(path)


def unplaced(moment: float) -> bytes:
    """A position without a fix that heard the cells."""
    heard = b"".join(struct.pack(">HBHIB", 460, 0, 77, cell, 60) for cell in CELLS)
    body = bytearray(position(moment, latitude=0.0, longitude=0.0) + bytes((0x5D, 1 + len(heard), len(CELLS))) + heard)
    body[4:8] = bytes(4)
    return bytes(body)


def imported(gateway: Gateway, path: str) -> int:
    """Import a table; how many versions the journal names once it does."""
    before = versions(gateway)
    done = gateway.command("towers", "import", path)
    assert done.returncode == 0, done.stderr
    eventually(lambda: len(versions(gateway)) > len(before), "the version is journaled")
    return len(versions(gateway))


def versions(gateway: Gateway) -> list[str]:
    entries = [raw for kind, _, _, raw in gateway.journal() if kind is EntryKind.TOWERS]
    return [msgspec.json.decode(raw, type=TowersNamed).digest for raw in entries]


def test_cells_are_in_force_from_their_entry_on_and_there_after_restart_backup_and_replay(gateway, tmp_path):
    begin = time.time() - 600.0
    with Terminal(gateway.county.port, phone(0)) as terminal:
        terminal.log_in()
        terminal.ask(POSITION, unplaced(begin))
        assert imported(gateway, table(tmp_path / "first.csv", 24.33, 1_500_000_000)) == 1
        terminal.ask(POSITION, unplaced(time.time() + 1.0))  # clocks of bracelets tell whole seconds
        (place,) = placed(gateway)
        assert place["source"] == "cell"
        assert place["position"]["coordinates"] == [pytest.approx(109.42, abs=0.004), pytest.approx(24.33, abs=0.004)]
        assert 300.0 < place["radius95_m"] < 2000.0
        assert imported(gateway, table(tmp_path / "second.csv", 24.337, 1_600_000_000)) == 2
        terminal.ask(POSITION, unplaced(time.time() + 1.0))  # clocks of bracelets tell whole seconds
        eventually(
            lambda: placed(gateway)[0]["position"]["coordinates"][1] > 24.3335, "the new version is looked up in"
        )
    track = ["track", "P0000", "--csv", "--since", datetime.fromtimestamp(begin - 3600, UTC).isoformat()]
    before = gateway.command(*track).stdout
    rows = list(csv.DictReader(before.splitlines()))
    assert [row["source"] for row in rows] == ["cell", "cell"]
    assert gateway.command("backup", str(tmp_path / "copy")).returncode == 0
    assert gateway.stop() == 0
    gateway.start()
    named = versions(gateway)[:2]
    eventually(lambda: versions(gateway) == [*named, named[1]], "the version is named anew")
    assert gateway.command(*track).stdout == before
    kept = tmp_path / "copy"
    assert gateway.stop() == 0
    tracks = []
    for storage in (gateway.county.storage, kept):
        out = tmp_path / f"{storage.name}.csv"
        done = gateway.command("replay", "--journal", str(storage / "journal"), "--track", str(out))
        assert done.returncode == 0, done.stderr
        tracks.append(out.read_text())
    assert tracks[0] == tracks[1]
    assert tracks[0].count("\n") == 3
    assert {path.name for path in (kept / "towers").iterdir()} >= {"current", "named"}
    assert gateway.tracebacks() == 0


def placed(gateway: Gateway) -> list[dict]:
    """The wearer's places, once there are any; asked at the socket, where asking again and again costs no process."""

    def places() -> list[dict]:
        found: list[dict] = ask(gateway.county.storage, Request("where", id="P0000")).data["places"]
        return found

    eventually(places, "a place is known")
    return places()
