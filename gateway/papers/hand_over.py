"""What a shift hands over to the next: alarms, what was agreed, devices, leave, removals, what ends, what is done."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Final

from gateway.papers.alarm_lines import agreed, done, unresolved, worse
from gateway.papers.register_lines import endings, leaves, removals
from gateway.papers.running_flat import running_flat

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from gateway.journal.controls import PaperLine
    from gateway.papers.seen import Seen

SECTIONS: Final[Mapping[str, tuple[Callable[[Seen], Iterable[PaperLine]], ...]]] = {
    "unresolved": (unresolved,),
    "agreed": (agreed,),
    "worse": (worse, running_flat),
    "leave": (leaves,),
    "removal": (removals,),
    "ending": (endings,),
    "done": (done,),
}
"""By heading, in their order: who makes the lines under it. An alarm stands under one heading alone."""


def hand_over(seen: Seen) -> list[PaperLine]:
    """Its lines."""
    return list(chain.from_iterable(make(seen) for makers in SECTIONS.values() for make in makers))
