"""Why an alarm that rests on no zone's evidence was raised: what was seen, entry by entry, and by which number."""

from __future__ import annotations

import msgspec

from gateway.words.explained import Explanation


class Seen(msgspec.Struct, frozen=True):
    """One entry of the journal.

    Attributes:
        offset: its place in the journal. ``received``: UTC epoch seconds; ``time``: device time, None of a control.
        device: whose; of a control as it names one. ``what``: kind of entry (``frame``, ``act`` ...).
        says: flags that a frame states, by name. ``battery_percent``: None where it tells none.
        located: whether it has a place; which one is not said here.
        value: the number that is held against the limit, with this entry (of a silence: just before it); None: none.
    """

    offset: int
    received: float
    time: float | None
    device: str
    what: str
    says: list[str] = []
    battery_percent: int | None = None
    located: bool = False
    value: float | None = None


class Measure(msgspec.Struct, frozen=True):
    """The number by which it is decided.

    Attributes:
        value: as it was at that time; None: nobody knows. ``limit``: None: there is none.
        unit: ``s``, ``percent``, ``m``, ``p`` (a probability), ``n`` (a count), ``days``, ``flag`` (1: it was said).
        over: an alarm is raised from the limit on (False: down to it).
        source: where the limit stands: a setting (``alarms.comms_lost.after_seconds``), or ``engine``.
    """

    value: float | None
    limit: float | None
    unit: str
    over: bool
    source: str


class Turn(msgspec.Struct, frozen=True):
    """What would have made it otherwise, tried and found to.

    Attributes:
        what: ``limit``: the setting ``source`` at ``value``; ``boundary``: the zone's ``value`` metres further out
            (negative: further in); ``extended``: the authority ``value`` days longer; ``leave``: leave from ``since``
            to ``until``; ``heard``: a frame of the device at ``since``; ``fewer``: of
            ``value`` of the silent devices one; ``without``: had the entry ``offset``, received
            at ``since``, not come.
    """

    what: str
    value: float = 0.0
    unit: str = ""
    source: str = ""
    since: float = 0.0
    until: float = 0.0
    offset: int = -1


class Account(msgspec.Struct, frozen=True):
    """One kind of alarm of one wearer or device, as it stood at a time.

    Attributes:
        alarm: its identity, empty where none stands. ``onset``, ``decided``: UTC epoch seconds.
        rule, basis, text: of the rule behind it, in words by language; empty: the law's or the gateway's own.
        configuration: digest of the version that held; ``engine``: number of the engine that works it out.
        at: receive time up to which entries count. ``since``: from when on they were read.
        raised: whether it stood then. ``anew``: working it out again has come to the same; else nothing was tried.
        seen: the last entries of it, oldest first; ``left_out``: so many before.
        turns: what would have made it otherwise.
    """

    person: str
    device: str
    kind: str
    at: float
    since: float
    configuration: str
    engine: int
    raised: bool
    anew: bool
    measure: Measure
    alarm: str = ""
    onset: float | None = None
    decided: float | None = None
    rule: str = ""
    basis: str = ""
    text: dict[str, str] = {}
    seen: list[Seen] = []
    left_out: int = 0
    turns: list[Turn] = []


class Explained(msgspec.Struct, frozen=True):
    """All that was asked for: of zones and nights, by fixes; of other kinds, by the number that decides each."""

    places: list[Explanation] = []
    others: list[Account] = []
