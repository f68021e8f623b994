"""How the way of alarms stands, for the head of the queue and the wallboard: one line in words."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from gateway.console.words.texts import text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gateway.words.alarm_words import Words

GOOD, SOFT, FAULT = "good", "soft", "fault"
_TONES: Final = {"proven": GOOD, "late": FAULT}


@dataclass(frozen=True, slots=True)
class PathLine:
    """What is said of the way of alarms.

    Attributes:
        tone: ``good``, ``soft`` (not known) or ``fault``.
        said: the line.
        proven: since when it is proven, UTC epoch seconds, where the line is about that; its age goes on.
        heard: of the canary's device itself, in words; empty: nothing.
    """

    tone: str
    said: str
    proven: float | None = None
    heard: str = ""


def path_line(told: Mapping[str, Any] | None, words: Words, now: float) -> PathLine:
    """The line of what ``status`` tells under ``alarm_path``.

    Args:
        told: that; None: the gateway does not answer.
        words: in the visitor's language.
        now: the county's receive time, UTC epoch seconds.
    """
    t = partial(text, words.language)
    if told is None:
        return PathLine(FAULT, t("path_unread"))
    state = told.get("state", "begun")
    tone, heard = _TONES.get(state, SOFT), _heard(told, words)
    if state == "late":
        return PathLine(tone, t("path_held", why=told["held_up"][words.language]), heard=heard)
    if state != "proven":
        return PathLine(tone, t(f"path_{state}"), heard=heard)
    age = max(told["proven_seconds"].values())
    said = t("path_proven", age=words.lasted(age))
    return PathLine(tone, said, now - age, heard)


def _heard(told: Mapping[str, Any], words: Words) -> str:
    """The first part of the way, which a test alarm does not take: that the device itself speaks."""
    if not told.get("device"):
        return ""
    heard = told["heard_seconds"]
    if heard == "":
        return text(words.language, "path_unheard")
    return text(words.language, "path_heard", age=words.lasted(heard))
