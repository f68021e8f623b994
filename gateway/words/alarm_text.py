"""What an alarm says: its words (``words/texts.py``) with what is known of it, and what happened to it first."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from fencing.datum import Datum
from gateway.engine import Note
from gateway.kinds import CANARY as CANARY_FACT
from gateway.words.alarm_values import Telling, act_behind
from gateway.words.alarm_words import Words
from gateway.words.change_texts import (
    ACT,
    BRIEF,
    CHANGES,
    CORRECTED,
    DEVICE_TAKEN_AWAY,
    FOLLOWED,
    HANDED_OVER,
    LATER_DATA,
    MERGED,
    NOT_FOUND,
    NOTE,
    REPORTED,
    RULE_TAKEN_AWAY,
    STILL_OPEN,
    VERIFIED,
    VOID,
)
from gateway.words.first_texts import AT_FIRST, CHARGING, WAITED
from gateway.words.kind_names import KIND_NAMES
from gateway.words.texts import (
    AGAIN,
    BACK_ON,
    BASIS,
    CALL_FOR_HELP,
    CANARY,
    CLOSER,
    LATE_LEAVE,
    LEAVE_PLACE,
    MEASURED,
    NOT_BACK,
    OTHER,
    REMOVED,
    RETROSPECTIVE,
    SEVERITY,
    TO_THE_OPERATOR,
    WHO,
    Text,
)

if TYPE_CHECKING:
    from gateway.engine import Episode

NOTHING = Text("", "")
ENDINGS = {
    "handed_over": "unobserved", "on_leave": "on_leave", "rule_over": "rule_over", "zone_over": "zone_over",
    "night_over": "night_over", "taken_away": "no_longer_judged", "authority_over": "authority_over",
    "extended_until": "extended_until",
}  # fmt: skip
"""Facts that tell of an end that it is no return, and the word for it."""
LATER = "later_data"
"""Of a closed alarm, what data that came after the close make of it."""
TOLD_BY_ITSELF = frozenset({"cleared", "closed", "examined"})
"""Changes after which nothing is asked for but the close: the alarm is named, not told again."""


def text_of(
    episode: Episode, change: str, timezone: str, maps: Datum = Datum.GCJ02, at: float | None = None
) -> Text:  # fmt: skip
    """The message of an episode after a change.

    Args:
        episode: as it stood after the change.
        change: a value of :class:`gateway.engine.episode.Change`; empty: whatever its standing says.
        timezone: of the county; times are given in it.
        maps: datum of the county's maps; coordinates are given in it.
        at: when it is told, UTC epoch seconds; times of that shift have no date. None: for a list, read at any time.
    """
    change = change or _standing(episode)
    note = _note(episode, change, at)
    parts = Text(
        *("".join(part.of(language) for part in _parts(episode, change, note, at)) for language in ("zh", "en"))
    )
    told = {
        language: Telling(episode, Words(language, ZoneInfo(timezone), at), maps, note).values()
        for language in ("zh", "en")
    }  # fmt: skip
    zh, en = (parts.of(language).format_map(told[language]).strip() for language in ("zh", "en"))
    return Text(zh, en.replace("  ", " "))


def _standing(episode: Episode) -> str:
    """The change that says most of how an alarm stands."""
    if episode.closed is not None:
        return "closed"
    if episode.retracted:
        return "retracted"
    if episode.is_disputed:
        return "disputed"
    if episode.ended is not None:
        return "cleared"
    return "raised" if episode.acknowledged is None else "acknowledged"


def _note(episode: Episode, change: str, at: float | None) -> Note | None:
    """The note that belongs to a change: of its act, or made at the same moment, or, in a list, the last one."""
    act = act_behind(episode)
    if at is not None and act is not None:
        return Note(act.at, act.by, act.note) if act.note else None
    notes = [note for note in episode.notes if at is None or note.at == at]
    return notes[-1] if notes and change not in ("raised", "cleared") else None


def _parts(episode: Episode, change: str, note: Note | None, at: float | None) -> list[Text]:
    over, corrected = episode.ended is not None, _corrected(episode, change, at)
    if change == "cleared":
        change = _ending(episode)
    parts = [CHANGES.get(change, NOTHING)]
    if change == "retracted":
        why = MERGED if "merged_into" in episode.facts else NOT_FOUND
        return [*parts, WHO, _named(REPORTED, episode), VOID, why, NOTHING if note is None else NOTE]
    added = _added(episode, change, note, at)
    parts += added
    parts += _judged_later(episode, change)
    parts += corrected
    if change == "updated" and not added and "again" in episode.facts and not corrected:
        parts.append(AGAIN)
    if over or change in TOLD_BY_ITSELF or (change == "updated" and LATER in episode.facts):
        return [*parts, *_briefly(episode)]
    return [*parts, *_at_length(episode, again=AGAIN not in parts)]


def _ending(episode: Episode) -> str:
    """The word for how it has ended; of the place of a leave it is no rule that is over."""
    word = next((word for fact, word in ENDINGS.items() if fact in episode.facts), "cleared")
    return "place_over" if word == "rule_over" and "leave_place" in episode.facts else word


def _added(episode: Episode, change: str, note: Note | None, at: float | None) -> list[Text]:
    """What an officer did, and what came of what was agreed, in the message of that very change."""
    act, agreed = act_behind(episode), episode.follow_up
    told = at is not None and change == "updated"
    is_line = told and act is not None and act.do != "note"
    parts = [ACT] if is_line else [NOTE] if note is not None else []
    if change == "closed" and episode.verified_by:
        parts.append(VERIFIED)
    if told and act is None and episode.facts.get("leave_entered") == at:
        parts.append(LATE_LEAVE)
    if told and act is None and episode.facts.get("removal_over") == at and "removal_back" not in episode.facts:
        parts.append(NOT_BACK)
    if told and act is None and episode.facts.get("charging") == at:
        parts.append(CHARGING)
    if told and act is None and episode.facts.get("waited") == at:
        parts.append(WAITED)
    return parts + ([FOLLOWED] if told and act is None and agreed is not None and agreed.checked == at else [])


def _judged_later(episode: Episode, change: str) -> list[Text]:
    """What data that came late make of an alarm that a person has closed."""
    judged = LATER_DATA.get(str(episode.facts.get(LATER))) if episode.closed is not None else None
    return [judged] if judged is not None and change in ("updated", "closed") else []


def _corrected(episode: Episode, change: str, at: float | None) -> list[Text]:
    """How data that came late have moved an alarm, in the message of that very change."""
    is_now = at is not None and episode.facts.get("corrected") == at
    return [CORRECTED] if is_now and change in ("updated", "cleared") else []


def _briefly(episode: Episode) -> list[Text]:
    """Which alarm it is. What asked for something before asks for nothing now, but for the close where that is owed."""
    return [WHO, _named(BRIEF, episode), _why_unobserved(episode), NOTHING if episode.resolved else STILL_OPEN]


def _named(brief: Text, episode: Episode) -> Text:
    name = KIND_NAMES.get(episode.kind, Text(episode.kind, episode.kind))
    return Text(*(brief.of(language).replace("{kind}", name.of(language)) for language in ("zh", "en")))


def _why_unobserved(episode: Episode) -> Text:
    """Why nothing more is known of one that has ended without a return."""
    if "handed_over" in episode.facts:
        return HANDED_OVER
    if "taken_away" in episode.facts:
        return RULE_TAKEN_AWAY if episode.rule else DEVICE_TAKEN_AWAY
    return NOTHING


def _measured(episode: Episode) -> Text:
    """What was found. Away from where leave was given for has words of its own."""
    if "leave_place" in episode.facts:
        return LEAVE_PLACE
    return CANARY if CANARY_FACT in episode.facts else MEASURED.get(episode.kind, OTHER)


def _off_with_leave(episode: Episode) -> list[Text]:
    """Instead of what is to be done, while a removal lasts, and where the bracelet came back by its end."""
    if episode.severity != "info" or "removal" not in episode.facts:
        return []
    return [BACK_ON, STILL_OPEN] if "removal_back" in episode.facts else [REMOVED]


def _waits(episode: Episode) -> bool:
    """Whether it is mild at first, and nobody has to do anything yet."""
    is_waiting = episode.kind in AT_FIRST and episode.severity == "info" and "tell_from" in episode.facts
    return is_waiting and "removal" not in episode.facts


def _addressed(episode: Episode) -> list[Text]:
    """How urgent it is, and whom it is about."""
    if episode.kind == "mass_outage":
        return [TO_THE_OPERATOR[episode.severity]]
    return [CALL_FOR_HELP if episode.kind == "sos" else SEVERITY[episode.severity], WHO]


def _at_length(episode: Episode, *, again: bool) -> list[Text]:
    """Everything, with what is to be done."""
    off = _off_with_leave(episode)
    if off:
        return [SEVERITY[episode.severity], WHO, _named(BRIEF, episode), *off]
    if _waits(episode):
        return [*_addressed(episode), AT_FIRST[episode.kind]]
    parts = [*_addressed(episode), _measured(episode)]
    parts += [AGAIN] if again and "again" in episode.facts else []
    parts += [BASIS] if episode.basis else []
    parts += [CLOSER] if "closer_reports" in episode.facts else []
    return parts + ([RETROSPECTIVE] if episode.retrospective else [])
