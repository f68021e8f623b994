"""November of a county with two offices: its registers as files, and its 45 closed alarms. Everybody is made up."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from made_episodes import episode

from gateway.engine import ActLine
from gateway.settings.init import write_sample

if TYPE_CHECKING:
    from pathlib import Path

    from gateway.engine import Episode

ZONE = ZoneInfo("Asia/Shanghai")


def moment(text: str) -> float:
    """A local time of the county, UTC epoch seconds."""
    return datetime.fromisoformat(text).replace(tzinfo=ZONE).timestamp()


NOW = moment("2026-12-01 09:00")
PEOPLE = """person,level,office,minor,home_longitude,home_latitude,home_datum,home_radius_m
P0001,strict,SFS-01,false,109.4102,24.3310,gcj02,80
P0002,strict,SFS-01,false,109.5950,24.2350,gcj02,80
P0003,general,SFS-01,false,,,,
P0004,general,SFS-01,false,,,,
P0005,general,SFS-02,false,,,,
P0006,general,SFS-02,false,,,,
P0007,lenient,SFS-02,false,,,,
P0020,lenient,SFS-01,true,,,,
"""
DEVICES = "device,protocol,identity,profile\n" + "".join(
    f"B{number:04d},jt808,01390000{number:04d},g10ls\n" for number in (1, 2, 3, 4, 5, 6, 7, 20)
)
WORN = """device,person,from,until
B0001,P0001,2026-08-20 00:00,
B0002,P0002,2026-08-25 00:00,
B0003,P0003,2026-10-10 00:00,
B0004,P0004,2026-10-01 00:00,2026-11-16 00:00
B0005,P0005,2026-08-16 00:00,
B0006,P0006,2026-10-05 00:00,
B0007,P0007,2026-10-20 00:00,
B0020,P0020,2026-09-10 00:00,
"""
BASES = [
    ("P0001", "矫定-01", "2026-08-20", "2026-11-09", ""),
    ("P0001", "矫定-11", "2026-11-10", "2027-02-09", "评估-01"),
    ("P0002", "矫定-02", "2026-08-25", "2026-11-19", ""),
    ("P0002", "矫定-12", "2026-11-20", "2027-02-19", "评估-02"),
    ("P0003", "矫定-03", "2026-10-10", "2027-01-09", ""),
    ("P0004", "矫定-04", "2026-10-01", "2026-12-31", ""),
    ("P0005", "矫定-05", "2026-08-16", "2026-11-15", ""),
    ("P0006", "矫定-06", "2026-10-05", "2027-01-04", ""),
    ("P0007", "矫定-07", "2026-10-20", "2027-01-19", ""),
    ("P0020", "矫定-20", "2026-09-10", "2026-12-09", ""),
]
"""210 wearer-days in November: five for all of it, P0020 too, and P0004 and P0005 for 15 days."""
STAFF = """
staff:
  - {number: D01, roles: [duty]}
  - {number: D02, roles: [duty]}
  - {number: S01, roles: [office], office: SFS-01}
  - {number: L01, roles: [leader]}
  - {number: A01, roles: [auditor]}
"""
OUTCOMES = {
    "SFS-01": {"confirmed": 6, "excused": 18, "technical": 11, "false": 3, "unverifiable": 2},
    "SFS-02": {"confirmed": 1, "excused": 2, "technical": 1, "false": 1, "unverifiable": 0},
}
OF_OCTOBER = 12
"""Alarms that the second office had in October, besides the first one of all."""
LATE = 3
"""Alarms of the first office that were acknowledged after 20 minutes, the others after 5."""
OF = {"confirmed": "P0001", "excused": "P0003", "technical": "P0020", "false": "P0002", "unverifiable": "P0003"}
OF_SECOND = {"confirmed": "P0005", "excused": "P0006", "technical": "P0007", "false": "P0006"}
KINDS = {
    "confirmed": "curfew_absent", "excused": "curfew_late", "technical": "strap_cut", "false": "exclusion_enter",
    "unverifiable": "comms_lost",
}  # fmt: skip
FALSE_NOTES = ("集市围栏偏西40米", "路过，围栏过大，P0002 在家", "定位漂移")


def written(directory: Path, more: str = "") -> Path:
    """The county's files, valid since long ago."""
    write_sample(directory, "zh", date(2026, 11, 1))
    for name, text in (("people", PEOPLE), ("devices", DEVICES), ("assignments", WORN)):
        (directory / f"{name}.csv").write_text(text, "utf-8")
    main = directory / "gateway.yaml"
    main.write_text(main.read_text("utf-8") + STAFF + more, "utf-8")
    (directory / "rules" / "rules.yaml").write_text(_rules(), "utf-8")
    return directory


def _rules() -> str:
    lines = ["authorities:"]
    for person, document, start, until, assessment in BASES:
        more = f", assessment: {assessment}" if assessment else ""
        lines.append(
            f"  - {{person: {person}, kind: bracelet, ground: refused_to_report, document: {document},"
            f" approved_by: 甲, wearer_informed: {start}, from: {start}, until: {until}{more}}}"
        )
    return "\n".join(lines) + "\n"


def alarms() -> list[Episode]:
    """All of November, closed, and some of October, with which the records begin."""
    return [*_october(), *november()]


def november() -> list[Episode]:
    """The 45 that the meeting is about."""
    made: list[Episode] = []
    started = moment("2026-11-01 06:30")
    for office, outcomes in OUTCOMES.items():
        people = OF if office == "SFS-01" else OF_SECOND
        for outcome, count in outcomes.items():
            for number in range(count):
                at = started + len(made) * 15 * 3600.0
                is_late = office == "SFS-01" and outcome == "excused" and number < LATE
                made.append(closed(len(made) + 1, office, people[outcome], outcome, at, is_late, number))
    return made


def _october() -> list[Episode]:
    """17 alarms; P0007 was of a third office then."""
    before = [closed(99, "SFS-02", "P0005", "confirmed", moment("2026-10-20 12:00"), is_late=False)]
    started = moment("2026-10-21 06:00")
    for number in range(16):
        office, person = ("SFS-02", "P0006") if number < OF_OCTOBER else ("SFS-03", "P0007")
        before.append(closed(50 + number, office, person, "excused", started + number * 36_000.0, is_late=number == 0))
    return before


def closed(  # noqa: PLR0913, PLR0917  one parameter a fact
    index: int, office: str, person: str, outcome: str, at: float, is_late: bool, number: int = 0  # noqa: FBT001
) -> Episode:  # fmt: skip
    """One alarm that was acknowledged, and closed two hours later."""
    seen, note = at + (1200.0 if is_late else 300.0), "已核实"
    if outcome == "false" and office == "SFS-01":
        note = FALSE_NOTES[number]
    acts = [
        ActLine(seen, "D01", "acknowledge", 2),
        ActLine(seen + 60, "D01", "attempt", 3, whom="wearer", result="reached"),
        ActLine(at + 7200.0, "D01", "close", 4, outcome=outcome, note=note),
    ]
    return episode(
        KINDS[outcome], id=f"{index:02x}" * 16, office=office, person=person, device=f"B{person[1:]}",
        onset=at - 60.0, decided=at, received=at, revision=4, acknowledged=seen, acknowledged_by="D01",
        closed=at + 7200.0, closed_by="D01", outcome=outcome, ended=at + 3600.0, acts=acts, owner="D01",
        zone_name="集市" if outcome == "false" else "", rule="no-market" if outcome == "false" else "",
    )  # fmt: skip
