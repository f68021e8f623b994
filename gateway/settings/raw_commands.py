"""Orders to devices, and what the gateway orders by itself, as they are written."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from gateway.settings.durations import Duration, within
from gateway.settings.values import Boolean


class _Written(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class CloserEntry(_Written):
    """Bracelets that report seldom are told to report more often while it is not clear whether a rule is broken."""

    usual: Annotated[Duration, within("30s", "1d")] = Field(
        description="Between reports else: put back afterwards, unless an officer has set another interval."
    )
    every: Annotated[Duration, within("10s", "10min")] = Field(
        default=60.0, description="Between reports then; shorter than usual, in whole seconds."
    )
    lasting: Annotated[Duration, within("2min", "2h")] = Field(
        default=1200.0, description="How long they last; several times every."
    )
    most_a_day: int = Field(default=6, ge=1, le=48, description="How often one bracelet is asked in any 24 hours.")
    battery: int = Field(default=30, ge=0, le=100, description="Percent of charge below which it is not asked.")
    on: Boolean = Field(default=True, description="false: nobody is asked.")


class CommandsEntry(_Written):
    """How patient the gateway is with devices that have been given an order; what it orders by itself."""

    answer_timeout: Annotated[Duration, within("0.1s", "10min")] = Field(
        default=10.0, description="T: first wait for an answer; repeats follow after T, 2T, 6T, 24T."
    )
    repeats: int = Field(default=3, ge=0, le=5, description="How often an unanswered order is sent again.")
    completion: Annotated[Duration, within("1s", "1h")] = Field(
        default=120.0, description="From the device's taking an order to its answer, for example a position."
    )
    closer: CloserEntry | None = Field(
        default=None, description="Closer reports while evidence leans; left out: nobody is asked."
    )
