"""All processes of the city, and what is known of them."""

from __future__ import annotations

import asyncio
import secrets
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from gateway.demo.broker import server_program
from gateway.demo.city.county import County
from gateway.demo.city.servers import DOMAIN, ENTRY, NODES, LetIn, cluster, keep_secrets, written
from gateway.demo.city.streams import Streams, lay
from gateway.demo.city.supervised import Supervised
from gateway.demo.city.uplink import Uplink
from gateway.demo.programs import command
from gateway.errors import OurFault
from gateway.settings.model import Credential
from gateway.words.phrases import phrase

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from gateway.demo.city.servers import Leaf, Node

COUNTIES: Final = ("310101", "310102", "310103")
WORKERS: Final = ("w1", "w2", "w3")
PARTITIONS: Final = 1
"""Of each county: two processors step no more than one a county at a time."""
PATIENCE: Final = 180.0
"""Real seconds for what takes ten: a machine may be busy elsewhere."""
LAST_WORDS: Final = 15.0
"""Real seconds for what gateways say of their own end: a county's line may be cut just then."""
LOOK: Final = 0.5
"""Real seconds between two looks at the counties."""


@dataclass(slots=True)
class Town:
    """Three nodes, three counties, three workers.

    Attributes:
        directory: of everything.
        bracelets: in all.
        speed: simulated seconds a real one, at most.
        codes: of the counties.
        workers: their names, which begin with w.
        partitions: streams that each county's journal is split into.
        on_end: told of each process that ended without having been told to.
    """

    directory: Path
    bracelets: int
    speed: float
    codes: Sequence[str] = COUNTIES
    workers: Sequence[str] = WORKERS
    partitions: int = PARTITIONS
    on_end: Callable[[Supervised], None] = lambda _: None
    counties: list[County] = field(default_factory=list)
    uplinks: dict[str, Uplink] = field(init=False)
    processes: dict[str, Supervised] = field(default_factory=dict)
    streams: Streams = field(init=False)
    _let_in: LetIn = field(init=False)
    _nodes: tuple[Node, ...] = ()

    def __post_init__(self) -> None:
        self._nodes = cluster(self.directory / "nodes")
        self.uplinks = {code: Uplink([node.leaves for node in self._nodes]) for code in self.codes}
        each, more = divmod(self.bracelets, len(self.codes))
        self.counties = [
            County(
                code, self.directory / code, each + (place < more), self.speed, self.partitions,
                self.uplinks[code].ports,
            )
            for place, code in enumerate(self.codes)
        ]  # fmt: skip
        passwords = {county.code: county.leaf.credential.password for county in self.counties}
        self._let_in = LetIn(Credential("city", secrets.token_hex(), secrets.token_hex()), passwords, self.partitions)
        places = [(code, number) for code in self.codes for number in range(self.partitions)]
        self.streams = Streams(self.url, self._let_in.city, places)

    async def start(self) -> None:
        """Start all but the bracelets; returns once each gateway answers.

        Raises:
            OurFault: one does not come up, or the cluster does not come together.
        """
        writing = asyncio.gather(*(county.write() for county in self.counties))
        for node in self._nodes:
            await self._serve(node, node.text(self._nodes, self._let_in))
        await writing
        try:
            await lay(self.url, self._let_in.city, self.codes, self.partitions, PATIENCE)
        except TimeoutError as fault:
            raise OurFault(phrase("broker_silent", log=self._log("n1"))) from fault
        for county in self.counties:
            await self.uplinks[county.code].start()
            await self._serve(county.leaf, county.leaf.text())
            await self._begin(f"gateway-{county.code}", county.gateway_line())
        for name in self.workers:
            await self._begin(name, command("bracelet-gateway", ["worker", "run", "--config", str(self._worker(name))]))
        for county in self.counties:
            await self._answers(county)
            await self._begin(f"forward-{county.code}", county.forward_line())

    async def let_bracelets_come(self) -> None:
        """Start the simulators: from here on time goes."""
        for county in self.counties:
            await self._begin(f"bracelets-{county.code}", county.bracelets_line())

    async def stop(self) -> None:
        """End everything in good order, the bracelets first and the nodes last; what gateways said is at the city."""
        for group in ("bracelets", "gateway"):
            await self._end(group)
        await asyncio.gather(*(self._brought(county) for county in self.counties))
        for group in ("forward", "w", "leaf", "n"):
            await self._end(group)
        for uplink in self.uplinks.values():
            await uplink.close()

    async def watch(self) -> None:
        """Look at the counties until cancelled."""
        while True:
            await asyncio.gather(*(county.look() for county in self.counties))
            await asyncio.sleep(LOOK)

    @property
    def killable(self) -> Iterable[Supervised]:
        """Everything but the bracelets, which are no part of the product."""
        return (one for name, one in self.processes.items() if not name.startswith("bracelets"))

    @property
    def nodes(self) -> frozenset[str]:
        """Names of the nodes."""
        return frozenset(node.name for node in self._nodes)

    @property
    def owners(self) -> dict[tuple[str, int], str]:
        """Worker of each partition that has one, as they said last."""
        return {(one.county, one.partition): one.owner for one in self.streams.lines if one.owner}

    @property
    def is_up(self) -> bool:
        """Whether every process runs, every gateway answers and every partition has an owner."""
        all_run = all(one.pid is not None for one in self.processes.values())
        all_answer = all(county.status is not None for county in self.counties)
        return all_run and all_answer and len(self.owners) == len(self.streams.partitions)

    @property
    def url(self) -> str:
        """Of all nodes."""
        return ",".join(node.url for node in self._nodes)

    async def _serve(self, server: Node | Leaf, text: str) -> None:
        await self._begin(server.name, [server_program(), "-c", str(written(server, text))])

    async def _begin(self, name: str, line: list[str]) -> None:
        self.processes[name] = one = Supervised(name, line, self._log(name), self.on_end)
        await one.start()

    async def _end(self, group: str) -> None:
        await asyncio.gather(*(one.end() for name, one in self.processes.items() if name.startswith(group)))

    async def _brought(self, county: County) -> None:
        """Wait until the last word of its gateway is at the city, where there is somebody to bring it."""
        if f"forward-{county.code}" not in self.processes:
            return
        deadline, end = time.monotonic() + LAST_WORDS, county.journaled
        while time.monotonic() < deadline and county.forwarded < end:  # noqa: ASYNC110  another process's
            await asyncio.sleep(LOOK)

    async def _answers(self, county: County) -> None:
        deadline = time.monotonic() + PATIENCE
        while county.status is None:
            if time.monotonic() > deadline:
                raise OurFault(phrase("demo_gateway", log=self._log(f"gateway-{county.code}")))
            await county.look()
            await asyncio.sleep(LOOK)

    def _log(self, name: str) -> Path:
        return self.directory / "logs" / f"{name}.log"

    def _worker(self, name: str) -> Path:
        place = self.directory / name
        place.mkdir(parents=True, exist_ok=True)
        (place / "worker.yaml").write_text(
            f'worker: {{name: {name}}}\nstream: {{nats: "{self.url}", domain: {DOMAIN}, credential: {ENTRY},'
            f" replicas: {NODES}}}\n"
            f"storage: {{directory: state}}\n",
            "utf-8",
        )
        keep_secrets(place, self._let_in.city)
        return place
