"""The ladder: who is told of an alarm at once, whom it goes up to while nobody answers, and when it stops.

It follows what a step says, in that order, and the time; it changes no alarm. So it comes out the same however the log
was cut. An acknowledgement stops it, and so does the end of the alarm, by itself or by a person.

    notify ── escalate_after ──▶ to ── escalate_after ──▶ leaders (of serious and critical ones)

A rung on which nobody can be told is passed at once.
"""

from __future__ import annotations

import math
from hashlib import sha256
from typing import TYPE_CHECKING, Final

import msgspec

from gateway.engine import at_first
from gateway.engine.episode import Change
from gateway.engine.notice import (
    ARRIVED,
    CHARGING,
    OPEN,
    REMIND,
    TELL,
    WEARER,
    Ladder,
    Notice,
    NoticeRecord,
    NoticeState,
    Topic,
    about,
)
from gateway.engine.roster import GRAVE, leaders_of, staff_of, tell_at
from gateway.kinds import DRILL, NEVER_THE_WEARER, SEVERITIES, TRIALS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from gateway.engine.episode import Episode, Fact
    from gateway.engine.ledger import At, Ledger, Outcome
    from gateway.engine.policy import Policy
    from gateway.engine.state import EngineState
    from gateway.journal.controls import NoticeTold
    from gateway.settings.model import Configuration

NOTIFY, TO, LEADERS = range(3)
VOID_RUNG: Final = -1
GRAVEST: Final = "critical"
STAFF: Final = "staff"
"""Of what is held: whoever of staff stands on the rung then."""
FORGOTTEN: Final = 2 * 86_400.0
"""Seconds after which nothing comes of a notice any more."""
_CODE: Final = 4
_ENDS: Final = frozenset({Change.CLEARED, Change.CLOSED, Change.RETRACTED})


def climb(state: EngineState, policy: Policy, outcomes: Iterable[Outcome], now: float) -> list[NoticeRecord]:
    """Follow what was said and the time up to ``now`` (receive time); returns how notices stand that are new or other.

    Args:
        state: changed in place.
        policy: in force.
        outcomes: since the last call, in log order, none later than ``now``.
        now: all that is due by then is told.
    """
    if policy.configuration.notices is None:
        state.ladders.clear()
        return []
    said: list[NoticeRecord] = []
    for outcome in outcomes:
        _rise(state, policy, outcome.decided, said)
        _follow(state, policy, outcome, said)
    _rise(state, policy, now, said)
    return said


def next_due(state: EngineState) -> float:
    """Receive time of the first rung, or end of quiet hours, that somebody waits for; infinite where none does."""
    if not state.listening:
        return math.inf
    return min((_due(one) for one in state.ladders.values()), default=math.inf)


def shift(state: EngineState, seconds: float) -> None:
    """The wall clock was set: what had elapsed stays elapsed. Quiet hours are times of the calendar."""
    state.tells = -math.inf
    for ladder in state.ladders.values():
        ladder.due = None if ladder.due is None else ladder.due + seconds


def forget(state: EngineState) -> None:
    """Drop notices of which nothing more will come."""
    horizon = state.now - FORGOTTEN
    state.notices = {key: one for key, one in state.notices.items() if one.at >= horizon}
    state.reminded = {key: start for key, start in state.reminded.items() if start >= horizon}


def hear(ledger: Ledger, told: NoticeTold, at: At) -> list[NoticeRecord]:
    """A NOTICE entry: how one stands. What the wearer was told, and that it went up, stands in the alarm."""
    record = ledger.state.notices.get(told.notice)
    if record is None:
        ledger.state.count("notice_result_late")
        return []
    record = msgspec.structs.replace(
        record, state=NoticeState(told.state), at=at.time, by=told.by, why=told.why, references=told.references
    )
    _keep(ledger.state, record)
    said = [record]
    _note(ledger, record, at)
    if record.state not in OPEN | ARRIVED:
        _nobody(ledger.state, ledger.policy, record.notice, at.time, said)
    return said


def _due(ladder: Ladder) -> float:
    return min([math.inf if ladder.due is None else ladder.due, *(at for at, _, _ in ladder.held)])


def _rise(state: EngineState, policy: Policy, now: float, said: list[NoticeRecord]) -> None:
    """All that is due by a time, in order."""
    if now < state.tells or not state.listening:
        return
    while state.ladders and next_due(state) <= now:
        due, alarm = min((_due(one), alarm) for alarm, one in state.ladders.items())
        ladder, at = state.ladders[alarm], max(due, state.listening_since)
        ripe, ladder.held = [one for one in ladder.held if one[0] <= due], [one for one in ladder.held if one[0] > due]
        for _, to, rung in ripe:
            staff = () if to == WEARER else _people(policy.configuration, ladder, rung, at)
            for each in [WEARER] if to == WEARER else [one for one in staff if one not in ladder.told]:
                _owe(state, alarm, ladder, (each, rung, at), said)
        if ladder.due is not None and ladder.due <= due:
            _reach(state, policy, alarm, at, said)
    state.tells = next_due(state)


