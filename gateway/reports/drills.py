"""Drills: who was rung, who answered after how long, and who did not. They try the desk, and are nobody's alarms."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from gateway.engine import NoticeState
from gateway.kinds import DRILL
from gateway.reports.shares import Share, quantile
from gateway.reports.tables import Cell, Table
from gateway.reports.texts import said
from gateway.words.kind_names import kind_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from gateway.engine import Episode, NoticeRecord
    from gateway.reports.period import Period
    from gateway.words.alarm_words import Words

UNTOLD: Final = -1
"""In place of a rung: nobody told him, and he answered at the desk."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One of staff in a drill.

    Attributes:
        staff: his number; ``rung``: of the ladder, or UNTOLD.
        told: when he was, UTC epoch seconds; of who was not, when it began.
        reached: how his notice stands; empty: he had none.
        after: seconds from then until he answered; None: he did not.
    """

    staff: str
    rung: int
    told: float
    reached: str
    after: float | None


@dataclass(frozen=True, slots=True)
class Drilled:
    """One drill.

    Attributes:
        at: when it began, UTC epoch seconds; ``is_over``: it has ended.
        like: the kind of alarm whose ladder it went by.
        by, reason: of who began it; empty: by the calendar.
        called_off: something critical came.
        answers: those who were told, as they were, then others who answered.
    """

    at: float
    is_over: bool
    like: str
    by: str
    reason: str
    called_off: bool
    answers: tuple[Answer, ...]

    @property
    def share(self) -> Share:
        """How many of those who were told have answered."""
        told = [one for one in self.answers if one.rung != UNTOLD]
        return Share(sum(one.after is not None for one in told), len(told))


def drills_among(episodes: Iterable[Episode]) -> list[str]:
    """Ids of the drills among alarms: what is needed of each besides are its notices."""
    return [one.id for one in episodes if one.kind == DRILL]


def drills_of(
    episodes: Iterable[Episode], notices: Mapping[str, Sequence[NoticeRecord]], period: Period
) -> tuple[Drilled, ...]:  # fmt: skip
    """The drills of a period, oldest first; ``notices``: by alarm."""
    mine = [one for one in episodes if one.kind == DRILL and period.has(one.decided)]
    return tuple(drilled(one, notices.get(one.id, ())) for one in sorted(mine, key=lambda one: one.decided))


def drilled(episode: Episode, notices: Sequence[NoticeRecord]) -> Drilled:
    """What came of one. What was withdrawn before it went out told nobody."""
    first: dict[str, float] = {}
    for act in episode.acts:
        first.setdefault(act.by, act.at)
    sent = {one.notice.to: one for one in notices if one.state is not NoticeState.WITHDRAWN}
    told = [
        Answer(to, one.notice.rung, one.notice.owed, one.state.value, _after(first.get(to), one.notice.owed))
        for to, one in sent.items()
    ]
    others = [
        Answer(by, UNTOLD, episode.decided, "", _after(at, episode.decided))
        for by, at in first.items()
        if by not in sent
    ]
    facts = episode.facts
    return Drilled(
        episode.decided, episode.resolved, str(facts.get("like", "")), str(facts.get("by", "")),
        str(facts.get("reason", "")), "called_off" in facts, (*told, *others),
    )  # fmt: skip


def drill_tables(drills: Sequence[Drilled], words: Words) -> tuple[Table, ...]:
    """A row a drill, and a row for each of staff in each."""
    language = words.language
    heads = ("drill_at", "drill_like", "drill_by", "drill_answered", "drill_median", "drill_missing", "drill_state")
    rows = tuple(_row(one, words) for one in drills)
    answers = tuple(_answer(drill, one, words) for drill in drills for one in drill.answers)
    columns = ("drill_at", "drill_staff", "drill_told", "drill_reached", "drill_after")
    return (
        Table("drills_held", said("drills_held", language), _heads(heads, language), rows, said("drill_is", language)),
        Table("drill_answers", said("drill_answers", language), _heads(columns, language), answers),
    )


def summary(drills: Sequence[Drilled], words: Words) -> str:
    """A month's drills in one line; a dash: there was none."""
    held = [one for one in drills if not one.called_off]
    if not held:
        return "—"
    share = Share(sum(one.share.true for one in held), sum(one.share.count for one in held))
    return f"{len(held)}；{share}" if words.language == "zh" else f"{len(held)}; {share}"


def _heads(keys: Iterable[str], language: str) -> tuple[str, ...]:
    return tuple(said(key, language) for key in keys)


def _row(one: Drilled, words: Words) -> tuple[Cell, ...]:
    language = words.language
    missing = [each.staff for each in one.answers if each.after is None]
    median = quantile([each.after for each in one.answers if each.after is not None], 0.5)
    by = f"{one.by} {one.reason}".strip() or said("drill_calendar", language)
    state = "drill_called_off" if one.called_off else "drill_over" if one.is_over else "drill_going"
    return (
        Cell(_moment(one.at, words)), Cell(kind_name(one.like, language)), Cell(by),
        Cell(str(one.share)), Cell("—" if median is None else _lasted(median, language)),
        Cell(" ".join(missing) or "—"), Cell(said(state, language)),
    )  # fmt: skip


def _answer(drill: Drilled, one: Answer, words: Words) -> tuple[Cell, ...]:
    language = words.language
    reached = said(f"drill_notice_{one.reached}", language) if one.reached else said("drill_at_desk", language)
    after = said("drill_no_answer", language) if one.after is None else _lasted(one.after, language)
    return (
        Cell(_moment(drill.at, words)), Cell(one.staff), Cell(_moment(one.told, words)), Cell(reached), Cell(after),
    )  # fmt: skip


def _after(at: float | None, told: float) -> float | None:
    return None if at is None else max(0.0, at - told)


def _lasted(seconds: float, language: str) -> str:
    minutes, left = divmod(round(seconds), 60)
    return said("drill_seconds", language, minutes=minutes, seconds=left)


def _moment(at: float, words: Words) -> str:
    return f"{words.day(at)} {words.clock(at)[-5:]}"
