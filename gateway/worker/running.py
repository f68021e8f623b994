"""A worker as a process: its connection, the partitions that there are, and a task for each that it takes."""

from __future__ import annotations

import asyncio
import re
import signal
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

import structlog

from gateway.backoff import Backoff
from gateway.daemon.compile_all import make_all_ready
from gateway.errors import GatewayFault, OurFault, TransientFault
from gateway.history.days import DayHistory
from gateway.partition.across import across_of
from gateway.replay.reading import PolicyShelf
from gateway.store.snapshots import FOLDER, Snapshots
from gateway.stream.bucket import Bucket
from gateway.stream.connection import Connection
from gateway.stream.journal import StreamJournal
from gateway.stream.keys import Keys
from gateway.stream.layout import alarms, lay, life, signs
from gateway.stream.names import (
    ERASURES,
    PARTITIONS_KEY,
    SKIPPED,
    SNAPSHOTS,
    WORKERS,
    Partition,
    code_of,
    configurations_bucket,
    token,
)
from gateway.stream.owned import Owned
from gateway.towers.shelf import TowerShelf
from gateway.towers.versions import TowerVersions
from gateway.worker.across import AcrossWork
from gateway.worker.engine import PartitionEngine
from gateway.worker.erasing import Erasures
from gateway.worker.keeping import Keeping
from gateway.worker.kept import Kept
from gateway.worker.living import EVERY, Living
from gateway.worker.partition import PartitionWork
from gateway.worker.peers import SAY_EVERY, Peers, exchange
from gateway.worker.share import Share
from gateway.worker.shipping import Shipping
from gateway.worker.skips import Skips
from gateway.worker.standing import Standing
from gateway.worker.towers import FetchedTowers

if TYPE_CHECKING:
    from gateway.clock import Clock
    from gateway.settings.worker import WorkerConfiguration

LOOK_EVERY: Final = 5.0
"""Real seconds between two looks for partitions that are new."""
NOT_MEANT: Final = 1.5
"""Real seconds that somebody for whom a partition is not meant leaves to the one for whom it is."""
LONGEST_WAIT: Final = 10.0
ANSWER_WAIT: Final = 3.0
"""Real seconds for an answer: of a stream without a leader there is none, and it is asked again."""
ALL: Final = 1 << 62
"""Floor of what has no acknowledgements."""
CONSUMER: Final = "workers"
"""The one consumer of each partition's stream, which all workers share."""
_STREAM: Final = re.compile(r"JOURNAL_(?P<county>.+)_(?P<partition>\d+)")

log = structlog.get_logger()


async def run(configuration: WorkerConfiguration, clock: Clock) -> None:
    """Work until SIGTERM or SIGINT.

    Raises:
        UserFault: the server does not let us in, or what is there is not ours to read.
    """
    loop, working = asyncio.get_running_loop(), asyncio.current_task()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, lambda: working and working.cancel())
    backoff = Backoff(LONGEST_WAIT)
    with suppress(asyncio.CancelledError):
        await asyncio.to_thread(make_all_ready)
        while True:
            try:
                await _connected(configuration, clock, backoff)
            except asyncio.CancelledError:
                if working is None or working.cancelling():
                    raise
                # The message client has cancelled what waited for it, and nobody has told us to end.
                log.warning("streams away", fault="the message client gave up")
            await asyncio.sleep(backoff.next_wait())


async def _connected(configuration: WorkerConfiguration, clock: Clock, backoff: Backoff) -> None:
    """Work on one connection until it ends."""
    try:
        async with _connection(configuration) as connection:
            backoff.reset()
            await Worker(configuration, connection, clock).run()
    except* TransientFault as faults:
        log.warning("streams away", fault=str(faults.exceptions[0]))


def _connection(configuration: WorkerConfiguration) -> Connection:
    return Connection(
        configuration.url, configuration.credential, configuration.tls, configuration.domain,
        name=f"worker {configuration.name}", wait=ANSWER_WAIT,
    )  # fmt: skip


