"""The bracelet that proves the way of alarms, as it is written."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from gateway.settings.durations import Duration, within
from gateway.settings.values import Text


class CanaryEntry(BaseModel):
    """A bracelet that nobody wears, and how often a test alarm of it goes the whole way."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    device: Text = Field(description="A device that nobody wears, in the office's drawer, on its charger.")
    every: Annotated[Duration, within("1min", "1d")] = Field(
        default=300.0, description="Between two test alarms. One that takes three times as long is told as a fault."
    )