def _follow(state: EngineState, policy: Policy, outcome: Outcome, said: list[NoticeRecord]) -> None:
    episode, ladder = outcome.episode, state.ladders.get(outcome.episode.id)
    if episode.severity == GRAVEST and episode.kind not in TRIALS and not episode.resolved:
        _give_way(state, outcome.decided, said)
    if ladder is None:
        if outcome.change is Change.RAISED:
            _raised(state, policy, episode, outcome.decided, said)
        return
    if outcome.change in _ENDS:
        _stop(state, episode.id, said, at=outcome.decided)
        if outcome.change is Change.RETRACTED:
            _take_back(state, episode, ladder, outcome.decided, said)
        if episode.resolved:
            del state.ladders[episode.id]
    elif _is_other(episode, ladder) and episode.is_ongoing:
        _begin(state, policy, episode, outcome.decided, said)
    elif episode.acknowledged is not None:
        _stop(state, episode.id, said, at=outcome.decided, but=WEARER)


def _raised(state: EngineState, policy: Policy, episode: Episode, now: float, said: list[NoticeRecord]) -> None:
    if episode.kind == DRILL:
        _exercise(state, policy, episode, now, said)
    elif episode.kind not in TRIALS:
        _begin(state, policy, episode, now, said)


def _is_other(episode: Episode, ladder: Ladder) -> bool:
    """Whether it has become what nobody was told of, or waits longer than it did."""
    ranks = SEVERITIES.index(episode.severity), SEVERITIES.index(ladder.severity)
    is_later = _moment(episode.facts.get(TELL)) > _moment(ladder.about.facts.get(TELL))
    return episode.kind != ladder.kind or ranks[0] > ranks[1] or is_later


def _begin(state: EngineState, policy: Policy, episode: Episode, now: float, said: list[NoticeRecord]) -> None:
    """The first rung, of an alarm that is new or has become a graver one."""
    before = state.ladders.get(episode.id)
    person = policy.configuration.people.get(episode.person)
    code = _code(state, episode.id) if before is None else before.code
    told = about(episode, minor=person is not None and person.minor)
    had = [] if before is None else [*before.had, *before.told]
    state.ladders[episode.id] = ladder = Ladder(code, episode.kind, episode.severity, told, had=had)
    wants, waits = policy.configuration.alarms[episode.kind], at_first.waits(policy, episode)
    was_mild = before is not None and TELL in before.about.facts
    if before is not None and was_mild:
        if not (wants.notify or wants.escalate_to):
            ladder.by = before.goes_by  # nobody is to be told of this kind by itself
            wants = policy.configuration.alarms[ladder.by]
        _take_on(before, ladder, wants.notify)
    if waits:
        _remind(state, policy, episode.id, now, said)
    elif was_mild and set(wants.notify) == {WEARER}:
        _tell_wearer(state, policy, episode.id, (NOTIFY, now), said)
        ladder.rung = TO  # his time is over
        _reach(state, policy, episode.id, now, said)
    elif wants.notify or wants.escalate_to:
        _reach(state, policy, episode.id, now, said)
    if episode.acknowledged is not None:
        ladder.due, ladder.is_stopped = None, True


def _exercise(
    state: EngineState, policy: Policy, episode: Episode, now: float, said: list[NoticeRecord]
) -> None:  # fmt: skip
    """A drill rings as a critical alarm would of the kind that it is like."""
    told = msgspec.structs.replace(about(episode, minor=False), severity=GRAVEST)
    like = str(episode.facts["like"])
    state.ladders[episode.id] = Ladder(_code(state, episode.id), episode.kind, GRAVEST, told, by=like)
    wants = policy.configuration.alarms[like]
    if wants.notify or wants.escalate_to:
        _reach(state, policy, episode.id, now, said)


def _give_way(state: EngineState, now: float, said: list[NoticeRecord]) -> None:
    """Something critical is there: of a drill nobody is told any more."""
    for alarm, ladder in state.ladders.items():
        if ladder.kind == DRILL and not ladder.is_stopped:
            _stop(state, alarm, said, at=now)


def _take_on(before: Ladder, ladder: Ladder, notify: Sequence[str]) -> None:
    """Of what was mild at first: the wearer is told once, and a reminder that waits is still to come.

    Who charges needs none.
    """
    ladder.reminded = before.reminded
    if WEARER not in notify and CHARGING not in ladder.about.facts:
        ladder.held = [one for one in before.held if one[1] == WEARER]


