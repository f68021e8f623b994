"""The journal's way to the city, as it is written."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from gateway.settings.raw_upstreams import TlsEntry
from gateway.settings.values import Boolean, Identifier, NatsUrl, Text


class ForwardEntry(BaseModel):
    """The journal goes to the city, entry by entry, for its workers to judge by: with every report and place."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    nats: NatsUrl = Field(
        description="nats://host:port or tls://host:port: a NATS server with JetStream, as a leaf node.",
        examples=["nats://127.0.0.1:4222"],
    )  # fmt: skip
    domain: Identifier | None = Field(
        default=None, description="JetStream domain of the streams (the city's, at a leaf node); its own if left out."
    )
    credential: Text | None = Field(default=None, description="Entry of credentials.yaml.")
    tls: TlsEntry | None = Field(default=None, description="Certificates of tls.")
    basis: Text = Field(description="The document by which the city may have the reports of this county.")
    partitions: int = Field(
        default=1, ge=1, le=64, description="Streams that the journal is split into; as the city has them."
    )
    per_second: int = Field(
        default=20_000, ge=100, le=1_000_000, description="Most entries a second when many have waited."
    )
    hold: Boolean = Field(
        default=True, description="What has not been forwarded stays beyond keep_days; false: it goes, unforwarded."
    )
