"""What is said differently of the same history, by person and kind: by this engine than then, or by other rules.

Two alarms are the same where their identities are, or where both are of one person (or device), kind, zone and rule and
their times overlap. What was retracted was not said. An end that a person's close came before says nothing.
"""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from gateway.engine import ENGINE, EngineState
from gateway.engine.blend import blended
from gateway.errors import UserFault
from gateway.replay.reading import MERGED, replay
from gateway.replay.run import stepped_fixes
from gateway.store.state_db import StateStore
from gateway.words.phrases import phrase

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from gateway.engine import Episode, Policy
    from gateway.journal.contract import Journal
    from gateway.replay.fixes import FixTable
    from gateway.replay.reading import PolicyShelf

SAME_TIME: Final = 60.0
"""Seconds within which two onsets, or two ends, are one."""


@dataclass(slots=True)
class Comparison:
    """One person (or device, where nobody is known) and kind: what was said, and what this engine says.

    Attributes:
        alike: (then, now) of alarms that both say, of the same times; ``same`` of them.
        moved: (then, now) of alarms that both say, with another onset or end.
        then, now: alarms that only one of them says.
    """

    who: str
    kind: str
    alike: list[tuple[Episode, Episode]] = field(default_factory=list)
    moved: list[tuple[Episode, Episode]] = field(default_factory=list)
    then: list[Episode] = field(default_factory=list)
    now: list[Episode] = field(default_factory=list)

    @property
    def same(self) -> int:
        """How many both say, of the same times."""
        return len(self.alike)

    @property
    def differs(self) -> bool:
        """Whether anything is said differently."""
        return bool(self.moved or self.then or self.now)


def compare(
    journal: Journal,
    state: Path,
    policies: PolicyShelf,
    *,
    until: float = math.inf,
    most: int = MERGED,
    progress: Callable[[int], None] = lambda _: None,
) -> list[Comparison]:
    """Judge a journal by this engine, without fences, and hold it against the alarms of a state.db.

    Args:
        journal: opened read-only.
        state: state.db of the gateway that wrote it; alarms that the journal no longer reaches are left out.
        policies: the configurations it was received under.
        until: UTC epoch seconds of receive time.
        most: entries stepped at once.
        progress: told the offset that has been reached.

    Raises:
        UserFault: there is no such state.db.
        OurFault: one of them cannot be read.
    """
    if not state.exists():
        raise UserFault(phrase("compare_no_state", directory=state.with_name("journal")))
    store = StateStore(state, read_only=True)
    try:
        every = store.episodes(unresolved=False)
    finally:
        store.close()
    said = [one for one in every if one.first_offset >= journal.begins and one.decided <= until]
    return compared(said, _says(journal, policies, until, most, progress))


def by_other_rules(
    journal: Journal,
    before: PolicyShelf,
    after: PolicyShelf,
    *,
    until: float = math.inf,
    most: int = MERGED,
    progress: Callable[[int], None] = lambda _: None,
) -> list[Comparison]:
    """Judge a journal by this engine twice, under some rules and under others; acts of officers count in both.

    What was closed stands in the alarms of ``then``, which are those of ``before``.

    Args:
        journal: opened read-only.
        before: the rules that the others are held against.
        after: the others.
        until: UTC epoch seconds of receive time.
        most: entries stepped at once.
        progress: told how many entries have been stepped in all: twice as many as there are.

    Raises:
        OurFault: the journal cannot be read.
    """
    then = _says(journal, before, until, most, progress)
    entries = journal.next_offset
    return compared(then, _says(journal, after, until, most, lambda offset: progress(entries + offset)))


def by_other_rules_of_fixes(
    table: FixTable, before: Policy, after: Policy, most: int = MERGED, progress: Callable[[int], None] = lambda _: None
) -> list[Comparison]:
    """The same of a table of fixes, of which nobody has closed anything: ``before`` has its devices and who wore them.

    Zones, rules and homes of ``after`` are held against those of ``before``.
    """
    rows = len(table.reports)
    then = _says_of_fixes(table, before, most, progress)
    now = _says_of_fixes(table, blended(after, before), most, lambda done: progress(rows + done))
    return compared(then, now)


def _says_of_fixes(table: FixTable, policy: Policy, most: int, progress: Callable[[int], None]) -> list[Episode]:
    found: dict[str, Episode] = {}
    for done, stepped in stepped_fixes(table, policy, most):
        found.update((outcome.episode.id, outcome.episode) for outcome in stepped.outcomes)
        progress(done)
    return list(found.values())


def _says(
    journal: Journal, policies: PolicyShelf, until: float, most: int, progress: Callable[[int], None]
) -> list[Episode]:
    """Alarms of this engine, as they stand in the end."""
    found: dict[str, Episode] = {}
    state = EngineState(offset=journal.begins, engine=ENGINE, keeps_fences=False)
    for reached, outcome in replay(journal, policies, most=most, until=until, state=state):
        found[outcome.episode.id] = outcome.episode
        progress(reached.offset)
    return list(found.values())


def compared(then: Iterable[Episode], now: Iterable[Episode]) -> list[Comparison]:
    """Hold two accounts against each other; sorted by person and kind."""
    sides = [_by_slot(then), _by_slot(now)]
    found: dict[tuple[str, str], Comparison] = {}
    for slot in sorted(sides[0].keys() | sides[1].keys()):
        one = found.setdefault(slot[:2], Comparison(*slot[:2]))
        _pair(one, sides[0].get(slot, []), sides[1].get(slot, []))
    return [found[key] for key in sorted(found)]


def _by_slot(episodes: Iterable[Episode]) -> dict[tuple[str, str, str, str], list[Episode]]:
    """By who, kind, zone and rule; each by onset."""
    slots: dict[tuple[str, str, str, str], list[Episode]] = defaultdict(list)
    for one in sorted(episodes, key=lambda one: (one.onset, one.id)):
        if not one.retracted:
            slots[one.person or one.device, one.kind, one.zone, one.rule].append(one)
    return slots


def _pair(one: Comparison, then: Sequence[Episode], now: Sequence[Episode]) -> None:
    """Alarms of one slot: by identity first, then by time, the earliest first."""
    left = list(now)
    for said in sorted(then, key=lambda said: all(said.id != other.id for other in now)):
        match = next((other for other in left if other.id == said.id), None)
        match = match or next((other for other in left if _overlap(said, other)), None)
        if match is None:
            one.then.append(said)
            continue
        left.remove(match)
        if _same_times(said, match):
            one.alike.append((said, match))
        else:
            one.moved.append((said, match))
    one.now += left


def _overlap(first: Episode, second: Episode) -> bool:
    return first.onset <= _until(second) + SAME_TIME and second.onset <= _until(first) + SAME_TIME


def _until(one: Episode) -> float:
    return math.inf if one.ended is None else one.ended


def _same_times(then: Episode, now: Episode) -> bool:
    if abs(then.onset - now.onset) > SAME_TIME:
        return False
    if then.ended is None or now.ended is None:
        return then.ended == now.ended or then.closed is not None or now.closed is not None
    return abs(then.ended - now.ended) <= SAME_TIME
