"""Alarms that are mild at first: what mostly ends by itself is recorded at once, and asks nobody for anything yet.

Such an alarm is raised as ``info`` and says from when on staff are to be told (``tell_from``, receive time). If it
still holds then it is as severe as its kind, from then on (``waited``). Nothing else of it is later than it would be.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gateway.engine import removal
from gateway.engine.notice import TELL
from gateway.engine.removal import MILD

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gateway.engine.episode import Episode, Fact
    from gateway.engine.ledger import At, Ledger
    from gateway.engine.policy import Policy

WAITED: Final = "waited"


def severity_of(facts: Mapping[str, Fact], now: float) -> str:
    """How severe an alarm with these facts is that begins now; empty: as its kind."""
    return MILD if _tells(facts) > now else ""


def waits(policy: Policy, episode: Episode) -> bool:
    """Whether an alarm is mild for now. What a removal makes mild waits for that."""
    is_mild = episode.severity == MILD != policy.configuration.alarms[episode.kind].severity
    return is_mild and episode.is_ongoing and TELL in episode.facts and not removal.is_open(episode)


def due_of(episode: Episode) -> float:
    """Receive time at which one that waits is looked at again."""
    return _tells(episode.facts)


def still_holds(ledger: Ledger, alarm: str, at: At) -> None:
    """It has lasted: now it is told."""
    episode = ledger.state.episodes.get(alarm)
    if episode is not None and waits(ledger.policy, episode):
        removal.make_severe(ledger, episode, at, {WAITED: at.time})


def _tells(facts: Mapping[str, Fact]) -> float:
    at = facts.get(TELL)
    return float(at) if isinstance(at, int | float) else 0.0
