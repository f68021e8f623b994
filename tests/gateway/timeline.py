"""A small hand-made county and timelines of reports through ``step``: no sockets, no threads, no waiting.

Places are metres east and north of the county's centre. P0001 lives at (0, 0), may not leave a square of 20 km, is
barred from a cafe at (3000, 0) and has a curfew of 22:00-08:00; P0002 lives at (-4000, 0) and has the square alone.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import msgspec
import numpy as np
from shapely import Polygon

from fencing.plane import LocalPlane
from firmware_sim.firmware.messages import Alarm, Location, batch_body, location_body
from firmware_sim.firmware.wire import Edition, build_frame
from gateway.engine.policy import Policy, compile_policy
from gateway.engine.reports import assemble
from gateway.engine.state import EngineState
from gateway.engine.step import Stepped, run_reports, step
from gateway.journal.controls import Act, ClockStep, Configured, Start, Stop
from gateway.journal.entries import EntryBatch, EntryKind, Gathering, Origin
from gateway.kinds import KINDS
from gateway.settings.absences import Leave
from gateway.settings.alarm_policy import AlarmPolicy
from gateway.settings.model import (
    Area,
    Assignment,
    Authority,
    AuthorityKind,
    Circle,
    Configuration,
    County,
    Credential,
    CurfewRule,
    Device,
    Ground,
    Home,
    HourRule,
    Listener,
    Person,
    RepeatedPlaceRule,
    Rule,
    Storage,
    Upstream,
    UpstreamKind,
    ZoneDefinition,
)  # fmt: skip
from gateway.upstream.cloudevents import event_of
from protocols.report import Source, blank

if TYPE_CHECKING:
    from gateway.engine.presence import Interval

CENTRE = (24.33, 109.41)
PLANE = LocalPlane(*CENTRE)
MIDNIGHT = datetime(2026, 11, 1, 16, tzinfo=UTC).timestamp()
"""2026-11-02 00:00 in Asia/Shanghai, day 0 of every timeline."""
DAY, HOUR, MINUTE = 86400.0, 3600.0, 60.0
FOREVER = float("inf")
HOME, CAFE, AWAY, ABROAD = (0.0, 0.0), (3000.0, 0.0), (1500.0, 1500.0), (14000.0, 0.0)
SQUARE = 10_000.0
NIGHTS = CurfewRule("home", (HourRule(22 * 60, 8 * 60, tuple(range(7))),), 900.0)
QUIET = Alarm(0)
PHONES = {"B0001": "013900000001", "B0002": "013900000002"}
"""Devices of the county."""
MORE_PHONES = {"T0001": "013900000099"} | {f"B{n:04d}": f"0139000{n:05d}" for n in range(3, 31)}
"""Of others, which a story adds to it."""


def nights(start_minute: int = 22 * 60, until_minute: int = 8 * 60) -> CurfewRule:
    """The curfew at home in other hours."""
    return replace(NIGHTS, hours=(HourRule(start_minute, until_minute, tuple(range(7))),))


def at(day: int, hour: float) -> float:
    """UTC epoch seconds of a local hour of a day; hours past 24 are the next day's."""
    return MIDNIGHT + day * DAY + hour * HOUR


def degrees(place: tuple[float, float]) -> tuple[float, float]:
    """Latitude and longitude of metres east and north of the centre."""
    latitude, longitude = PLANE.inverse(np.array(place[0]), np.array(place[1]))
    return float(latitude), float(longitude)


def authority(person: str, start: float = at(-30, 0), until: float = at(55, 0)) -> Authority:
    return Authority(
        person, AuthorityKind.BRACELET, Ground.PROHIBITION_ORDER_BREACH, "2026-12", "head A", at(-31, 0), start, until
    )


def leave(start: float, until: float) -> Leave:
    return Leave("P0001", "", start, until, "office B")


