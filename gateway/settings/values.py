"""The values officers write: durations, times of day, dates, ids. Each refuses with a key of the message table."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import partial
from ipaddress import ip_address
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator, Field, PlainValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from gateway.categories import CATEGORIES, IN_CHINESE
from gateway.kinds import LEVELS

_FULL_WIDTH = re.compile("[\uff01-\uff5e\u3000“”‘’、。【】]")
_PLAIN = str.maketrans({"“": '"', "”": '"', "‘": "'", "’": "'", "、": ",", "。": ".", "【": "[", "】": "]"})
_LEVELS = dict(zip(("严管", "普管", "宽管"), LEVELS, strict=True))
DatumWord = Literal["wgs84", "gcj02", "bd09"]
"""What degrees refer to, as it is written."""
MOST_HOME_M = 2000.0
"""Of a home: beyond, being in it says nothing."""
MOST_METRES = 100_000.0
"""Of a radius or a margin; no county is so wide, so that more is a slip of the unit."""
LEAST_SECRET = 32
"""Bytes of a key that authenticates: what SHA-256 itself has."""
_MOST_PORT = 65535
UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
"""Control characters, and the marks that hide or turn the text around them."""


def full_width(text: str) -> bool:
    """Whether the text has full-width punctuation or digits, as a Chinese input method leaves them."""
    return _FULL_WIDTH.search(text) is not None


def to_ascii(text: str) -> str:
    """The text with full-width characters replaced by their ASCII counterparts."""
    return unicodedata.normalize("NFKC", text.translate(_PLAIN))


def visible(text: str) -> str:
    """The text with what cannot be seen in it written out."""
    return UNSEEN.sub(lambda found: f"<U+{ord(found[0]):04X}>", text)


def refusal(key: str, value: object, **values: object) -> PydanticCustomError:
    """What a validator raises: ``key`` of the message table, the part of the value that is wrong, what else is said."""
    return PydanticCustomError("settings", key, {"value": "" if value is None else value, **values})


def plain_text(value: object) -> str:
    """One line of text, not blank."""
    if value is None or (isinstance(value, str) and not value.strip()):
        raise refusal("empty", value)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        raise refusal("unquoted_number", value)
    if not isinstance(value, str):
        raise refusal("text_expected", value)
    if UNSEEN.search(value):
        raise refusal("unseen", value)
    return value.strip()


def _lines(value: object) -> str:
    return plain_text(" ".join(value.split()) if isinstance(value, str) else value)


def _spelled(value: object, *, key: str) -> str:
    """A text that a number cannot be, quoted or not."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        raise refusal(key, value)
    return plain_text(value)


def address_of(written: str) -> tuple[str, int] | None:
    """Host and port of ``host:port``; IPv6 stands in brackets. None: it is no such address."""
    host, _, port = written.rpartition(":")
    bare = host.removeprefix("[").removesuffix("]")
    sound = bare and (":" not in bare or host.startswith("[")) and not set(bare) & set("/ @") and _is_host(bare)
    if not sound or not (port.isascii() and port.isdigit()) or int(port) > _MOST_PORT:
        return None
    return bare, int(port)


def _is_host(bare: str) -> bool:
    """Whether what looks like an address in numbers is one; a name is left to the system."""
    if ":" not in bare and not set(bare) <= set("0123456789."):
        return True
    return is_address(bare)


def is_address(text: str) -> bool:
    """Whether a text is an IP address."""
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def _timezone(value: object) -> str:
    name = _spelled(value, key="timezone")
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError) as unknown:
        raise refusal("timezone", value) from unknown
    return name


def _secret(value: object) -> str:
    text = plain_text(value)
    if len(text.encode()) < LEAST_SECRET:
        raise refusal("secret_short", None, least=LEAST_SECRET)
    return text


def _excused(value: object) -> object:
    """Ids of a list, or with blanks between them, as a form has them."""
    named = value.split() if isinstance(value, str) else value
    if named == []:
        raise refusal("excuses_none", None)
    return None if named == ["all"] else named


def _identifier(value: object) -> str:
    text = plain_text(value)
    if re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_.\-]*", text) is None:
        raise refusal("identifier", value)
    return text


CARE_WORDS = ("female_officer", "guardian")
"""Care codes that the gateway itself knows; all others are the county's own."""
_CARE_CODE = re.compile(r"[A-Z]{1,3}[0-9]{1,3}", re.ASCII)


