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
from gateway.demo.programs import command
from gateway.errors import OurFault
from gateway.settings.model import Credential
from gateway.words.phrases import phrase

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from gateway.demo.city.servers import Leaf, Node

COUNTIES: Final = ("310101", "310102", "310103")
WORKERS: Final = ("w1", "w2", "w3")
PARTITIONS: Final = 1
"""Of each county: two processors step no more than one a county at a time."""
PATIENCE: Final = 180.0
"""Real seconds for what takes ten: a machine may be busy elsewhere."""
LOOK: Final = 0.5
"""Real seconds between two looks at the counties."""


@dataclass(slots=True)
class Town:
    """Three nodes, three counties, three workers.

    Attributes:
        directory: of everything.
        bracelets: in all.
        speed: simulated seconds a real one, at most.
        on_end: told of each process that ended without having been told to.
    """

    directory: Path
    bracelets: int
    speed: float
    on_end: Callable[[Supervised], None] = lambda _: None
    counties: list[County] = field(default_factory=list)
    processes: dict[str, Supervised] = field(default_factory=dict)
    streams: Streams = field(init=False)
    _let_in: LetIn = field(init=False)
    _nodes: tuple[Node, ...] = ()

    def __post_init__(self) -> None:
        self._nodes = cluster(self.directory / "nodes")
        each, more = divmod(self.bracelets, len(COUNTIES))
        self.counties = [
            County(code, self.directory / code, each + (place < more), self.speed, PARTITIONS)
            for place, code in enumerate(COUNTIES)
        ]
        passwords = {county.code: county.leaf.credential.password for county in self.counties}
        self._let_in = LetIn(Credential("city", secrets.token_hex(), secrets.token_hex()), passwords, PARTITIONS)
        places = [(code, number) for code in COUNTIES for number in range(PARTITIONS)]
        self.streams = Streams(self._url, self._let_in.city, places)

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
            await lay(self._url, self._let_in.city, COUNTIES, PARTITIONS, PATIENCE)
        except TimeoutError as fault:
            raise OurFault(phrase("broker_silent", log=self._log("n1"))) from fault
        for county in self.counties:
            await self._serve(county.leaf, county.leaf.text(self._nodes))
            await self._begin(f"gateway-{county.code}", county.gateway_line())
        for name in WORKERS:
            await self._begin(name, command("bracelet-gateway", ["worker", "run", "--config", str(self._worker(name))]))
        for county in self.counties:
            await self._answers(county)
            await self._begin(f"forward-{county.code}", county.forward_line())

    async def let_bracelets_come(self) -> None:
        """Start the simulators: from here on time goes."""
        for county in self.counties:
            await self._begin(f"bracelets-{county.code}", county.bracelets_line())

    async def stop(self) -> None:
        """End everything in good order, the bracelets first and the nodes last."""
        for group in ("bracelets", "gateway", "forward", "w", "leaf", "n"):
            ending = [one for name, one in self.processes.items() if name.startswith(group)]
            await asyncio.gather(*(one.end() for one in ending))

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
    def _url(self) -> str:
        return ",".join(node.url for node in self._nodes)

    async def _serve(self, server: Node | Leaf, text: str) -> None:
        await self._begin(server.name, [server_program(), "-c", str(written(server, text))])

    async def _begin(self, name: str, line: list[str]) -> None:
        self.processes[name] = one = Supervised(name, line, self._log(name), self.on_end)
        await one.start()

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
            f'worker: {{name: {name}}}\nstream: {{nats: "{self._url}", domain: {DOMAIN}, credential: {ENTRY},'
            f" replicas: {NODES}}}\n"
            f"storage: {{directory: state}}\n",
            "utf-8",
        )
        keep_secrets(place, self._let_in.city)
        return place
