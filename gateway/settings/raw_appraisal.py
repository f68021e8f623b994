"""The score table of offices, as it is written."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from gateway.settings.durations import Duration, within


class WeightsEntry(BaseModel):
    """How much each measure of work counts; 0: not at all. A number of alarms, or of people located, is none."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    acknowledged: int = Field(default=40, ge=0, le=100, description="Alarms acknowledged in time.")
    closed: int = Field(default=30, ge=0, le=100, description="Alarms closed in time.")
    contacted: int = Field(default=20, ge=0, le=100, description="Somebody was called or seen before a finding.")
    early: int = Field(default=10, ge=0, le=100, description="Bracelets lifted early, of all that ended or went on.")


class AppraisalEntry(BaseModel):
    """How the work of offices is scored, and what the monthly report calls in time."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    acknowledge: Annotated[Duration, within("1min", "1d")] = Field(
        default=900.0, description="An alarm acknowledged within so long is in time."
    )
    close: Annotated[Duration, within("10min", "30d")] = Field(
        default=86_400.0, description="An alarm closed within so long is in time."
    )
    weights: WeightsEntry = Field(default=WeightsEntry(), description="Of the score.")
