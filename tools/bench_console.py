"""make bench: the desk. How long from login over an alarm to its close, and what open pages cost the daemon.

The night shift of the browser tests is told to a real daemon, and an officer with a keyboard closes an alarm of it. Then
600 bracelets report while people reload their pages: the times of pages, and, round by round with and without them, the
daemon's CPU per report and the wait for the journal. Medians and ratios; these machines are noisy, so nothing is a gate.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import numpy as np
from bench_county import HOME, identity_of, write_county
from bench_process import cpu_seconds
from browser import Watched, started
from console_process import DeskProcess
from gateway_process import Gateway, eventually
from plain_terminal import POSITION, SOS, Terminal, position
from playwright.sync_api import sync_playwright
from pressed_county import County
from shift import Shift
from story_night import Night

from gateway.demo.broker import free_port

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE = Path(__file__).parent
PEOPLE, ALARMS, AN_HOUR = 600, 100, 3600.0
COUNTY_INTERVAL = 60.0
"""Seconds between reports of a bracelet in a county."""
STAFF = "staff: [{number: D01, roles: [duty]}]\n"


@dataclass
class Pages:
    """Pages that are open, each reloaded ``pause`` seconds after it has come. ``times``: seconds by path."""

    desk: DeskProcess
    cookies: httpx.Cookies
    paths: list[str]
    pause: float
    times: dict[str, list[float]] = field(default_factory=dict)

    async def reload(self, pages: int, until: float) -> None:
        """So many at once, until a time of the loop."""
        async with httpx.AsyncClient(base_url=self.desk.address, cookies=self.cookies, timeout=30.0) as client:
            await asyncio.gather(*(self._one(client, number, until) for number in range(pages)))

    async def _one(self, client: httpx.AsyncClient, number: int, until: float) -> None:
        loop = asyncio.get_running_loop()
        await asyncio.sleep(self.pause * number / 10)
        while loop.time() < until:
            path = self.paths[number % len(self.paths)]
            began = loop.time()
            answer = await client.get(path)
            assert answer.status_code == httpx.codes.OK, f"{path}: {answer.status_code}"
            self.times.setdefault(path, []).append(loop.time() - began)
            await asyncio.sleep(self.pause)


def login_to_close() -> None:
    """Print how long somebody with a keyboard takes from the login over an alarm to its close."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as driver:
        night = Night.begun(Path(folder))
        desk, browser = DeskProcess(night.gateway), started(driver)
        try:
            night.until("11-25 09:00")
            (alarm,) = (one["alarm"] for one in night.unresolved())
            desk.start()
            door = Shift("zh", night, desk, lambda **how: Watched(browser.new_context(**how))).at_the_door()
            began = time.perf_counter()
            closed(door, alarm)
            print(f"from login over an alarm to its close: {time.perf_counter() - began:.1f} s (aim <= 20 s)")
        finally:
            browser.close()
            desk.finish()
            night.end()


def closed(door: Shift, alarm: str) -> None:
    """Log in, open an alarm, take it, call, and close it, until its row is gone."""
    door.enter("D01")
    door.open(alarm)
    door.officer.press("a")
    door.officer.sees(".owner", "D01")
    door.officer.press("o")
    door.submit(whom="wearer", result="reached", note="在住院")
    door.done()
    door.officer.press("c")
    door.submit(outcome="excused", note="已见住院记录")
    door.done()
    door.back()
    door.page.wait_for_selector("#empty")


def raise_alarms(port: int, numbers: range) -> None:
    """An emergency button each."""
    for number in numbers:
        with Terminal(port, identity_of(number)) as terminal:
            latitude, longitude = HOME(number)
            terminal.log_in()
            terminal.ask(POSITION, position(time.time(), alarm=SOS, latitude=latitude, longitude=longitude))


