"""Certificates of a listener as they are written."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from gateway.settings.values import Text


class ListenerTlsEntry(BaseModel):
    """TLS of a tcp listener, or of an mqtt listener's broker (mqtts): 1.2 or later.

    Renewed files are taken at the next handshake, without a restart.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, use_enum_values=False)

    certificate: Text | None = Field(
        default=None, description="Our certificate and its chain; PEM. Of mqtts: where the broker asks for one."
    )
    key: Text | None = Field(default=None, description="Its private key, without a pass phrase; PEM.")
    ca_file: Text | None = Field(
        default=None,
        description="Then only devices with a certificate of these authorities get in; PEM. Of mqtts: these vouch for "
        "the broker, if not public ones.",
    )
    psk: Text | None = Field(
        default=None, description="Refused, with what to do instead: this version takes certificates alone."
    )
