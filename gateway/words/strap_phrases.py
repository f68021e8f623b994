"""Why a strap's opening is graded as it is, in Chinese and English."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from gateway.words.texts import Text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from gateway.engine import Episode
    from gateway.words.alarm_words import Words

AGAINST: Final[Mapping[str, Text]] = {
    "late": Text("此次为补传", "this came late"),
    "stored": Text("此次为补传", "this came late"),
    "removal": Text("此次在经批准取下期间", "this was while it is off with leave"),
    "off_body": Text("此次同时报未贴身", "this time it reports no skin contact"),
    "case_open": Text("此次同时报外壳打开", "this time it reports its case open"),
    "sos": Text("此次同时求助", "this time the emergency button is pressed"),
    "jamming": Text("此次同时报受干扰", "this time it reports jamming"),
    "beside": Text("另有报警未恢复", "another alarm of the wearer stands"),
    "no_place": Text("此次没有可用定位", "this time no usable place is known"),
    "moving": Text("断开时在移动", "it was moving"),
    "moved": Text("断开后位置有移动", "the place has moved since"),
    "still_open": Text("再次上报仍断开", "the next report still says open"),
    "longer": Text("断开时间长于以往", "it was open longer than before"),
    "not_closed": Text("到时未报恢复", "it was not reported closed in time"),
    "other_device": Text("另一腕带也报断开", "another bracelet reports its strap open, too"),
}
"""By ``facts.graded``: what speaks against a fault, though the sensor is known to have had them."""
GRADED: Final = Text(
    "该腕带曾按技术原因办结，但{why}。", "This bracelet's sensor was found at fault before, but {why}. "
)
FAULTS: Final = Text(
    "该腕带有{faults}次报警由人工按技术原因办结，最长断开{longest}。",
    "Persons closed {faults} alarms of this bracelet as technical, open {longest} at most. ",
)
UNTIL: Final = Text("{time}前未报恢复即升为紧急。", "Urgent if not reported closed by {time}. ")
AGAIN: Final = Text("，{time}报已恢复", ", closed again {time}")


def strap_values(episode: Episode, words: Words) -> dict[str, Callable[[], str]]:
    """The placeholders of an open strap, each worked out when it is asked for; what is not known is left out."""
    return {
        "graded": partial(_graded, episode, words), "faults": partial(_faults, episode, words),
        "glitch_until": partial(_until, episode, words), "closed_again": partial(_again, episode, words),
    }  # fmt: skip


def _graded(episode: Episode, words: Words) -> str:
    why = AGAINST.get(str(episode.facts.get("graded")))
    return "" if why is None else _said(GRADED, words, why=why.of(words.language))


def _faults(episode: Episode, words: Words) -> str:
    faults, longest = episode.facts.get("faults"), episode.facts.get("fault_seconds")
    return _said(FAULTS, words, faults=faults, longest=words.lasted(longest)) if isinstance(longest, float) else ""


def _until(episode: Episode, words: Words) -> str:
    until = episode.facts.get("glitch_until")
    if not isinstance(until, float) or "strap_closed" in episode.facts:
        return ""
    return _said(UNTIL, words, time=words.clock(until, seconds=True))


def _again(episode: Episode, words: Words) -> str:
    closed = episode.facts.get("strap_closed")
    return _said(AGAIN, words, time=words.clock(closed, seconds=True)) if isinstance(closed, float) else ""


def _said(text: Text, words: Words, **values: object) -> str:
    return text.of(words.language).format_map(values)
