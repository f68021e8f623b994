"""The list of alarms, for people and for scripts."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import msgspec

from gateway.alarm_text import text_of
from gateway.cloudevents import iso
from gateway.control.identity import width_of
from gateway.listing import Item, listing

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.console import Group

    from gateway.engine.episode import Episode

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


def shown(episodes: Sequence[Episode], timezone: str, language: str) -> Group:
    """Alarms as a list in the reader's language and the county's time, each id as long as the others ask for."""
    zone, width = ZoneInfo(timezone), width_of(episode.id for episode in episodes)
    items = [
        Item(
            (
                episode.id[:width], local(episode.onset, zone), episode.person or episode.device,
                STATES[language][state_of(episode)],
            ),
            (text_of(episode, "", timezone).of(language),),
            STYLES[episode.severity],
        )
        for episode in episodes
    ]  # fmt: skip
    return listing(HEADINGS[language], items)


def local(at: float, zone: ZoneInfo) -> str:
    """A time of the county to the minute, as short as a list needs it."""
    return f"{datetime.fromtimestamp(at, UTC).astimezone(zone):%m-%d %H:%M}"


def json_lines(episodes: Sequence[Episode], timezone: str) -> Iterator[str]:
    """Alarms as JSON, a line each."""
    for episode in episodes:
        text = text_of(episode, "", timezone)
        line = {
            "alarm": episode.id, "kind": episode.kind, "severity": episode.severity, "state": state_of(episode),
            "resolved": episode.resolved, "person": episode.person, "device": episode.device, "zone": episode.zone,
            "rule": episode.rule, "basis": episode.basis, "onset": iso(episode.onset), "ended": iso(episode.ended),
            "decided": iso(episode.decided), "outcome": episode.outcome, "text": {"zh": text.zh, "en": text.en},
            "notes": [{"at": iso(note.at), "by": note.by, "text": note.text} for note in episode.notes],
        }  # fmt: skip
        yield msgspec.json.encode(line).decode()
