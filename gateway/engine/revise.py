"""What is said of the past once it has been decided anew: taken back, moved, raised in retrospect.

What a person has closed stays closed: what later data say of it is one word more (``later_data``). What is the device's
own word is never taken back; it may have begun earlier.
"""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Final

from gateway.engine import removal
from gateway.engine.episode import Change, Stage, mint
from gateway.engine.families import LATCHED
from gateway.engine.ledger import Finding
from gateway.kinds import KINDS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gateway.engine.differ import Matched
    from gateway.engine.episode import Episode, Fact
    from gateway.engine.ledger import At, Ledger

LATER: Final = "later_data"
SUPPORTS, CONTRADICTS = "supports", "contradicts"
MERGED: Final = "merged_into"
ENDINGS: Final = ("handed_over", "on_leave", "rule_over", "zone_over", "night_over", "taken_away", "configuration")
"""Facts of an end that is no return."""
CORRECTED: Final = "corrected"
"""When later data last moved it; what of ``COMPARED`` was otherwise before stands beside it, under ``was_...``."""
COMPARED: Final = ("kind", "onset", "ended")
OUTDATED: Final = frozenset({MERGED, LATER, *ENDINGS, CORRECTED, *(f"was_{name}" for name in COMPARED)})
"""Facts that hold no longer once it has been found anew, unless what is found has them, too."""
CONTENT: Final = (
    "kind", "ends", "onset", "ended", "probability", "latitude", "longitude", "radius_m", "zone_name", "evidence",
    "over",
)  # fmt: skip
"""What an alarm takes over from what is found of it."""


def say(ledger: Ledger, matched: Matched, at: At) -> None:
    """Say the difference, and let what stands of the group be what was said of it."""
    for one, found in matched.pairs:
        _revise(ledger, one, found, at)
        _stand(ledger, found, one)
    for one, into in matched.gone:
        _take_back(ledger, one, into, at)
    for one, is_found in matched.judged:
        _judge(ledger, one, SUPPORTS if is_found else CONTRADICTS, at, is_told=not is_found)
    for found, closed in matched.covered:
        _cover(ledger, found, closed)
    for found in matched.new:
        _stand(ledger, found, _raise(ledger, found, at))


def _cover(ledger: Ledger, found: Episode, closed: Episode) -> None:
    """A further part of one that a person has closed: it lasts as long as its parts do, and is no alarm of its own."""
    parts = (closed, found)
    closed.evidence = min((one.evidence for one in parts if one.evidence is not None), default=None)
    closed.over = max((one.over for one in parts if one.over is not None), default=None)
    if found.over is None:
        closed.over = None
    found.id, found.closed, found.closed_by = closed.id, closed.closed, closed.closed_by
    _stand(ledger, found, closed if closed.kind == found.kind else found)


def _stand(ledger: Ledger, found: Episode, said: Episode) -> None:
    if found.over is None:
        ledger.state.fall(found)
        ledger.state.stand(said)


def _differs(one: Episode, found: Episode) -> bool:
    # Which grade a strap has goes by what was known when it opened, and is none of the past.
    compared = [name for name in COMPARED if name != "kind" or one.kind not in LATCHED]
    return any(getattr(one, name) != getattr(found, name) for name in compared)


def _was(one: Episode, found: Episode, at: At) -> dict[str, Fact]:
    """What was said of it and is otherwise: that one still lasted is none of it, for its end is told as such."""
    before = {f"was_{name}": getattr(one, name) for name in COMPARED if getattr(one, name) != getattr(found, name)}
    held: dict[str, Fact] = {name: value for name, value in before.items() if value is not None}
    return {CORRECTED: at.time, **held} if held else {}


