"""A city's desk as a process: where it listens, and what it is made from."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import structlog

from gateway.city.app import city_application
from gateway.city.desk import CityDesk
from gateway.console.running import address, context, listening, url_of
from gateway.console.server import serve
from gateway.settings.city import city_file

if TYPE_CHECKING:
    from pathlib import Path

    from gateway.clock import Clock
    from gateway.settings.city import CityConfiguration

log = structlog.get_logger()


async def run(configuration: CityConfiguration, config: Path, clock: Clock, listen: str = "") -> None:
    """Serve a city's desk until SIGTERM or SIGINT.

    Args:
        configuration: as it stands in the file.
        config: that file, or its directory.
        clock: by which messages are received.
        listen: ``host:port``; empty: as configured.

    Raises:
        UserFault: the address or the certificate cannot be used.
    """
    window = configuration.console
    host, port = address(window, listen)
    secured = context(window)
    desk = CityDesk.of(configuration, clock, city_file(config).parent)
    # What cannot be used is said before anybody comes.
    await desk.books.ask(lambda _: None)
    await desk.store.heard()
    await asyncio.to_thread(desk.entrance.passwords.prepare)
    with listening(host, port) as door:
        log.info("the city's desk is open", url=url_of(host, door, secured))
        await serve(city_application(desk), door, secured)
