"""The log server, as it is written."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from gateway.settings.raw_upstreams import TlsEntry
from gateway.settings.values import Text


class SyslogEntry(BaseModel):
    """A server that collects logs, told by syslog (RFC 5424): never a name or a place."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    address: Text = Field(
        description="tls://host:port (6514); on this machine tcp:// (601) and udp:// (514), too; udp may lose some.",
        examples=["tls://log.example:6514"],
    )  # fmt: skip
    tls: TlsEntry | None = Field(default=None, description="Certificates of tls.")
    send: list[Literal["audit", "alarms", "faults"]] = Field(
        default=["audit", "alarms", "faults"], min_length=1,
        description="What it is told: acts, orders and changes; alarms; what does not work.",
    )  # fmt: skip
    enterprise: int = Field(
        default=32473, ge=1, le=4_294_967_295,
        description="Private enterprise number (IANA) behind names of structured data; 32473 is for examples.",
    )  # fmt: skip
