"""The sentences, one row each, and the reports they carry.

===== =====================================================================================================
LINK  imei
GPSD  imei, R live / S stored, YYYYMMDD, HHMMSS, latitude, N/S, longitude, E/W (decimal degrees), speed in km/h,
      course, altitude in m, battery in percent, strap L locked / R released, alarm
LBSD  imei, R/S, date, time, cell ``mcc-mnc-lac-cid:rssi`` (mcc, mnc decimal; lac, cid hexadecimal; dBm), empty,
      empty, battery, strap, alarm
RPLY  imei, result of an order (its fields are not documented)
===== =====================================================================================================
"""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, NamedTuple

from protocols.errors import PeerFault
from protocols.report import Flag, SignalUnit, Source
from protocols.rows import Cell, Row, is_cell, is_place
from protocols.text import decimal, moment, whole

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from protocols.r16h.profiles import Profile

BEGIN, END = b"@", b"$"
MAX_SENTENCE = 512
"""Bytes on the wire; the longest documented sentence has under 120."""
_IMEI = re.compile(r"[0-9]{5,20}")
_CELL = re.compile(r"([0-9]{3})-([0-9]{1,3})-([0-9A-Fa-f]{1,8})-([0-9A-Fa-f]{1,9})(?::(-?[0-9]{1,3}))?")
_SIGNS = {"N": 1, "E": 1, "S": -1, "W": -1}
_CUT = int(Flag.STRAP_CUT)
_ALARMS = {"SOS": int(Flag.SOS), "LBT": int(Flag.BATTERY_LOW), "ULK": _CUT}
_RELEASED = "R"
_STORED = "S"
_FULL_CIRCLE = 360.0
_FULL_BATTERY = 100
_DATE_DIGITS = 8


class Sentence(NamedTuple):
    """One sentence: its type, who speaks (digits without leading zeros) and the fields behind the identity."""

    name: str
    identity: str
    fields: list[str]


class Form(NamedTuple):
    """One row of the table: message number, fewest fields behind the identity, the report it carries."""

    number: int
    fewest: int
    report: Callable[[list[str], int, Profile], Row] | None


def read_sentence(content: bytes) -> Sentence:
    """A sentence without its ``@`` and ``$``.

    Raises:
        PeerFault: ``malformed``: not ASCII, no identity of digits, or fewer fields than its type has.
    """
    if not content.isascii():
        raise PeerFault("malformed", "a sentence is ASCII")
    name, identity, *fields = [*(field.strip() for field in content.decode("ascii").split(",")), ""]
    if not _IMEI.fullmatch(identity):
        raise PeerFault("malformed", "the identity behind the type is no IMEI")
    if len(fields) - 1 < form_of(name).fewest:
        raise PeerFault("malformed", "a sentence has fewer fields than its type")
    return Sentence(name, identity.lstrip("0") or "0", fields[:-1])


def report_of(sentence: Sentence, frame: int, profile: Profile) -> Row | None:
    """The report in a sentence; None where its type has none. Never raises."""
    read = form_of(sentence.name).report
    return None if read is None else read(sentence.fields, frame, profile)


def _position(fields: list[str], frame: int, profile: Profile) -> Row:
    latitude = decimal(fields[3]) * _SIGNS.get(fields[4].upper(), math.nan)
    longitude = decimal(fields[5]) * _SIGNS.get(fields[6].upper(), math.nan)
    speed, course, altitude, battery, *evidence = (*fields[7:], "", "", "", "", "", "")[:6]
    located = is_place(latitude, longitude)
    if not located:
        latitude, longitude, speed, course, altitude = math.nan, math.nan, "", "", ""
    return Row(
        frame,
        _clock(fields, profile),
        located=located,
        latitude=latitude,
        longitude=longitude,
        speed_kmh=_within(decimal(speed), 0.0, math.inf),
        course_deg=_within(decimal(course), 0.0, _FULL_CIRCLE) % _FULL_CIRCLE,
        altitude_m=decimal(altitude),
        source=Source.GNSS if located else Source.NONE,
        stored=fields[0].upper() == _STORED,
        battery_percent=_battery(battery),
        flags=_flags(evidence),
    )


def _cells(fields: list[str], frame: int, profile: Profile) -> Row:
    tail = (*fields[6:], "", "", "")[:3]
    return Row(
        frame,
        _clock(fields, profile),
        stored=fields[0].upper() == _STORED,
        battery_percent=_battery(tail[0]),
        flags=_flags(tail[1:]),
        cells=_cell(fields[3]),
    )


def _clock(fields: list[str], profile: Profile) -> float:
    date, time = fields[1:3]
    return moment(date + time, profile.clock_minutes * 60) if len(date) == _DATE_DIGITS else math.nan


def _cell(text: str) -> tuple[Cell, ...]:
    found = _CELL.fullmatch(text)
    if found is None:
        return ()
    mcc, mnc, lac, cid = int(found[1]), int(found[2]), int(found[3], 16), int(found[4], 16)
    if not is_cell(mcc, mnc, lac, cid):
        return ()
    level = int(found[5] or 0)
    return (Cell(mcc, mnc, lac, cid, level, SignalUnit.DBM) if level < 0 else Cell(mcc, mnc, lac, cid),)


def _flags(strap_and_alarm: Sequence[str]) -> int:
    """Strap field and alarm are both evidence: a released strap counts without ``ULK`` too."""
    strap, alarm = strap_and_alarm
    flags = _CUT if strap.upper() == _RELEASED else 0
    for name in re.findall("[A-Z]+", alarm.upper()):
        flags |= _ALARMS.get(name, 0)
    return flags


def _battery(text: str) -> int:
    percent = whole(text)
    return percent if percent is not None and 0 <= percent <= _FULL_BATTERY else -1


def _within(value: float, least: float, most: float) -> float:
    return value if least <= value <= most else math.nan


FORMS = {
    "LINK": Form(1, 0, None),
    "GPSD": Form(2, 7, _position),
    "LBSD": Form(3, 4, _cells),
    "RPLY": Form(4, 0, None),
}
_UNKNOWN = Form(0, 0, None)


def form_of(name: str) -> Form:
    """The row of a type; a type that is not in the table is kept, unread."""
    return FORMS.get(name, _UNKNOWN)
