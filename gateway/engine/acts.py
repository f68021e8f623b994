"""Officers' acts on alarms: refused by a word and its value, or done; and remembered, so that none is done twice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gateway.decoded import from_json
from gateway.engine.act_lines import ActLine, FollowUp
from gateway.engine.episode import WERE_NONE, Change, CloseOutcome, Episode, Note, Stage
from gateway.engine.strap import learn
from gateway.journal.controls import (
    CAUSES,
    EXPECTS,
    LONGEST_NOTE,
    OF_CLOSED,
    RESULTS,
    VERIFIED_BY,
    WHOM,
    Act,
    printable,
)
from gateway.settings.model import Role

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from gateway.engine.ledger import At, Ledger
    from gateway.settings.model import Configuration

MOST_ACTS = 10_000
"""Acts remembered to know a repeated one."""
FARTHEST: Final = 92 * 86_400.0
"""Seconds ahead for which something may be agreed: no authority lasts longer."""
MOST_LINES: Final = 200
"""Acts on one alarm; each of its messages has them all. It can be closed all the same."""
DONE, REPEATED = "done", "repeated"


class ActRefused(Exception):
    """The act cannot be done. The entry stays in the journal, the episode stays as it was."""


def apply_act(ledger: Ledger, act: Act, at: At) -> str:
    """Do an act.

    Returns:
        What happened: ``done``, ``repeated`` (done before), or why not: a word, and behind a blank what it is about
        (:data:`gateway.words.act_phrases.REFUSALS` says it in both languages).
    """
    state = ledger.state
    before = state.acts.get(act.id)
    if before is not None:
        # What was refused is not done by being said again.
        return REPEATED if before == DONE else before
    try:
        _act(ledger, act, at)
        result = DONE
    except ActRefused as refusal:
        state.count("act_refused")
        result = str(refusal)
    state.acts[act.id] = result
    while len(state.acts) > MOST_ACTS:
        del state.acts[next(iter(state.acts))]
    return result


def _act(ledger: Ledger, act: Act, at: At) -> None:
    """Refuse first, then change: a refused act leaves the episode as it was."""
    episode = _meant(ledger, act)
    if episode is None:
        raise ActRefused(f"alarm_gone {act.alarm}")
    if act.do not in ACTS:
        raise ActRefused(f"act_unknown {act.do}")
    note, (change, told, do) = printable(act.note), ACTS[act.do]
    for refusal in _refusals(act, note, episode, ledger.policy.configuration, at.time):
        raise ActRefused(refusal)
    if note:
        episode.notes = [*episode.notes, Note(at.time, act.by, note)]
    said = {name: getattr(act, field) for name, field in told.items()}
    episode.acts = [*episode.acts, ActLine(at.time, act.by, act.do, episode.revision + 1, note=note, **said)]
    do(episode, act, at)
    if change is Change.CLOSED:
        learn(ledger, episode, at)
    ledger.say(change, episode, at)
    # It may be due before all that the timers know of.
    ledger.state.rings = min(ledger.state.rings, act.at or ledger.state.rings)


def _meant(ledger: Ledger, act: Act) -> Episode | None:
    """The alarm of an act. One that is closed is not known any more: an act about such a one brings it along."""
    state = ledger.state
    if act.do not in OF_CLOSED or act.alarm in state.episodes:
        return state.episodes.get(act.alarm)
    if act.alarm in state.settled:
        return state.settled[act.alarm]
    found = from_json(act.episode, Episode) if act.episode else None
    return found if found is not None and found.id == act.alarm else None


def _refusals(
    act: Act, note: str, episode: Episode, configuration: Configuration, now: float
) -> Iterator[str]:  # fmt: skip
    """Why an act cannot be done; nothing when it can."""
    if not episode.may(ACTS[act.do][0]):
        yield _out_of_turn(act, episode)
    if len(episode.acts) >= MOST_LINES and act.do not in {"close", "dispute"}:
        yield f"acts_many {MOST_LINES}"
    for field, allowed in CODES.get(act.do, {}).items():
        if getattr(act, field) not in allowed:
            yield f"{field}_missing {getattr(act, field)}".strip()
    if act.do in AGAINST:
        yield from AGAINST[act.do](act, episode, configuration)
    if act.do == "follow_up" and not now < act.at <= now + FARTHEST:
        yield "due_past" if act.at <= now else "due_far"
    if act.do == "assign" and act.to not in _addressees(configuration):
        yield f"to_unknown {act.to}"
    if act.do in {"close", "note", "dispute"} and not note:
        yield "note_missing"
    if len(note) > LONGEST_NOTE:
        yield f"note_long {len(note)}"


def _out_of_turn(act: Act, episode: Episode) -> str:
    is_early = act.do in OF_CLOSED and episode.stage is not Stage.RETRACTED
    return f"{'alarm_open' if is_early else 'alarm_past'} {episode.stage.value}"


def _against_close(act: Act, episode: Episode, configuration: Configuration) -> Iterator[str]:
    if act.outcome == CloseOutcome.CONFIRMED and not act.verified_by:
        yield "verified_by_missing"
    if episode.is_disputed and not _may_review(configuration, act.by):
        yield "disputed_leader"


def _against_cause(act: Act, episode: Episode, configuration: Configuration) -> Iterator[str]:
    if not _may_review(configuration, act.by):
        yield "cause_leader"
    if episode.stage is Stage.CLOSED and episode.outcome not in WERE_NONE:
        yield f"cause_outcome {episode.outcome}"


AGAINST: Final = {"close": _against_close, "cause": _against_cause}
"""What speaks against an act, by what it is, besides what may against any."""


def _may_review(configuration: Configuration, number: str) -> bool:
    """Whether somebody may close what was disputed, or say why an alarm was none.

    A leader; where the county has named none, anybody.
    """
    leaders = {one.number for one in configuration.staff.values() if Role.LEADER in one.roles}
    return not leaders or number in leaders


def _addressees(configuration: Configuration) -> set[str]:
    """Whom an alarm can be given to: staff and offices that the configuration knows."""
    staff = configuration.staff.values()
    rostered = {number for duty in configuration.duty for number in duty.staff}
    offices = {one.office for one in staff} | {one.office for one in configuration.people.values()}
    return ({one.number for one in staff} | rostered | offices) - {""}


def _acknowledge(episode: Episode, act: Act, at: At) -> None:
    """Whoever is first has it; another's word of having seen it changes nothing of that."""
    if episode.acknowledged is None:
        episode.acknowledged, episode.acknowledged_by = at.time, act.by
    episode.owner = episode.owner or act.by


