"""Why each kind of alarm was raised: its entries and numbers are the journal's, and what would have flipped it does."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

import msgspec
import numpy as np
import pytest
from alarm_stories import NOON, STORIES
from timeline import DAY, HOUR, MINUTE, at

from fencing.errors import GeometryFault
from gateway.engine import compile_policy
from gateway.engine.reports import decode_run
from gateway.engine.state import EngineState
from gateway.engine.step import step
from gateway.engine.weigh import RAISE_AT
from gateway.journal import FileJournal
from gateway.journal.entries import EntryKind, Gathering, merge
from gateway.kinds import KINDS, NOT_RAISED
from gateway.replay.account import MOST_SEEN, Sought, account_of, sought_at
from gateway.replay.evidence import WATCHED
from gateway.replay.explain import Asked, accounts
from gateway.replay.gather import Source
from gateway.replay.reasons import REASONS
from gateway.settings.absences import Leave
from protocols.report import Flag

if TYPE_CHECKING:
    from gateway.engine import Episode
    from gateway.journal.entries import EntryBatch
    from gateway.words.accounts import Account, Turn

STOP = [int(EntryKind.START), int(EntryKind.CONFIGURATION)]


class Told:
    """A story that has been told: its entries, its journal, and its alarm as it was raised."""

    def __init__(self, kind: str, directory) -> None:
        self.told = STORIES[kind]()
        self.told.run()
        self.policy, self.entries = self.told.policy, merge(self.told.stepped)
        self.journal = FileJournal(directory)
        for batch in self.told.stepped:
            self.journal.append(batch)
        self.source = Source(self.journal, self.told.policies)
        raised = [event["data"] for event in self.told.events if event["data"]["kind"] == kind]
        said = ends_of(self.entries, self.policy)
        self.episode = said[raised[0]["alarm"]]
        self.at = self.episode.decided
        self.said = decode_run(EngineState(), self.entries, self.policy)

    def until(self) -> EntryBatch:
        count = int(np.searchsorted(self.entries.received, self.at, "right"))
        return self.entries.slice(0, count)


def ends_of(entries: EntryBatch, policy, at: float | None = None) -> dict[str, Episode]:
    """By the whole engine, each alarm as it was said first with its last kind; timers run up to ``at``."""
    state, found = EngineState(), {}
    parts = [entries]
    if at is not None:
        tick = Gathering()
        tick.add(EntryKind.TICK, at, entries.origin_of(0), b"")
        parts.append(tick.batch())
    for part in parts:
        for outcome in step(state, part, lambda _: policy, first=state.offset).outcomes:
            known = found.get(outcome.episode.id)
            if known is None or known.kind != outcome.episode.kind or at is not None:
                found[outcome.episode.id] = outcome.episode
    return found


@cache
def story(kind: str, folder) -> tuple[Told, Account]:
    told = Told(kind, folder / kind)
    return told, account_of(told.source, Sought.of(told.episode))


@pytest.fixture(scope="module")
def shelf(tmp_path_factory):
    folder = tmp_path_factory.mktemp("stories")
    yield folder
    story.cache_clear()


def test_each_kind_is_explained_by_its_number_or_by_the_evidence_of_a_place():
    raised = set(KINDS) - NOT_RAISED
    assert raised == set(REASONS) | set(WATCHED)
    assert not set(REASONS) & set(WATCHED)
    assert set(STORIES) == set(REASONS), "each of those has a story"


@pytest.mark.parametrize("kind", STORIES)
def test_it_comes_out_anew_and_its_entries_are_the_journals(shelf, kind):
    told, one = story(kind, shelf)
    assert (one.anew, one.raised, one.alarm, one.kind) == (True, True, told.episode.id, kind)
    assert (one.onset, one.decided) == (told.episode.onset, told.at)
    assert one.configuration == "d1"
    for each in one.seen:
        index = each.offset
        assert each.received == told.entries.received[index] <= told.at
        assert each.device == told.entries.origin_of(index).device
        assert each.what == EntryKind(told.entries.kind[index]).name.lower()
    if REASONS[kind].listed and not REASONS[kind].whole:
        mine = [
            offset for offset in range(len(told.until()))
            if told.entries.kind[offset] not in STOP and told.entries.kind[offset] != EntryKind.ACT
            and told.entries.kind[offset] != EntryKind.TICK
            and told.entries.origin_of(offset).device in {one.device, ""}
        ]  # fmt: skip
        assert [each.offset for each in one.seen] == mine[-MOST_SEEN:]
        assert one.left_out == max(0, len(mine) - MOST_SEEN)
    said = told.said
    for each in one.seen:
        at_ = np.flatnonzero(said.entry == each.offset)
        flags = {str(flag.name).lower() for flag in Flag for row in at_ if int(said.flags[row]) & flag}
        assert set(each.says) == flags
        levels = [int(said.battery_percent[row]) for row in at_ if said.battery_percent[row] >= 0]
        assert each.battery_percent == (levels[-1] if levels else None)


def gaps(told: Told, offset: int, before: float) -> float:
    """Seconds since the device's frame before."""
    mine = [
        float(told.entries.received[index]) for index in range(offset)
        if told.entries.kind[index] == EntryKind.FRAME
        and told.entries.origin_of(index).device == told.episode.device
    ]  # fmt: skip
    return before - mine[-1] if mine else math.nan


