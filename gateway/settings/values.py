"""The values officers write: durations, times of day, dates, ids. Each refuses with a key of the message table."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, NoReturn

from pydantic import BeforeValidator, Field, PlainValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

_FULL_WIDTH = re.compile("[\uff01-\uff5e\u3000“”‘’、。【】]")
_PLAIN = str.maketrans({"“": '"', "”": '"', "‘": "'", "’": "'", "、": ",", "。": ".", "【": "[", "】": "]"})
_UNITS = {"s": 1.0, "min": 60.0, "h": 3600.0, "d": 86400.0}
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAY_SETS = {"daily": tuple(range(7)), "workdays": tuple(range(5)), "weekend": (5, 6)}
_LEVELS = {"严管": "strict", "普管": "general", "宽管": "lenient"}
_MINUTES_OF_DAY = 1440
MOST_METRES = 100_000.0
"""Of a radius or a margin; no county is so wide, so that more is a slip of the unit."""
_DATE = r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})"


def full_width(text: str) -> bool:
    """Whether the text has full-width punctuation or digits, as a Chinese input method leaves them."""
    return _FULL_WIDTH.search(text) is not None


def to_ascii(text: str) -> str:
    """The text with full-width characters replaced by their ASCII counterparts."""
    return unicodedata.normalize("NFKC", text.translate(_PLAIN))


def _refuse(key: str, value: object, **values: object) -> PydanticCustomError:
    return PydanticCustomError("settings", key, {"value": "" if value is None else value, **values})


def _text(value: object) -> str:
    if value is None or (isinstance(value, str) and not value.strip()):
        raise _refuse("empty", value)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        raise _refuse("unquoted_number", value)
    if not isinstance(value, str):
        raise _refuse("text_expected", value)
    return value.strip()


def _identifier(value: object) -> str:
    text = _text(value)
    if re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_.\-]*", text) is None:
        raise _refuse("identifier", value)
    return text


def _duration(value: object) -> float:
    found = re.fullmatch(r"(\d+(?:\.\d+)?)\s*(s|min|h|d)", value.strip(), re.ASCII) if isinstance(value, str) else None
    if found is None:
        raise _refuse("empty" if value is None else "duration", value)
    return float(found[1]) * _UNITS[found[2]]


def _clock(value: object) -> int:
    if isinstance(value, int) and not isinstance(value, bool):
        minutes = value % _MINUTES_OF_DAY
        raise _refuse("clock_number", value, guess=f"{minutes // 60:02d}:{minutes % 60:02d}")
    found = re.fullmatch(r"(\d{1,2}):([0-5]\d)", _text(value), re.ASCII)
    if found is None:
        raise _refuse("clock", value)
    minutes = int(found[1]) * 60 + int(found[2])
    if minutes >= _MINUTES_OF_DAY:
        raise _refuse("clock_beyond", value, guess=f"{int(found[1]) % 24:02d}:{found[2]}")
    return minutes


def _date(value: object) -> date:
    found = re.fullmatch(_DATE, value.strip(), re.ASCII) if isinstance(value, str) else None
    try:
        return date(*map(int, found.groups())) if found else _fail(value, "date")
    except ValueError as impossible:
        raise _refuse("date", value) from impossible


def _moment(value: object) -> datetime:
    pattern = _DATE + r"(?:[ T]+(\d{1,2}):(\d{2})(?::(\d{2}))?)?"
    found = re.fullmatch(pattern, value.strip(), re.ASCII) if isinstance(value, str) else None
    try:
        if found is None:
            _fail(value, "moment")
        year, month, day, hour, minute, second = (int(part or 0) for part in found.groups())
        return datetime(year, month, day, hour, minute, second)  # noqa: DTZ001 - local; its zone is given later
    except ValueError as impossible:
        raise _refuse("moment", value) from impossible


def _fail(value: object, key: str) -> NoReturn:
    raise _refuse("empty" if value is None else key, value)


def _days(value: object) -> tuple[int, ...]:
    if isinstance(value, str) and value in _DAY_SETS:
        return _DAY_SETS[value]
    names = value if isinstance(value, list) else [value]
    for name in names:
        if name not in _WEEKDAYS:
            raise _refuse("days", name)
    return tuple(sorted({_WEEKDAYS.index(name) for name in names}))


@dataclass(frozen=True, slots=True)
class PeopleChoice:
    """Whom a rule is for: everybody of ``level``, the ``ids``, or all when both are None."""

    level: str | None = None
    ids: tuple[str, ...] | None = None


def _people(value: object) -> PeopleChoice:
    if value == "all":
        return PeopleChoice()
    if isinstance(value, dict) and set(value) == {"level"}:
        return PeopleChoice(level=_level(value["level"]))
    if isinstance(value, list) and value:
        return PeopleChoice(ids=tuple(map(_identifier, value)))
    raise _refuse("empty" if value is None else "rule_people", value)


def _level(value: object) -> str:
    word = _LEVELS.get(value, value) if isinstance(value, str) else ""
    if word not in _LEVELS.values():
        raise _refuse("choice", value, allowed=", ".join(f"{word}（{name}）" for name, word in _LEVELS.items()))
    return word


def _boolean(value: object) -> object:
    return (
        {"true": True, "false": False, "是": True, "否": False}.get(value, value) if isinstance(value, str) else value
    )


def _schema(pattern: str, example: str) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "pattern": pattern, "examples": [example]})


Text = Annotated[str, BeforeValidator(_text)]
"""Free text, not blank."""
Identifier = Annotated[str, BeforeValidator(_identifier), _schema(r"^[A-Za-z0-9][A-Za-z0-9_.\-]*$", "P0001")]
"""An opaque id: letters, digits and ``_ . -``."""
Duration = Annotated[float, BeforeValidator(_duration), _schema(r"^\d+(\.\d+)?\s*(s|min|h|d)$", "15min")]
"""Seconds, written ``90s``, ``15min``, ``2h`` or ``1d``."""
ClockTime = Annotated[int, BeforeValidator(_clock), _schema(r"^([01]?\d|2[0-3]):[0-5]\d$", "22:00")]
"""Minute of the local day, written ``"22:00"``."""
LocalDate = Annotated[date, BeforeValidator(_date), _schema(r"^\d{4}-\d{1,2}-\d{1,2}$", "2026-11-01")]
"""A calendar day of the county; ``2026/11/1``, as spreadsheets write it, is taken too."""
Moment = Annotated[
    datetime,
    BeforeValidator(_moment),
    _schema(r"^\d{4}-\d{1,2}-\d{1,2}( \d{1,2}:\d{2}(:\d{2})?)?$", "2026-12-31 18:00"),
]
"""Local time of the county, to the minute or second; a date alone is its midnight."""
Days = Annotated[
    tuple[int, ...],
    BeforeValidator(_days),
    WithJsonSchema(
        {"anyOf": [{"enum": list(_DAY_SETS)}, {"type": "array", "items": {"enum": list(_WEEKDAYS)}, "minItems": 1}]}
    ),
]
"""Weekdays, 0 Monday: ``daily``, ``workdays``, ``weekend`` or a list of ``mon`` to ``sun``."""
_LEVEL_SCHEMA = {"enum": [*_LEVELS.values(), *_LEVELS]}
People = Annotated[
    PeopleChoice,
    PlainValidator(_people),
    WithJsonSchema(
        {
            "anyOf": [
                {"const": "all"},
                {"type": "array", "items": {"type": "string"}, "minItems": 1},
                {"type": "object", "properties": {"level": _LEVEL_SCHEMA}, "required": ["level"]},
            ]
        }
    ),
]
LevelWord = Annotated[
    str,
    BeforeValidator(_level),
    WithJsonSchema(_LEVEL_SCHEMA),
]
Boolean = Annotated[bool, BeforeValidator(_boolean), WithJsonSchema({"type": "boolean"})]
"""``true`` or ``false`` (in tables also 是 or 否)."""
Longitude = Annotated[float, Field(allow_inf_nan=False, examples=[109.4521])]
Latitude = Annotated[float, Field(allow_inf_nan=False, examples=[24.3012])]
Metres = Annotated[float, Field(gt=0, le=MOST_METRES, allow_inf_nan=False, examples=[150])]
