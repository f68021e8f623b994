"""A last known place in words, as the daemon describes it: when, how sure, where, and how it lies to home and zones."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from gateway.words.alarm_words import Words
from gateway.words.texts import Text
from gateway.words.track_formats import SOURCES

PLACE = Text(
    "{time}（{age}前），误差约{radius}，{source}；{datum} {longitude:.5f},{latitude:.5f}{home}",
    "{time} ({age} ago), ±{radius}, by {source}; {datum} {longitude:.5f},{latitude:.5f}{home}",
)
NEAR = Text("；家中或家附近", "; at or near home")
FAR = Text("；距家约{distance}（{way}）", "; about {distance} {way} of home")
IS = {
    "inside": Text("在“{name}”内", 'inside "{name}"'), "outside": Text("在“{name}”外", 'outside "{name}"'),
    "unknown": Text("是否在“{name}”内无法判断", 'inside "{name}" or not: undetermined'),
}  # fmt: skip
REGISTERED = Text("附近登记的场所：{places}", "registered places nearby: {places}")
ONE = Text("“{name}”（{distance}）", '"{name}" ({distance})')
WITHIN = Text("“{name}”（在其中）", '"{name}" (within it)')
SURE = Text("（在内的可能性{percent}，规则 {rule}）", " ({percent} likely inside, rule {rule})")

CONTACT = Text(
    "{device}  最近联系：{time}（{age}前）{battery}{silent}",
    "{device}  last contact: {time} ({age} ago){battery}{silent}",
)
NO_CONTACT = Text("{device}  从未联系过", "{device}  never heard of")
BATTERY = Text("；电量{percent}%", "; battery {percent} %")
SILENT = Text("；失联", "; missed")
AUTHORITY = Text("定位授权至 {time}", "authority until {time}")
TERM = Text("矫正期限至 {time}", "term until {time}")
DUTY = {
    "home": Text("；自{time}起在", "; there since {time}"),
    "not_home": Text("；自{time}起不在", "; not there since {time}"),
    "unknown": Text("；自{time}起无法判断", "; undetermined since {time}"),
}  # fmt: skip
"""Of a place where somebody has to be now."""


def known_lines(found: dict[str, Any], timezone: str, language: str) -> list[str]:
    """What else is known of somebody who was asked for: last contact of each device, ends of authority and term."""
    words = Words(language, ZoneInfo(timezone))
    now = datetime.fromisoformat(found["now"]).timestamp()
    ends = [
        text.of(language).format(time=f"{datetime.fromisoformat(found[name]).astimezone(words.zone):%Y-%m-%d %H:%M}")
        for name, text in (("authority_until", AUTHORITY), ("term_until", TERM)) if found[name] is not None
    ]  # fmt: skip
    return [*(_contact(each, now, words) for each in found["devices"]), *ends]


def _contact(device: dict[str, Any], now: float, words: Words) -> str:
    if device["contact"] is None:
        return NO_CONTACT.of(words.language).format_map(device)
    at, percent = datetime.fromisoformat(device["contact"]).timestamp(), device["battery_percent"]
    return CONTACT.of(words.language).format(
        device=device["device"], time=words.clock(at, seconds=True), age=words.lasted(now - at),
        battery="" if percent is None else BATTERY.of(words.language).format(percent=percent),
        silent=SILENT.of(words.language) if device["silent"] else "",
    )  # fmt: skip


def place_lines(place: dict[str, Any], timezone: str, language: str) -> list[str]:
    """A described place in words: when, how sure, where, and how it lies to home and zones."""
    words = Words(language, ZoneInfo(timezone))
    values = {
        **place, "time": words.clock(datetime.fromisoformat(place["time"]).timestamp(), seconds=True),
        "age": words.lasted(place["age_seconds"]), "radius": words.distance(place["radius95_m"]),
        "source": SOURCES[place["source"] or "none"].of(language), "home": _home(place, words),
    }  # fmt: skip
    zones = [
        "  " + IS[zone["is"]].of(language).format_map(zone)
        + SURE.of(language).format(percent=_percent(zone["probability"], words), rule=zone["rule"])
        + _duty(zone["duty"], words)
        for zone in place["zones"]
    ]  # fmt: skip
    near = _registered(place["registered"], words)
    return [f"{place['device']}  {PLACE.of(language).format_map(values)}", *zones, *near]


def _registered(places: list[dict[str, Any]], words: Words) -> list[str]:
    """The line about registered places nearby; none where there are none."""
    told = [
        (ONE if place["distance_m"] > 0 else WITHIN).of(words.language).format(
            name=place["name"], distance=words.distance(place["distance_m"])
        )
        for place in places
    ]  # fmt: skip
    comma = "、" if words.language == "zh" else ", "
    return ["  " + REGISTERED.of(words.language).format(places=comma.join(told))] if told else []


def _duty(duty: dict[str, Any] | None, words: Words) -> str:
    if duty is None:
        return ""
    since = datetime.fromisoformat(duty["since"]).timestamp()
    return DUTY[duty["is"]].of(words.language).format(time=words.clock(since))


def _home(place: dict[str, Any], words: Words) -> str:
    metres = place["home_m"]
    if metres is None:
        return ""
    if metres <= 0:
        return NEAR.of(words.language)
    return FAR.of(words.language).format(distance=words.distance(metres), way=words.way(place["home_deg"]))


def _percent(probability: float, words: Words) -> str:
    return words.percent(max(0.01, probability))