def since(of, told: Told, offset: int, before: float) -> float:
    """Seconds since the first report in a row of which ``of`` holds."""
    said = told.said
    mine = (said.device == told.policy.device_index[told.episode.device]) & (said.entry <= offset)
    holds = [bool(of(said, row)) for row in np.flatnonzero(mine)]
    times = said.received[mine]
    begun = len(holds) - holds[::-1].index(False) if False in holds else 0
    return before - float(times[begun]) if begun < len(holds) else math.nan


def percents(told: Told, offset: int, before: float) -> float:
    del before
    said = told.said
    level = int(said.battery_percent[np.flatnonzero(said.entry == offset)][-1]) if offset in said.entry else -1
    return float(level) if level >= 0 else math.nan


RECOUNTED = {
    "comms_lost": gaps, "battery_dead": gaps, "battery_low": percents, "battery_critical": percents,
    "charge_missed": percents,
    "location_lost": lambda *of: since(lambda said, row: not said.located[row], *of),
    "phone_off": lambda *of: since(lambda said, row: int(said.flags[row]) & Flag.ABSENT, *of),
}  # fmt: skip
"""The number of an entry, counted from the journal's bytes alone; also of the end, by the entry before it."""


@pytest.mark.parametrize("kind", RECOUNTED)
def test_the_number_is_counted_from_the_journal(shelf, kind):
    told, one = story(kind, shelf)
    for each in one.seen:
        counted = RECOUNTED[kind](told, each.offset, each.received)
        assert (math.nan if each.value is None else each.value) == pytest.approx(counted, nan_ok=True)
    last = len(told.until()) - (1 if told.entries.kind[len(told.until()) - 1] == EntryKind.TICK else 0)
    if REASONS[kind].unit == "s":
        ended = last if REASONS[kind].before else last - 1
        assert one.measure.value == pytest.approx(RECOUNTED[kind](told, ended, told.at))
    else:
        assert one.measure.value == one.seen[-1].value


LIMITS = {
    "strap_cut": 1.0, "sos": 1.0, "strap_glitch_suspected": MINUTE + 30.0, "battery_low": 15.0,
    "battery_critical": 5.0, "comms_lost": 20 * MINUTE, "battery_dead": 20 * MINUTE, "power_off": 1.0,
    "restart": 120.0, "location_lost": 2 * HOUR, "clock_fault": HOUR, "position_implausible": 4.0,
    "phone_apart": 3.0, "phone_off": 3 * HOUR, "no_motion": 10 * HOUR, "nights_out": 4.0, "repeated_place": 3.0,
    "wearers_together": 1.0 / (1.0 + math.exp(-RAISE_AT)), "protected_near": 1.0 / (1.0 + math.exp(-RAISE_AT)),
    "boundary_near": 1.0 / (1.0 + math.exp(-RAISE_AT)), "exclusion_crossed": 120.0, "appointment_missed": 900.0,
    "charge_missed": 80.0, "authority_expiring": 14.0, "authority_ended": 0.0, "locate_timeout": None,
    "test": 1.0, "drill": 1.0, "entry_skipped": 1.0, "identity_changed": 1.0, "mass_outage": 5.0,
    **dict.fromkeys(("strap_loose", "off_body", "case_open", "jam_gnss", "jam_cell"), 1.0),
    "motion_no_gnss": 1000.0 + 2.0 * 2 * MINUTE, "shielding": 20 * MINUTE,
}  # fmt: skip
"""By kind: of the story's configuration, or the engine's own."""


