"""nats-servers of a city and its counties, by the configurations that the commands write."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING

from stream_server import StreamServer, program

from gateway.cli.stream_servers import Asked, leaf_of, make_streams, node_of
from gateway.demo.broker import free_port
from gateway.demo.lifeline import lifeline
from gateway.settings.city import CITY, load_city
from gateway.settings.model import Credential

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from gateway.settings.city import CityConfiguration
    from gateway.settings.model import Configuration

KEY = "0123456789abcdef0123456789abcdef"
PARTITIONS, BRACELETS = 2, 20


@dataclass
class ConfiguredServer(StreamServer):
    """A server by a configuration as it is written."""

    text: str = ""

    def launch(self) -> int:
        self.directory.mkdir(parents=True, exist_ok=True)
        configuration = self.directory / "server.conf"
        configuration.write_text(self.text, "utf-8")
        with self.log.open("ab") as log:
            begin = log.tell()
            self._process = subprocess.Popen(
                [program(), "-c", str(configuration)], stdout=log, stderr=log, start_new_session=True,
                preexec_fn=lifeline(),  # noqa: PLW1509  the hook takes no lock
            )  # fmt: skip
        return begin


def city_of(directory: Path, port: int, counties: Sequence[str], more: str = "") -> CityConfiguration:
    """A city's files, whose counties are all read in streams."""
    directory.mkdir(exist_ok=True)
    lines = [
        f'  - {{code: "{one}", name: 县{one}, nats: "nats://127.0.0.1:{port}", domain: city, credential: city}}'
        for one in counties
    ]  # fmt: skip
    (directory / CITY).write_text("\n".join([
        'city: {code: "4502", name: 示例市}', "storage: {directory: state, alarm_days: 1095}",
        f"staff: [{{number: C01, roles: [leader]}}]{more}", "counties:", *lines, "",
    ]), "utf-8")  # fmt: skip
    secrets = "".join(f'"{one}": {{username: "{one}", password: "{password_of(one)}"}}\n' for one in counties)
    (directory / "credentials.yaml").write_text(
        f"city: {{username: city, password: city's, act_key: {KEY}}}\n{secrets}", "utf-8"
    )
    (directory / "credentials.yaml").chmod(0o600)
    return load_city(directory)


def password_of(county: str) -> str:
    """One that has to be quoted."""
    return f"of/{county}@:'1"


def started(directory: Path, counties: Sequence[str], more: str = "") -> tuple[ConfiguredServer, CityConfiguration]:
    """A city's node, running, with its streams made."""
    node = ConfiguredServer(directory / "node")
    city = city_of(directory / "city", node.port, counties, more)
    asked = Asked(
        "n1", directory / "node" / "store", f"127.0.0.1:{node.port}", f"127.0.0.1:{node.leaf_port}", "", (), None,
        None, None, PARTITIONS,
    )  # fmt: skip
    node.text = node_of(city, directory / "city", asked)
    node.start()
    make_streams(city, PARTITIONS, 1, BRACELETS)
    return node, city


def leaf_at(directory: Path, county: Configuration, files: Path, node: StreamServer) -> ConfiguredServer:
    """A county's leaf, not running yet; ``files``: those of the county, with its entry ``leaf`` of the credentials."""
    port = free_port()
    text = leaf_of(county, files, "leaf", [f"127.0.0.1:{node.leaf_port}"], f"127.0.0.1:{port}", None)
    return ConfiguredServer(directory, text=text, port=port)


def known_as(county: str) -> Credential:
    """How its leaf and the city know a county."""
    return Credential(county, password_of(county), KEY)
