"""Receivers of alarms and their secrets as they are written."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from gateway.kinds import Severity
from gateway.settings.durations import Duration, within
from gateway.settings.values import Boolean, BrokerUrl, Identifier, NatsUrl, Secret, SerialPath, Text, WebhookUrl


class _Written(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, use_enum_values=False)


class TlsEntry(_Written):
    """Certificates of a connection by TLS; renewed files are taken at the next connection, without a restart."""

    ca_file: Text | None = Field(
        default=None, description="Certificates that vouch for the other end, if not public ones; PEM."
    )
    certificate: Text | None = Field(
        default=None, description="Our certificate and its chain, where the other end asks for one; PEM."
    )
    key: Text | None = Field(default=None, description="Its private key, without a pass phrase; PEM.")


class TelemetryEntry(_Written):
    """What goes to a platform beside alarms: of those alone who may be located at that moment."""

    basis: Text = Field(description="The document by which this platform may have it.")
    every: Annotated[Duration, within("10s", "1d")] = Field(
        default=60.0, description="What has changed is sent so often; what it is meanwhile is not kept."
    )
    positions: Boolean = Field(default=False, description="Last places, WGS-84, with their radius and age.")
    presence: Boolean = Field(default=False, description="Where somebody has to be now, and whether he is there.")
    minors: Boolean = Field(default=False, description="Those of minors, too.")


class UpstreamEntry(_Written):
    """A receiver of alarms: exactly one of mqtt, webhook, nats, file, sms."""

    name: Text = Field(description="For logs and counters; each its own.")
    mqtt: BrokerUrl | None = Field(default=None, description="mqtt://host:port or mqtts://host:port.")
    webhook: WebhookUrl | None = Field(
        default=None, description="https://host/path, to which each message is posted, signed.",
        examples=["https://platform.example/alarms"],
    )  # fmt: skip
    nats: NatsUrl | None = Field(
        default=None, description="nats://host:port or tls://host:port: a NATS server with JetStream, as a leaf node."
    )
    domain: Identifier | None = Field(
        default=None, description="JetStream domain of the streams (the city's, at a leaf node); its own if left out."
    )
    file: Text | None = Field(default=None, description="JSON lines are appended to this file.")
    sms: SerialPath | None = Field(
        default=None, description="Serial device of a modem: short for notices with this modem and severity."
    )
    credential: Text | None = Field(default=None, description="Entry of credentials.yaml.")
    tls: TlsEntry | None = Field(default=None, description="Certificates of mqtts, https and tls.")
    accept_acts: Boolean = Field(
        default=False, description="Officers may acknowledge and close from there; mqtt and nats."
    )
    acts_within: Annotated[Duration, within("1min", "1d")] = Field(
        default=600.0, description="For so long after its time an act from there is taken."
    )
    severity: list[Severity] = Field(default=[], description="Only these; all if left out.")
    telemetry: TelemetryEntry | None = Field(
        default=None, description="What goes there beside alarms; nothing if left out. mqtt, webhook, nats."
    )
    heartbeat: Annotated[Duration, within("5s", "30s")] = Field(
        default=20.0, description="A sign of life goes there so often, however quiet it is; mqtt, webhook, nats."
    )
    per_second: int = Field(
        default=200, ge=1, le=10_000, description="Most messages a second when many have waited; mqtt, webhook, nats."
    )
    mqtt_version: Literal[3, 5] = Field(default=3, description="3: MQTT 3.1.1. 5: the broker says why it refuses.")
    connect_wait: Annotated[Duration, within("1s", "5min")] = Field(
        default=10.0, description="A connection that takes longer is given up and tried again."
    )
    publish_wait: Annotated[Duration, within("1s", "1h")] = Field(
        default=60.0, description="Who acknowledges nothing for so long is connected to again."
    )
    fence_wait: Annotated[Duration, within("1s", "1h")] = Field(
        default=45.0, description="After a reconnect: until our own message has come back; else we connect again. mqtt."
    )
    repeat_wait: Annotated[Duration, within("1s", "1h")] = Field(
        default=35.0, description="Longer than the broker takes to repeat what was not acknowledged (NATS: 30s)."
    )
    tries: int = Field(default=5, ge=1, le=1000, description="Refusals of one message before it is set aside.")


class CredentialEntry(_Written):
    """Secrets of one upstream, in credentials.yaml."""

    username: Text | None = Field(
        default=None, description="For the broker or NATS, or the platform's web server (Basic)."
    )
    password: Text | None = Field(default=None, description="The same.")
    act_key: Secret | None = Field(default=None, description="Key that authenticates officers' acts from there.")
    sign_key: Secret | None = Field(default=None, description="Key that signs what is posted to a webhook.")
