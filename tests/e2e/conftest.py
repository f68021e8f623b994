"""The daemon, its broker and the platform's end as real processes and sockets on loopback."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from gateway_process import Gateway
from platform_end import PlatformEnd
from pressed_county import write_county

from gateway.demo.broker import LocalBroker, free_port

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


@pytest.fixture
def make_gateway(tmp_path: Path) -> Iterator[Callable[..., Gateway]]:
    """A started daemon of a fresh county; none survives the test. ``more``: a line of its configuration."""
    made: list[Gateway] = []

    def make(devices: int = 3, mqtt: int | None = None, clock: str = "", more: str = "", **environment: str) -> Gateway:
        county = write_county(tmp_path / f"county{len(made)}", free_port(), devices, mqtt)
        with (county.directory / "gateway.yaml").open("a", encoding="utf-8") as configuration:
            configuration.write(f"{more}\n")
        made.append(Gateway(county, clock, environment))
        made[-1].start()
        return made[-1]

    yield make
    for gateway in made:
        gateway.finish()


@pytest.fixture(scope="module")
def gateway_of() -> Iterator[Callable[..., Gateway]]:
    """A started daemon in a given directory, shared by the tests of a file."""
    made: list[Gateway] = []

    def make(directory: Path, devices: int, udp: int | None = None) -> Gateway:
        made.append(Gateway(write_county(directory, free_port(), devices, udp=udp)))
        made[-1].start()
        return made[-1]

    yield make
    for gateway in made:
        gateway.finish()


@pytest.fixture
def gateway(make_gateway: Callable[..., Gateway]) -> Gateway:
    """A daemon with three bracelets that writes its alarms to a file."""
    return make_gateway()


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[LocalBroker]:
    """A broker whose sessions outlast its restart."""
    one = LocalBroker(tmp_path / "broker")
    one.start()
    yield one
    one.stop()


@pytest.fixture
def platform(broker: LocalBroker) -> Iterator[PlatformEnd]:
    """The receiver of alarms."""
    end = PlatformEnd(broker.port)
    yield end
    end.close()