def _care(value: object) -> str:
    text = plain_text(value)
    for code in text.split():
        if code not in CARE_WORDS and _CARE_CODE.fullmatch(code) is None:
            raise refusal("care_code", code, words=", ".join(CARE_WORDS))
    return text


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
    raise refusal("empty" if value is None else "rule_people", value)


def _level(value: object) -> str:
    word = _LEVELS.get(value, value) if isinstance(value, str) else ""
    if word not in _LEVELS.values():
        raise refusal("choice", value, allowed=", ".join(f"{word}（{name}）" for name, word in _LEVELS.items()))
    return word


def _category(value: object) -> str:
    written = plain_text(value)
    word = IN_CHINESE.get(written, written)
    if word not in CATEGORIES:
        names = ", ".join(f"{each.key}（{each.chinese}）" for each in CATEGORIES.values())
        raise refusal("choice", value, allowed=names)
    return word


def _boolean(value: object) -> object:
    return (
        {"true": True, "false": False, "是": True, "否": False}.get(value, value) if isinstance(value, str) else value
    )


def schema(pattern: str, example: str) -> WithJsonSchema:
    """Of a text: what an editor may hold it against, and what the reference shows."""
    return WithJsonSchema({"type": "string", "pattern": pattern, "examples": [example]})


Text = Annotated[str, BeforeValidator(plain_text)]
"""Free text of one line, not blank."""
Lines = Annotated[str, BeforeValidator(_lines)]
"""The same of several lines, which become one."""
Address = Annotated[str, BeforeValidator(partial(_spelled, key="address"))]
"""``host:port`` to listen on."""
BrokerUrl = Annotated[str, BeforeValidator(partial(_spelled, key="mqtt_url"))]
NatsUrl = Annotated[str, BeforeValidator(partial(_spelled, key="nats_url"))]
ServerUrl = Annotated[str, BeforeValidator(partial(_spelled, key="carrier_url"))]
WebhookUrl = Annotated[str, BeforeValidator(partial(_spelled, key="webhook_url"))]
SerialPath = Annotated[str, BeforeValidator(partial(_spelled, key="serial_path"))]
TimeZone = Annotated[str, BeforeValidator(_timezone)]
"""Name of the IANA database."""
Secret = Annotated[str, BeforeValidator(_secret)]
"""A key of 32 bytes or more."""
Excused = Annotated[
    list[Annotated[str, BeforeValidator(_identifier)]] | None,
    BeforeValidator(_excused),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "examples": ["all"]},
                {"type": "array", "items": {"type": "string"}, "minItems": 1},
            ]
        }
    ),
]
"""Ids of rules, in a list or with blanks between them; None: ``all``."""
Identifier = Annotated[str, BeforeValidator(_identifier), schema(r"^[A-Za-z0-9][A-Za-z0-9_.\-]*$", "P0001")]
"""An opaque id: letters, digits and ``_ . -``."""
CareCodes = Annotated[
    str, BeforeValidator(_care),
    schema(r"^((female_officer|guardian|[A-Z]{1,3}[0-9]{1,3})( +|$))+$", "female_officer H2"),
]  # fmt: skip
"""Codes with blanks between them: never words of health."""
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
CategoryWord = Annotated[
    str, BeforeValidator(_category), WithJsonSchema({"enum": [*CATEGORIES, *IN_CHINESE]}),
]  # fmt: skip
"""Of :data:`gateway.categories.CATEGORIES`, by its key or in Chinese."""
Boolean = Annotated[bool, BeforeValidator(_boolean), WithJsonSchema({"type": "boolean"})]
"""``true`` or ``false`` (in tables also 是 or 否)."""
Longitude = Annotated[float, Field(allow_inf_nan=False, examples=[109.4521])]
Latitude = Annotated[float, Field(allow_inf_nan=False, examples=[24.3012])]
Registration = Literal["open", "closed"]
ClockMode = Literal["auto", "utc", "fixed"]
ZoneHours = Annotated[float, Field(ge=-12, le=14, allow_inf_nan=False, examples=[8])]
HomeRadius = Annotated[float, Field(gt=0, le=MOST_HOME_M, allow_inf_nan=False, examples=[80])]
Metres = Annotated[float, Field(gt=0, le=MOST_METRES, allow_inf_nan=False, examples=[150])]