def person(name: str, home: tuple[float, float]) -> Person:
    return Person(name, "strict", "SFS-01", minor=False, home=Home(*degrees(home), 80.0))


def zones() -> dict[str, ZoneDefinition]:
    corners = [(-SQUARE, -SQUARE), (SQUARE, -SQUARE), (SQUARE, SQUARE), (-SQUARE, SQUARE)]
    square = Polygon([degrees(corner)[::-1] for corner in corners])
    cafe = Circle("cafe 3", *degrees(CAFE), 60.0)
    return {
        "square": ZoneDefinition("square", "the county", (Area("county", square),)),
        "cafes": ZoneDefinition("cafes", "cafes", (cafe,)),
    }


RULES = {
    "stay": Rule("stay", ("P0001", "P0002"), "order 1", stay_inside="square"),
    "cafes": Rule("cafes", ("P0001",), "order 2", keep_out="cafes"),
    "nights": Rule("nights", ("P0001",), "order 3", curfew=NIGHTS, repeated_place=RepeatedPlaceRule(3, 5)),
}


def alarm_policies(silence: float = FOREVER, *, lasting: bool = False) -> dict[str, AlarmPolicy]:
    """Every kind with its default severity; nobody is silent unless ``silence`` says after how many seconds.

    ``lasting``: who is never placed, or whose clock is wrong, is missed after the usual time; else never.
    """
    never = (FOREVER, FOREVER, FOREVER)
    policies = {
        name: AlarmPolicy(
            kind.severity,
            after_seconds=kind.after_seconds,
            by_level=kind.by_level and (kind.by_level if lasting else never),
        )
        for name, kind in KINDS.items()
    }
    # Told at once, wherever the wearer was: what is mild at first has tests of its own.
    return policies | {"comms_lost": AlarmPolicy("serious", after_seconds=silence, at_home_seconds=silence)}


def county(**changes: object) -> Configuration:
    """The county, some of its parts replaced. B0001 is worn by P0001 and B0002 by P0002, without end."""
    base = Configuration(
        county=County("demo", "Asia/Shanghai", "en", None, CENTRE),
        listeners=(Listener("bracelets", "jt808", "g10ls", "127.0.0.1", 0),),
        storage=Storage("data", 180),
        upstreams=(Upstream("city", UpstreamKind.FILE, "alarms.jsonl", Credential()),),
        people={"P0001": person("P0001", HOME), "P0002": person("P0002", (-4000.0, 0.0))},
        devices={key: Device(key, "jt808", phone.lstrip("0"), "g10ls") for key, phone in PHONES.items()},
        assignments=(
            Assignment("B0001", "P0001", at(-30, 0), FOREVER),
            Assignment("B0002", "P0002", at(-30, 0), FOREVER),
        ),
        authorities=(authority("P0001"), authority("P0002")),
        zones=zones(),
        rules=tuple(RULES.values()),
        leave=(),
        alarms=alarm_policies(),
        duty=(),
        sources={},
        digest="d1",
    )
    return replace(base, **changes)  # type: ignore[arg-type]


def record(
    time: float, place: tuple[float, float] | None, battery: int = 80, alarm: Alarm = QUIET, speed_kmh: float = 0.0
) -> bytes:
    """Body of one 0200; ``place`` None: no fix."""
    latitude, longitude = degrees(place) if place else (0.0, 0.0)
    located = place is not None
    satellites = 9 if located else 0
    return location_body(
        Location(time, alarm, located, latitude, longitude, speed_kmh, 0.0, satellites, 20, battery, 0.0, ())
    )


