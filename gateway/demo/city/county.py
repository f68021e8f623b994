"""A county of the city: its files, its processes, what it says of itself, and the truth about its people."""

from __future__ import annotations

import asyncio
import secrets
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from gateway.clock import FollowedClock
from gateway.control.client import ask
from gateway.control.messages import Request
from gateway.demo.broker import free_port
from gateway.demo.city.servers import Leaf, keep_secrets
from gateway.demo.programs import command
from gateway.demo.tally import Expected, read_expected
from gateway.errors import OurFault, TransientFault
from gateway.forward.progress import read
from gateway.journal import FileJournal
from gateway.settings.model import Credential
from gateway.words.phrases import phrase

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

EPOCH: Final = "2026-11-02T10:00:00+08:00"
FOREVER: Final = 86_400
"""Real seconds that bracelets stay when their day is over."""


@dataclass(slots=True)
class County:
    """One county.

    Attributes:
        code: by which the city knows it.
        directory: all of it.
        bracelets: how many.
        speed: simulated seconds a real one, at most.
        partitions: streams that its journal is split into.
        nodes: ports that its leaf dials.
    """

    code: str
    directory: Path
    bracelets: int
    speed: float
    partitions: int
    nodes: Sequence[int]
    leaf: Leaf = field(init=False)
    clock: FollowedClock = field(init=False)
    status: dict[str, Any] | None = None
    """What its gateway said last; None: it does not answer."""
    _port: int = field(default_factory=free_port)
    _expected: list[Expected] = field(default_factory=list)

    def __post_init__(self) -> None:
        known = Credential(self.code, secrets.token_hex(), secrets.token_hex())
        self.leaf = Leaf(f"leaf-{self.code}", self.directory / "leaf", self.nodes, known)

    @property
    def storage(self) -> Path:
        """Of its gateway."""
        return self.directory / "state"

    @property
    def files(self) -> Path:
        """Its configuration."""
        return self.directory / "county"

    @property
    def seed(self) -> int:
        """Each county has people of its own."""
        return int.from_bytes(self.code.encode(), "big") % 10_000

    async def write(self) -> None:
        """Have the simulator write its configuration; its clock stands until the bracelets come.

        Raises:
            OurFault: it cannot.
        """
        self.directory.mkdir(parents=True)
        words = [
            "county", *self._story(), "--code", self.code, "--nats", self.leaf.url, "--storage", str(self.storage),
            "--partitions", str(self.partitions), str(self.files),
        ]  # fmt: skip
        process = await asyncio.create_subprocess_exec(
            *command("bracelet-sim", words), stdout=asyncio.subprocess.DEVNULL
        )
        if await process.wait():
            raise OurFault(phrase("demo_county"))
        keep_secrets(self.files, self.leaf.credential)
        epoch = datetime.fromisoformat(EPOCH).timestamp()
        self.clock = FollowedClock.begin(self.directory / "clock", epoch, self.speed)

    def gateway_line(self) -> list[str]:
        """Its daemon."""
        return command("bracelet-gateway", ["run", "--config", str(self.files), "--clock", self.clock.name])

    def forward_line(self) -> list[str]:
        """Its journal's way to the city."""
        return command("bracelet-gateway", ["forward", "--config", str(self.files)])

    def bracelets_line(self) -> list[str]:
        """Its bracelets, all in one process."""
        words = [
            "run", *self._story(), "--clock-file", str(self.directory / "clock"), "--speed", str(self.speed),
            "--linger", str(FOREVER), "--truth", str(self._truth),
        ]  # fmt: skip
        return command("bracelet-sim", words)

    async def look(self) -> None:
        """Ask its gateway how it is."""
        self.status = await asyncio.to_thread(self._ask)

    @property
    def entries(self) -> int:
        """Entries of its journal, as far as it said so last."""
        return int((self.status or {}).get("applied_offset") or 0)

    @property
    def journaled(self) -> int:
        """Entries of its journal, as they are on its disk."""
        return FileJournal(self.storage / "journal", read_only=True).next_offset

    @property
    def forwarded(self) -> int:
        """Entries of its journal that the city has."""
        return read(self.storage).offset

    @property
    def has_begun(self) -> bool:
        """Whether its bracelets have come."""
        return self._truth.exists()

    def expected(self) -> list[Expected]:
        """Alarms that the truth is worth, of the whole day; none before its bracelets have come."""
        if not self._expected and self.has_begun:
            self._expected = read_expected(self._truth)
        return self._expected

    def _story(self) -> list[str]:
        return [
            "--story", "busy", "--devices", str(self.bracelets), "--days", "1", "--epoch", EPOCH,
            "--seed", str(self.seed), "--port", str(self._port),
        ]  # fmt: skip

    def _ask(self) -> dict[str, Any] | None:
        if not self.storage.is_dir():
            return None
        try:
            return ask(self.storage, Request("status")).data
        except TransientFault:
            return None

    @property
    def _truth(self) -> Path:
        return self.directory / "truth.jsonl"
