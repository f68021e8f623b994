"""A short story for each kind of alarm that rests on no zone's evidence: entries after which it stands."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np
from shapely import Polygon
from timeline import (
    AWAY,
    CAFE,
    DAY,
    FOREVER,
    HOME,
    HOUR,
    MINUTE,
    MORE_PHONES,
    PHONES,
    QUIET,
    RULES,
    SQUARE,
    Timeline,
    alarm_policies,
    at,
    authority,
    county,
    degrees,
    person,
    record,
    zones,
)

from firmware_sim.firmware.gt06.contents import records as gt06_records
from firmware_sim.firmware.gt06.wire import build_frame as gt06_frame
from firmware_sim.firmware.messages import Alarm, Location, location_body
from firmware_sim.radio import Cell
from gateway.engine.records import Command, End, Ended
from gateway.journal.controls import Skipped, TestAlarm
from gateway.journal.entries import EntryKind, Origin
from gateway.settings.alarm_policy import AlarmPolicy
from gateway.settings.canary import Canary
from gateway.settings.meetings import Appointment, KeepAwayRule, NotTogetherRule
from gateway.settings.model import (
    Area,
    Assignment,
    Authority,
    AuthorityKind,
    ChargeRule,
    Device,
    NightsOutRule,
    Person,
    Rule,
    ZoneDefinition,
)
from protocols.registry import FAMILIES, families

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

ONE = county().assignments[:1]
NOON = at(0, 13)
PHONE = Device("F0001", "mlp", "13800000001", "", carrier="mobile")
ASKED = Authority("P0001", AuthorityKind.PHONE_CHECK, None, "notice 7", "head A", at(-31, 0), at(-30, 0), at(55, 0))
OPEN, VIBRATES = Alarm.REMOVAL, Alarm(1 << 16)
CARRIER = Origin("F0001", "carrier", "", "mlp", "wgs84-opening")


def quiet(**changes: object) -> Timeline:
    """One bracelet, of which nothing is asked, but what is said."""
    usual = {"rules": (), "assignments": ONE, "alarms": alarm_policies(20 * MINUTE, lasting=True)}
    told = Timeline.of(at(0, 12), **(usual | changes))
    told.stay(HOME, at(0, 12.1), NOON, 5 * MINUTE)
    return told


def flagged(alarm: Alarm) -> Callable[[], Timeline]:
    def story() -> Timeline:
        told = quiet()
        told.report(NOON, HOME, alarm=alarm)
        return told

    return story


def silent() -> Timeline:
    told = quiet()
    told.tick(at(0, 13.5))
    return told


def spent(*levels: int) -> Callable[[], Timeline]:
    def story() -> Timeline:
        told = quiet()
        for number, level in enumerate(levels):
            told.report(NOON + 5 * MINUTE * number, HOME, battery=level)
        return told

    return story


def dead() -> Timeline:
    told = spent(9, 4)()
    told.tick(at(0, 14))
    return told


def glitch() -> Timeline:
    told = quiet()
    told.report(NOON, HOME, alarm=OPEN)
    told.report(NOON + MINUTE, HOME)
    told.run()
    (first,) = [event["data"]["alarm"] for event in told.events if event["data"]["kind"] == "strap_cut"]
    told.close(first, NOON + 10 * MINUTE, "technical", "clasp and strap whole")
    told.stay(HOME, NOON + 15 * MINUTE, NOON + HOUR, 5 * MINUTE)
    told.report(NOON + HOUR, HOME, alarm=OPEN)
    return told


def switched(*states: tuple[float, str]) -> Callable[[], Timeline]:
    def story() -> Timeline:
        told = quiet()
        told.run()
        told.profile = "bsj"
        for minute, state in states:
            told.frame(0x0002, bytes.fromhex(state), NOON + minute * MINUTE)
        return told

    return story


def unplaced() -> Timeline:
    told = quiet(alarms=alarm_policies() | {"location_lost": AlarmPolicy("serious", by_level=(2 * HOUR,) * 3)})
    told.stay(None, NOON, NOON + 3 * HOUR, 10 * MINUTE)
    return told


def clockless() -> Timeline:
    told = quiet()
    for number in range(30):
        told.frame(0x0200, record(946_684_800.0 + number, HOME), NOON + 5 * MINUTE * number)
    return told


def jumps() -> Timeline:
    told = quiet()
    for number in range(120):
        told.report(NOON + 15.0 * number, (9000.0, 0.0) if number in {20, 40, 60, 80} else HOME)
    return told


def with_phone(**changes: object) -> Timeline:
    usual = {
        "devices": {"B0001": county().devices["B0001"], "F0001": PHONE},
        "assignments": (*ONE, Assignment("F0001", "P0001", at(-30, 0), FOREVER)),
        "authorities": (authority("P0001"), ASKED), "alarms": alarm_policies(),
    }  # fmt: skip
    return quiet(**(usual | changes))


def apart() -> Timeline:
    told = with_phone()
    for number in range(30):
        time = NOON + 5 * MINUTE * number
        told.report(time, (6000.0, 0.0))
        if number % 6 == 5:
            told.located(time, HOME, time + 2.0)
    return told


def absent() -> Timeline:
    told = with_phone()
    raw = '<pos><msid>13800000001</msid><poserr><result resid="{}">no</result></poserr></pos>'
    for number in range(15):
        told.located(NOON, HOME, NOON + 2.0) if not number else None
        time = NOON + 900.0 * (number + 1)
        told.waiting.add(EntryKind.FRAME, time, CARRIER, raw.format(5).encode())
    return told


def still() -> Timeline:
    told = quiet(rules=(Rule("still", ("P0001",), "approval 9", no_motion_s=10 * HOUR),), alarms=alarm_policies())
    chance = np.random.default_rng(7)
    for time in np.arange(NOON, NOON + 2 * DAY, 30 * MINUTE):
        off = chance.normal(0.0, 2.0, 2)
        told.report(float(time), (off[0], off[1]))
    return told


def turned() -> Timeline:
    told = quiet(rules=(Rule("turned", ("P0001",), "approval 9", nights_out=NightsOutRule(4, 7)),),
                 alarms=alarm_policies())  # fmt: skip
    for day in range(1, 16):
        night, by_day = (HOME, AWAY) if day < 12 else (AWAY, HOME)
        told.stay(night, at(day - 1, 21.8), at(day, 7), 30 * MINUTE)
        told.stay(by_day, at(day, 7), at(day, 21.8), 30 * MINUTE)
    return told


def repeated() -> Timeline:
    told = quiet(rules=(RULES["nights"],), alarms=alarm_policies())
    for day, place in enumerate([AWAY, HOME, AWAY, HOME, AWAY]):
        told.stay(HOME, at(day, 21), at(day, 22.5), 15 * MINUTE)
        told.stay(place, at(day, 22.5), at(day, 26.5), 10 * MINUTE)
        told.stay(HOME, at(day, 26.5), at(day, 32.5), 20 * MINUTE)
    return told


def together() -> Timeline:
    rule = Rule("company", ("P0001", "P0002"), "order 7", not_together=NotTogetherRule(100.0, 15 * MINUTE))
    told = quiet(rules=(rule,), assignments=county().assignments, alarms=alarm_policies())
    for number in range(60):
        time = NOON + MINUTE * number
        told.report(time, AWAY)
        told.report(time + 20.0, CAFE if number < 20 else (AWAY[0] + 20.0, AWAY[1]), device="B0002")
    return told


def protected() -> Timeline:
    base = county()
    consent = Authority("V0001", AuthorityKind.BRACELET, None, "consent 3", "", at(-30, 0), at(-30, 0), at(60, 0))
    told = quiet(
        rules=(Rule("away", ("P0001",), "order 8", keep_away=KeepAwayRule("V0001", 500.0, 300.0)),),
        devices={**base.devices, "T0001": Device("T0001", "jt808", MORE_PHONES["T0001"].lstrip("0"), "g10ls")},
        people={**base.people, "V0001": Person("V0001", "strict", "SFS-02", minor=False, home=None, protected=True)},
        assignments=(*ONE, Assignment("T0001", "V0001", at(-30, 0), at(60, 0))),
        authorities=(*base.authorities[:1], consent), alarms=alarm_policies(),
    )  # fmt: skip
    for number in range(60):
        time = NOON + MINUTE * number
        told.report(time, (0.0, 78.0 * number))
        told.report(time + 20.0, (0.0, 4000.0), device="T0001")
    return told


def near() -> Timeline:
    told = quiet(rules=(replace(RULES["stay"], people=("P0001",), near_m=300.0),))
    told.stay((SQUARE - 2000.0, 0.0), NOON, NOON + HOUR / 2, MINUTE)
    told.stay((SQUARE - 120.0, 0.0), NOON + HOUR / 2, NOON + HOUR, MINUTE)
    return told


def crossed() -> Timeline:
    corners = [degrees(corner)[::-1] for corner in ((2800, -9000), (3200, -9000), (3200, 9000), (2800, 9000))]
    strip = ZoneDefinition("strip", "border strip", (Area("border strip", Polygon(corners)),))
    told = quiet(rules=(Rule("border", ("P0001",), "order 9", keep_out="strip"),), zones=zones() | {"strip": strip})
    told.stay(HOME, NOON, NOON + HOUR, MINUTE)
    for number in range(12):
        time = NOON + HOUR + 20.0 * number
        told.frame(0x0200, record(time, (250.0 + 500.0 * number, 0.0), speed_kmh=90.0), time)
    return told


def missed() -> Timeline:
    meeting = Appointment("P0001", "cafes", at(1, 14), at(1, 15), "notice 4", 15 * MINUTE)
    told = quiet(appointments=(meeting,), alarms=alarm_policies())
    told.stay(HOME, at(1, 13), at(1, 17), 5 * MINUTE)
    return told


def uncharged() -> Timeline:
    told = quiet(rules=(Rule("charging", ("P0001",), "agreement 3", charge=ChargeRule(22 * 60, 80)),),
                 alarms=alarm_policies())  # fmt: skip
    for number, time in enumerate(np.arange(at(0, 21), at(1, 23), 20 * MINUTE).tolist()):
        told.report(time, HOME, battery=100 - number)
    return told


def ending(until: float, *days: float) -> Callable[[], Timeline]:
    def story() -> Timeline:
        told = Timeline.of(at(0, 12), assignments=ONE, authorities=(authority("P0001", at(-30, 0), until),), rules=())
        for day in days:
            told.tick(at(0, 24 * day))
        return told

    return story


def unanswered() -> Timeline:
    told = quiet()
    told.control(EntryKind.COMMAND, NOON, Command("a", "B0001", "locate", "officer 7", NOON + 900.0))
    told.control(EntryKind.RESULT, NOON + 300.0, Ended("a", End.NO_ANSWER))
    return told


def tried() -> Timeline:
    told = quiet()
    told.control(EntryKind.TEST, NOON, TestAlarm("t1", "B0001", "officer 7"))
    return told


def drilled() -> Timeline:
    told = quiet(canary=Canary("B0001"))
    told.control(EntryKind.TEST, NOON, TestAlarm("d1", "B0001", "officer 7", drill=True, reason="new colleagues"))
    return told


def skipped() -> Timeline:
    told = quiet()
    told.control(EntryKind.SKIPPED, NOON, Skipped(5, "ValueError", "B0001"))
    return told


def another_card() -> Timeline:
    """A tracker says in a heartbeat that another SIM card is in it."""
    told = quiet()
    origin = Origin("B0001", "bracelets", "peer", "gt06", "standard")
    told.waiting.add(EntryKind.FRAME, NOON, origin, gt06_frame(0x13, bytes.fromhex("0004031002"), 1))
    return told


def all_dark() -> Timeline:
    """Of thirty bracelets twenty-four fall silent on the second evening at 20:00."""
    numbers = range(1, 31)
    keys, people = [f"B{n:04d}" for n in numbers], [f"P{n:04d}" for n in numbers]
    phones = PHONES | MORE_PHONES
    told = Timeline.of(
        at(0, 12), rules=(), alarms=alarm_policies(20 * MINUTE), people={who: person(who, HOME) for who in people},
        devices={key: Device(key, "jt808", phones[key].lstrip("0"), "g10ls") for key in keys},
        assignments=tuple(Assignment(key, who, at(-30, 0), FOREVER) for key, who in zip(keys, people, strict=True)),
        authorities=tuple(map(authority, people)),
    )  # fmt: skip
    for time in np.arange(at(0, 12), at(1, 21), 9 * MINUTE).tolist():
        for number, key in enumerate(keys):
            if number >= 24 or time < at(1, 20):
                told.report(time + 9.0 * number, HOME, device=key)
    return told


def own_profile(alarm: Alarm) -> Callable[[], Timeline]:
    """A county's own profile says what its devices' bits mean."""

    def story() -> Timeline:
        said = {"name": "office7", "extends": "g10ls", "alarm_bits": {5: "strap_loose", 6: "off_body"}}
        profile = FAMILIES["jt808"].profile_schema.model_validate(said)
        told = quiet(families=families({"jt808": [profile]}))
        told.run()
        told.profile = "office7"
        told.report(NOON, HOME, alarm=alarm)
        return told

    return story


def tracker(code: int, *, cells: int = 1) -> Callable[[], Timeline]:
    """A tracker's alarm message, by its code."""

    def story() -> Timeline:
        told = quiet()
        origin = Origin("B0001", "bracelets", "peer", "gt06", "standard")
        (record_,) = gt06_records(measured(NOON, HOME, cells), [Alarm.REMOVAL])
        content = bytearray(record_[1:])
        content[-5], content[-2] = 0x40, code  # status, alarm (behind it the language)
        told.waiting.add(EntryKind.FRAME, NOON, origin, gt06_frame(record_[0], bytes(content), 1))
        return told

    return story


