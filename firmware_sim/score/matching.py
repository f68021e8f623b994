"""Which alarm is about which happening: breaches, device events and repeated places go through the same judge.

What it counts by stands in ``firmware_sim.score.rules``.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

from firmware_sim.score.rules import Reason

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from firmware_sim.score.alarm_file import Alarm


class Happening(Protocol):
    """Something true, from ``onset`` until ``until``; ``line`` tells it from all others."""

    @property
    def line(self) -> int:
        """Its line in the truth file."""

    @property
    def onset(self) -> float:
        """UTC epoch seconds."""

    @property
    def until(self) -> float:
        """UTC epoch seconds; ``inf``: not over."""

    @property
    def excused(self) -> bool:
        """Nobody has to be told of it."""


H = TypeVar("H", bound=Happening)


@dataclass(frozen=True, slots=True)
class Matching(Generic[H]):
    """How alarms of one sort are held against what happened.

    Attributes:
        happening_key, alarm_key: only an alarm and a happening of the same key are compared.
        near: whether an alarm is near enough in time to be about a happening.
        same: whether they agree in whatever the key leaves open.
    """

    happening_key: Callable[[H], tuple[str, ...]]
    alarm_key: Callable[[Alarm], tuple[str, ...]]
    near: Callable[[Alarm, H], bool]
    same: Callable[[Alarm, H], bool] = lambda _alarm, _happening: True


@dataclass(frozen=True, slots=True)
class Judgement:
    """What an alarm is worth.

    Attributes:
        reason: why it is false; None: it is true.
        held: something true, excused or not, was near.
    """

    alarm: Alarm
    reason: Reason | None
    held: bool


@dataclass(frozen=True, slots=True)
class Discovery:
    """When what happened was told. ``spanned``: only by an alarm that stood since an earlier one."""

    decided: float
    spanned: bool


@dataclass(frozen=True, slots=True)
class Matched:
    """Judgements in the order of decision, and what was found by its line in the truth file."""

    judgements: tuple[Judgement, ...]
    found: Mapping[int, Discovery]


def judge(happenings: Iterable[H], alarms: Iterable[Alarm], matching: Matching[H]) -> Matched:
    """Judge alarms of one sort, the earlier ones first."""
    index: dict[tuple[str, ...], list[H]] = defaultdict(list)
    for happening in happenings:
        index[matching.happening_key(happening)].append(happening)
    found: dict[int, Discovery] = {}
    judgements = []
    for alarm in sorted(alarms, key=lambda alarm: (alarm.decided, alarm.line)):
        known = [one for one in index.get(matching.alarm_key(alarm), ()) if matching.same(alarm, one)]
        judgements.append(_judge_one(alarm, known, matching, found))
    return Matched(tuple(judgements), found)


def _judge_one(alarm: Alarm, known: Sequence[H], matching: Matching[H], found: dict[int, Discovery]) -> Judgement:
    """Judge an alarm after all earlier ones; what it finds is added to ``found``."""
    near = [one for one in known if matching.near(alarm, one)]
    meant = _meant(alarm, [one for one in near if not one.excused])
    reasons = (
        (alarm.retracted, Reason.RETRACTED),
        (not near, Reason.UNFOUNDED),
        (not meant, Reason.EXCUSED),
        (all(_claimed(one, found) for one in meant), Reason.DOUBLE),
    )
    reason = next((reason for holds, reason in reasons if holds), None)
    if reason in (None, Reason.DOUBLE):
        _find(alarm, meant, known, found)
    return Judgement(alarm, reason, held=bool(near))


def _meant(alarm: Alarm, near: Sequence[H]) -> list[H]:
    """Those an alarm is about: those that the time it states overlaps, else the closest."""
    overlapped = [one for one in near if overlaps(alarm, one)]
    return overlapped or sorted(near, key=lambda one: _gap(alarm, one))[:1]


def _claimed(happening: H, found: Mapping[int, Discovery]) -> bool:
    """Whether an earlier alarm was about it."""
    discovery = found.get(happening.line)
    return discovery is not None and not discovery.spanned


def _find(alarm: Alarm, meant: Sequence[H], known: Sequence[H], found: dict[int, Discovery]) -> None:
    for one in meant:
        if not _claimed(one, found):
            found[one.line] = Discovery(alarm.decided, spanned=False)
    for one in known:
        if alarm.decided < one.onset and overlaps(alarm, one):
            found.setdefault(one.line, Discovery(alarm.decided, spanned=True))


def overlaps(alarm: Alarm, happening: Happening, slack: float = 0.0) -> bool:
    """Whether the time an alarm states comes within ``slack`` seconds of what happened."""
    return _gap(alarm, happening) <= slack


def _gap(alarm: Alarm, happening: Happening) -> float:
    """Seconds between the stated time and the true one; not above 0: they overlap."""
    return max(happening.onset - alarm.end, alarm.onset - happening.until)


def in_window(moment: float, happening: Happening, window: tuple[float, float]) -> bool:
    """Whether a moment lies from ``window[0]`` seconds before the onset to ``window[1]`` after the end."""
    return happening.onset - window[0] <= moment <= happening.until + window[1]
