"""Terminals that knocked and that no device table knows: what they said, so that enrolling one is copying a line."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from protocols.session import Words

MOST_PENDING = 200
"""Remembered; the one longest silent makes room, so that a flood of made-up numbers costs no more than this."""
LONGEST_WORD = 40


class Knock(NamedTuple):
    """One frame or login of an unknown terminal."""

    protocol: str
    identity: str
    listener: str
    peer: str
    profile: str


@dataclass(slots=True)
class Stranger:
    """One unknown terminal. Times are UTC epoch seconds; ``knock`` is its latest."""

    knock: Knock
    first: float
    last: float
    count: int = 0
    introduction: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Pending:
    """The unknown terminals of this run, by wire and number, the longest silent first."""

    strangers: OrderedDict[tuple[str, str], Stranger] = field(default_factory=OrderedDict)

    def add(self, knock: Knock, at: float, introduction: Words) -> None:
        """One of them was heard at ``at``."""
        key = (knock.protocol, knock.identity)
        stranger = self.strangers.setdefault(key, Stranger(knock, at, at))
        stranger.knock, stranger.last = knock, at
        stranger.count += 1
        stranger.introduction.update({name: word[:LONGEST_WORD] for name, word in introduction})
        self.strangers.move_to_end(key)
        if len(self.strangers) > MOST_PENDING:
            self.strangers.popitem(last=False)

    def figures(self) -> list[dict[str, object]]:
        """All of them, the latest first; times in UTC epoch seconds."""
        return [
            {**one.knock._asdict(), **one.introduction, "first": one.first, "last": one.last, "count": one.count}
            for one in reversed(self.strangers.values())
        ]
