"""The city's nats-servers: three nodes of one cluster, and a leaf a county; all on loopback."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from gateway.demo.broker import free_port

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

NODES: Final = 3
DOMAIN: Final = "city"


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

    def text(self, nodes: tuple[Node, ...]) -> str:
        """Its configuration. What two of three nodes have is acknowledged, so none waits for its disk."""
        routes = ", ".join(f'"nats://127.0.0.1:{one.cluster}"' for one in nodes)
        return (
            f"server_name: {self.name}\nlisten: 127.0.0.1:{self.port}\n"
            f'jetstream {{ domain: {DOMAIN}, store_dir: "{self.directory / "store"}" }}\n'
            f"cluster {{ name: {DOMAIN}, listen: 127.0.0.1:{self.cluster}, routes: [{routes}] }}\n"
            f"leafnodes {{ listen: 127.0.0.1:{self.leaves} }}\n"
        )


@dataclass(frozen=True, slots=True)
class Leaf:
    """A county's way to the city; it keeps nothing."""

    name: str
    directory: Path
    nodes: Sequence[int]
    """Ports that stand for the nodes, for leaves."""
    port: int = field(default_factory=free_port)

    @property
    def url(self) -> str:
        """For the county's own programs."""
        return f"nats://127.0.0.1:{self.port}"

    def text(self, _: tuple[Node, ...]) -> str:
        """Its configuration: it goes to any node that is there."""
        urls = ", ".join(f'"nats-leaf://127.0.0.1:{port}"' for port in self.nodes)
        return (
            f"server_name: {self.name}\nlisten: 127.0.0.1:{self.port}\n"
            f'leafnodes {{ reconnect: "1s", remotes: [ {{ urls: [{urls}] }} ] }}\n'
        )


def cluster(directory: Path) -> tuple[Node, ...]:
    """The nodes of a new city."""
    return tuple(Node(f"n{number + 1}", directory / f"n{number + 1}") for number in range(NODES))


def written(server: Node | Leaf, nodes: tuple[Node, ...]) -> Path:
    """Write a server's configuration; returns the file."""
    server.directory.mkdir(parents=True, exist_ok=True)
    path = server.directory / "server.conf"
    path.write_text(server.text(nodes), "utf-8")
    return path
