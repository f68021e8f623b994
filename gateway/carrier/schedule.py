"""Whose turn it is to be located: pure, time as an argument.

Every phone is due again an interval after it was asked; the earliest due comes first. Where the quota cannot serve all,
every interval is stretched by the same factor, so that each phone keeps its share and none starves. What is just
demanded goes before all. Trouble of the carrier makes everybody wait.
"""

from __future__ import annotations

import heapq
import math
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from protocols.mlp.results import Advice

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from gateway.carrier.quota import Quota

SHARE = 0.9
"""Of the quota that planned asking may use; the rest is for demands and repetitions."""
JITTER = 0.1
"""Of an interval, either way: phones that began together drift apart."""
RECHECK = 900.0
"""Seconds after which a phone that may not be asked is looked at again: an authority or an assignment may begin."""
RETRY = 300.0
"""Seconds after which a phone whose locating failed is asked again."""
ABSENT_RETRY = 1800.0
"""Seconds after which an absent phone is asked again, where its own interval is not shorter."""
LEAST_PAUSE, MOST_PAUSE = 5.0, 900.0
"""Seconds everybody waits after the first trouble; doubled with each further one."""
_STOPPING = frozenset({Advice.STOP, Advice.CONFIGURE})
_PAUSING = frozenset({Advice.BACK_OFF, Advice.OURS})


@dataclass(frozen=True, slots=True)
class Ask:
    """Whom to ask now. ``weaker``: the last attempt failed on the accuracy that was wished."""

    identity: str
    weaker: bool
    demanded: bool


@dataclass(slots=True)
class Schedule:
    """Turns of one carrier's phones.

    Attributes:
        interval: seconds between two locatings of a phone at a time; None: it may not be asked then.
        quotas: what the carrier allows; ``chance``: 0 <= random < 1.
        stretch: factor on every interval, 1 where the quota suffices.
        stopped: phones that are asked no more, with the advice that said so.
        halted: why nobody is asked any more; empty while all is well.
    """

    interval: Callable[[str, float], float | None]
    quotas: Sequence[Quota]
    chance: Callable[[], float]
    stretch: float = 1.0
    stopped: dict[str, Advice] = field(default_factory=dict)
    halted: str = ""
    paused_until: float = -math.inf
    answers: Counter[Advice] = field(default_factory=Counter)
    _due: list[tuple[float, float, str]] = field(default_factory=list)
    _turn: dict[str, float] = field(default_factory=dict)
    """When each phone is due; what else the heap holds of it is out of date."""
    _known: set[str] = field(default_factory=set)
    _asking: dict[str, float] = field(default_factory=dict)
    _demanded: dict[str, None] = field(default_factory=dict)
    _weaker: set[str] = field(default_factory=set)
    _failures: int = 0

    def begin(self, identities: Iterable[str], now: float) -> None:
        """Take these phones in, spread over their intervals."""
        self._known = set(identities)
        self.rebalance(now)
        for identity in sorted(self._known):
            interval = self.interval(identity, now)
            wait = RECHECK if interval is None else interval * self.stretch
            self._put(identity, now + wait * self.chance())

    def rebalance(self, now: float) -> None:
        """Find the stretch anew: who may be asked changes with authorities and assignments."""
        intervals = (self.interval(identity, now) for identity in self._known - set(self.stopped))
        wanted = sum(1.0 / interval for interval in intervals if interval is not None)
        offered = min((quota.rate for quota in self.quotas), default=math.inf)
        self.stretch = max(1.0, wanted / (SHARE * offered))

    def demand(self, identity: str) -> bool:
        """Ask for this phone before all others; False where it is none of ours, or asked no more."""
        if identity not in self._known or identity in self.stopped or self.halted:
            return False
        self._demanded[identity] = None
        return True

    def room(self, now: float, seconds: float) -> int:
        """How many phones more may be asked for in some seconds, within every quota, behind what is demanded."""
        if self.halted:
            return 0
        return max(0, min(quota.room(now, seconds) for quota in self.quotas) - len(self._demanded))

    def forget(self, identity: str) -> None:
        """A demand that is no more."""
        self._demanded.pop(identity, None)

    def next_at(self, now: float) -> float:
        """When ``take`` will next have something: ``now`` or later, inf where never by time alone."""
        due = math.inf if self.halted else now if self._ready_demand() else self._first_due()
        if due == math.inf:
            return due
        return max(now, due, self.paused_until, *(quota.ready_at(now) for quota in self.quotas))

    def next_ask(self, now: float) -> Ask | None:
        """Whom to ask now; None: nobody is due, or the carrier or the quota makes us wait."""
        while self.next_at(now) <= now:
            demanded = self._ready_demand()
            identity = demanded or self._due[0][2]
            self._demanded.pop(identity, None)
            if self.interval(identity, now) is not None:
                return self._ask(identity, now, demanded=bool(demanded))
            self._put(identity, now + RECHECK)
        return None

    def answered(self, identity: str, now: float, advice: Advice) -> None:
        """What came of asking; the phone's next turn follows from it."""
        asked = self._asking.pop(identity, now)
        self.answers[advice] += 1
        if advice in _STOPPING:
            self.stopped[identity] = advice
            self.forget(identity)
            return
        if advice in _PAUSING:
            self._pause(now)
        else:
            self._failures = 0
        if advice is Advice.WEAKER:
            self._weaker.add(identity)
        elif advice is Advice.DONE:
            self._weaker.discard(identity)
        self._put(identity, self._next_turn(identity, asked, now, advice))

    def halt(self, reason: str) -> None:
        """Ask nobody any more: a question of contract or law, for the operator."""
        self.halted = reason

    @property
    def is_failing(self) -> bool:
        """Whether the last answers failed."""
        return self._failures > 0

    @property
    def asking(self) -> int:
        """Phones asked that have not answered yet."""
        return len(self._asking)

    def _ask(self, identity: str, now: float, *, demanded: bool) -> Ask:
        for quota in self.quotas:
            quota.spend(now)
        self._asking[identity] = now
        self._turn.pop(identity, None)
        return Ask(identity, identity in self._weaker, demanded)

    def _ready_demand(self) -> str:
        """The oldest demand whose phone is not being asked already."""
        return next((identity for identity in self._demanded if identity not in self._asking), "")

    def _first_due(self) -> float:
        while self._due and self._turn.get(self._due[0][2]) != self._due[0][0]:
            heapq.heappop(self._due)
        return self._due[0][0] if self._due else math.inf

    def _next_turn(self, identity: str, asked: float, now: float, advice: Advice) -> float:
        interval = self.interval(identity, now)
        if interval is None:
            return now + RECHECK
        if advice is Advice.ABSENT:
            interval = min(interval, ABSENT_RETRY)
        elif advice is not Advice.DONE:
            return now + min(interval * self.stretch, RETRY) * self._varied()
        return max(now, asked + interval * self.stretch * self._varied())

    def _pause(self, now: float) -> None:
        """Once for all answers that were under way together."""
        if now >= self.paused_until:
            wait = min(MOST_PAUSE, LEAST_PAUSE * 2.0 ** min(self._failures, 20))
            self.paused_until = now + wait * (0.5 + 0.5 * self.chance())
            self._failures += 1

    def _varied(self) -> float:
        return 1.0 + JITTER * (2.0 * self.chance() - 1.0)

    def _put(self, identity: str, due: float) -> None:
        self._turn[identity] = due
        heapq.heappush(self._due, (due, self.chance(), identity))
