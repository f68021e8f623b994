"""What there is of one alarm: its wearer's past around it, and the entries of the journal that prove it."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from gateway.engine import PAST
from gateway.errors import UserFault
from gateway.evidence.others import Others
from gateway.evidence.wanted import Wearer, around, in_force
from gateway.history.reader import HistoryReader
from gateway.journal import FileJournal
from gateway.replay.explain import Asked, explained
from gateway.replay.past import past_of
from gateway.replay.reading import StoredPolicies, digest_at
from gateway.store.state_db import StateStore
from gateway.words.phrases import phrase

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from gateway.engine import Episode, Past, Policy
    from gateway.store.presence import Stretch
    from gateway.words.explained import Explanation

BEFORE: Final = 3600.0
"""Seconds before an alarm, and after its end, that belong to it."""
LONGEST: Final = 43_200.0
"""Seconds of a past at most: a night."""
EDGE: Final = 0.001
"""Seconds before its end at which an alarm that is over is explained."""
LATEST: Final = 7 * 86_400.0
"""Seconds within which one frame brings reports of another time."""
UNEXPLAINED: Final = frozenset({"repeated_place", "nights_out"})
"""Kinds that rest on no evidence of one place."""


class Known(NamedTuple):
    """A history as it was when no later report had come."""

    history: HistoryReader
    at: float

    def rows(self, devices: Sequence[str], since: float, until: float) -> NDArray[np.void]:
        """As :meth:`HistoryReader.rows`."""
        found = self.history.rows(devices, since, until)
        mine: NDArray[np.void] = found[found["received"] <= self.at]
        return mine

    def epochs(self) -> list[tuple[float, str]]:
        """As :meth:`HistoryReader.epochs`."""
        return [each for each in self.history.epochs() if each[0] <= self.at]


@dataclass(frozen=True, slots=True)
class Gathered:
    """All of one alarm, as it was known at a time.

    Attributes:
        episode: the alarm; other people's ids in it stand as SOMEBODY.
        at: as of when, receive time, UTC epoch seconds.
        policy: the configuration in force then: wearings and authorities.
        since, until: the time that is covered, device time, since <= t < until.
        past: where the wearer was.
        rows: the reports that frames of it brought, ``PAST``; ``devices``: by their ``device``.
        explained: why it was raised; empty: it rests on no evidence of a place.
        presence: whether the wearer was where he had to be.
        offsets: of the entries, ascending.
        mixed: those of them that brought reports of others, too.
        versions: those of them that say which versions were in force when it was decided.
    """

    episode: Episode
    at: float
    policy: Policy
    since: float
    until: float
    past: Past
    rows: NDArray[np.void]
    devices: tuple[str, ...]
    explained: list[Explanation]
    presence: list[Stretch]
    offsets: list[int]
    mixed: frozenset[int]
    versions: list[int]
    others: Others


def last_change(episode: Episode) -> float:
    """When something about an alarm was last decided or done, UTC epoch seconds."""
    times = [episode.decided, episode.ended, episode.acknowledged, episode.closed, episode.disputed]
    times += [*(act.at for act in episode.acts), *(note.at for note in episode.notes)]
    return max(each for each in times if each is not None)


def window(episode: Episode, at: float) -> tuple[float, float]:
    """The time around an alarm that belongs to it: device time, since <= t < until."""
    placed = episode.facts.get("placed")
    first = min(episode.onset, float(placed) if isinstance(placed, int | float) else episode.onset) - BEFORE
    since = max(first, episode.decided - LONGEST + BEFORE)
    ended = at if episode.ended is None else min(at, episode.ended + BEFORE)
    return since, min(max(ended, episode.decided) + 1.0, since + LONGEST)


def gathered(storage: Path, episode: Episode, at: float) -> Gathered:
    """Gather all of an alarm, reading alone: a gateway may write beside it.

    Args:
        storage: the gateway's storage directory.
        episode: an alarm of a person.
        at: as of when, not before its last change.

    Raises:
        UserFault: entries of it are gone, or of an older format.
        TransientFault, OurFault: something cannot be read, or is not what was written.
    """
    with closing(FileJournal(storage / "journal", read_only=True)) as journal:
        policies, history = StoredPolicies(storage / "journal"), Known(HistoryReader(storage / "history"), at)
        if episode.last_offset < journal.begins:
            raise UserFault(phrase("evidence_gone", alarm=episode.id[:8]))
        digest = digest_at(journal, journal.first_since(float(np.nextafter(at, np.inf))))
        policy, (since, until) = policies(digest), window(episode, at)
        wearer = Wearer.of(policy, episode.person)
        rows, mixed = _reports(history, wearer, since, until)
        versions = in_force(journal, storage, episode)
        found = {*rows["offset"].tolist(), *around(journal, wearer, episode, (since, min(until, at))), *versions}
        others = Others.of(policy, episode.person)
        with closing(StateStore(storage / "state.db", read_only=True)) as store:
            # No further than what was known then: what stands after it may yet be told otherwise.
            presence = store.presence(episode.person, since, min(until, at))
        return Gathered(
            others.masked(episode), at, policy, since, until,
            past_of(history, policies, episode.person, since, until, digest), rows, wearer.devices,
            _explained(history, policies, episode, digest), presence,
            sorted(each for each in found if each >= journal.begins), mixed, versions, others,
        )  # fmt: skip


def _reports(
    history: Known, wearer: Wearer, since: float, until: float
) -> tuple[NDArray[np.void], frozenset[int]]:  # fmt: skip
    """The wearer's reports of a time, and the entries that brought reports of others, too."""
    if not wearer.devices:
        return np.empty(0, PAST), frozenset()
    spare = LATEST if wearer.shares else 0.0
    rows = history.rows(wearer.devices, since - spare, until + spare)
    is_mine = wearer.wears(rows["device"], rows["time"])
    within = is_mine & (rows["order"] >= since) & (rows["order"] < until)
    mixed = frozenset(rows["offset"][~is_mine].tolist())
    return rows[within], mixed


def _explained(history: Known, policies: StoredPolicies, episode: Episode, digest: str) -> list[Explanation]:
    if not episode.rule or episode.kind in UNEXPLAINED:
        return []
    at = episode.decided if episode.ended is None else min(episode.decided, episode.ended - EDGE)
    asked = Asked(episode.person, episode.rule, episode.kind, at, min(episode.decided, history.at))
    return explained(history, policies, asked, digest)
