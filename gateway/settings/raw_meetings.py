"""Rules between people, and people who are protected, as they are written."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from gateway.settings.durations import Duration
from gateway.settings.durations import within as lasts
from gateway.settings.times import LocalDate, Moment
from gateway.settings.values import Identifier, Text


class _Written(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class NotTogetherEntry(_Written):
    """People who are not to keep company, by their bracelets; how far off both places may be is granted."""

    within: int = Field(ge=20, le=1000, examples=[100], description="Metres: nearer is near.")
    lasting: Annotated[Duration, lasts("0s", "12h")] = Field(
        default=900.0, description="How long they have to be near each other."
    )


class KeepAwayEntry(_Written):
    """To keep away from a protected person, wherever that one is; both places and their ages are granted."""

    protected: Identifier = Field(description="One of protected.")
    within: int = Field(ge=100, le=10_000, examples=[500], description="Metres that are barred around that person.")
    buffer: int = Field(
        default=500,
        ge=0,
        le=10_000,
        description="Metres beyond them: told already; who comes fast, before.",
    )


class AppointmentEntry(_Written):
    """To be somewhere once, at any time in some hours; what nobody knows of is never counted as missed."""

    person: Identifier = Field(description="One of people.")
    zone: Identifier = Field(description="One of zones.")
    start: Moment = Field(alias="from", description="Beginning.")
    until: Moment = Field(description="End.")
    document: Text = Field(description="Which document, or who, asks for it.")
    grace: Annotated[Duration, lasts("0s", "12h")] = Field(default=900.0, description="Lateness that is let pass.")


class ProtectedEntry(_Written):
    """Somebody who has agreed to be located so that others keep away; nobody is shown where that one is."""

    id: Identifier = Field(description="An opaque id, no name, and none of people.")
    office: Text = Field(description="Whose staff are told of the device's own troubles.")
    device: Identifier = Field(description="One of devices: a tag, or a phone that its carrier locates.")
    consent: Text = Field(description="Number of the written consent.")
    start: LocalDate = Field(alias="from", description="First day.")
    until: LocalDate = Field(description="Last day.")
