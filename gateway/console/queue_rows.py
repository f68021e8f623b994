"""The rows of the queue: what is said of each alarm, what comes first, and what is shown of all."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from gateway.console.last_place import newest
from gateway.console.row_words import (
    age_of,
    follow_up_words,
    leave_words,
    outage_words,
    place_words,
    stage_words,
    told_words,
)
from gateway.console.words.texts import text
from gateway.engine import WERE_NONE
from gateway.kinds import DRILL, LEVELS, SEVERITIES
from gateway.words.kind_names import kind_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from gateway.console.last_place import LastPlace
    from gateway.engine import Episode
    from gateway.settings.offices import Offices
    from gateway.words.alarm_words import Words

UNTAKEN, DUE, COUNTING, REST = range(4)
"""What asks for an answer, the most urgent first: critical and nobody's; agreed and due; a time to verify; the rest."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """What of the queue is to be shown; empty: all."""

    office: str = ""
    level: str = ""
    kind: str = ""
    person: str = ""

    @classmethod
    def of(cls, query: Mapping[str, str]) -> Chosen:
        """As an address says it."""
        return cls(*(query.get(name, "").strip() for name in ("office", "level", "kind", "person")))

    def __bool__(self) -> bool:
        return self != Chosen()

    def __call__(self, episode: Episode) -> bool:
        """Whether an alarm is among it; of a person's id any part will do."""
        wanted = ((self.office, episode.office), (self.level, episode.level), (self.kind, episode.kind))
        return all(not want or want == has for want, has in wanted) and self.person.upper() in episode.person.upper()


@dataclass(frozen=True, slots=True)
class Row:
    """One alarm in words.

    Attributes:
        alone: dealt with by itself, never in a batch: critical, or only a person ends it.
        rings: it sounds until somebody has taken it.
        verify_by: when it must be verified, UTC epoch seconds, while nobody has taken it; None: no such time.
        fresh: ``new``: the visitor has not seen it; ``changed``: not as it is now; else empty.
        due: what was agreed is to be answered now.
        said: short facts in words, the most important first.
    """

    id: str
    revision: int
    severity: str
    kind: str
    person: str
    who: str
    onset: float
    age: str
    owner: str
    alone: bool
    rings: bool
    verify_by: float | None
    fresh: str
    due: bool
    agreed: str
    stage: str
    assigned: str
    said: tuple[str, ...]


def ordered(episodes: Iterable[Episode], now: float) -> list[Episode]:
    """The most urgent first, then by severity, then the oldest."""

    def key(episode: Episode) -> tuple[int, int, float, str]:
        return (urgency(episode, now), -SEVERITIES.index(episode.severity), episode.decided, episode.id)

    return sorted(episodes, key=key)


def urgency(episode: Episode, now: float) -> int:
    """A class of :data:`UNTAKEN` and so on."""
    if rings(episode) and not taken(episode):
        return UNTAKEN
    if is_due(episode, now):
        return DUE
    return REST if countdown(episode) is None else COUNTING


def rings(episode: Episode) -> bool:
    """Whether it sounds until somebody has taken it: a critical one, and a drill as if it were."""
    return episode.severity == "critical" or episode.kind == DRILL


def owner_of(episode: Episode) -> str:
    """Staff number of who has taken it; empty: nobody."""
    return episode.owner or (episode.acknowledged_by if episode.acknowledged is not None else "")


def taken(episode: Episode) -> bool:
    """Whether somebody has answered it."""
    return bool(owner_of(episode)) or episode.acknowledged is not None


def is_due(episode: Episode, now: float) -> bool:
    """Whether what was agreed is due, and nobody has done anything since."""
    agreed = episode.follow_up
    if agreed is None:
        return False
    at = agreed.at if agreed.checked is None else agreed.checked
    return at <= now and not any(act.at > at for act in episode.acts)


def countdown(episode: Episode) -> float | None:
    """Until when it is to be verified, UTC epoch seconds, while nobody has taken it and it goes on."""
    until = episode.facts.get("verify_by")
    waits = not taken(episode) and episode.ended is None
    return float(until) if waits and isinstance(until, int | float) else None


def alone(episode: Episode) -> bool:
    """Whether it is dealt with by itself, never in a batch."""
    return episode.severity == "critical" or episode.ends == "person"


def may_dispute(episode: Episode) -> bool:
    """Whether its wearer may object to how it was closed."""
    return episode.closed is not None and not episode.retracted


def may_examine(episode: Episode) -> bool:
    """Whether a leader may say why it was none."""
    return may_dispute(episode) and episode.outcome in WERE_NONE


def is_over(episode: Episode) -> bool:
    """Whether nothing more can be done with it: closed, or taken back."""
    return episode.closed is not None or episode.retracted


def row_of(
    episode: Episode, words: Words, now: float, seen: Mapping[str, int], places: Mapping[str, LastPlace] | None,
    offices: Offices,
) -> Row:  # fmt: skip
    """An alarm as a row of the queue.

    Args:
        episode: the alarm.
        words: in the visitor's language.
        now: the county's receive time, UTC epoch seconds.
        seen: revisions by alarm that the visitor has seen.
        places: where people are known to have been last; None: that is not for this visitor to see.
        offices: what they are called.
    """
    t = partial(text, words.language)
    known = seen.get(episode.id)
    fresh = "new" if known is None else "changed" if known < episode.revision else ""
    where = place_words(newest(episode, places), words, now) if places is not None and episode.person else ()
    outage = outage_words(episode, words, places=places is not None)
    said = (*where, outage, leave_words(episode, words), told_words(episode, words))
    who = episode.person or episode.device or words.part("gateway")
    return Row(
        episode.id, episode.revision, episode.severity, kind_name(episode.kind, words.language), episode.person,
        who + office_words(episode, words.language, offices), episode.onset,
        age_of(episode, words, now), owner_of(episode), alone(episode), rings(episode), countdown(episode),
        fresh, is_due(episode, now), follow_up_words(episode, words, now), stage_words(episode, words),
        t("row_assigned", to=offices.called(episode.assigned, words.language)) if episode.assigned else "",
        tuple(filter(None, said)),
    )  # fmt: skip


def office_words(episode: Episode, language: str, offices: Offices) -> str:
    """Whose office an alarm is, to stand behind whom it is about; empty: of none."""
    return text(language, "row_office", office=offices.called(episode.office, language)) if episode.office else ""


def choices(episodes: Sequence[Episode], language: str, offices: Offices) -> dict[str, list[tuple[str, str]]]:
    """What can be chosen of the queue, value and words: offices and kinds that occur in it, levels of supervision."""
    kinds = sorted({one.kind for one in episodes})
    return {
        "office": [
            (each, offices.labelled(each, language)) for each in sorted({one.office for one in episodes} - {""})
        ],
        "level": [(each, text(language, f"level_{each}")) for each in LEVELS],
        "kind": [(each, kind_name(each, language)) for each in kinds],
    }