def _revise(ledger: Ledger, one: Episode, found: Episode, at: At) -> None:
    """One that was said, and that is found: the same, or otherwise.

    Which reports began and ended it is kept though nothing is said: by them it is known what a later look may change.
    """
    one.evidence, one.over = found.evidence, found.over
    if one.stage is Stage.CLOSED:
        _judge(ledger, one, SUPPORTS, at, is_told=_differs(one, found))
    elif one.kind in LATCHED:
        if found.onset < one.onset:
            one.facts = _lasting(one) | {CORRECTED: at.time, "was_onset": one.onset}
            one.onset = found.onset
            _tell(ledger, Change.UPDATED, one, found, at)
    elif one.stage is Stage.RETRACTED:
        one.retracted, one.retrospective = False, True
        ended = _take_over(ledger, one, found)
        one.facts |= ledger.deadline(one.kind, at)
        _tell(ledger, Change.RAISED, one, found, at)
        _clear(ledger, one, ended, at)
    elif _differs(one, found):
        was_over, was = one.ended is not None, _was(one, found, at)
        ended = _take_over(ledger, one, found)
        one.facts |= was
        if was_over or ended is None:
            one.ended = ended
            _tell(ledger, Change.UPDATED, one, found, at)
        else:
            _clear(ledger, one, ended, at, found.facts)


def _take_over(ledger: Ledger, one: Episode, found: Episode) -> float | None:
    """What is found of it; its end is returned, for it is told apart."""
    for name in CONTENT:
        setattr(one, name, copy.copy(getattr(found, name)))
    one.severity = ledger.policy.configuration.alarms[one.kind].severity
    one.facts = _lasting(one) | found.facts
    one.first_offset = min(one.first_offset, found.first_offset)
    ended, one.ended = one.ended, None
    return ended


def _lasting(one: Episode) -> dict[str, Fact]:
    return {name: fact for name, fact in one.facts.items() if name not in OUTDATED}


def _tell(ledger: Ledger, change: Change, one: Episode, found: Episode, at: At) -> None:
    one.first_offset, one.last_offset = min(one.first_offset, found.first_offset), at.offset
    ledger.state.settled.pop(one.id, None)
    ledger.state.episodes[one.id] = one
    ledger.say(change, one, at)


def _clear(ledger: Ledger, one: Episode, ended: float | None, at: At, facts: Mapping[str, Fact] | None = None) -> None:
    if ended is not None:
        one.ended, one.last_offset = ended, at.offset
        one.facts = {**one.facts, **(facts or {})}
        ledger.say(Change.CLEARED, one, at)


def _take_back(ledger: Ledger, one: Episode, into: Episode | None, at: At) -> None:
    """Nothing is found of it any more: it falls, to all who had it; unless it was the device's own word."""
    if one.kind in LATCHED:
        if one.stage is Stage.ONGOING:
            ledger.state.stand(one)
        return
    one.retracted, one.last_offset = True, at.offset
    if one.follow_up is not None and one.follow_up.is_pending:
        one.follow_up = None  # nobody has to keep what was agreed about nothing
    if into is not None:
        one.facts = {**one.facts, MERGED: into.id}
    ledger.state.settled.pop(one.id, None)
    ledger.state.episodes[one.id] = one
    ledger.state.count("alarm_retracted")
    ledger.say(Change.RETRACTED, one, at)


def _judge(ledger: Ledger, one: Episode, word: str, at: At, *, is_told: bool) -> None:
    """One that a person has closed: say what later data make of it, where that is news."""
    before = one.facts.get(LATER)
    if before != word and (is_told or before is not None):
        one.facts, one.last_offset = {**one.facts, LATER: word}, at.offset
        ledger.say(Change.UPDATED, one, at)


def _raise(ledger: Ledger, found: Episode, at: At) -> Episode:
    """One that nobody has heard of: in retrospect, and its end with it where it is over."""
    state, kind = ledger.state, KINDS[found.kind]
    while found.id in state.episodes or found.id in state.settled:
        found.id = mint(found.device, found.kind, found.zone, found.onset, found.id.encode())
    found.decided = found.received = at.time
    found.retrospective, found.revision, found.last_offset, found.ends = True, 0, at.offset, kind.ends
    begun = Finding(
        found.kind, found.device, found.person, found.onset, found.onset, b"", found.first_offset, late=True
    )
    found.severity, facts = ledger.begins(begun, at)
    found.facts = {name: fact for name, fact in found.facts.items() if name not in removal.FACTS} | facts
    ended, found.ended = found.ended, None
    state.episodes[found.id] = found
    ledger.say(Change.RAISED, found, at)
    _clear(ledger, found, ended, at)
    return found
