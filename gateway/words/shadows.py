"""A month beside another system, as data: its alarms held against ours. Times are UTC epoch seconds; no place."""

from __future__ import annotations

import msgspec

from gateway.intervals import wilson
from gateway.words.texts import Text


class Theirs(msgspec.Struct, frozen=True):
    """An alarm of the other system.

    Attributes:
        line: of its file.
        person, device: whose; one of the two may be empty.
        said: its kind as they call it. ``kinds``: ours that it may be, the likeliest first.
        since, until: as they have it; None: they name no end.
    """

    line: int
    person: str
    device: str
    said: str
    kinds: tuple[str, ...]
    since: float
    until: float | None = None


class Ours(msgspec.Struct, frozen=True):
    """An alarm of ours; the fields as those of an episode, ``until``: when it was over or closed; None: it stands."""

    alarm: str
    person: str
    device: str
    kind: str
    severity: str
    onset: float
    decided: float
    until: float | None = None
    outcome: str = ""


class Pair(msgspec.Struct, frozen=True):
    """An alarm that both have.

    Attributes:
        onset_s: seconds by which ours begins later than theirs; negative: earlier.
        told_s: the same of when ours was decided.
    """

    theirs: Theirs
    ours: Ours

    @property
    def onset_s(self) -> float:
        """Seconds from their beginning to ours."""
        return self.ours.onset - self.theirs.since

    @property
    def told_s(self) -> float:
        """Seconds from their beginning to when ours was decided."""
        return self.ours.decided - self.theirs.since


class Missing(msgspec.Struct, frozen=True):
    """An alarm that only they have, and what was known here at ``at``, a line each in both languages."""

    theirs: Theirs
    at: float
    known: list[Text]


class Refused(msgspec.Struct, frozen=True):
    """A line of their file that is not counted: why (a key of ``shadow_words.FAULTS``), and what to do."""

    line: int
    reason: str
    text: Text


class Share(msgspec.Struct, frozen=True):
    """``count`` of ``of``, with its Wilson interval; without a share where there is nothing it could be of."""

    count: int
    of: int
    share: float | None = None
    lower95: float | None = None
    upper95: float | None = None


def share(count: int, of: int) -> Share:
    """A share with its interval; none of nothing."""
    return Share(count, of, count / of, *wilson(count, of)) if of else Share(count, of)


class Tally(msgspec.Struct):
    """Alarms of one kind, person or day.

    Attributes:
        both: pairs.
        theirs_again, ours_again: further alarms of one while an alarm of the other that has its pair lasts.
        only_theirs, only_ours: those that the other has nothing of.
    """

    name: str
    both: int = 0
    theirs_again: int = 0
    ours_again: int = 0
    only_theirs: int = 0
    only_ours: int = 0

    @property
    def theirs(self) -> int:
        """All of theirs."""
        return self.both + self.theirs_again + self.only_theirs

    @property
    def ours(self) -> int:
        """All of ours."""
        return self.both + self.ours_again + self.only_ours


class Outage(msgspec.Struct, frozen=True):
    """A time in which many were silent at once, by our alarm: what theirs has of it one by one, and how many we list.

    ``onset``, ``until`` (None: it goes on), ``alarm`` as of :class:`Ours`; ``theirs``: only theirs that began then.
    """

    alarm: str
    onset: float
    until: float | None
    theirs: int
    listed: int


class Closed(msgspec.Struct, frozen=True):
    """How officers closed ours (``group``: both, again, only_ours), by outcome; ``open``: not closed."""

    group: str
    open: int
    outcomes: dict[str, Share]


class Load(msgspec.Struct, frozen=True):
    """Alarms an operator and day: of theirs all, of ours those above info, which calls nobody; ``info``: the others."""

    days: float
    operators: int
    theirs: int
    ours: int
    info: int

    @property
    def theirs_each(self) -> float:
        """Theirs, an operator and day."""
        return self.theirs / self.days / self.operators

    @property
    def ours_each(self) -> float:
        """Ours, an operator and day."""
        return self.ours / self.days / self.operators


class Shadow(msgspec.Struct, frozen=True):
    """All of it, since <= t < until.

    Attributes:
        file, document, by: whose export it is, why it was compared, and who did.
        timezone: the county's.
        within_s: seconds by which alarms that are the same may lie apart.
        begins: receive time of the first entry that the journal still has.
        outside: lines whose alarm lies outside of the time; ``passed``: of kinds that are not to be compared.
        withheld: alarms of both that are not counted, by why: minor, protected, over.
        covered, known: of theirs, those that ours has, too; of ours, those that theirs has.
        unheard: our kinds that no kind of theirs stands for.
        outages: where so many of ``only_theirs`` belong to one that not all are listed.
    """

    file: str
    document: str
    by: str
    timezone: str
    since: float
    until: float
    within_s: float
    begins: float | None
    outside: int
    passed: int
    withheld: dict[str, int]
    refused: list[Refused]
    covered: Share
    known: Share
    load: Load
    by_kind: list[Tally]
    by_person: list[Tally]
    by_day: list[Tally]
    closed: list[Closed]
    unheard: list[str]
    both: list[Pair]
    only_theirs: list[Missing]
    only_ours: list[Ours]
    outages: list[Outage] = []
