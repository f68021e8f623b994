"""A position in words: what devices answer to ``WHERE#``, in a 15 or a 21.

``Current position!Lat:N24.331000,Lon:E109.410200,Course:126.53,Speed:0.0000,DateTime:2026-11-29 08:00:00``. Makers
differ in spaces, in units behind the speed, in years of two digits, in what is left out, and in the language. A text
without a time is a position only if it says that it is the current one: a fence's centre and a last place are none.
"""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Any

from construct import GreedyBytes, Struct

from protocols.gt06.clock import from_binary
from protocols.gt06.messages.blocks import LOCATED, NORTH, WEST
from protocols.gt06.messages.message import Form
from protocols.gt06.messages.text import SAID

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from protocols.gt06.messages.text import Said

_NUMBER = r"\s*[:=：]\s*(?P<{0}>-?\d{{1,3}}(?:\.\d{{1,9}})?)"
_PLACE = re.compile(
    r"(?:(?<![a-z])lat(?:itude)?|纬度)\s*[:=：]\s*(?P<south>[NS]?)\s*(?P<latitude>-?\d{1,2}\.\d{1,9})\s*(?P<south_behind>[NS]?)\s*[,，;]"
    r"\s*(?:lon(?:g|gitude)?|经度)\s*[:=：]\s*(?P<west>[EW]?)\s*(?P<longitude>-?\d{1,3}\.\d{1,9})\s*(?P<west_behind>[EW]?)",
    re.IGNORECASE,
)
_COURSE = re.compile(r"(?:course|航向|方向)" + _NUMBER.format("value"), re.IGNORECASE)
_SPEED = re.compile(r"(?:speed|速度)" + _NUMBER.format("value"), re.IGNORECASE)
_MOMENT = re.compile(
    r"(?:20)?(\d\d)\s*[-/]\s*(\d{1,2})\s*[-/]\s*(\d{1,2})\s+(\d{1,2})\s*:\s*(\d{1,2})\s*:\s*(\d{1,2})", re.ASCII
)
_CURRENT = re.compile(r"current|当前|现在", re.IGNORECASE)
_POSITION = re.compile(r"position|location|位置|定位", re.IGNORECASE)
_AROUND = " \r\n\t<({[!,:#"
_FULL_CIRCLE = 360.0


def place_in(text: str) -> Mapping[str, float] | None:
    """Fields of the position in a text, its time as the clock shows it; None where it holds none."""
    found = _PLACE.search(text)
    if found is None:
        return None
    time, before = _moment_in(text[found.end() :]), text[: found.start()].strip(_AROUND)
    is_dated = not math.isnan(time) and (not before or _POSITION.search(before) is not None)
    if not is_dated and _CURRENT.search(before) is None:
        return None
    latitude, longitude = float(found["latitude"]), float(found["longitude"])
    is_south = latitude < 0 or "S" in (found["south"] + found["south_behind"]).upper()
    is_west = longitude < 0 or "W" in (found["west"] + found["west_behind"]).upper()
    return {
        "time": time, "latitude": abs(latitude), "longitude": abs(longitude),
        "course_deg": _number_in(_COURSE, text) % _FULL_CIRCLE, "speed_kmh": _number_in(_SPEED, text),
        "fix": LOCATED | (0 if is_south else NORTH) | (WEST if is_west else 0),
    }  # fmt: skip


def _moment_in(text: str) -> float:
    found = _MOMENT.search(text)
    return math.nan if found is None else from_binary(bytes(int(part) for part in found.groups()))


def _number_in(pattern: re.Pattern[str], text: str) -> float:
    found = pattern.search(text)
    return math.nan if found is None else max(float(found["value"]), 0.0)


def _form(said_in: Callable[[bytes], Said | None]) -> Form:
    def found(content: bytes) -> Mapping[str, float] | None:
        said = said_in(content)
        return None if said is None else place_in(said.text)

    def read(parsed: Any) -> Mapping[str, Any]:  # noqa: ANN401  # construct ships no types
        return found(parsed.content) or {}

    return Form(
        Struct("content" / GreedyBytes), 1, when=lambda content: found(content) is not None, read=read,
        time=lambda content: (found(content) or {}).get("time", math.nan),
    )  # fmt: skip


WHERE_15, WHERE_21 = ((_form(SAID[number]),) for number in (0x15, 0x21))
