"""The city's nats-servers: three nodes of one cluster, and a leaf a county; all on loopback.

Their configurations are those that ``streams node`` and ``streams leaf`` write: each county is let do its own alone.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from gateway.demo.broker import free_port
from gateway.private import replacing
from gateway.settings.model import Tls
from gateway.stream import servers

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from gateway.settings.model import Credential

NODES: Final = 3
DOMAIN: Final = servers.DOMAIN
ENTRY: Final = "city"
"""Of credentials.yaml: what counties and workers name where they name the city's streams."""


@dataclass(frozen=True, slots=True)
class LetIn:
    """Whom the nodes let in.

    Attributes:
        city: the city's own programs, which may do everything.
        counties: passwords by county's code.
        partitions: of a county's journal.
    """

    city: Credential
    counties: Mapping[str, str] = field(repr=False)
    partitions: int


@dataclass(frozen=True, slots=True)
class Node:
    """A node of the cluster, and its ports: for clients, leaves and other nodes."""

    name: str
    directory: Path
    port: int = field(default_factory=free_port)
    leaves: int = field(default_factory=free_port)
    cluster: int = field(default_factory=free_port)

    @property
    def url(self) -> str:
        """For clients."""
        return f"nats://127.0.0.1:{self.port}"

    def text(self, nodes: Sequence[Node], let_in: LetIn) -> str:
        """Its configuration."""
        return servers.node_text(servers.Node(
            self.name, f"127.0.0.1:{self.port}", f"127.0.0.1:{self.leaves}", str(self.directory / "store"),
            {let_in.city.username: let_in.city.password}, let_in.counties, Tls(), f"127.0.0.1:{self.cluster}",
            [f"127.0.0.1:{one.cluster}" for one in nodes], let_in.partitions, DOMAIN,
        ))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Leaf:
    """A county's way to the city; it keeps nothing. ``credential``: by which the city knows the county."""

    name: str
    directory: Path
    nodes: Sequence[int]
    """Ports that stand for the nodes, for leaves."""
    credential: Credential
    port: int = field(default_factory=free_port)

    @property
    def url(self) -> str:
        """For the county's own programs."""
        return f"nats://127.0.0.1:{self.port}"

    def text(self) -> str:
        """Its configuration: it goes to any node that is there."""
        return servers.leaf_text(
            self.credential.username, self.credential.password, [f"127.0.0.1:{port}" for port in self.nodes],
            f"127.0.0.1:{self.port}",
        )  # fmt: skip


def cluster(directory: Path) -> tuple[Node, ...]:
    """The nodes of a new city."""
    return tuple(Node(f"n{number + 1}", directory / f"n{number + 1}") for number in range(NODES))


def written(server: Node | Leaf, text: str) -> Path:
    """Write a server's configuration, which holds passwords; returns the file."""
    server.directory.mkdir(parents=True, exist_ok=True)
    path = server.directory / "server.conf"
    with replacing(path) as out:
        out.write(text.encode())
    return path


def keep_secrets(directory: Path, known: Credential) -> None:
    """Write the credentials of a program that is let in."""
    said = {"username": known.username, "password": known.password, "act_key": known.act_key}
    with replacing(directory / "credentials.yaml") as out:
        out.write(json.dumps({ENTRY: said}).encode())
