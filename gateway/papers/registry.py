"""Who makes the lines of which sheet: a line a form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gateway.papers.daily import daily
from gateway.papers.hand_over import hand_over
from gateway.papers.leaders_list import leaders_list
from gateway.papers.tasks import tasks
from gateway.papers.weekly import weekly

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from gateway.journal.controls import PaperLine
    from gateway.papers.seen import Seen

MAKERS: Final[Mapping[str, Callable[[Seen], Sequence[PaperLine]]]] = {
    "hand_over": hand_over,
    "daily": daily,
    "weekly": weekly,
    "leaders_list": leaders_list,
    "tasks": tasks,
}
"""Sheets that somebody asks for; others are begun by what they are about."""
