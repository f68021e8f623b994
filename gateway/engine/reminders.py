"""Reminders: who is to be home soon and is far away.

Whether one is due is asked from outside, of what is known then; what comes of it is an entry, so that a replay reminds
whom the log says.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Final

import numpy as np

from gateway.engine.duties import duty_at
from gateway.engine.notice import WEARER, About, Notice, NoticeRecord, Topic
from gateway.engine.shapes import HOME
from gateway.engine.whereabouts import last_known
from gateway.journal.controls import Reminder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gateway.engine.ledger import At, Ledger
    from gateway.engine.policy import Policy
    from gateway.engine.state import EngineState

KIND: Final = "curfew_late"
"""Who is told of this kind may be reminded before it."""
AHEAD: Final = 1800.0
"""Seconds before the curfew begins."""
FRESH: Final = 1800.0
"""Seconds after which a place says nothing of now."""
FAR: Final = 1000.0
"""Metres from home from which on the way takes time."""


def curfews_of(policy: Policy) -> int:
    """How many rows there are to be asked of: a person and a rule each; 0 where nobody is reminded."""
    configuration = policy.configuration
    wanted = configuration.notices is not None and WEARER in configuration.alarms[KIND].notify
    return len(policy.curfews.schedule) if wanted else 0


def reminders_due(state: EngineState, policy: Policy, now: float, rows: range) -> Iterator[Reminder]:
    """Who of some rows is to be reminded at a receive time, UTC epoch seconds."""
    starts = _starting(policy, now)
    for row in rows:
        start = starts.get(int(policy.curfews.schedule[row]))
        found = None if start is None else _reminder(state, policy, int(policy.curfews.watch[row]), start, now)
        if found is not None:
            yield found


def remind(ledger: Ledger, one: Reminder, at: At) -> list[NoticeRecord]:
    """A REMINDER entry: once a night and rule."""
    state, key = ledger.state, f"{one.person}/{one.rule}"
    person = ledger.policy.configuration.people.get(one.person)
    if person is None or state.reminded.get(key) == one.start:
        return []
    state.reminded[key] = one.start
    told = About(
        KIND, "info", one.person, one.device, person.office, at.time, person.minor,
        facts={"from": one.start, "home_m": one.home_m},
    )  # fmt: skip
    identity = sha256(f"{key}\n{one.start!r}\nreminder".encode()).hexdigest()[:16]
    record = NoticeRecord(Notice(identity, "", WEARER, at.time, told, topic=Topic.REMINDER), at=at.time)
    state.notices[identity] = record
    return [record]


def _starting(policy: Policy, now: float) -> dict[int, float]:
    """Schedules of curfews that begin soon, and when."""
    found = {}
    for at, nightly in enumerate(policy.curfews.schedules):
        span = nightly.span(now)
        if not span.holds and now < span.until <= now + AHEAD and nightly.span(span.until).holds:
            found[at] = span.until
    return found


def _reminder(state: EngineState, policy: Policy, watch: int, start: float, now: float) -> Reminder | None:
    """Of one row: none on leave, without authority, close to home, or where nobody knows."""
    person, ruled, zone = policy.watches.key[watch]
    rule = ruled.partition("/")[0]
    if zone != f"{HOME}:{person}" or state.reminded.get(f"{person}/{rule}") == start:
        return None
    for wearing in (policy.wearing_person == policy.watches.person[watch]).nonzero()[0].tolist():
        device = policy.wearings[wearing][0]
        seat = policy.device_index[device]
        if policy.phone[seat] or int(policy.wearing_at(np.array([seat]), np.array([now]))[0]) != wearing:
            continue
        known = last_known(state, policy, wearing)
        metres, placed = known.get("home_m"), known.get("placed")
        if not isinstance(metres, int | float) or not isinstance(placed, float) or placed < now - FRESH:
            continue
        if metres >= FAR and duty_at(state, policy, watch, wearing, start).holds:
            return Reminder(person, device, rule, start, float(metres))
    return None