@dataclass(slots=True)
class Worker:
    """One worker on one connection."""

    configuration: WorkerConfiguration
    connection: Connection
    clock: Clock
    peers: Peers = field(init=False)
    standings: dict[tuple[str, int], Standing] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.peers = Peers(self.configuration.name)

    async def run(self) -> None:
        """Take partitions as they come up; returns once the connection has ended for good."""
        await self._lay()
        async with asyncio.TaskGroup() as going:
            tasks = [going.create_task(each) for each in (self._look(going), self._say(), self._live())]
            await self.connection.closed()
            for each in tasks:
                each.cancel()
            raise TransientFault("the connection has ended")

    async def _lay(self) -> None:
        """What workers share, where it is not there yet."""
        replicas = self.configuration.replicas
        for layout in (alarms(replicas=replicas), life(replicas=replicas)):
            await lay(self.connection, layout)
        for name in (WORKERS, SKIPPED, ERASURES):
            await Keys(self.connection, name).lay(replicas)
        for name in (SNAPSHOTS, ERASURES):
            await Bucket(self.connection, name, replicas=replicas).lay()

    async def _look(self, going: asyncio.TaskGroup) -> None:
        """Begin with each partition that is ours to take and that has not begun."""
        while True:
            for (county, number), partitions in (await self._there()).items():
                if self._takes(county, number) and (county, number) not in self.standings:
                    self.standings[county, number] = standing = Standing(county, number)
                    going.create_task(self._work_on(standing, partitions))
                    if number == 0 and partitions > 1:
                        going.create_task(self._step_across(standing, partitions))
            await asyncio.sleep(LOOK_EVERY)

    async def _there(self) -> dict[tuple[str, int], int]:
        """The partitions that there are; none where nobody answers just now: those that we have go on."""
        try:
            return await partitions_of(self.connection)
        except TransientFault as fault:
            log.warning("partitions cannot be looked for", fault=str(fault))
            return {}

    async def _work_on(self, standing: Standing, partitions: int) -> None:
        """One partition for ever; what cannot be used of it costs the others nothing, and is looked at again."""
        while True:
            try:
                one = await self._made(standing, partitions)
            except GatewayFault as fault:
                standing.note(fault)
                await asyncio.sleep(LOOK_EVERY)
            else:
                await self._run(one)

    async def _run(self, one: PartitionWork) -> None:
        """Work on it; what nobody has thought of is told, and it begins anew from its snapshot."""
        try:
            await one.run()
        except Exception as bug:
            log.exception("partition begins anew", **one.named)
            one.standing.note(OurFault(f"{type(bug).__name__}: {bug}; see the worker's log"))
            await asyncio.sleep(LOOK_EVERY)

    async def _step_across(self, standing: Standing, partitions: int) -> None:
        """What concerns all partitions of a county, as long as its first one is ours."""
        county = standing.county
        while True:
            try:
                await lay(self.connection, signs(county, replicas=self.configuration.replicas))
                which = Partition(county, 0, partitions)
                journal = await asyncio.to_thread(StreamJournal, self.connection, which, read_only=True)
            except GatewayFault as fault:
                standing.note(fault)
                await asyncio.sleep(LOOK_EVERY)
            else:
                directory = Path(self.configuration.directory) / f"{token(county)}-across"
                shelf, kept = PolicyShelf(journal, part=across_of), Kept(Snapshots(directory), ALL)
                bucket = Bucket(self.connection, SNAPSHOTS)
                await AcrossWork(self.connection, standing, partitions, journal, shelf, bucket, kept).run()

    async def _say(self) -> None:
        """Tell the others how we stand, and hear how they do."""
        keys = Keys(self.connection, WORKERS)
        while True:
            try:
                await exchange(keys, self.peers, self.standings.values(), self.clock.now(), self._steady())
            except GatewayFault as fault:
                log.warning("other workers are not heard", fault=str(fault))
            await asyncio.sleep(SAY_EVERY)

    async def _live(self) -> None:
        """Let the city know that its counties are judged."""
        living = Living(self.connection, self.peers, self.clock.now)
        while True:
            try:
                await living.say(self.standings.values(), self._steady())
            except GatewayFault as fault:
                log.warning("a sign of life is not given", fault=str(fault))
            await asyncio.sleep(EVERY)

    def _steady(self) -> float:
        return asyncio.get_running_loop().time()

    def _takes(self, county: str, number: int) -> bool:
        wanted = self.configuration.partitions
        return not wanted or any(one.county == county and one.partition in {None, number} for one in wanted)

    async def _made(self, standing: Standing, partitions: int) -> PartitionWork:
        county, number = standing.county, standing.partition
        directory = Path(self.configuration.directory) / f"{token(county)}-{number}"
        which, share = Partition(county, number, partitions), Share(county, number, partitions)
        journal = await asyncio.to_thread(StreamJournal, self.connection, which, read_only=True)
        kept = Kept(Snapshots(directory / FOLDER))
        history = await asyncio.to_thread(DayHistory, directory / "history")
        skips = Skips(Keys(self.connection, SKIPPED), county, number)
        versions = TowerVersions(directory)
        towers = FetchedTowers(
            self.connection, Bucket(self.connection, configurations_bucket(county)), versions, TowerShelf(versions)
        )
        shelf = PolicyShelf(journal, part=share.part, towers=towers)
        engine = PartitionEngine(journal, kept, history, shelf, share, skips.name, {})
        shipping = Shipping(Bucket(self.connection, SNAPSHOTS), county, number)
        plans, offsets = Keys(self.connection, ERASURES), Bucket(self.connection, ERASURES)
        return PartitionWork(
            self.connection, journal, engine, shipping,
            partial(Owned, self.connection, journal.stream, CONSUMER, self.configuration.name), standing, skips,
            Erasures(county, number, journal, plans, offsets, directory, shipping),
            Keeping(journal, shipping, partitions, directory / "history", self.clock.now),
            partial(self._turn, county, number), partial(self._gives, standing),
        )  # fmt: skip

    def _turn(self, county: str, number: int) -> float:
        is_ours = self.peers.meant_for(county, number, self._steady()) == self.configuration.name
        return 0.0 if is_ours else NOT_MEANT

    def _gives(self, standing: Standing) -> bool:
        return self.peers.should_give(standing.county, standing.partition, standing.offset, self._steady())


async def partitions_of(connection: Connection) -> dict[tuple[str, int], int]:
    """The partitions that there are, by county and number, and of how many each is one.

    Raises:
        GatewayFault: as ``Connection.ask``.
    """
    found: dict[tuple[str, int], int] = {}
    seen = 0
    while True:
        said = await connection.ask("STREAM.LIST", {"subject": "journal.>", "offset": seen})
        streams = said.get("streams") or []
        seen += len(streams)
        for one in streams:
            name = _STREAM.fullmatch(one["config"]["name"])
            count = (one["config"].get("metadata") or {}).get(PARTITIONS_KEY, "")
            if name is not None and count.isdigit():
                found[code_of(name["county"]), int(name["partition"])] = int(count)
        if not streams or seen >= int(said.get("total", 0)):
            return found