@dataclass
class Timeline:
    """Entries in order of receipt, then their outcomes."""

    policy: Policy
    state: EngineState = field(default_factory=EngineState)
    waiting: Gathering = field(default_factory=Gathering)
    events: list[dict] = field(default_factory=list)
    acts: dict[str, str] = field(default_factory=dict)
    presence: list[Interval] = field(default_factory=list)
    serial: int = 0
    profile: str = "g10ls"
    shelf: dict[str, Policy] = field(default_factory=dict)
    stepped: list[EntryBatch] = field(default_factory=list)

    @classmethod
    def of(cls, start: float | None = at(0, 12), **changes: object) -> Timeline:
        """A timeline of a county, configured and listening from ``start`` on."""
        told = cls(compile_policy(county(**changes)))
        if start is not None:
            told.start(start)
        return told

    def control(self, kind: EntryKind, time: float, payload: object = None) -> None:
        body = b"" if payload is None else msgspec.json.encode(payload)
        self.waiting.add(kind, time, Origin(), body)

    def start(self, time: float) -> None:
        self.control(EntryKind.START, time, Start("test"))
        self.control(EntryKind.CONFIGURATION, time, Configured(self.policy.configuration.digest))

    def reconfigure(self, time: float, **changes: object) -> None:
        """Another configuration from ``time`` on; what waits is stepped under the last one first."""
        self.run() if len(self.waiting) else None
        self.policy = compile_policy(county(**changes))
        self.control(EntryKind.CONFIGURATION, time, Configured(self.policy.configuration.digest))

    def stop(self, time: float) -> None:
        self.control(EntryKind.STOP, time, Stop())

    def tick(self, time: float) -> None:
        self.control(EntryKind.TICK, time)

    def set_clock(self, old: float, new: float) -> None:
        """The wall clock is set: what would be ``old`` is ``new``."""
        self.control(EntryKind.CLOCK, new, ClockStep(old, new))

    def close(self, alarm: str, time: float, outcome: str = "confirmed", note: str = "visited") -> None:
        self.act(time, "close", alarm, outcome=outcome, note=note, verified_by="visit")

    def act(
        self, time: float, do: str, alarm: str, name: str = "", by: str = "officer 7", **more: str | float
    ) -> None:  # fmt: skip
        said = {"id": name or f"act {time} {do}", "do": do, "alarm": alarm, "by": by, **more}
        self.control(EntryKind.ACT, time, msgspec.convert(said, Act))

    def frame(
        self, message: int, body: bytes, received: float, device: str = "B0001", *, sound: bool = True
    ) -> None:  # fmt: skip
        self.serial = (self.serial + 1) % 65536
        raw = build_frame(message, PHONES.get(device) or MORE_PHONES[device], self.serial, body, Edition.Y2013)
        origin = Origin(device, "bracelets", "peer", "jt808", self.profile, checksum_ok=sound)
        self.waiting.add(EntryKind.FRAME, received, origin, raw)

    def report(
        self, time: float, place: tuple[float, float] | None = HOME, *, battery: int = 80, alarm: Alarm = QUIET,
        received: float | None = None, device: str = "B0001",
    ) -> None:  # fmt: skip
        """One 0200, received when it was made unless said otherwise."""
        self.frame(0x0200, record(time, place, battery, alarm), time if received is None else received, device)

    def damaged(self, time: float, alarm: Alarm) -> None:
        """One 0200 from home with a wrong checksum."""
        self.frame(0x0200, record(time, HOME, 80, alarm), time, sound=False)

    def located(
        self, time: float, place: tuple[float, float], received: float, radius: float = 500, device: str = "F0001"
    ) -> None:  # fmt: skip
        """A carrier's answer: where a phone was."""
        latitude, longitude = degrees(place)
        local = datetime.fromtimestamp(time, UTC) + timedelta(hours=8)
        raw = (
            f'<pos><msid>13800000001</msid><pd><time utc_off="+0800">{local:%Y%m%d%H%M%S}</time><shape><CircularArea>'
            f"<coord><X>{latitude:.8f}</X><Y>{longitude:.8f}</Y></coord><radius>{radius}</radius></CircularArea></shape>"
            f"<lev_conf>67</lev_conf></pd></pos>"
        )
        origin = Origin(device, "carrier", "", "mlp", "wgs84-opening")
        self.waiting.add(EntryKind.FRAME, received, origin, raw.encode())

    def heartbeat(self, time: float, device: str = "B0001") -> None:
        self.frame(0x0002, b"", time, device)

    def stored(self, received: float, records: list[bytes], device: str = "B0001") -> None:
        """0704: records of the bracelet's memory, twelve a frame."""
        for first in range(0, len(records), 12):
            self.frame(0x0704, batch_body(records[first : first + 12]), received, device)

    def stay(
        self, place: tuple[float, float] | None, start: float, until: float, every: float = 600.0, device: str = "B0001"
    ) -> None:
        """Reports from one place, ``start`` <= t < ``until``."""
        for time in np.arange(start, until, every):
            self.report(float(time), place, device=device)

    def run(self) -> list[dict]:
        """Step what waits; the new events as the platform would read them."""
        entries = self.waiting.batch()
        self.waiting = Gathering()
        self.stepped.append(entries)
        return self._said(step(self.state, entries, self.policies, first=self.state.offset))

    def fixes(
        self, rows: list[tuple[float, tuple[float, float], Source]], device: str = "B0001",
        speed_kmh: np.ndarray | float = np.nan,
    ) -> list[dict]:  # fmt: skip
        """Fixes made elsewhere (time, place, source), as the fixes table feeds them; the new events."""
        self.run() if len(self.waiting) else None
        batch = blank(len(rows))
        batch.frame[:] = np.arange(len(rows))
        batch.time[:] = [time for time, _, _ in rows]
        batch.latitude[:], batch.longitude[:] = np.array([degrees(place) for _, place, _ in rows]).T
        batch.source[:] = [source for _, _, source in rows]
        batch.located[:] = True
        batch.speed_kmh[:] = speed_kmh
        index = np.full(len(rows), self.policy.devices.index(device), np.int64)
        reports = assemble(np.arange(len(rows)), batch.time.copy(), index, batch)
        entries = _placeholders(batch.time)
        stepped = Stepped()
        run_reports(self.state, entries, reports, self.policy, stepped)
        self.state.offset += len(rows)
        self.state.now = float(batch.time[-1])
        return self._said(stepped)

    def policies(self, digest: str) -> Policy:
        """The shelf: this configuration, or one that ``reconfigure`` has left behind."""
        self.shelf[self.policy.configuration.digest] = self.policy
        return self.shelf[digest]

    def _said(self, stepped: Stepped) -> list[dict]:
        self.acts.update(stepped.acts)
        self.presence += stepped.presence
        said = [json.loads(event_of(outcome, "demo", "Asia/Shanghai").body) for outcome in stepped.outcomes]
        self.events += said
        return said

    @property
    def counts(self) -> dict[str, int]:
        """The engine's figures."""
        return self.state.counts


def _placeholders(received: np.ndarray) -> EntryBatch:
    gathering = Gathering()
    for time in received:
        gathering.add(EntryKind.FRAME, float(time), Origin(), f"fix {time}".encode())
    return gathering.batch()


def brief(events: list[dict]) -> list[tuple[str, str]]:
    """Change and kind of each event, in order."""
    return [(event["type"].removeprefix("bracelet.alarm."), event["data"]["kind"]) for event in events]


def raised(events: list[dict], kind: str = "") -> list[dict]:
    """Data of the alarms raised."""
    wanted = [event["data"] for event in events if event["type"].endswith("raised")]
    return [data for data in wanted if kind in ("", data["kind"])]


def of_wearers(events: list[dict]) -> list[dict]:
    """Without what is said of authorities: those tell staff what ends, and nothing of a wearer."""
    return [event for event in events if not event["data"]["kind"].startswith("authority_")]


def clock(iso: str | None) -> float:
    """UTC epoch seconds of a time in an event."""
    assert iso is not None
    return datetime.fromisoformat(iso).timestamp()
