"""When a rule holds, as it is written: hours, nights, and the days that are off."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, model_validator

from gateway.settings.durations import Duration, within
from gateway.settings.model import DaySet
from gateway.settings.times import ClockTime, Days, EndTime, LocalDate, SomeDays
from gateway.settings.values import Identifier, Lines, Text


class _Written(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, use_enum_values=False)


class HoursEntry(_Written):
    """Some hours of the day: on days of the week, on the calendar's, or as iCalendar has it."""

    start: ClockTime | None = Field(
        default=None, alias="from", description="As in a curfew; of recurs, DTSTART says it."
    )
    until: EndTime = Field(description="As in a curfew.")
    days: Days | None = Field(default=None, description="As in a curfew.")
    recurs: Lines | None = Field(
        default=None,
        description="DTSTART, RRULE and EXDATE of iCalendar (RFC 5545), in local time, blanks between; daily at most.",
        examples=["DTSTART:20260105T220000 RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=MO EXDATE:20260216"],
    )


class CurfewEntry(_Written):
    """Be in a zone every night, or day: from and until, or several hours."""

    zone: Identifier = Field(description="home, or a zone.")
    start: ClockTime | None = Field(default=None, alias="from", description='In quotes: "22:00".')
    until: EndTime | None = Field(
        default=None, description="Earlier than from: the next day; 24:00: the end of the day."
    )
    days: Days | None = Field(
        default=None,
        description="Days on which it starts; daily if left out. workdays and weekend go by holidays.",
    )
    hours: list[HoursEntry] = Field(
        default=[], max_length=48, description="Instead of from, until and days: several of them."
    )
    grace: Annotated[Duration, within("0s", "12h")] = Field(default=0.0, description="Lateness that is let pass.")

    @property
    def by_calendar(self) -> bool:
        """Whether it goes by a calendar of holidays."""
        return any(isinstance(days, DaySet) for days in (self.days, *(each.days for each in self.hours)))


class RepeatedPlaceEntry(_Written):
    """The same place other than home, night after night; the place need not be drawn."""

    nights: int = Field(ge=2, examples=[3], description="So many nights at one place,")
    of: int = Field(ge=2, le=60, examples=[5], description="of the last so many.")


class NightsOutEntry(_Written):
    """Out by night (22:00-06:00) and at home by day (08:00-18:00), against what is usual of the wearer."""

    nights: int = Field(ge=3, le=14, examples=[4], description="On so many days,")
    of: int = Field(ge=3, le=14, examples=[7], description="of the last so many; the 28 before tell what is usual.")


class NoMotionEntry(_Written):
    """The bracelet is not moved at all while it is worn."""

    hours: int = Field(
        ge=8, le=168, examples=[14], description="Waking hours (08:00-22:00) without any movement, nights left out."
    )


class ChargeEntry(_Written):
    """The bracelet is to be charged once in the 24 hours before a time of each day, as agreed."""

    by: ClockTime = Field(description='In quotes: "22:00".')
    least: int = Field(ge=20, le=100, examples=[80], description="Percent that it has to reach.")


class HolidayEntry(_Written):
    """Days off and make-up workdays. The year's that are published come along; a date alone is a day off."""

    name: Text | None = Field(default=None, description="What it is called.")
    year: int | None = Field(
        default=None, ge=2000, le=2199, examples=[2027],
        description="This is all of a year, as published: nothing else is used of it.",
    )  # fmt: skip
    document: Text | None = Field(default=None, description="The notice; needed with year.")
    off: list[SomeDays] = Field(default=[], description="Days off, or breaks from their first to their last day.")
    work: list[LocalDate] = Field(default=[], description="Days that are worked on all the same.")

    @model_validator(mode="before")
    @classmethod
    def _of_a_date(cls, value: object) -> object:
        return {"off": [TypeAdapter(SomeDays).validate_python(value)]} if isinstance(value, str) else value
