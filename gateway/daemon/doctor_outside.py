"""What ``doctor`` asks others: whether brokers answer, take the login, and for how long their certificates hold."""

from __future__ import annotations

import asyncio
import os
import socket
import ssl
import time
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

import aiomqtt

from gateway.mqtt.connection import PORTS
from gateway.settings.model import UpstreamKind
from gateway.words.phrases import phrase

if TYPE_CHECKING:
    from collections.abc import Iterator
    from urllib.parse import SplitResult

    from gateway.settings.model import Configuration, Credential
    from gateway.words.texts import Text

PATIENCE: Final = 5.0
"""Seconds for a broker's answer."""
SOON: Final = 30
"""Days: a certificate that ends sooner is a note."""
DAY: Final = 86400.0


def brokers(configuration: Configuration) -> Iterator[tuple[str, Text]]:
    """A grade and a sentence a broker, and one a certificate; by a session of our own, which meets nobody else's."""
    for name, url, credential in _addresses(configuration):
        there = urlsplit(url)
        facts = {"name": name, "where": f"{there.hostname}:{_port(there)}"}
        cause = asyncio.run(_refused(there, credential))
        yield ("fault", phrase("doctor_broker_lost", **facts, cause=cause)) if cause else (
            "well", phrase("doctor_broker", **facts)
        )  # fmt: skip
        if not cause and there.scheme == "mqtts":
            days = int((_certificate_end(there) - time.time()) / DAY)
            yield ("note", phrase("doctor_certificate_ends", **facts, days=days)) if days < SOON else (
                "well", phrase("doctor_certificate", **facts, days=days)
            )  # fmt: skip


def _addresses(configuration: Configuration) -> Iterator[tuple[str, str, Credential]]:
    for upstream in configuration.upstreams:
        if upstream.kind is UpstreamKind.MQTT:
            yield upstream.name, upstream.url, upstream.credential
    for listener in configuration.listeners:
        if listener.broker is not None:
            yield listener.name, listener.broker.url, listener.broker.credential


def _port(there: SplitResult) -> int:
    return there.port or PORTS.get(there.scheme, 1883)


async def _refused(there: SplitResult, credential: Credential) -> str:
    """Why a broker does not let us in; empty: it does."""
    client = aiomqtt.Client(
        there.hostname or "127.0.0.1",
        _port(there),
        identifier=f"bracelet-doctor-{os.getpid()}",
        username=credential.username or None,
        password=credential.password or None,
        tls_context=ssl.create_default_context() if there.scheme == "mqtts" else None,
        timeout=PATIENCE,
    )
    try:
        async with client:
            return ""
    except (aiomqtt.MqttError, OSError) as fault:
        cause = fault.__cause__ or fault
        return getattr(cause, "strerror", None) or str(cause)


def _certificate_end(there: SplitResult) -> float:
    """When a broker's certificate ends, UTC epoch seconds.

    Raises:
        OSError: it cannot be asked.
    """
    context, host = ssl.create_default_context(), there.hostname or "127.0.0.1"
    with (
        socket.create_connection((host, _port(there)), PATIENCE) as plain,
        context.wrap_socket(plain, server_hostname=host) as line,
    ):
        found = line.getpeercert() or {}
    return float(ssl.cert_time_to_seconds(str(found["notAfter"])))