def _may_be_told(ladder: Ladder) -> bool:
    """Whether the wearer may be told of it: what is past is for staff."""
    is_his = bool(ladder.about.person) and ladder.kind not in NEVER_THE_WEARER
    return is_his and not ladder.about.is_past and not (ladder.reminded and TELL in ladder.about.facts)


def _reach(state: EngineState, policy: Policy, alarm: str, now: float, said: list[NoticeRecord]) -> None:
    """The next rung, and those behind it while nobody can be told."""
    ladder, rungs = state.ladders[alarm], _rungs(policy.configuration, state.ladders[alarm])
    state.tells = -math.inf  # it may be due before all that is known of
    wants = policy.configuration.alarms[ladder.goes_by]
    while left := [rung for rung in rungs if rung >= ladder.rung]:
        rung, ladder.rung = left[0], left[0] + 1
        at, is_staff = _tell_rung(state, policy, alarm, rung, now, said)
        ladder.due = None
        if len(left) > 1 and wants.escalate_after_seconds is not None:
            ladder.due = at + wants.escalate_after_seconds
        if is_staff or (rung == NOTIFY and set(wants.notify) <= {WEARER}):
            return
    ladder.due = None
    if ladder.severity in GRAVE and not ladder.told:
        state.count("notice_to_nobody")


def _rungs(configuration: Configuration, ladder: Ladder) -> list[int]:
    """Of an alarm's ladder, in order."""
    if not _is_wanted(configuration, ladder):
        return [NOTIFY]
    middle = [TO] if configuration.alarms[ladder.goes_by].escalate_to else []
    return [NOTIFY, *middle, *([LEADERS] if ladder.severity in GRAVE else [])]


def _is_wanted(configuration: Configuration, ladder: Ladder) -> bool:
    """Whether staff are told of alarms of this severity at all."""
    notices = configuration.notices
    return notices is not None and (not notices.severities or ladder.severity in notices.severities)


def _tell_rung(
    state: EngineState, policy: Policy, alarm: str, rung: int, now: float, said: list[NoticeRecord]
) -> tuple[float, bool]:  # fmt: skip
    """Tell whoever stands on a rung, now or when the quiet hours are over; returns when, and whether any of staff."""
    ladder, configuration = state.ladders[alarm], policy.configuration
    wants, zone = configuration.alarms[ladder.goes_by], configuration.county.timezone
    if WEARER in {NOTIFY: wants.notify, TO: wants.escalate_to}.get(rung, ()):
        _tell_wearer(state, policy, alarm, (rung, now), said)
    if not _is_wanted(configuration, ladder):
        return now, True
    at = tell_at(ladder.kind, ladder.severity, STAFF, now, zone, _useful(ladder, STAFF))
    if at > now:
        ladder.held = [*ladder.held, (at, STAFF, rung)]
        return at, True
    people = [one for one in _people(configuration, ladder, rung, now) if one not in ladder.told]
    for to in people:
        _owe(state, alarm, ladder, (to, rung, now), said)
    return now, bool(people)


def _remind(state: EngineState, policy: Policy, alarm: str, now: float, said: list[NoticeRecord]) -> None:
    """Of what is mild at first the wearer alone is told, when it is worth it; the ladder begins once it is no more."""
    state.tells = -math.inf
    ladder = state.ladders[alarm]
    if WEARER in policy.configuration.alarms[ladder.goes_by].notify and CHARGING not in ladder.about.facts:
        _tell_wearer(state, policy, alarm, (NOTIFY, now), said)


def _tell_wearer(
    state: EngineState, policy: Policy, alarm: str, when: tuple[int, float], said: list[NoticeRecord]
) -> None:  # fmt: skip
    """The wearer, of a rung reached at a time: now or later, where he may be told at all."""
    (rung, now), ladder = when, state.ladders[alarm]
    if _may_be_told(ladder):
        zone, useful = policy.configuration.county.timezone, _useful(ladder, WEARER)
        first = tell_at(ladder.kind, ladder.severity, WEARER, now, zone, useful)
        _tell_at(state, alarm, WEARER, (rung, now, first), said)


def _useful(ladder: Ladder, to: str) -> float:
    """From when on it is worth telling; -inf: at once. What ends before that is told to nobody."""
    facts = ladder.about.facts
    return _moment(facts.get(REMIND, facts.get(TELL)) if to == WEARER else facts.get(TELL))


def _moment(fact: Fact | None) -> float:
    return float(fact) if isinstance(fact, int | float) else -math.inf


def _tell_at(
    state: EngineState, alarm: str, to: str, when: tuple[int, float, float], said: list[NoticeRecord]
) -> None:  # fmt: skip
    """Somebody, of a rung reached at a time, at that time or later."""
    (rung, now, at), ladder = when, state.ladders[alarm]
    if at > now:
        ladder.held = [*ladder.held, (at, to, rung)]
    else:
        _owe(state, alarm, ladder, (to, rung, now), said)