def measured(time: float, place: tuple[float, float] | None, cells: int) -> Location:
    """A report that heard so many cells; ``place`` None: no fix."""
    latitude, longitude = degrees(place) if place else (0.0, 0.0)
    around = tuple(Cell(460, 0, 100, 1000 + number, 60) for number in range(cells))
    satellites = 9 if place else 0
    return Location(time, QUIET, place is not None, latitude, longitude, 0.0, 0.0, satellites, 20, 80, 0.0, around)


def carried() -> Timeline:
    """Neither seen nor heard for forty minutes, and in town then."""
    told = quiet()
    for number in range(60):
        dark, place = 10 <= number < 50, HOME if number < 50 else (4000.0, 0.0)
        time = NOON + MINUTE * number
        said = measured(time, None if dark else place, 0 if dark else 5)
        told.frame(0x0200, location_body(said), time)
    return told


def wrapped() -> Timeline:
    """A day at home, seen and heard well; then a cell, then nothing, then silence."""
    told = quiet()
    for time in np.arange(NOON, at(1, 12), 5 * MINUTE).tolist():
        told.frame(0x0200, location_body(measured(time, HOME, 5)), time)
    for number, cells in enumerate((1, 0)):
        time = at(1, 12) - 4 * MINUTE + MINUTE * number
        told.frame(0x0200, location_body(measured(time, None, cells)), time)
    told.tick(at(1, 13))
    return told