async def round_of(gateway: Gateway, pages: Pages, many: int, seconds: float, interval: float) -> dict:
    """One round of load with so many pages open; alarms come at their pace."""
    load = await asyncio.create_subprocess_exec(
        sys.executable, HERE / "bench_load.py", str(gateway.county.port), str(PEOPLE), str(seconds),
        "--interval", str(interval),
        stdout=subprocess.PIPE,
    )  # fmt: skip
    assert load.stdout is not None
    assert gateway.process is not None
    assert (await load.stdout.readline()).strip() == b"go"
    before, loop = cpu_seconds(gateway.process.pid), asyncio.get_running_loop()
    reloading = asyncio.create_task(pages.reload(many, loop.time() + seconds))
    alarming = asyncio.create_task(_alarms(gateway.county.port))
    result = json.loads(await load.stdout.readline())
    result["cpu_us"] = 1e6 * (cpu_seconds(gateway.process.pid) - before) / max(1, result["answers"])
    await reloading
    alarming.cancel()
    await load.wait()
    return result


async def _alarms(port: int) -> None:
    for number in range(ALARMS, PEOPLE):
        await asyncio.sleep(AN_HOUR / ALARMS)
        await asyncio.to_thread(raise_alarms, port, range(number, number + 1))


def open_county(folder: Path) -> Gateway:
    """A daemon of 600 people, of whom a hundred have pressed their button."""
    port = free_port()
    write_county(folder, PEOPLE, port)
    with (folder / "gateway.yaml").open("a", encoding="utf-8") as written:
        written.write(STAFF)
    gateway = Gateway(County(folder, port, PEOPLE))
    gateway.start()
    raise_alarms(port, range(ALARMS))
    eventually(lambda: gateway.status()["unresolved"] >= ALARMS, "a hundred alarms are open")
    return gateway


def told(name: str, times: list[float]) -> None:
    """One line of a page."""
    p50, p95 = np.percentile(np.array(times) * 1000, (50, 95))
    print(f"{name:<40}{len(times):>6} times   p50 {p50:6.0f} ms   p95 {p95:6.0f} ms")


def load_case(rounds: int, seconds: float) -> None:
    """Print the times of pages, and the ratios."""
    with tempfile.TemporaryDirectory() as folder:
        gateway = open_county(Path(folder))
        desk = DeskProcess(gateway)
        try:
            desk.start()
            asyncio.run(_load_case(gateway, desk, rounds, seconds))
        finally:
            desk.finish()
            gateway.finish()


async def _load_case(gateway: Gateway, desk: DeskProcess, rounds: int, seconds: float) -> None:
    cookies, paths = desk.cookies_of("D01"), list(paths_of(gateway))
    pages = Pages(desk, cookies, paths, pause=1.0)
    print(f"{PEOPLE} people, {ALARMS} alarms open and {ALARMS} more an hour; 20 pages, each reloaded every second")
    await round_of(gateway, pages, 20, seconds, COUNTY_INTERVAL)
    for path, times in pages.times.items():
        told(path, times)
    told("all pages (aim: p95 <= 200 ms)", [each for times in pages.times.values() for each in times])
    pairs = [[await round_of(gateway, pages, many, seconds, 3.0) for many in (0, 10)] for _ in range(rounds)]
    for name, key, aim in (("CPU per report", "cpu_us", 1.05), ("wait for the journal, p99", "p99_ms", 1.25)):
        without, with_ = zip(*((one[key], other[key]) for one, other in pairs), strict=True)
        ratio = statistics.median(b / a for a, b in zip(without, with_, strict=True))
        print(
            f"{name}: {statistics.median(without):.1f} without pages, {statistics.median(with_):.1f} while ten reload"
            f" ({key.rpartition('_')[2]}), ratio {ratio:.2f} (aim <= {aim})"
        )


def paths_of(gateway: Gateway) -> Iterator[str]:
    """What is looked at: the queue, an alarm, a person, the map, the help."""
    done = gateway.command("alarms", "list", "--unresolved", "--json")
    alarm = json.loads(done.stdout.splitlines()[0])
    yield from ("/", f"/alarm/{alarm['alarm']}", f"/person/{alarm['person']}?alarm={alarm['alarm']}", "/map", "/help")


def main() -> None:
    """Print the figures."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--seconds", type=float, default=20.0)
    chosen = options.parse_args()
    login_to_close()
    load_case(chosen.rounds, chosen.seconds)


if __name__ == "__main__":
    main()