@pytest.mark.parametrize("kind", STORIES)
def test_the_limit_is_that_of_the_rule_and_the_number_has_reached_it(shelf, kind):
    _, one = story(kind, shelf)
    measure = one.measure
    assert measure.limit == (None if LIMITS[kind] is None else pytest.approx(LIMITS[kind]))
    assert measure.value is not None
    if measure.limit is not None:
        reached = measure.value >= measure.limit if measure.over else measure.value <= measure.limit
        assert reached
    if measure.source.startswith(("alarms.", "rules.")):
        assert any(turn.source == measure.source for turn in one.turns), "what stands in the configuration is turned"


def test_who_was_heard_nowhere_is_explained_by_the_way_and_not_by_a_time(shelf):
    """No setting decides it: a kilometre, and what a walker goes between the dark and the fixes on either side."""
    told, one = story("motion_no_gnss", shelf)
    assert one.measure.unit == "m"
    assert one.measure.value == pytest.approx(told.episode.facts["moved_m"], abs=1.0)
    assert one.measure.source == "engine"
    assert {turn.what for turn in one.turns} == {"without"}


def number_in(given, turn: Turn, person: str):
    """The configuration with what a turn says, by the name of the setting alone."""
    part, *names = turn.source.split(".")
    if part == "alarms":
        value = (turn.value,) * 3 if names[1] == "by_level" else turn.value
        return replace(given, alarms={**given.alarms, names[0]: replace(given.alarms[names[0]], **{names[1]: value})})
    assert part == "rules"
    whole = turn.value if turn.unit in {"s", "m"} else int(turn.value)
    rules = []
    for rule in given.rules:
        of = getattr(rule, names[0])
        mine = bool(of) and person in rule.people
        value = replace(of, **{names[1]: whole}) if mine and len(names) > 1 else whole
        rules.append(replace(rule, **{names[0]: value}) if mine else rule)
    return replace(given, rules=tuple(rules))


def changed(told: Told, turn: Turn):
    """The story's configuration as a turn has it."""
    given, one = told.policy.configuration, told.episode
    if turn.what == "limit":
        return number_in(given, turn, one.person)
    if turn.what == "boundary":
        zone = replace(given.zones[one.zone], buffer_m=turn.value)
        return replace(given, zones={**given.zones, one.zone: zone})
    if turn.what == "extended":
        later = tuple(
            replace(each, until=each.until + turn.value * DAY) if each.person == one.person else each
            for each in given.authorities
        )
        return replace(given, authorities=later)
    if turn.what == "leave":
        return replace(given, leave=(Leave(one.person, "", turn.since, turn.until, "office B"),))
    return given


def entries_with(told: Told, turn: Turn) -> EntryBatch:
    """The story's entries as a turn has them."""
    whole, made = told.until(), Gathering()
    newest = {
        whole.origin_of(index).device: index for index in range(len(whole)) if whole.kind[index] == EntryKind.FRAME
    }
    again = []
    if turn.what == "heard":
        again = [newest[told.episode.device]]
    if turn.what == "fewer":
        silent = [index for index in sorted(newest.values()) if whole.received[index] < told.at - 11 * MINUTE]
        again = silent[: int(turn.value)]
    for index in range(len(whole)):
        if turn.what == "without" and index == turn.offset:
            continue
        if whole.kind[index] == EntryKind.TICK:
            continue
        made.add(
            EntryKind(whole.kind[index]), float(whole.received[index]), whole.origin_of(index), whole.bytes_of(index)
        )
    for index in again:
        made.add(EntryKind.FRAME, turn.since, whole.origin_of(index), whole.bytes_of(index))
    return made.batch()


