"""Stopping in good order, what systemd is told, and one daemon a directory."""

from __future__ import annotations

import asyncio
import socket
import subprocess
import time
from typing import TYPE_CHECKING

from gateway_process import PATIENCE, eventually
from pressed_bracelets import Bracelet, acknowledged
from programs import GATEWAY

from gateway.journal.entries import EntryKind

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from gateway_process import Gateway

DEVICES = 10


async def _stop_under_load(gateway: Gateway, bracelets: list[Bracelet]) -> list[set[tuple[str, int]]]:
    """Stop twice while the bracelets report; what had been acknowledged at each stop."""
    end, seen = asyncio.Event(), []
    lives = [asyncio.create_task(one.live(end)) for one in bracelets]
    for _ in range(2):
        await asyncio.sleep(1)
        assert await asyncio.to_thread(gateway.stop, 10) == 0
        await asyncio.sleep(0.1)
        seen.append(acknowledged(bracelets))
        assert seen[-1] <= set(gateway.journaled())
        assert [kind for kind, *_ in gateway.journal()][-1] is EntryKind.STOP
        await asyncio.to_thread(gateway.start)
    end.set()
    await asyncio.wait_for(asyncio.gather(*lives), PATIENCE)
    return seen


def test_a_stop_under_load_drains_and_a_start_goes_on(make_gateway: Callable[..., Gateway]) -> None:
    gateway = make_gateway(DEVICES)
    bracelets = [Bracelet(number, gateway.county.port, time.time() - 20_000) for number in range(DEVICES)]
    first, second = asyncio.run(_stop_under_load(gateway, bracelets))
    assert len(second) > len(first) > 0
    assert acknowledged(bracelets) <= set(gateway.journaled())
    assert all(not one.waiting for one in bracelets)
    assert gateway.tracebacks() == 0


def test_systemd_is_told_of_ready_alive_and_stopping(make_gateway: Callable[..., Gateway], tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as ear:
        ear.bind(str(tmp_path / "notify"))
        ear.settimeout(PATIENCE)
        # Ticks feed the watchdog, one a minute of the gateway's clock: here a minute takes a second.
        gateway = make_gateway(clock=f"{time.time()},{time.time()},60", NOTIFY_SOCKET=str(tmp_path / "notify"))
        said = ear.recv(100)
        while said.startswith(b"WATCHDOG=1\nEXTEND_TIMEOUT_USEC="):  # a start may take as long as it goes on
            recovering, said = said, ear.recv(100)
        assert recovering.endswith(b" entries")
        assert said == b"READY=1"
        assert ear.recv(100) == b"WATCHDOG=1"
        assert gateway.stop() == 0
        said = b"WATCHDOG=1"
        while said == b"WATCHDOG=1":
            said = ear.recv(100)
        assert said == b"STOPPING=1"


def test_a_second_daemon_in_the_same_directory_is_refused(gateway: Gateway) -> None:
    arguments = ["run", "--config", str(gateway.county.directory)]
    done = subprocess.run([GATEWAY, *arguments], capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert done.returncode == 2
    assert "another gateway is running" in done.stderr
    assert "Traceback" not in done.stderr
    assert gateway.status()["healthy"]


def test_a_port_that_is_taken_is_a_plain_sentence(make_gateway: Callable[..., Gateway]) -> None:
    gateway = make_gateway()
    gateway.stop()
    with socket.create_server(("127.0.0.1", gateway.county.port)):
        done = gateway.command("run")
    assert done.returncode == 1
    assert f"127.0.0.1:{gateway.county.port}" in done.stderr
    assert "Traceback" not in done.stderr
    gateway.start()
    eventually(lambda: gateway.status()["healthy"], "it starts once the port is free")