def _take_over(episode: Episode, act: Act, at: At) -> None:
    _acknowledge(episode, act, at)
    episode.owner = act.by


def _close(episode: Episode, act: Act, at: At) -> None:
    """Only a person's close is a finding, and it says which."""
    episode.closed, episode.closed_by, episode.outcome = at.time, act.by, act.outcome
    episode.verified_by = act.verified_by


def _dispute(episode: Episode, act: Act, at: At) -> None:
    """Open once more, and nobody's; what it was closed as stands in its lines. Since then nobody has watched it."""
    del act
    episode.ended = episode.closed if episode.ended is None else episode.ended
    episode.closed, episode.closed_by, episode.outcome, episode.verified_by = None, "", "", ""
    episode.acknowledged, episode.acknowledged_by, episode.owner = None, "", ""
    episode.disputed = at.time


def _follow_up(episode: Episode, act: Act, at: At) -> None:
    episode.follow_up = FollowUp(act.at, act.expects, act.by, at.offset)


def _assign(episode: Episode, act: Act, at: At) -> None:
    del at
    episode.assigned = act.to


def _only_say(episode: Episode, act: Act, at: At) -> None:
    """The act line is all there is."""
    del episode, act, at


Doing = tuple[Change, "Mapping[str, str]", "Callable[[Episode, Act, At], None]"]
ACTS: Final[Mapping[str, Doing]] = {
    "acknowledge": (Change.ACKNOWLEDGED, {}, _acknowledge),
    "take_over": (Change.UPDATED, {}, _take_over),
    "note": (Change.UPDATED, {}, _only_say),
    "close": (Change.CLOSED, {"outcome": "outcome", "verified_by": "verified_by"}, _close),
    "attempt": (Change.UPDATED, {"whom": "whom", "result": "result"}, _only_say),
    "follow_up": (Change.UPDATED, {"due": "at", "expects": "expects"}, _follow_up),
    "assign": (Change.UPDATED, {"to": "to"}, _assign),
    "arrived": (Change.UPDATED, {}, _only_say),
    "dispute": (Change.DISPUTED, {}, _dispute),
    "cause": (Change.EXAMINED, {"cause": "cause"}, _only_say),
}
"""What an officer may do: what it is to the episode (``episode.TURNS`` says from where), which of the act's fields its
line has under which name, and what it writes into the episode."""
CODES: Final[Mapping[str, Mapping[str, tuple[str, ...]]]] = {
    "close": {"outcome": tuple(CloseOutcome), "verified_by": ("", *VERIFIED_BY)},
    "attempt": {"whom": WHOM, "result": RESULTS},
    "follow_up": {"expects": EXPECTS},
    "cause": {"cause": CAUSES},
}
"""Fields of an act that have to be one of some words."""
