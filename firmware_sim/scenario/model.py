"""What a scenario file may say. Every number has a default, so that a file states only what it is about."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from firmware_sim.firmware.uploads import Upload
from firmware_sim.people.tricks import NUISANCES, TRICKS

Share = Annotated[float, Field(ge=0.0, le=1.0)]
Positive = Annotated[float, Field(gt=0.0)]
NotNegative = Annotated[float, Field(ge=0.0)]
Link = Literal["tcp", "udp"]
Format = Literal["jt808-2011", "jt808-2013", "jt808-2019", "gt06"]


class Strict(BaseModel):
    """No key that nobody knows, nothing changed afterwards."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class County(Strict):
    """The synthetic county. ``border``: a GeoJSON file of a real one beside the scenario, WGS-84.

    ``closer_s``: seconds between reports that its gateway asks for while evidence leans; 0: it asks nobody.
    """

    towns: Annotated[int, Field(ge=0, le=12)] = 4
    border: str = ""
    closer_s: Annotated[int, Field(ge=0, le=600)] = 0


class People(Strict):
    """Who wears the bracelets. ``holidays``: days, counted from 0, on which nobody works.

    ``phones``: share of those whose phone is located by its carrier each half hour, too. ``protected``: the last one is
    no wearer, but whom all others are to keep away from. ``charging``: everybody has agreed to
    charge each day. ``appointments``: everybody is to be at the office each second afternoon. ``near_m``: metres before
    the border that are said. ``authority_days``: after so many days every second wearer's authority is over; 0: none
    is. ``nights_out``, ``no_motion``: rules about these habits bind everybody. ``strip``: one inside the border is
    barred for everybody.
    """

    curfew: Share = 0.6
    barred: Share = 0.3
    home_radius_m: Annotated[float, Field(ge=30.0, le=2000.0)] = 100.0
    holidays: tuple[Annotated[int, Field(ge=0)], ...] = ()
    live_at_border: Share = 0.0
    live_beside_cafe: Share = 0.0
    phones: Share = 0.0
    protected: bool = False
    charging: bool = False
    appointments: bool = False
    near_m: Annotated[int, Field(ge=0, le=10_000)] = 0
    authority_days: Annotated[int, Field(ge=0, le=80)] = 0
    nights_out: bool = False
    no_motion: bool = False
    strip: bool = False


class Trick(Strict):
    """Something people do: ``per_month`` by everybody it can concern, or ``times`` by each of so many ``people``."""

    kind: str
    per_month: NotNegative = 0.0
    people: Annotated[int, Field(ge=0)] = 0
    times: Annotated[int, Field(ge=1)] = 1
    from_day: Annotated[int, Field(ge=0)] = 0

    @model_validator(mode="after")
    def _known(self) -> Trick:
        if self.kind not in TRICKS:
            raise ValueError(f"no trick {self.kind!r}; there are {', '.join(TRICKS)}")
        if bool(self.people) == bool(self.per_month):
            raise ValueError("write either per_month: a rate, or people: how many do it (with times: how often each)")
        return self


class HandOver(Strict):
    """So many bracelets pass to another wearer on a day at noon, with ``stored_hours`` not yet sent."""

    bracelets: Annotated[int, Field(ge=1)]
    day: Annotated[int, Field(ge=0)] = 1
    stored_hours: NotNegative = 2.0


class Radio(Strict):
    """Factors on what the scenes do: the size of GNSS errors, how long fixes are missing; share of lost neighbours."""

    error: Positive = 1.0
    outage: NotNegative = 1.0
    neighbours_missing: Share = 0.1
    neighbours_wrong: Share = 0.01


class Firmware(Strict):
    """The bracelets. Intervals in seconds; ``formats``, ``links``, ``uploads`` as shares.

    ``senses_motion``: those of JT/T 808 say in waking hours that they are shaken, while they are worn.
    ``memory``: reports kept without a link; ``uploads``: in which order they are sent once there is one. ``links`` and
    ``registers_always`` (on every connection) show over real links only.
    """

    moving_s: Annotated[int, Field(ge=1, le=3600)] = 60
    resting_s: Annotated[int, Field(ge=1, le=3600)] = 300
    breach_s: Annotated[int, Field(ge=1, le=3600)] = 15
    memory: Annotated[int, Field(ge=1)] = 5000
    formats: dict[Format, NotNegative] = {"jt808-2013": 2.0, "jt808-2019": 1.0}
    clock_drift_ppm: NotNegative = 0.0
    wrong_clock: Share = 0.0
    wrong_length: Share = 0.0
    registers_always: bool = False
    senses_motion: bool = False
    links: dict[Link, NotNegative] = {"tcp": 1.0}
    uploads: dict[Upload, NotNegative] = {Upload.BACKLOG_FIRST: 1.0}

    @model_validator(mode="after")
    def _some(self) -> Firmware:
        for name, shares in (("formats", self.formats), ("links", self.links), ("uploads", self.uploads)):
            if not sum(shares.values()):
                raise ValueError(f"{name}: at least one share above 0")
        return self


class Outage(Strict):
    """A carrier's outage for a ``share`` of the bracelets; afterwards all come back at once."""

    day: Annotated[int, Field(ge=0)]
    hour: Annotated[float, Field(ge=0.0, lt=24.0)]
    minutes: Positive
    share: Share = 1.0


class Network(Strict):
    """Between bracelet and gateway. ``duplicate``, ``reorder``: shares of reports sent twice, or overtaken.

    ``splits``: over real links, the share of writes that arrive in pieces, cut at any byte.
    """

    delay_s: NotNegative = 1.0
    jitter_s: NotNegative = 1.0
    duplicate: Share = 0.0
    reorder: Share = 0.0
    splits: Share = 0.0
    outages: tuple[Outage, ...] = ()


class Scenario(Strict):
    """A whole scenario."""

    why: Annotated[str, Field(min_length=10)]
    seed: Annotated[int, Field(ge=0)] = 1
    days: Annotated[int, Field(ge=1, le=400)] = 7
    devices: Annotated[int, Field(ge=1, le=20_000)] = 20
    county: County = County()
    people: People = People()
    tricks: tuple[Trick, ...] = ()
    nuisances: dict[str, NotNegative] = {}
    hand_over: HandOver | None = None
    radio: Radio = Radio()
    firmware: Firmware = Firmware()
    network: Network = Network()

    def uploading(self, upload: Upload) -> Scenario:
        """The same, all bracelets sending what they had stored in one way."""
        return self.model_copy(update={"firmware": self.firmware.model_copy(update={"uploads": {upload: 1.0}})})

    @model_validator(mode="after")
    def _nuisances_known(self) -> Scenario:
        for name in self.nuisances:
            if name not in NUISANCES:
                raise ValueError(f"no nuisance {name!r}; there are {', '.join(NUISANCES)}")
        if self.hand_over is not None and self.hand_over.bracelets > self.devices:
            raise ValueError(f"hand_over: {self.hand_over.bracelets} bracelets of {self.devices} devices")
        return self
