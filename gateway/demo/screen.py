"""The demo's screen, drawn from what is known for the terminal's size: what does not fit is counted, not cut."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from rich.console import Group
from rich.panel import Panel
from rich.text import Text

from gateway.demo.words import CHANGES, WORDS
from gateway.kinds import SEVERITIES
from gateway.words.alarm_list import STATES, STYLES, local, state_of
from gateway.words.kind_names import kind_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from rich.console import Console

    from gateway.engine import Episode

FIXED = 9
"""Lines that are always there: three frames, two lines of figures, one left free."""
FRAME = 4
"""Columns of a frame and its margins."""
_SEVERITIES = SEVERITIES[::-1]
"""The gravest first."""


@dataclass(frozen=True, slots=True)
class Known:
    """What the screen is drawn from; all of it oldest first."""

    captions: Sequence[str]
    figures: Sequence[Mapping[str, str]]
    """Two lines, each figure by its word."""
    unresolved: Sequence[Episode]
    events: Sequence[Mapping[str, Any]]
    desk: str = ""
    """Where the pages of the duty desk are, and who comes in."""


@dataclass(frozen=True, slots=True)
class Shares:
    """Lines within each frame."""

    story: int
    alarms: int
    platform: int


def shares(height: int) -> Shares:
    """How a terminal's lines are shared out; each part keeps one at least."""
    free = max(height - FIXED, 3)
    story = min(max(free // 4, 1), 6)
    alarms = max((free - story) // 2, 1)
    return Shares(story, alarms, max(free - story - alarms, 1))


def draw(known: Known, console: Console, language: str, timezone: str) -> Group:
    """The whole screen, no higher than the terminal."""
    share, width = shares(console.height), console.width - FRAME
    captions = [Text(caption) for caption in known.captions]
    alarms = _alarms(known.unresolved, share.alarms, language, ZoneInfo(timezone))
    events = [Text(event_line(event, language)) for event in known.events[-share.platform :]]
    count = f"{WORDS['unresolved'].of(language)} ({len(known.unresolved)})"
    desk = f"{WORDS['desk'].of(language)} {known.desk}" if known.desk else ""
    return Group(
        _panel(newest(captions, console, width, share.story), WORDS["title"].of(language), share.story, desk),
        *(_figures(line, language) for line in known.figures),
        _panel(alarms, count, share.alarms),
        _panel(newest(events, console, width, share.platform), WORDS["platform"].of(language), share.platform),
    )


def _panel(lines: Iterable[Text], title: str, height: int, foot: str = "") -> Panel:
    return Panel(Text("\n").join(lines), title=title, subtitle=Text(foot) if foot else None, height=height + 2)


def _figures(figures: Mapping[str, str], language: str) -> Text:
    said = " · ".join(f"{WORDS[word].of(language)} {value}" for word, value in figures.items())
    return Text(said, no_wrap=True, overflow="ellipsis")


def newest(texts: Sequence[Text], console: Console, width: int, most: int) -> list[Text]:
    """As many of the last texts as fit into ``most`` lines, folded and whole; the very last in any case."""
    lines: list[Text] = []
    for text in reversed(texts):
        folded = list(text.wrap(console, width, overflow="fold"))
        if lines and len(folded) + len(lines) > most:
            break
        lines = folded + lines
    return lines[:most]


def event_line(event: Mapping[str, Any], language: str) -> str:
    """A message of the platform's as one text: what became of the alarm, and what it says."""
    change = CHANGES[event["type"].rsplit(".", 1)[1]].of(language)
    return f"{change}  {event['data']['text'][language]}"


def _alarms(episodes: Sequence[Episode], most: int, language: str, zone: ZoneInfo) -> list[Text]:
    """The gravest first, of these the newest; alarms of one kind about one person share a line."""
    together: defaultdict[tuple[str, str], list[Episode]] = defaultdict(list)
    for episode in sorted(episodes, key=lambda episode: (_SEVERITIES.index(episode.severity), -episode.decided)):
        together[episode.person or episode.device, episode.kind].append(episode)
    groups = list(together.values())
    room = most if len(groups) <= most else most - 1
    lines = [_line(group, language, zone) for group in groups[:room]]
    left = sum(map(len, groups[room:]))
    return [*lines, Text(WORDS["more"].of(language).format(count=left))] if left else lines


def _line(group: Sequence[Episode], language: str, zone: ZoneInfo) -> Text:
    latest = group[0]
    times = f" ×{len(group)}" if len(group) > 1 else ""
    who, kind, state = (
        latest.person or latest.device,
        kind_name(latest.kind, language),
        STATES[language][state_of(latest)],
    )
    said = f"{local(latest.onset, zone)}  {who}  {kind}{times}  {state}"
    return Text(said, style=STYLES[latest.severity], no_wrap=True, overflow="ellipsis")