STORIES: Final[Mapping[str, Callable[[], Timeline]]] = {
    "strap_cut": flagged(OPEN), "sos": flagged(Alarm(1)), "strap_glitch_suspected": glitch,
    "battery_low": spent(40, 14), "battery_critical": spent(40, 4), "comms_lost": silent, "battery_dead": dead,
    "power_off": switched((5, "501f02")), "restart": switched((5, "501f02"), (20, "501f00")),
    "location_lost": unplaced, "clock_fault": clockless, "position_implausible": jumps, "phone_apart": apart,
    "phone_off": absent, "no_motion": still, "nights_out": turned, "repeated_place": repeated,
    "wearers_together": together, "protected_near": protected, "boundary_near": near, "exclusion_crossed": crossed,
    "appointment_missed": missed, "charge_missed": uncharged,
    "authority_expiring": ending(at(40, 0), 20, 27), "authority_ended": ending(at(40, 0), 20, 41),
    "locate_timeout": unanswered, "test": tried, "drill": drilled, "entry_skipped": skipped,
    "identity_changed": another_card,
    "mass_outage": all_dark, "strap_loose": own_profile(Alarm(1 << 5)), "off_body": own_profile(Alarm(1 << 6)),
    "case_open": tracker(0x18), "jam_gnss": tracker(0x30), "jam_cell": tracker(0x30, cells=0),
    "motion_no_gnss": carried, "shielding": wrapped,
}  # fmt: skip
"""By kind: a timeline that raises it."""
