"""The bracelet that proves the way of alarms, as it is written."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from gateway.settings.durations import Duration, within
from gateway.settings.times import ClockTime
from gateway.settings.values import Text

_STRICT = ConfigDict(extra="forbid", frozen=True, strict=True)


class DrillEntry(BaseModel):
    """When a test alarm rings the people on duty, and how."""

    model_config = _STRICT

    day: int = Field(ge=1, le=28, description="Of the month, local; where it is put off, the next day at that hour.")
    at: ClockTime = Field(description='In quotes: "10:00"; it begins within two hours from then.')
    like: Text = Field(default="sos", description="The kind of alarm whose notify, escalate_after and to it goes by.")
    wait: Annotated[Duration, within("5min", "4h")] = Field(
        default=1800.0, description="Until then answers are waited for; it is over before where all have answered."
    )


class CanaryEntry(BaseModel):
    """A bracelet that nobody wears, and how often a test alarm of it goes the whole way."""

    model_config = _STRICT

    device: Text = Field(description="A device that nobody wears, in the office's drawer, on its charger.")
    every: Annotated[Duration, within("1min", "1d")] = Field(
        default=300.0, description="Between two test alarms. One that takes three times as long is told as a fault."
    )
    drill: DrillEntry | None = Field(
        default=None, description="Once a month one of them rings. Left out: only when a leader begins one."
    )