def stands(told: Told, turn: Turn) -> bool:
    """Whether the alarm stands by the whole engine, where it is as a turn has it."""
    try:
        policy = compile_policy(changed(told, turn))
    except GeometryFault:
        return False
    mine = told.episode
    for one in ends_of(entries_with(told, turn), policy, told.at).values():
        same = (one.kind, one.person, one.device, one.rule) == (mine.kind, mine.person, mine.device, mine.rule)
        if same and not one.retracted and (one.ended is None or one.ended >= mine.onset):
            return True
    return False


@pytest.mark.parametrize("kind", STORIES)
def test_what_would_have_flipped_it_does_once_it_is_applied(shelf, kind):
    told, one = story(kind, shelf)
    assert one.turns, "something is found for every kind"
    nothing = msgspec.structs.replace(one.turns[0], what="nothing")
    assert stands(told, nothing)
    for turn in one.turns:
        assert not stands(told, turn), turn
        if turn.what in {"limit", "extended", "boundary", "fewer"} and abs(turn.value) > 1.0:
            towards = -1.0 if turn.value > limit_now(told, turn) else 1.0
            nearer = msgspec.structs.replace(turn, value=turn.value + towards)
            assert stands(told, nearer), f"the nearest that does: {turn}"


def limit_now(told: Told, turn: Turn) -> float:
    """What a setting is in the story; of what is a difference, nothing."""
    if turn.what != "limit":
        return 0.0
    part, *names = turn.source.split(".")
    given = told.policy.configuration
    if part == "alarms":
        found = getattr(given.alarms[names[0]], names[1])
        return found[0] if isinstance(found, tuple) else found
    of = next(getattr(rule, names[0]) for rule in given.rules if getattr(rule, names[0]))
    return float(getattr(of, names[1]) if len(names) > 1 else of)


@pytest.mark.parametrize("kind", ["strap_cut", "battery_low", "position_implausible", "boundary_near"])
def test_entries_that_are_not_named_would_not_have_flipped_it(shelf, kind):
    told, one = story(kind, shelf)
    named = {turn.offset for turn in one.turns if turn.what == "without"}
    model = next(turn for turn in one.turns if turn.what == "without")
    others = [each.offset for each in one.seen[-8:] if each.offset not in named]
    assert others
    for offset in others[:3]:
        assert stands(told, msgspec.structs.replace(model, offset=offset))


def test_none_is_explained_at_a_time_too_with_what_would_have_raised_one(shelf):
    told, _ = story("comms_lost", shelf)
    asked = Asked("P0001", kind="comms_lost", at=NOON + 10 * MINUTE, known=math.inf)
    (one,) = accounts(told.source, [], asked)
    assert (one.raised, one.alarm, one.onset) == (False, "", None)
    silent = asked.at - one.seen[-1].received
    assert 13 * MINUTE <= one.measure.value == silent <= 15 * MINUTE
    (turn,) = one.turns
    assert (turn.what, turn.source, turn.value) == ("limit", "alarms.comms_lost.after_seconds", silent)
    told.at, mine = asked.at, told.at
    assert stands(told, turn)
    assert not stands(told, msgspec.structs.replace(turn, value=turn.value + 1.0))
    told.at = mine


def test_a_kind_that_no_rule_asks_for_has_no_account(shelf):
    told, _ = story("comms_lost", shelf)
    assert sought_at(told.policy, "P0001", "no_motion", "", at(0, 13)) is None
    assert sought_at(told.policy, "P0002", "comms_lost", "", at(0, 13)) is None
    assert accounts(told.source, [], Asked("P0001", kind="no_motion", at=at(0, 13))) == []


def test_of_who_is_near_somebody_protected_nothing_tells_where_that_one_is(shelf):
    _, one = story("protected_near", shelf)
    assert {each.device for each in one.seen} == {"B0001"}
    assert {turn.what for turn in one.turns} == {"without"}
    assert one.measure.unit == "p"
    said = json.dumps(msgspec.to_builtins(one))
    assert "T0001" not in said
    assert not any(word in said for word in ("latitude", "longitude", "_m"))


def test_where_it_does_not_come_out_anew_nothing_is_tried_and_that_is_said(shelf):
    told, _ = story("strap_cut", shelf)
    other = msgspec.structs.replace(told.episode, id="f" * 32)
    one = account_of(told.source, Sought.of(other))
    assert (one.anew, one.turns) == (False, [])
