"""What ``doctor`` asks others: whether brokers take the login, platforms answer, and how long certificates hold."""

from __future__ import annotations

import asyncio
import math
import os
import socket
import ssl
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

import aiomqtt

from gateway.errors import GatewayFault, TransientFault
from gateway.mqtt.connection import PORTS
from gateway.settings.model import UpstreamKind
from gateway.text import text_of
from gateway.tls import client_context, server_context
from gateway.upstream.syslog_line import PORTS as SYSLOG_PORTS
from gateway.words.phrases import phrase

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from urllib.parse import SplitResult

    from gateway.settings.model import Configuration, Credential, Forward, Tls, Upstream
    from gateway.words.texts import Text

PATIENCE: Final = 5.0
"""Seconds for a broker's answer."""
SOON: Final = 30
"""Days: a certificate that ends sooner is a note."""
DAY: Final = 86400.0
SECURE: Final = ("mqtts", "https", "tls")
_PORTS: Final = {**PORTS, **SYSLOG_PORTS, "http": 80, "https": 443}


def brokers(configuration: Configuration) -> Iterator[tuple[str, Text]]:
    """A grade and a sentence a broker, and one a certificate; by a session of our own, which meets nobody else's."""
    for name, url, credential, tls in _addresses(configuration):
        there = urlsplit(url)
        facts = {"name": name, "where": f"{there.hostname}:{_port(there)}"}
        cause = asyncio.run(_refused(there, credential, tls))
        yield ("fault", phrase("doctor_broker_lost", **facts, cause=cause)) if cause else (
            "well", phrase("doctor_broker", **facts)
        )  # fmt: skip
        if not cause and there.scheme == "mqtts":
            yield _certificate(facts, _certificate_end(there, tls))


def streams(configuration: Configuration) -> Iterator[tuple[str, Text]]:
    """The same of NATS servers: reached, and let in."""
    ways: dict[str, Upstream | Forward] = {
        one.name: one for one in configuration.upstreams if one.kind is UpstreamKind.NATS
    }
    if configuration.forward is not None:
        ways["forward"] = configuration.forward
    for name, way in ways.items():
        facts = {"name": name, "where": way.url.replace("nats://", "").replace("tls://", "")}
        cause = asyncio.run(_kept_out(way))
        yield ("fault", phrase("doctor_broker_lost", **facts, cause=cause)) if cause else (
            "well", phrase("doctor_broker", **facts)
        )  # fmt: skip


async def _kept_out(way: Upstream | Forward) -> Text | None:
    """Why a NATS server does not let us in; None: it does."""
    from gateway.stream.connection import Connection  # noqa: PLC0415  few counties have one, and it loads long

    tls = way.tls if way.url.startswith("tls://") else None
    try:
        async with Connection(way.url, way.credential, tls, way.domain, name="doctor"):
            return None
    except GatewayFault as fault:
        return text_of(fault)


def platforms(configuration: Configuration) -> Iterator[tuple[str, Text]]:
    """The same of platforms that are posted to: reached, and known by their certificates; nothing is posted."""
    for upstream in configuration.upstreams:
        if upstream.kind is not UpstreamKind.WEBHOOK:
            continue
        there = urlsplit(upstream.url)
        facts = {"name": upstream.name, "where": f"{there.hostname}:{_port(there)}"}
        yield from _reached(facts, there, upstream.tls, "doctor_platform")


def _reached(facts: Mapping[str, str], there: SplitResult, tls: Tls, well: str) -> Iterator[tuple[str, Text]]:
    """Whether a server is there and is who it should be, and how long its certificate holds."""
    try:
        end = _certificate_end(there, tls)
    except (OSError, TransientFault) as fault:
        cause = getattr(fault, "strerror", None) or str(fault)
        yield "fault", phrase("doctor_broker_lost", **facts, cause=cause)
    else:
        yield "well", phrase(well, **facts)
        if math.isfinite(end):
            yield _certificate(facts, end)