def _people(configuration: Configuration, ladder: Ladder, rung: int, now: float) -> list[str]:
    wants = configuration.alarms[ladder.goes_by]
    office = None if ladder.kind == DRILL else ladder.about.office
    if rung == LEADERS:
        return leaders_of(configuration, office)
    return staff_of(configuration, (wants.notify, wants.escalate_to)[rung], office, now)


def _owe(
    state: EngineState, alarm: str, ladder: Ladder, whom: tuple[str, int, float], said: list[NoticeRecord]
) -> None:
    """One notice, from now on: to whom, of which rung, when."""
    to, rung, now = whom
    if to == WEARER:
        ladder.reminded = True
    else:
        ladder.told = [*ladder.told, to]
    code = "" if to == WEARER else ladder.code
    notice = Notice(_identity(alarm, rung, to, now), alarm, to, now, ladder.about, rung, code)
    _say(state, NoticeRecord(notice, at=now), said)


def _identity(alarm: str, rung: int, to: str, now: float) -> str:
    return sha256(f"{alarm}\n{rung}\n{to}\n{now!r}".encode()).hexdigest()[:16]


def _stop(state: EngineState, alarm: str, said: list[NoticeRecord], *, at: float, but: str | None = None) -> None:
    """Nobody is told any more; what waits to be sent is withdrawn. ``but``: whose notices go on."""
    ladder = state.ladders[alarm]
    ladder.due, ladder.is_stopped, ladder.held = None, True, [one for one in ladder.held if one[1] == but]
    for record in list(state.notices.values()):
        mine = record.notice.alarm == alarm and record.notice.to != but and record.notice.topic is Topic.ALARM
        if mine and record.state is NoticeState.OWED:
            ladder.told = [to for to in ladder.told if to != record.notice.to]
            _say(state, msgspec.structs.replace(record, state=NoticeState.WITHDRAWN, at=at), said)


def _take_back(state: EngineState, episode: Episode, ladder: Ladder, now: float, said: list[NoticeRecord]) -> None:
    """Whoever was told of it is told that it is void, at any hour: nobody may act on it."""
    for to in dict.fromkeys([*ladder.had, *ladder.told]):
        identity = _identity(episode.id, VOID_RUNG, to, now)
        notice = Notice(identity, episode.id, to, now, ladder.about, VOID_RUNG, topic=Topic.VOID)
        _say(state, NoticeRecord(notice, at=now), said)


def _say(state: EngineState, record: NoticeRecord, said: list[NoticeRecord]) -> None:
    _keep(state, record)
    said.append(record)


def _keep(state: EngineState, record: NoticeRecord) -> None:
    """The state holds those of which something is to come."""
    if record.state in OPEN:
        state.notices[record.notice.id] = record
    else:
        state.notices.pop(record.notice.id, None)


def _note(ledger: Ledger, record: NoticeRecord, at: At) -> None:
    """In the alarm: what the wearer was told and how that went; that it went up, once a rung."""
    episode, notice = ledger.state.episodes.get(record.notice.alarm), record.notice
    if episode is None or notice.topic is not Topic.ALARM:
        return
    ladder = ledger.state.ladders.get(episode.id)
    facts: dict[str, Fact] = {}
    if notice.to == WEARER:
        first = record.state in ARRIVED and not (
            record.state is NoticeState.DELIVERED and "wearer_told" in episode.facts
        )
        facts |= {"wearer_told": at.time} if first else {}
        facts |= {"wearer_told_how": record.state.value}
    elif notice.rung > NOTIFY and record.state in ARRIVED and episode.facts.get("escalated_to") != notice.rung:
        facts = {"escalated": notice.owed, "escalated_to": notice.rung}
        facts |= {"verify_by": ladder.due} if ladder is not None and ladder.due is not None else {}
    if facts:
        ledger.revise(episode, at, facts)


def _nobody(state: EngineState, policy: Policy, notice: Notice, now: float, said: list[NoticeRecord]) -> None:
    """A notice that reached nobody: where it was the last of its rung, the next one is reached at once."""
    ladder = state.ladders.get(notice.alarm)
    if ladder is None or ladder.is_stopped or notice.to == WEARER or notice.rung != ladder.rung - 1:
        return
    others = (one.notice for one in state.notices.values())
    if not any(one.alarm == notice.alarm and one.rung == notice.rung and one.to != WEARER for one in others):
        _reach(state, policy, notice.alarm, now, said)


def _code(state: EngineState, alarm: str) -> str:
    """Four hexadecimal digits of the alarm's identity that no other unresolved one has."""
    taken = {one.code for one in state.ladders.values()}
    text = alarm
    while (code := sha256(text.encode()).hexdigest()[:_CODE].upper()) in taken:
        text += "+"
    return code
