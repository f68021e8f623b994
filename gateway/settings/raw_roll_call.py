"""Roll calls, as they are written."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from gateway.settings.times import ClockTime


class _Written(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class QuietEntry(_Written):
    """Hours of each day; the same time twice: none."""

    start: ClockTime = Field(default=22 * 60, alias="from", description='In quotes: "22:00".')
    until: ClockTime = Field(default=7 * 60, description='In quotes: "07:00".')


class RollCallEntry(_Written):
    """How often, and when, many people may be asked together where they are."""

    per_day: int = Field(default=3, ge=1, le=48, description="Roll calls of one person on one day at most.")
    quiet: QuietEntry = Field(default=QuietEntry(), description="Hours in which nobody is asked, unless a leader asks.")
    share: int = Field(
        default=20,
        ge=1,
        le=99,
        description="Percent of a random share that the form offers; of the whole county a larger one takes a second"
        " person, as a roll call of all does.",
    )
