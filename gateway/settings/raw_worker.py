"""What may stand in ``worker.yaml``: which partitions a worker takes, from which streams."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from gateway.settings.raw_upstreams import TlsEntry
from gateway.settings.values import Identifier, NatsUrl, Text

_WRITTEN = ConfigDict(extra="forbid", frozen=True, strict=True)


class WorkerEntry(BaseModel):
    """Which worker it is."""

    model_config = _WRITTEN

    name: Identifier = Field(description="Each its own: by this the streams know who has a partition.")
    language: Literal["zh", "en"] = Field(default="zh", description="Language of messages.")


class StreamEntry(BaseModel):
    """Where the streams are."""

    model_config = _WRITTEN

    nats: NatsUrl = Field(description="nats://host:port or tls://host:port; several of a cluster with commas.")
    credential: Text | None = Field(default=None, description="Entry of credentials.yaml: username and password.")
    tls: TlsEntry | None = Field(default=None, description="Certificates of tls, if not public ones.")
    replicas: Literal[1, 3, 5] = Field(
        default=1, description="Of what is made where it is missing: 3 in a cluster of three servers."
    )
    domain: Identifier | None = Field(default=None, description="JetStream domain; left out: that of the server.")


class WorkerStorageEntry(BaseModel):
    """Where a worker keeps what it could make anew."""

    model_config = _WRITTEN

    directory: Text = Field(description="For snapshots and history; relative to this file's directory.")


class WorkerFile(BaseModel):
    """worker.yaml."""

    model_config = _WRITTEN

    worker: WorkerEntry
    stream: StreamEntry
    storage: WorkerStorageEntry
    partitions: list[Text] = Field(
        default=[], description="CODE/K, a county's partition from 0, or CODE, all of them; left out: of all counties."
    )
