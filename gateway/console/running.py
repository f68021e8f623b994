"""The console as a process: where it listens, by which certificate, and what it is made from."""

from __future__ import annotations

import asyncio
import socket
import ssl
from pathlib import Path
from typing import TYPE_CHECKING

import structlog

from gateway.console.app import application
from gateway.console.base_map import brought
from gateway.console.desk import Desk
from gateway.console.server import serve
from gateway.errors import UserFault
from gateway.settings.console import is_loopback
from gateway.settings.contacts import beside
from gateway.settings.files import DirectoryFiles
from gateway.settings.load import known_credentials
from gateway.settings.values import address_of
from gateway.words.phrases import phrase

if TYPE_CHECKING:
    from gateway.clock import Clock
    from gateway.settings.model import Configuration
    from gateway.settings.windows import Console

log = structlog.get_logger()


async def run(
    configuration: Configuration, config: Path, clock: Clock, listen: str = "", *, drill: bool = False
) -> None:
    """Serve a county's desk until SIGTERM or SIGINT.

    Args:
        configuration: as it stands in the files.
        config: those files: their directory, or the main file.
        clock: of the daemon.
        listen: ``host:port``; empty: as configured.
        drill: nothing of it is real: every page says so.

    Raises:
        UserFault: the address, the certificate or what lies beside the configuration cannot be used.
    """
    window = configuration.console
    host, port = address(window, listen)
    secured = context(window)
    desk = Desk.of(configuration, clock, contacts=beside(config, configuration))
    desk.drill, desk.city_key = drill, city_key(configuration, config)
    if window.base_map is not None:
        desk.base_map = brought(Path(window.base_map[0]), window.base_map[1], configuration.county.maps)
    # What cannot be used is said before anybody comes.
    await desk.books.ask(lambda _: None)
    await asyncio.to_thread(desk.entrance.passwords.prepare)
    with listening(host, port) as door:
        log.info("the duty desk is open", url=url_of(host, door, secured))
        await serve(application(desk), door, secured)


def city_key(configuration: Configuration, config: Path) -> str:
    """The key by which the city signs what it asks; empty: it may not ask.

    Raises:
        UserFault: there is none in the credentials, or they are not for this account to read.
    """
    city = configuration.console.city
    if city is None:
        return ""
    known = known_credentials(DirectoryFiles(config, secrets=True)).get(city.credential)
    if known is None or not known.sign_key:
        raise UserFault(phrase("city_key_missing", name=city.credential))
    return known.sign_key


def url_of(host: str, door: socket.socket, secured: ssl.SSLContext | None) -> str:
    """Where the pages are."""
    where = f"[{host}]" if ":" in host else host
    return f"http{'s' if secured else ''}://{where}:{door.getsockname()[1]}/"


def address(window: Console, listen: str) -> tuple[str, int]:
    """Host and port; beyond this machine with a certificate alone.

    Raises:
        UserFault: it is no address, or open to others without one.
    """
    found = address_of(listen) if listen else window.listen
    if found is None:
        raise UserFault(phrase("console_listen", value=listen))
    if not window.certificate and not is_loopback(found[0]):
        raise UserFault(phrase("console_tls", where=listen or ":".join(map(str, found))))
    return found


def context(window: Console) -> ssl.SSLContext | None:
    """TLS 1.2 and later with the county's certificate; None: there is none.

    Raises:
        UserFault: the files cannot be used.
    """
    if not window.certificate:
        return None
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        # A key with a password would ask for it on a terminal that nobody sees.
        made.load_cert_chain(window.certificate, window.key, password="")
    except (OSError, ssl.SSLError) as fault:
        files = {"certificate": window.certificate, "key": window.key}
        raise UserFault(phrase("console_certificate", **files, cause=fault)) from fault
    return made


def listening(host: str, port: int) -> socket.socket:
    """A socket that listens.

    Raises:
        UserFault: somebody else does there, or the address is not this machine's.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=256)
    except OSError as fault:
        raise UserFault(phrase("console_taken", where=f"{host}:{port}", cause=fault)) from fault
