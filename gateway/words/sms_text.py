"""What an SMS says: to staff one line with a code to answer by, to the wearer a courteous one. One segment each.

No coordinates, no zone, no name; of minors not even the kind. What does not fit is left out, the least needed first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from gateway.engine import WEARER, Topic
from gateway.kinds import DRILL
from gateway.words.alarm_words import Words
from gateway.words.kind_names import KIND_NAMES
from gateway.words.sms_phrases import (
    ASK,
    CODE,
    DRILL_LINE,
    FOR_WEARER,
    HEADS,
    LASTS,
    LINE,
    MINOR,
    OTHER_FOR_WEARER,
    PARTS,
    REMINDER,
    VOID,
)
from gateway.words.texts import Text

if TYPE_CHECKING:
    from gateway.engine import About, Notice

MOST: Final = {"zh": 70, "en": 160}
"""Characters of a segment: of UCS-2, and of the GSM alphabet, in which English texts are."""
NEAR: Final = 300.0
"""Metres from home within which somebody is near it."""


def sms_of(notice: Notice, language: str, timezone: str, now: float) -> str:
    """The text of a notice.

    Args:
        notice: whose; what it says was so when it was owed.
        language: ``zh`` or ``en``.
        timezone: of the county.
        now: when it is read, UTC epoch seconds.
    """
    words = Words(language, ZoneInfo(timezone), now)
    if notice.topic is Topic.REMINDER:
        return REMINDER.of(language).format_map(_values(notice, words))
    if notice.to == WEARER:
        return FOR_WEARER.get(notice.about.kind, OTHER_FOR_WEARER).of(language).format_map(_values(notice, words))
    if notice.topic is Topic.VOID:
        return _fitting(notice, words, VOID, "", [])
    tail = CODE.of(language).format(code=notice.code)
    if notice.about.kind == DRILL:
        return _fitting(notice, words, DRILL_LINE, tail, [_late(words)] if notice.rung > 0 else [])
    return _fitting(notice, words, LINE, tail, _parts(notice, words))


def _fitting(notice: Notice, words: Words, line: Text, tail: str, parts: list[str]) -> str:
    """The line with as many parts as there is room for; if need be the person's id is cut."""
    values = _values(notice, words)
    most = MOST[words.language]
    while True:
        text = line.of(words.language).format_map(values | {"parts": "".join(parts)}) + tail
        if len(text) <= most:
            return text
        if parts:
            parts = parts[:-1]
        else:
            values["who"] = values["who"][: -max(1, len(text) - most)]


def _values(notice: Notice, words: Words) -> dict[str, str]:
    about = notice.about
    name = MINOR if about.minor else KIND_NAMES.get(about.kind, Text(about.kind, about.kind))
    start = about.facts.get("from")
    metres = about.facts.get("home_m")
    return {
        "head": HEADS.get(about.kind, HEADS[about.severity]).of(words.language),
        "who": about.person or about.device, "at": words.clock(about.onset), "kind": name.of(words.language),
        "from": words.clock(float(start)) if isinstance(start, int | float) else "",
        "distance": words.distance(float(metres)) if isinstance(metres, int | float) else "",
        "charge": _charge(about, words),
    }  # fmt: skip


def _charge(about: About, words: Words) -> str:
    """How full the battery is: until when it lasts, where that is known, else in percent."""
    until, percent = about.facts.get("lasts_until"), about.facts.get("battery_percent")
    if isinstance(until, int | float):
        return LASTS.of(words.language).format(until=words.clock(float(until)))
    return f"{percent:.0f}%" if isinstance(percent, int | float) else ""


def _parts(notice: Notice, words: Words) -> list[str]:
    """What is left out from the end where there is no room: what to do last of all."""
    about, language = notice.about, words.language
    ask = ASK.get(about.severity)
    found = [] if ask is None else [ask.of(language)]
    deadline = about.facts.get("verify_by")
    if notice.rung > 0:
        found.append(_late(words))
    elif isinstance(deadline, int | float) and about.severity == "critical":
        found.append(PARTS["deadline"].of(language).format(time=words.clock(float(deadline))))
    if not about.minor:
        found += _where(notice, words)
    return found


def _late(words: Words) -> str:
    return PARTS["late"].of(words.language)


def _where(notice: Notice, words: Words) -> list[str]:
    """Where the wearer was as to his home, and the battery; no place on a map."""
    metres, percent = notice.about.facts.get("home_m"), notice.about.facts.get("battery_percent")
    found = []
    if isinstance(metres, int | float):
        key = "home" if metres <= 0 else "near" if metres <= NEAR else "away"
        found.append(PARTS[key].of(words.language).format(distance=words.distance(max(0.0, float(metres)))))
    if isinstance(percent, int | float):
        found.append(PARTS["battery"].of(words.language).format(percent=round(percent)))
    return found
