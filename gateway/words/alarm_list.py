"""The list of alarms, for people and for scripts."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import msgspec

from fencing.datum import Datum
from gateway.clock import iso
from gateway.kinds import SEVERITIES
from gateway.words.act_phrases import act_lines, in_hand
from gateway.words.alarm_text import text_of
from gateway.words.alarm_words import Words
from gateway.words.coordinates import on_maps
from gateway.words.listing import Item, listing, width_of
from gateway.words.texts import Text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.console import Group

    from gateway.engine import Episode
    from gateway.settings.model import County

HEADINGS = {"zh": ("编号", "时间", "人员", "状态"), "en": ("id", "time", "person", "state")}
STATES = {
    "zh": {
        "open": "未接收", "acknowledged": "已接收", "ended": "已恢复，未办结", "closed": "已办结",
        "retracted": "已撤回",
    },
    "en": {
        "open": "open", "acknowledged": "acknowledged", "ended": "ended, not closed", "closed": "closed",
        "retracted": "taken back",
    },
}  # fmt: skip
WHERE = Text(
    "位置：{datum} {longitude:.5f},{latitude:.5f}，误差约{radius95_m}米，定位时间（UTC）{placed}",
    "place: {datum} {longitude:.5f},{latitude:.5f}, ±{radius95_m} m, fix of {placed} (UTC)",
)
REGISTERED = Text(
    "范围内登记的场所（按现行配置）：{names}", "registered places inside the circle (as configured now): {names}"
)
BEFORE = Text("此前：{text}", "before: {text}")
PROOF = Text("日志流水号：{first} 至 {last}", "journal entries: {first} to {last}")
STYLES = {"critical": "bold red", "serious": "yellow", "warning": "cyan", "info": "dim"}


def state_of(episode: Episode) -> str:
    """One word for where an episode stands."""
    if episode.retracted:
        return "retracted"
    if episode.closed is not None:
        return "closed"
    if episode.ended is not None:
        return "ended"
    return "acknowledged" if episode.acknowledged is not None else "open"


def gravest_first(episodes: Sequence[Episode]) -> list[Episode]:
    """The same by severity, those of one in their order: what is critical overtakes a flood of warnings."""
    return sorted(episodes, key=lambda episode: -SEVERITIES.index(episode.severity))


def shown(episodes: Sequence[Episode], timezone: str, language: str, maps: Datum = Datum.GCJ02) -> Group:
    """Alarms as a list in the reader's language and the county's time, each id as long as the others ask for."""
    zone, width = ZoneInfo(timezone), width_of(episode.id for episode in episodes)
    words = Words(language, zone)
    items = [
        Item(
            (
                episode.id[:width], local(episode.onset, zone), episode.person or episode.device,
                STATES[language][state_of(episode)],
            ),
            tuple(filter(None, (text_of(episode, "", timezone, maps).of(language), in_hand(episode, words)))),
            STYLES[episode.severity],
        )
        for episode in episodes
    ]  # fmt: skip
    return listing(HEADINGS[language], items)


def local(at: float, zone: ZoneInfo) -> str:
    """A time of the county to the minute, as short as a list needs it."""
    return f"{datetime.fromtimestamp(at, UTC).astimezone(zone):%m-%d %H:%M}"


def place_of(episode: Episode, maps: Datum) -> dict[str, object] | None:
    """Where the wearer was last found when the alarm was raised, on maps of a datum; its radius, time and age then."""
    if episode.latitude is None or episode.longitude is None:
        return None
    placed = episode.facts.get("placed")
    at = float(placed) if isinstance(placed, int | float) else None
    return {
        **on_maps(episode.latitude, episode.longitude, maps).fields, "radius95_m": episode.radius_m,
        "placed": iso(at), "age_seconds": None if at is None else round(max(0.0, episode.decided - at), 1),
    }  # fmt: skip


def lines(episode: Episode, county: County, language: str, registered: str = "") -> Iterator[str]:
    """All of one alarm for people, a line each thing; ``registered`` names the places inside its circle."""
    zone = ZoneInfo(county.timezone)
    yield episode.id
    yield text_of(episode, "", county.timezone, county.maps).of(language)
    if episode.ended is not None or episode.closed is not None or episode.retracted:
        before = msgspec.structs.replace(episode, ended=None, closed=None, retracted=False)
        yield BEFORE.of(language).format(text=text_of(before, "raised", county.timezone, county.maps).of(language))
    place = place_of(episode, county.maps)
    if place is not None:
        yield WHERE.of(language).format_map(place)
    if registered:
        yield REGISTERED.of(language).format(names=registered)
    words = Words(language, zone)
    hand = in_hand(episode, words)
    if hand:
        yield hand
    for at, said in act_lines(episode, words):
        yield f"{local(at, zone)}  {said}"
    yield PROOF.of(language).format(first=episode.first_offset, last=episode.last_offset)
