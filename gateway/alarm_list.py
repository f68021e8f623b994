"""The list of alarms, for people and for scripts."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import msgspec
from rich.table import Table

from gateway.cloudevents import iso
from gateway.texts import SEVERITY, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gateway.engine.episode import Episode

HEADINGS = {
    "zh": ("编号", "级别", "时间", "人员", "状态", "内容"),
    "en": ("id", "severity", "time", "person", "state", "text"),
}
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


def table(episodes: Sequence[Episode], timezone: str, language: str) -> Table:
    """Alarms as a table in the reader's language and the county's time."""
    shown = Table(*HEADINGS[language], show_lines=False)
    zone = ZoneInfo(timezone)
    for episode in episodes:
        text = text_of(episode, "", timezone)
        severity = SEVERITY[episode.severity]
        shown.add_row(
            episode.id, severity.zh if language == "zh" else severity.en,
            f"{datetime.fromtimestamp(episode.onset, UTC).astimezone(zone):%m-%d %H:%M}",
            episode.person or episode.device, STATES[language][state_of(episode)],
            text.zh if language == "zh" else text.en, style=STYLES[episode.severity],
        )  # fmt: skip
    return shown


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
