"""The small texts of a row of the queue: where, on leave or not, what was agreed, how it stands."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from gateway.console.words.texts import text
from gateway.words.act_phrases import FOUND, followed
from gateway.words.alarm_text import ENDINGS
from gateway.words.alarm_values import leave_of
from gateway.words.outage_words import named_odd, named_silent
from gateway.words.texts import MEASURED

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gateway.console.last_place import LastPlace
    from gateway.engine import Episode
    from gateway.engine.act_lines import FollowUp
    from gateway.words.alarm_words import Words

JUST_NOW: Final = 60.0
"""Seconds: a younger place needs no age."""
LEAVE_MATTERS: Final = frozenset(kind for kind, said in MEASURED.items() if "{leave}" in said.zh)
"""Kinds of alarm that leave would explain."""
OUTAGE: Final = "mass_outage"
TOLD: Final[Mapping[str, str]] = {
    "no_answer": "row_told_tried", "reached": "row_told_yes", "promised": "row_told_yes", "refused": "row_told_refused",
}  # fmt: skip


def number(episode: Episode, name: str) -> float | None:
    """A fact that is a number; None where it is not known."""
    value = episode.facts.get(name)
    return float(value) if isinstance(value, int | float) else None


def age_of(episode: Episode, words: Words, now: float) -> str:
    """How long it has lasted; of one that is over, how long it did."""
    return words.lasted((now if episode.ended is None else episode.ended) - episode.onset)


def place_words(place: LastPlace | None, words: Words, now: float) -> tuple[str, ...]:
    """Where somebody was last: how far from home and which way; then how sure, and how old."""
    if place is None:
        return (text(words.language, "row_no_place"),)
    parts = (_from_home(place, words), _radius(place, words), _age(place, words, now), _battery(place, words))
    return tuple(filter(None, parts))


def _from_home(place: LastPlace, words: Words) -> str:
    if place.home_m is None or place.home_deg is None:
        return ""
    if place.home_m <= 0:
        return text(words.language, "row_at_home")
    return text(words.language, "row_from_home", distance=words.distance(place.home_m), way=words.way(place.home_deg))


def _radius(place: LastPlace, words: Words) -> str:
    return "" if place.radius_m is None else text(words.language, "row_radius", distance=words.distance(place.radius_m))


def _age(place: LastPlace, words: Words, now: float) -> str:
    age = now - place.placed
    return text(words.language, "row_fixed_now" if age < JUST_NOW else "row_fixed", age=words.lasted(age))


def _battery(place: LastPlace, words: Words) -> str:
    return "" if place.battery is None else text(words.language, "row_battery", percent=round(place.battery))


def leave_words(episode: Episode, words: Words) -> str:
    """Whether there was leave when it began; empty where leave would explain nothing."""
    return leave_of(episode, words).rstrip("。. ") if episode.kind in LEAVE_MATTERS else ""


def outage_words(episode: Episode, words: Words, *, places: bool) -> str:
    """How many are silent of one cause and who; ``places``: also who of them is odd. Empty of any other alarm."""
    if episode.kind != OUTAGE:
        return ""
    facts = {name: str(episode.facts.get(name, "")) for name in ("silent", "people", "odd")}
    t, who = partial(text, words.language), named_silent(facts["people"], words)
    odd = t("row_odd", odd=named_odd(facts["odd"], words)) if places and facts["odd"] else ""
    return t("row_silent", count=facts["silent"], who=who, odd=odd)


def told_words(episode: Episode, words: Words) -> str:
    """Whether the wearer has been spoken to, by the last attempt; empty where there is no wearer."""
    tried = [act for act in episode.acts if act.do == "attempt" and act.whom == "wearer"]
    if not tried:
        return text(words.language, "row_told_no") if episode.person else ""
    return text(words.language, TOLD[tried[-1].result], time=words.clock(tried[-1].at))


def follow_up_words(episode: Episode, words: Words, now: float) -> str:
    """What was agreed, or what is found now that it is due."""
    agreed, t = episode.follow_up, partial(text, words.language)
    if agreed is None:
        return ""
    if agreed.verdict:
        return verdict_words(agreed, words)
    return t("due_unchecked") if agreed.at <= now else followed(agreed, words)


def verdict_words(agreed: FollowUp, words: Words) -> str:
    """What was found at the time that was agreed."""
    return text(words.language, "due", found=FOUND[agreed.expects, agreed.verdict].of(words.language))


def stage_words(episode: Episode, words: Words) -> str:
    """That it is over, and how, but still to be closed; empty while it goes on."""
    if episode.is_disputed:
        return text(words.language, "row_disputed", time=words.clock(episode.disputed or 0.0))
    if episode.ended is None:
        return ""
    how = next((word for fact, word in ENDINGS.items() if fact in episode.facts), "cleared")
    return text(words.language, f"row_{how}", time=words.clock(episode.ended))
