"""A profile as its file writes it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from protocols.jt808.habits import Habits
from protocols.jt808.items import Item
from protocols.jt808.readers import FlagName

Bit = Annotated[int, Field(ge=0, le=31)]
Bits = dict[Bit, FlagName]


class ProfileText(BaseModel):
    """A profile as its file writes it. Flags are added to the standard's, so no standard alarm is ever hidden."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    name: str
    extends: str = "standard"
    """The profile it stands on: what is not written here is as there."""
    authentication: Literal["optional", "required"] = "optional"
    identity: Literal["bcd", "imei14"] = "bcd"
    time: Literal["auto", "utc", "fixed"] = "auto"
    """Whose time the clock shows: found out, UTC, or that of ``zone_hours``; the wire prescribes GMT+8."""
    zone_hours: float = Field(default=8.0, ge=-12, le=14)
    alarm_bits: Bits = Field(default_factory=dict)
    alarm_bits_2019: Bits = Field(default_factory=dict)
    cleared_by_answer: frozenset[Bit] = frozenset()
    """Alarm bits that the terminal takes back once it has been answered; the others last as long as the condition."""
    cleared_by_answer_2019: frozenset[Bit] = frozenset()
    """The same of the edition of 2019, beside ``cleared_by_answer``."""
    cleared_by_answer_2013: frozenset[Bit] = frozenset()
    """The same of the editions before."""
    habits: Habits = Habits()
    """How terminals of the model want to be spoken to."""
    status_bits: Bits = Field(default_factory=dict)
    status_bits_2019: Bits = Field(default_factory=dict)
    items: tuple[Item, ...] = ()
    bodies: tuple[Item, ...] = ()
    """Readers of whole messages that tell of the device alone (a heartbeat's battery); ``id`` is the message's."""

    @property
    def zone_seconds(self) -> float | None:
        """Seconds ahead of UTC that the clock shows; None: it is found out."""
        return {"auto": None, "utc": 0.0, "fixed": self.zone_hours * 3600.0}[self.time]

    def standing_on(self, parent: ProfileText) -> ProfileText:
        """This profile with everything it does not write taken from its parent."""
        written = {name: getattr(self, name) for name in self.model_fields_set}
        return parent.model_copy(update=written)
