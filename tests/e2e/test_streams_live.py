"""A real gateway and its forwarder behind a leaf: the city has all of it once, through kills and a cut line."""

from __future__ import annotations

import asyncio
import re
import threading
import time
from typing import TYPE_CHECKING, Self

from configured_servers import KEY, PARTITIONS, leaf_at, password_of, started
from gateway_process import Gateway, eventually
from plain_terminal import POSITION, SOS, Terminal, position
from pressed_county import CODE, phone, write_county
from programs import GATEWAY, begun

from gateway.city.acts import Standing, made, standings
from gateway.city.intake import Intake
from gateway.city.store import CityStore
from gateway.city.streamed import Streamed
from gateway.clock import SystemClock
from gateway.demo.broker import free_port
from gateway.forward.progress import read
from gateway.journal import FileJournal
from gateway.journal.entries import EntryKind
from gateway.settings.load import load
from gateway.stream.connection import Connection
from gateway.stream.journal import StreamJournal
from gateway.stream.names import Partition

if TYPE_CHECKING:
    from pathlib import Path

    from gateway.city.told import Alarm
    from gateway.settings.city import CityCounty

COUNTY = "450203"
KEPT_HERE = {EntryKind.AUDIT, EntryKind.PAPER, EntryKind.SKIPPED}


class City:
    """What a city's desk does with a county in the streams, in a thread of its own."""

    def __init__(self, directory: Path, county: CityCounty) -> None:
        self.store, self.loop = CityStore(directory), asyncio.new_event_loop()
        self._streamed = Streamed(county, "4502", Intake(self.store, SystemClock(), lambda: None))
        self._thread = threading.Thread(target=self.loop.run_forever)

    def __enter__(self) -> Self:
        self._thread.start()
        self._work = asyncio.run_coroutine_threadsafe(self._streamed.run(), self.loop)
        return self

    def __exit__(self, *_: object) -> None:
        self._work.cancel()
        self._ask(asyncio.sleep(0.1))
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join()
        self.loop.close()
        self.store.close()

    def _ask(self, work):
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(60)

    def alarms(self) -> list[Alarm]:
        return self._ask(self.store.unresolved(COUNTY))

    def sign(self) -> str:
        heard = self._ask(self.store.heard()).get(COUNTY)
        return "" if heard is None else heard.sign

    def urge(self, alarm: Alarm) -> None:
        self._ask(self.store.add(made("c" * 32, alarm, "4502/C01", "urge", "call back", time.time())))
        self.loop.call_soon_threadsafe(self._streamed.wake.set)

    def standing(self, alarm: str) -> list[Standing]:
        (found,) = [one for one in self.alarms() if one.id == alarm]
        return [how for _, how in standings(self._ask(self.store.acts(COUNTY)), found, time.time())]


def county_at(directory: Path, leaf: int) -> Gateway:
    """A county with two bracelets that tells a city, and forwards its journal, by a leaf."""
    found = write_county(directory, free_port(), 2)
    main, url = directory / "gateway.yaml", f"nats://127.0.0.1:{leaf}"
    text = main.read_text("utf-8").replace(f"code: {CODE},", f'code: "{COUNTY}",')
    way = f"nats: '{url}', domain: city, credential: leaf, accept_acts: true"
    text = re.sub(r"^upstreams: .*$", f"upstreams: [{{name: city, heartbeat: 5s, {way}}}]", text, flags=re.MULTILINE)
    text += f"\nforward: {{nats: '{url}', domain: city, credential: leaf, basis: order-9, partitions: {PARTITIONS}}}\n"
    main.write_text(text, "utf-8")
    secret = f'leaf: {{username: "{COUNTY}", password: "{password_of(COUNTY)}", act_key: {KEY}}}\n'
    (directory / "credentials.yaml").write_text(secret, "utf-8")
    (directory / "credentials.yaml").chmod(0o600)
    return Gateway(found)


