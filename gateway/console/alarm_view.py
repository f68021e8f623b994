"""What the page of an alarm shows, in words: what was done about it, what is known of it, and on which basis."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

from gateway.console.row_words import verdict_words
from gateway.console.words.texts import text
from gateway.engine import WEARER
from gateway.words.act_phrases import act_lines
from gateway.words.change_texts import OUTCOMES
from gateway.words.sms_phrases import NOTICE_LINE, NOTICE_STATES, NOTICE_WEARER
from gateway.words.track_formats import SOURCES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from gateway.engine import Episode, NoticeRecord
    from gateway.settings.model import Authority, Configuration
    from gateway.store.presence import Stretch
    from gateway.words.alarm_words import Words

CURFEW: Final = frozenset({"curfew_late", "curfew_early_leave", "curfew_absent"})
"""One alarm has these names in turn as its night goes on."""
STATES: Final = ("not_home", "home", "unknown")
"""Of presence, as they are shown."""


@dataclass(frozen=True, slots=True)
class Line:
    """What was done, or found, at a time (UTC epoch seconds)."""

    at: float
    said: str


def lines(episode: Episode, words: Words, notices: Sequence[NoticeRecord] = ()) -> list[Line]:
    """All that happened to an alarm and who was told of it, oldest first."""
    said = [Line(at, told) for at, told in act_lines(episode, words)]
    said += [Line(one.at, _notice_line(one, words)) for one in notices]
    agreed = episode.follow_up
    if agreed is not None and agreed.checked is not None:
        said.append(Line(agreed.checked, text(words.language, "line_checked", verdict=verdict_words(agreed, words))))
    return sorted(said, key=lambda one: one.at)


def _notice_line(record: NoticeRecord, words: Words) -> str:
    to = NOTICE_WEARER.of(words.language) if record.notice.to == WEARER else record.notice.to
    return NOTICE_LINE.of(words.language).format(to=to, how=NOTICE_STATES[record.state.value].of(words.language))


Told = tuple[str, str]
"""What it is, and its value, in words."""


def facts(episode: Episode, words: Words, *, places: bool) -> list[Told]:
    """What was reported and judged; ``places``: also of where somebody was."""
    t = partial(text, words.language)
    moments = {"onset": episode.onset, "decided": episode.decided, "ended": episode.ended}
    moments |= {"received": episode.received} if episode.retrospective else {}
    told = [(t(f"fact_{name}"), words.clock(at)) for name, at in moments.items() if at is not None]
    if places and episode.radius_m is not None:
        told.append((t("fact_radius"), words.distance(episode.radius_m)))
    known = [name for name in TELL if name in episode.facts and (places or name not in OF_PLACES)]
    return told + [(t(f"fact_{name}"), said) for name in known if (said := _told(name, episode, words))]


def _told(name: str, episode: Episode, words: Words) -> str:
    value = episode.facts[name]
    said = TELL[name](value, words)
    bearing = episode.facts.get(BEARINGS.get(name, ""))
    if name == "home_m" and isinstance(value, int | float) and value <= 0:
        return text(words.language, "row_at_home")
    left, right = ("（", "）") if words.language == "zh" else (" (", ")")
    return f"{said}{left}{words.way(bearing)}{right}" if isinstance(bearing, int | float) and said else said


def _time(value: object, words: Words) -> str:
    return words.clock(value) if isinstance(value, int | float) else ""


def _metres(value: object, words: Words) -> str:
    return words.distance(max(0.0, value)) if isinstance(value, int | float) else ""


def _seconds(value: object, words: Words) -> str:
    return words.lasted(value) if isinstance(value, int | float) else ""


def _percent(value: object, words: Words) -> str:
    return words.part("percent", percent=value)


def _source(value: object, words: Words) -> str:
    return SOURCES[str(value)].of(words.language) if str(value) in SOURCES else str(value)


def _plain(value: object, words: Words) -> str:
    del words
    return str(value)


def _notice_state(value: object, words: Words) -> str:
    return NOTICE_STATES[str(value)].of(words.language) if str(value) in NOTICE_STATES else str(value)


TELL: Final[Mapping[str, Callable[[object, Words], str]]] = {
    "from": _time, "until": _time, "verify_by": _time, "grace_seconds": _seconds, "last_in": _time, "fixes": _plain,
    "times": _plain, "again": _time, "battery_percent": _percent, "placed": _time, "source": _source, "home_m": _metres,
    "away_m": _metres, "home_to_zone_m": _metres, "outside": _plain, "inside": _plain, "registered": _plain,
    "out_seconds": _seconds, "in_seconds": _seconds, "unknown_seconds": _seconds, "out_from": _time,
    "out_until": _time, "nights": _plain, "of": _plain, "answers": _plain, "apart_m": _metres,
    "heard_radius_m": _metres, "moved_m": _metres, "jumps": _plain, "jump_m": _metres, "leave_ended": _time,
    "assigned": _time, "faded": _time, "closer_reports": _time, "corrected": _time, "handed_over": _time,
    "taken_away": _time, "offset": _plain, "wearer_told": _time, "wearer_told_how": _notice_state, "escalated": _time,
    "lasts_until": _time, "charged": _time, "tell_from": _time, "waited": _time, "charging": _time,
    "faults": _plain, "fault_seconds": _seconds, "glitch_until": _time, "strap_closed": _time, "open_seconds": _seconds,
}  # fmt: skip
"""How each fact is told, in the order in which they stand on the page."""
BEARINGS: Final[Mapping[str, str]] = {"home_m": "home_deg", "away_m": "away_deg"}
OF_PLACES: Final = frozenset({
    "placed", "source", "home_m", "away_m", "home_to_zone_m", "outside", "inside", "registered", "apart_m",
    "heard_radius_m", "moved_m", "jump_m",
})  # fmt: skip
"""Facts that say where somebody was."""


def basis(episode: Episode, configuration: Configuration, words: Words) -> list[Told]:
    """Rule, document and authority; how probable it was when it was decided."""
    t = partial(text, words.language)
    told = [("rule", episode.rule), ("basis", episode.basis), ("zone", episode.zone_name)]
    if episode.level:
        told.append(("level", t(f"level_{episode.level}")))
    if episode.person:
        told.append(("authority", _authority(episode, configuration, words)))
    if episode.probability is not None:
        told.append(("probability", words.percent(episode.probability)))
    return [(t(f"basis_{name}"), said) for name, said in told if said]


def _authority(episode: Episode, configuration: Configuration, words: Words) -> str:
    found = authority_of(episode, configuration)
    if found is None:
        return text(words.language, "basis_authority_none")
    return text(
        words.language, "basis_authority_is", document=found.document, approved_by=found.approved_by,
        since=words.day(found.start), until=words.day(found.until - 1.0),
    )  # fmt: skip


def authority_of(episode: Episode, configuration: Configuration) -> Authority | None:
    """The authority under which an alarm was decided; None: none is known."""
    device = configuration.devices.get(episode.device)
    return next(
        (
            one for one in configuration.authorities
            if one.person == episode.person and one.start <= episode.decided < one.until
            and (device is None or one.kind is device.basis)
        ),
        None,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Before:
    """An earlier alarm of the same kind, and how it was closed."""

    id: str
    onset: float
    outcome: str
    by: str
    note: str


def before(episode: Episode, others: Iterable[Episode], language: str) -> list[Before]:
    """Earlier alarms of this kind, the newest first; those of a curfew are one kind, whatever became of the night."""
    kinds = CURFEW if episode.kind in CURFEW else {episode.kind}
    same = [one for one in others if one.kind in kinds and one.id != episode.id and one.onset <= episode.onset]
    return [
        Before(one.id, one.onset, _outcome(one, language), one.closed_by if one.closed is not None else "", _note(one))
        for one in sorted(same, key=lambda one: -one.onset)
    ]


def _outcome(episode: Episode, language: str) -> str:
    if episode.retracted:
        return text(language, "alarm_past_retracted")
    if episode.closed is not None:
        return OUTCOMES[episode.outcome].of(language)
    return text(language, "alarm_past_over" if episode.resolved else "alarm_past_open")


def _note(episode: Episode) -> str:
    return episode.notes[-1].text if episode.notes else ""


def presence(stretches: Sequence[Stretch], rule: str) -> list[tuple[str, float]]:
    """Seconds judged away, at home and undetermined, of a rule's duty; of all where none is named. Empty: no record."""
    mine = [one for one in stretches if not rule or one.rule == rule]
    return [
        (state, sum(one.until - one.since for one in mine if one.state == state)) for state in STATES
    ] if mine else []  # fmt: skip


def night_of(episode: Episode, now: float) -> tuple[float, float]:
    """The night, or the time, that an alarm is about: UTC epoch seconds."""
    since, until = episode.facts.get("from"), episode.facts.get("until")
    if isinstance(since, int | float) and isinstance(until, int | float):
        return float(since), min(float(until), max(now, episode.onset))
    ended = now if episode.ended is None else episode.ended
    return min(episode.onset, ended) - MARGIN, ended


MARGIN: Final = 3600.0
"""Seconds before an alarm that are shown with it."""
