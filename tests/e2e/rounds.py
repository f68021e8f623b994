"""Lives of the daemon under load, each ended in its own way; and what must hold after them, whatever the way."""

from __future__ import annotations

import asyncio
import json
import sqlite3
import threading
from contextlib import closing, suppress
from typing import TYPE_CHECKING, Any, Self

from gateway_process import PATIENCE, Gateway, eventually
from pressed_bracelets import Bracelet, acknowledged
from programs import GATEWAY, ran

from gateway.journal import FileJournal, verify
from gateway.journal.entries import EntryKind
from gateway.store.state_db import StateStore

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator
    from pathlib import Path

DEVICES = 10


class Reader:
    """Another program that looks at the journal all the time: a screen, a backup. It holds the files open."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._stop = threading.Event()
        self._open: dict[Path, sqlite3.Connection] = {}
        self._thread = threading.Thread(target=self._look)
        self.looks = 0

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._stop.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._stop.wait(0.01):
            for path in self._directory.glob("*.journal"):
                with suppress(sqlite3.Error):
                    self._connection(path).execute("SELECT max(first) FROM batch").fetchone()
                    self.looks += 1
        for connection in self._open.values():
            connection.close()

    def _connection(self, path: Path) -> sqlite3.Connection:
        if path not in self._open:
            address = f"{path.resolve().as_uri()}?mode=ro"
            self._open[path] = sqlite3.connect(address, uri=True, check_same_thread=False)
        return self._open[path]


async def under_load(
    gateway: Gateway, bracelets: list[Bracelet], rounds: int, end: Callable[[int], Awaitable[None]]
) -> None:
    """The bracelets report all the while; ``end`` ends and begins a life. Then they bring out what they hold."""
    stop = asyncio.Event()
    lives = [asyncio.create_task(one.live(stop)) for one in bracelets]
    for number in range(rounds):
        before = sum(len(one.acknowledged) for one in bracelets)
        await asyncio.to_thread(eventually, _more_than(bracelets, before + len(bracelets)), "reports are acknowledged")
        await end(number)
    stop.set()
    await asyncio.wait_for(asyncio.gather(*lives), 10 * PATIENCE)
    await asyncio.to_thread(gateway.stop, 2 * PATIENCE)


def _more_than(bracelets: list[Bracelet], wanted: int) -> Callable[[], bool]:
    return lambda: sum(len(one.acknowledged) for one in bracelets) > wanted


def bracelets_of(gateway: Gateway, start: float) -> list[Bracelet]:
    return [Bracelet(number, gateway.county.port, start) for number in range(DEVICES)]


def bodies(gateway: Gateway) -> list[bytes]:
    with closing(StateStore(gateway.county.storage / "state.db", read_only=True)) as store:
        return store.events()


def replayed(gateway: Gateway) -> list[bytes]:
    """What a replay of the journal says, in pieces of another size than live."""
    out = gateway.county.directory / "replayed.jsonl"
    journal = gateway.county.storage / "journal"
    done = ran([GATEWAY, "replay", "--journal", journal, "--alarms", out, "--batch", 777], 600)
    assert done.returncode == 0, done.stderr
    return out.read_bytes().splitlines()


def entries(gateway: Gateway) -> Iterator[EntryKind]:
    return (kind for kind, *_ in gateway.journal())


def nothing_is_lost(gateway: Gateway, bracelets: list[Bracelet], lives: int) -> None:
    """Acknowledged is journaled, journaled is stepped, stepped is said: once, as a replay says it, to the byte."""
    assert all(not one.waiting for one in bracelets)
    assert acknowledged(bracelets) <= set(gateway.journaled())
    journal = FileJournal(gateway.county.storage / "journal", read_only=True)
    assert verify(journal).ends == journal.next_offset
    assert list(entries(gateway)).count(EntryKind.START) >= lives
    said = bodies(gateway)
    assert said == replayed(gateway)
    assert {event["data"]["kind"] for event in _events(said)} >= {"sos", "battery_low"}
    with closing(StateStore(gateway.county.storage / "state.db", read_only=True)) as store:
        assert store.applied_offset() == journal.next_offset
    assert gateway.tracebacks() == 0


def _events(said: list[bytes]) -> list[dict[str, Any]]:
    return [json.loads(body) for body in said]