def forwarding(gateway: Gateway):
    with (gateway.county.directory / "forward.log").open("ab") as log:
        return begun([GATEWAY, "forward", "--config", gateway.county.directory], log, log)


def call_for_help(gateway: Gateway, number: int) -> None:
    with Terminal(gateway.county.port, phone(number)) as terminal:
        terminal.log_in()
        terminal.ask(POSITION, position(time.time(), alarm=SOS))


def journaled(gateway: Gateway) -> list[tuple[int, float, bytes]]:
    """What of the journal some partition has to get."""
    journal = FileJournal(gateway.county.storage / "journal", read_only=True)
    entries = [entry for _, batch in journal.read(0) for entry in plain(batch)]
    return sorted(entry for entry in entries if entry[0] not in KEPT_HERE)


def plain(batch) -> list[tuple[int, float, bytes]]:
    return [(int(batch.kind[at]), float(batch.received[at]), batch.bytes_of(at)) for at in range(len(batch))]


def streamed(county: CityCounty) -> list[list[tuple[int, float, bytes]]]:
    """What each partition has got."""

    def all_of(connection: Connection) -> list[list[tuple[int, float, bytes]]]:
        streams = [
            StreamJournal(connection, Partition(COUNTY, at, PARTITIONS), read_only=True) for at in range(PARTITIONS)
        ]
        return [[entry for _, batch in one.read(0) for entry in plain(batch)] for one in streams]

    async def work() -> list[list[tuple[int, float, bytes]]]:
        async with Connection(county.streams, county.credential, None, "city") as connection:
            return await asyncio.to_thread(all_of, connection)

    return asyncio.run(work())


def test_the_city_has_everything_once_through_a_cut_line_and_kills_and_its_word_comes_back(tmp_path: Path) -> None:
    node, city = started(tmp_path, [COUNTY])
    gateway = county_at(tmp_path / COUNTY, free_port())
    leaf = leaf_at(tmp_path / "leaf", load(gateway.county.directory), gateway.county.directory, node)
    text = (gateway.county.directory / "gateway.yaml").read_text("utf-8")
    (gateway.county.directory / "gateway.yaml").write_text(re.sub(r"nats://127\.0\.0\.1:\d+", leaf.url, text), "utf-8")
    leaf.start()
    gateway.start()
    forwarder = forwarding(gateway)
    try:
        with City(tmp_path / "state", city.counties[COUNTY]) as desk:
            call_for_help(gateway, 0)
            eventually(lambda: len(desk.alarms()) == 1, "the alarm is at the city")
            eventually(lambda: desk.sign() == "heartbeat", "the county is heard")
            (first,) = desk.alarms()
            desk.urge(first)
            eventually(lambda: desk.standing(first.id) == [Standing.DONE], "the county has the city's word")
            assert gateway.status()["unresolved"] == 1
            eventually(lambda: read(gateway.county.storage).offset > 0, "the journal is forwarded")
            leaf.kill()
            forwarder.kill()
            forwarder.wait()
            call_for_help(gateway, 1)
            assert len(desk.alarms()) == 1
            forwarder = forwarding(gateway)
            leaf.start()
            eventually(lambda: len(desk.alarms()) == 2, "what waited is at the city")
            eventually(lambda: gateway.status()["forward"]["behind_entries"] == 0, "the journal is forwarded")
            assert gateway.stop() == 0
            eventually(lambda: desk.sign() == "stopped", "it says that it stops")
            end = FileJournal(gateway.county.storage / "journal", read_only=True).next_offset
            eventually(lambda: read(gateway.county.storage).offset == end, "all of it")
            forwarder.terminate()
            assert forwarder.wait(60) == 0
        found = streamed(city.counties[COUNTY])
        assert all(len(one) == len(set(one)) for one in found)
        assert sorted({entry for one in found for entry in one}) == journaled(gateway)
    finally:
        forwarder.kill()
        forwarder.wait()
        gateway.finish()
        leaf.kill()
        node.kill()
