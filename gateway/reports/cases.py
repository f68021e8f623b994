"""Alarms as a report counts them, and those behind one of its figures: by the same words."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Final, Self
from urllib.parse import urlencode

from gateway.engine import WERE_NONE, CloseOutcome
from gateway.kinds import TRIALS
from gateway.reports.shares import Share

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
    from zoneinfo import ZoneInfo

    from gateway.engine import Episode
    from gateway.reports.period import Period
    from gateway.settings.model import Appraisal

OUTCOMES: Final = tuple(each.value for each in CloseOutcome)
STANDINGS: Final = (*OUTCOMES, "own", "open", "retracted")
"""How an alarm ended: closed by a person; mild and over by itself; still to be closed; taken back."""
NOBODY: Final = "-"
"""In place of an office: the alarm is of no person."""
UNMARKED: Final = "unmarked"
"""In place of a cause."""
_SEEN: Final = frozenset({"acknowledge", "take_over", "close"})
_TRIED: Final = frozenset({"attempt", "arrived"})
_ASKING: Final = frozenset({"serious", "critical"})
_ABOUT: Final = frozenset({"confirmed", "excused", "unverifiable"})


@dataclass(frozen=True, slots=True)
class Case:
    """One alarm.

    Attributes:
        episode: as it stands; its office is the person's when it was raised.
        hour: of its onset, by the county's clock.
        standing: of :data:`STANDINGS`; ``cause``: why it was none, :data:`UNMARKED`, or empty where it was one.
        acknowledged_after, closed_after: seconds from its raising; None: not yet.
        asks: whether a person has, or had, to look at it.
        tried: whether somebody called or went there; None: nothing was to be asked.
    """

    episode: Episode
    hour: int
    standing: str
    cause: str
    acknowledged_after: float | None
    closed_after: float | None
    asks: bool
    tried: bool | None

    @property
    def office(self) -> str:
        """Whose it counts as."""
        return self.episode.office or NOBODY


def cases_of(episodes: Iterable[Episode], period: Period, zone: ZoneInfo) -> tuple[Case, ...]:
    """The alarms that were raised within a period, oldest first; test alarms are nobody's."""
    mine = [one for one in episodes if period.has(one.decided) and one.kind not in TRIALS]
    return tuple(case_of(one, zone) for one in sorted(mine, key=lambda one: (one.decided, one.id)))


def case_of(episode: Episode, zone: ZoneInfo) -> Case:
    """An alarm as it is counted."""
    standing = _standing(episode)
    is_closed = standing in OUTCOMES
    return Case(
        episode, datetime.fromtimestamp(episode.onset, zone).hour, standing,
        (episode.cause or UNMARKED) if standing in WERE_NONE else "",
        _after(episode, _first_seen(episode)), _after(episode, episode.closed if is_closed else None),
        is_closed or (standing == "open" and episode.severity in _ASKING),
        any(act.do in _TRIED for act in episode.acts) if standing in _ABOUT else None,
    )  # fmt: skip


def _standing(episode: Episode) -> str:
    if episode.retracted:
        return "retracted"
    if episode.closed is not None:
        return episode.outcome
    return "own" if episode.resolved else "open"


def _first_seen(episode: Episode) -> float | None:
    """When somebody first took it, or closed it at once; a dispute makes nothing of that undone."""
    seen = [act.at for act in episode.acts if act.do in _SEEN]
    older = [at for at in (episode.acknowledged, episode.closed) if at is not None]
    return min([*seen, *older], default=None)


def _after(episode: Episode, time: float | None) -> float | None:
    return None if time is None else max(0.0, time - episode.decided)


@dataclass(frozen=True, slots=True)
class Sought:
    """Which cases are meant; what is empty is not asked for.

    ``asked``: those that a person had to look at; ``missed``: a key of :data:`QUESTIONS`, where that was not done.
    """

    office: str = ""
    kind: str = ""
    hour: str = ""
    standing: str = ""
    cause: str = ""
    asked: str = ""
    missed: str = ""

    @classmethod
    def of(cls, query: Mapping[str, str]) -> Self:
        """As an address says it."""
        return cls(**{name: query.get(name, "").strip() for name in cls.__slots__})

    @property
    def query(self) -> str:
        """As an address has it."""
        return urlencode({name: value for name, value in asdict(self).items() if value})


@dataclass(slots=True)
class Counting:
    """Cases of a period up to ``now``, and the one way in which they are counted.

    ``settings``: what is in time.
    """

    cases: tuple[Case, ...]
    now: float
    settings: Appraisal
    _places: dict[tuple[str, str], set[int]] = field(init=False, repr=False)
    """By a word of :class:`Sought` and its value, which cases have it: a report asks a thousand times."""

    def __post_init__(self) -> None:
        self._places = defaultdict(set)
        for at, one in enumerate(self.cases):
            for said in self._words(one):
                self._places[said].add(at)

    def of(self, sought: Sought) -> list[Case]:
        """Those that are meant, oldest first."""
        return [self.cases[at] for at in sorted(self._meant(sought))]

    def count(self, sought: Sought) -> int:
        """How many these are."""
        return len(self._meant(sought))

    def answer(self, question: str, one: Case) -> bool | None:
        """Whether something of :data:`QUESTIONS` was done about a case; None: it was not to be, or not yet."""
        return QUESTIONS[question](one, self.now, self.settings)

    def _meant(self, sought: Sought) -> Collection[int]:
        named = [self._places.get((name, value), set()) for name, value in asdict(sought).items() if value]
        return set.intersection(*named) if named else range(len(self.cases))

    def _words(self, one: Case) -> Iterator[tuple[str, str]]:
        yield from (
            ("office", one.office), ("kind", one.episode.kind), ("hour", str(one.hour)), ("standing", one.standing),
            ("cause", one.cause), ("asked", "yes" if one.asks else ""),
        )  # fmt: skip
        yield from (("missed", name) for name in QUESTIONS if self.answer(name, one) is False)


def _acknowledged(one: Case, now: float, settings: Appraisal) -> bool | None:
    return _in_time(one, now, one.acknowledged_after, settings.acknowledge_seconds)


def _closed(one: Case, now: float, settings: Appraisal) -> bool | None:
    return _in_time(one, now, one.closed_after, settings.close_seconds)


def _contacted(one: Case, now: float, settings: Appraisal) -> bool | None:
    del now, settings
    return one.tried


def _in_time(one: Case, now: float, after: float | None, within: float) -> bool | None:
    if not one.asks or (after is None and now - one.episode.decided < within):
        return None
    return after is not None and after <= within


QUESTIONS: Final[Mapping[str, Callable[[Case, float, Appraisal], bool | None]]] = {
    "acknowledged": _acknowledged, "closed": _closed, "contacted": _contacted,
}  # fmt: skip
"""What is asked of work on a case: acknowledged in time, closed in time, somebody called or seen before a finding."""


def share_of(answers: Iterable[bool | None]) -> Share:
    """How many are so, of those of which it can be said."""
    said = [each for each in answers if each is not None]
    return Share(sum(said), len(said))