def log_servers(configuration: Configuration) -> Iterator[tuple[str, Text]]:
    """The same of the log server; of one by datagrams nothing can be known."""
    if (syslog := configuration.syslog) is None:
        return
    there = urlsplit(syslog.address)
    facts = {"name": "syslog", "where": f"{there.hostname}:{_port(there)}"}
    if there.scheme == "udp":
        yield "note", phrase("doctor_syslog_blind", **facts)
        return
    yield from _reached(facts, there, syslog.tls, "doctor_syslog")


def listeners(configuration: Configuration) -> Iterator[tuple[str, Text]]:
    """For how long our own certificates hold that devices are shown; a faulty one devices would not take."""
    for listener in configuration.listeners:
        if listener.tls is None:
            continue
        facts = {"name": listener.name, "where": listener.tls.certificate_file}
        try:
            end = _own_end(listener.tls)
        except (OSError, TransientFault) as fault:
            yield "fault", phrase("doctor_certificate_lost", **facts, cause=getattr(fault, "verify_message", fault))
        else:
            yield _certificate(facts, end)


def _own_end(tls: Tls) -> float:
    """When our certificate ends, UTC epoch seconds: by a handshake with ourselves, in memory.

    Raises:
        ssl.SSLError: who trusts this very certificate would not take it: it has ended, or is for something else.
        TransientFault: the files cannot be used.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    serving = server_context(tls)
    serving.verify_mode = ssl.CERT_NONE
    context.check_hostname = False
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    context.load_verify_locations(tls.certificate_file)
    there, back = ssl.MemoryBIO(), ssl.MemoryBIO()
    ends = (context.wrap_bio(back, there), serving.wrap_bio(there, back, server_side=True))
    while True:
        for each in ends:
            with suppress(ssl.SSLWantReadError):
                each.do_handshake()
        if shown := _shown(ends[0]):
            return ssl.cert_time_to_seconds(str(shown["notAfter"]))


def _shown(device: ssl.SSLObject) -> dict[str, Any] | None:
    """The certificate that was shown; None before the handshake is over."""
    try:
        return device.getpeercert()
    except ValueError:
        return None


def _certificate(facts: Mapping[str, str], end: float) -> tuple[str, Text]:
    days = int((end - time.time()) / DAY)
    if days < SOON:
        return "note", phrase("doctor_certificate_ends", **facts, days=days)
    return "well", phrase("doctor_certificate", **facts, days=days)


def _addresses(configuration: Configuration) -> Iterator[tuple[str, str, Credential, Tls]]:
    for upstream in configuration.upstreams:
        if upstream.kind is UpstreamKind.MQTT:
            yield upstream.name, upstream.url, upstream.credential, upstream.tls
    for listener in configuration.listeners:
        if listener.broker is not None:
            yield listener.name, listener.broker.url, listener.broker.credential, listener.broker.tls


def _port(there: SplitResult) -> int:
    return there.port or _PORTS[there.scheme]


async def _refused(there: SplitResult, credential: Credential, tls: Tls) -> str:
    """Why a broker does not let us in; empty: it does."""
    try:
        client = aiomqtt.Client(
            there.hostname or "127.0.0.1",
            _port(there),
            identifier=f"bracelet-doctor-{os.getpid()}",
            username=credential.username or None,
            password=credential.password or None,
            tls_context=client_context(tls) if there.scheme == "mqtts" else None,
            timeout=PATIENCE,
        )
        async with client:
            return ""
    except (aiomqtt.MqttError, OSError, TransientFault) as fault:
        cause = fault.__cause__ or fault if isinstance(fault, aiomqtt.MqttError) else fault
        return getattr(cause, "strerror", None) or str(cause)


def _certificate_end(there: SplitResult, tls: Tls) -> float:
    """When the other end's certificate ends, UTC epoch seconds; infinity: it needs none, and is there.

    Raises:
        OSError: it cannot be asked, or is not who it should be.
        TransientFault: our own files cannot be used.
    """
    host = there.hostname or "127.0.0.1"
    with socket.create_connection((host, _port(there)), PATIENCE) as plain:
        if there.scheme not in SECURE:
            return math.inf
        with client_context(tls).wrap_socket(plain, server_hostname=host) as line:
            found = line.getpeercert() or {}
    return float(ssl.cert_time_to_seconds(str(found["notAfter"])))
