"""Where alarms go, and by which secrets: a part of the model."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class UpstreamKind(StrEnum):
    """Where alarms go."""

    MQTT = "mqtt"
    WEBHOOK = "webhook"
    FILE = "file"
    NATS = "nats"


@dataclass(frozen=True, slots=True)
class Credential:
    """Secrets of one upstream: never logged, never journaled, never in ``sources``.

    ``act_key`` is that of officers' acts from there, ``sign_key`` that of what is sent there.
    """

    username: str = ""
    password: str = field(default="", repr=False)
    act_key: str = field(default="", repr=False)
    sign_key: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Delivery:
    """How patient an upstream is with its receiver. Waits are real seconds.

    Attributes:
        connect_wait: until a connection is given up; ``publish_wait``: until a message without an answer is.
        fence_wait: until our own message has come back, else we connect again.
        repeat_wait: without a repetition, until the broker is taken to have repeated all it had to.
        tries: refusals of one message before it is set aside.
        mqtt_version: 3 (MQTT 3.1.1) or 5, whose brokers give the reason of a refusal.
        per_second: most messages in a second, once more than a window waits.
        heartbeat: seconds between two signs of life.
    """

    connect_wait: float = 10.0
    publish_wait: float = 60.0
    fence_wait: float = 45.0
    repeat_wait: float = 35.0
    tries: int = 5
    mqtt_version: int = 3
    per_second: float = 200.0
    heartbeat: float = 20.0


@dataclass(frozen=True, slots=True)
class Tls:
    """How both ends know each other: files in PEM, absolute.

    Attributes:
        authorities_file: certificates that vouch for the other end; empty: the system's.
        certificate_file, key_file: ours with its chain, and its key; empty: we show none.
    """

    authorities_file: str = ""
    certificate_file: str = ""
    key_file: str = ""


@dataclass(frozen=True, slots=True)
class Telemetry:
    """What goes to a platform beside alarms, and on which basis.

    Attributes:
        basis: the document by which it may.
        every: seconds between two looks at what has changed.
        positions: last places; ``presence``: where somebody has to be, and whether he is.
        minors: those of minors, too.
    """

    basis: str
    every: float = 60.0
    positions: bool = False
    presence: bool = False
    minors: bool = False


@dataclass(frozen=True, slots=True)
class Forward:
    """Where the journal goes, entry by entry.

    Attributes:
        url: ``nats://`` or ``tls://``; several servers of one cluster with commas between them.
        basis: the document by which it may.
        partitions: streams that it is split into.
        domain: of JetStream; empty: the server's.
        per_second: most entries in a second, once many have waited.
        hold: what has not been forwarded stays beyond its time.
    """

    url: str
    credential: Credential
    basis: str
    partitions: int = 1
    domain: str = ""
    tls: Tls = Tls()
    per_second: float = 20_000.0
    hold: bool = True


@dataclass(frozen=True, slots=True)
class Upstream:
    """One receiver of alarms.

    ``url`` for mqtt (mqtt:// or mqtts://), nats (nats:// or tls://) and webhook (https://), a path for file.
    """

    name: str
    kind: UpstreamKind
    url: str
    credential: Credential
    accept_acts: bool = False
    severities: tuple[str, ...] = ()
    """Empty: all."""
    delivery: Delivery = Delivery()
    act_seconds: float = 600.0
    """For so long after its time an act from there is taken."""
    tls: Tls = Tls()
    telemetry: Telemetry | None = None
    """None: alarms alone."""
    domain: str = ""
    """JetStream domain in which a NATS server finds the streams; empty: its own."""
