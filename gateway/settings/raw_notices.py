"""The section of short messages as it is written."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from gateway.kinds import Severity
from gateway.settings.values import SerialPath, ServerUrl, Text


class HttpEntry(BaseModel):
    """An HTTP gateway for short messages: a request with {number} and {text} in it."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    url: ServerUrl = Field(
        description="https://host/path; {number}, {text}, {username} and {password} are put in, quoted.",
        examples=["https://sms.example/send"],
    )
    method: Literal["GET", "POST"] = Field(default="POST", description="Of the request.")
    headers: dict[str, Text] = Field(
        default={},
        description="By name. With Content-Type application/json or application/x-www-form-urlencoded the body's values"
        " are quoted for it.",
    )
    body: Text | None = Field(
        default=None, description="The same fields are put in.", examples=['{"to": "{number}", "text": "{text}"}']
    )
    accepts: list[int] = Field(default=[200], min_length=1, description="Statuses of an answer that has taken it.")
    accepts_text: Text | None = Field(default=None, description="What has to stand in that answer besides.")


class NoticesEntry(BaseModel):
    """By what staff and wearers are told by SMS: exactly one of modem, http. Their numbers stand in the contacts."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    modem: SerialPath | None = Field(default=None, description="Serial device of a modem.", examples=["/dev/ttyUSB2"])
    baud: int = Field(default=115_200, ge=1200, le=4_000_000, description="Bits a second of that line.")
    http: HttpEntry | None = Field(default=None, description="An HTTP gateway; it brings no answers and no reports.")
    severity: list[Severity] = Field(default=[], description="Of these alone staff are told; all if left out.")
    credential: Text | None = Field(default=None, description="Entry of credentials.yaml, for {username}, {password}.")
