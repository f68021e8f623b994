"""What a shift hands over to the next: what is unresolved, and what was agreed about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gateway.journal.controls import PaperLine
from gateway.words.kind_names import KIND_NAMES

if TYPE_CHECKING:
    from gateway.engine import Episode
    from gateway.papers.seen import Seen


def hand_over(seen: Seen) -> list[PaperLine]:
    """Its lines, alarms that nobody has closed first."""
    return [_unresolved(one) for one in seen.episodes if one.closed is None]


def _unresolved(episode: Episode) -> PaperLine:
    kind = KIND_NAMES[episode.kind]
    due = episode.follow_up.at if episode.follow_up is not None else 0.0
    return PaperLine(
        f"alarm-{episode.id}", "unresolved", episode.person, episode.id, episode.device, kind.zh, kind.en,
        episode.onset, due, owner=episode.assigned or episode.owner,
    )  # fmt: skip
