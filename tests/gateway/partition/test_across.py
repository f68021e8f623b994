"""The second step over all partitions: a common cause of the whole county is one alarm, as of one engine."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import numpy as np
import pytest
from changing_county import PEOPLE, registers
from crowd import EVERY, Crowd, dark, wearer
from divided import Divided, alike, told, whole
from timeline import HOUR, MINUTE, at, brief

from gateway.engine.episode import Change
from gateway.engine.ledger import At
from gateway.engine.role import Role
from gateway.engine.signs import Sign, What
from gateway.engine.snapshot import restore, snapshot_of
from gateway.errors import OurFault
from gateway.journal.controls import Act
from gateway.journal.entries import EntryBatch, EntryKind, Gathering, Origin, merge
from gateway.partition.across import Across, Handed, handed
from gateway.partition.placed import Placed

if TYPE_CHECKING:
    from gateway.engine.state import EngineState

COUNT, GATHERED, LOST = 24, range(1, 21), 7
BEGINS, DARK, LIGHT = at(0, 12), at(1, 12.2), at(1, 13)
"""That hour was seen the day before: what is usual in it is known."""
ENDS = LIGHT + HOUR


@pytest.fixture(scope="module")
def county() -> tuple[list[EntryBatch], dict]:
    """A crowd of which most are dark for an hour, one for two; and the shelf of its one policy."""
    crowd = Crowd.of(COUNT, offices=2)
    lost = dark(GATHERED, DARK, LIGHT) | dark([LOST], DARK, LIGHT + 50 * MINUTE)
    for begin in np.arange(BEGINS, ENDS, EVERY).tolist():
        crowd.hear(begin, begin + EVERY, lost)
        crowd.told.tick(begin + EVERY)
    batch = crowd.told.waiting.batch()
    log = [batch.slice(first, min(first + 400, len(batch))) for first in range(0, len(batch), 400)]
    return log, {"d1": crowd.told.policy}


@pytest.fixture(scope="module")
def one(county) -> list[dict]:
    return whole(*county)


@pytest.fixture(scope="module")
def divided(county) -> Divided:
    """Three partitions behind the whole log."""
    divided = Divided(3, county[1])
    divided.step(county[0])
    return divided


def test_it_says_what_one_engine_says(county, one, divided):
    assert alike(told(divided.across, county[1]["d1"].configuration)) == alike(one)
    assert {("raised", "mass_outage"), ("cleared", "mass_outage"), ("raised", "comms_lost")} <= set(brief(one))
    missed = [outcome.episode.person for outcome in divided.across if outcome.episode.kind == "comms_lost"]
    assert missed == [wearer(LOST)] * 2
    assert divided.said == [[], [], []]
    signs = [sign.what for each in divided.messages for sign in msgspec.json.decode(each, type=Handed).signs]
    assert signs.count(What.IS_MISSED) >= len(GATHERED)


def again(divided: Divided, state: EngineState | None = None) -> Across:
    """A second step that has read the logs from where its state ends."""
    across = Across(3) if state is None else Across(3, state)
    shared = merge(divided.shared)
    across.read(shared.slice(across.state.offset, len(shared)))
    return across


@pytest.mark.parametrize("share", [0.4, 0.8])
def test_behind_a_snapshot_it_reads_the_logs_again_and_goes_on_as_if_nothing_had_been(divided, share):
    messages = [msgspec.json.decode(each, type=Handed) for each in divided.messages]
    across, said = again(divided), []
    for message in messages[: int(share * len(messages))]:
        across.hear(message)
    said += across.step(divided.over_all.__getitem__).outcomes
    state = restore(snapshot_of(across.state))
    assert state is not None
    assert 0 < state.offset < sum(map(len, divided.shared))
    across = again(divided, state)
    assert across.state.role is Role.ACROSS
    for message in messages:
        across.hear(message)
    said += across.step(divided.over_all.__getitem__).outcomes
    assert [(each.change, each.episode) for each in said] == [(each.change, each.episode) for each in divided.across]


def test_it_waits_for_the_partition_that_is_behind(divided):
    across = again(divided)
    across.hear(Handed(0, 0, 50))
    across.hear(Handed(1, 0, 30))
    assert across.step(divided.over_all.__getitem__).outcomes == []
    assert across.state.offset == 0
    across.hear(Handed(2, 0, 40))
    across.step(divided.over_all.__getitem__)
    assert across.state.offset == 30
    across.step(divided.over_all.__getitem__)
    assert across.state.offset == 30


def test_signs_that_are_missing_are_no_silence(divided):
    across = again(divided)
    across.hear(Handed(1, 0, 30))
    with pytest.raises(OurFault, match="signs of partition 1 from 30 to 31 are missing"):
        across.hear(Handed(1, 31, 40))


def test_an_officers_act_on_an_outage_is_done_here(divided):
    across, shared = Across(3), merge(divided.shared)
    across.read(shared.slice(0, int(np.searchsorted(shared.received, DARK + 20 * MINUTE))))
    for message in divided.messages:
        across.hear(msgspec.json.decode(message, type=Handed))
    begun = across.step(divided.over_all.__getitem__).outcomes
    (alarm,) = {each.episode.id for each in begun if each.episode.kind == "mass_outage"}
    act = Act("act 1", "acknowledge", alarm, "officer 7")
    gathering = Gathering()
    gathering.add(EntryKind.ACT, DARK + 21 * MINUTE, Origin(), msgspec.json.encode(act))
    across.read(gathering.batch())
    said = across.step(divided.over_all.__getitem__)
    assert said.acts == {"act 1": "done"}
    assert [(each.change, each.episode.acknowledged_by) for each in said.outcomes] == [
        (Change.ACKNOWLEDGED, "officer 7")
    ]  # fmt: skip


def test_a_sign_stands_before_the_entry_that_all_have_next_and_is_its_own_peoples():
    placed = Placed.of(registers(), 3)
    kinds = (EntryKind.FRAME, EntryKind.TICK, EntryKind.FRAME, EntryKind.TICK, EntryKind.FRAME)
    gathering = Gathering()
    for number, kind in enumerate(kinds):
        gathering.add(kind, float(number), Origin("B0001"), b"")
    mine, other = (next(name for name in PEOPLE if (placed.home(name) == 1) is here) for here in (True, False))
    signs = [
        Sign(What.IS_MISSED, "B0001", At(offset, 0, 7.5, "B0001"), person=person)
        for offset, person in [(10, mine), (11, mine), (12, other), (12, mine), (13, ""), (14, mine)]
    ]  # fmt: skip
    told_on = handed(gathering.batch(), 10, 100, signs, placed, 1)
    assert (told_on.partition, told_on.begin, told_on.until) == (1, 100, 102)
    assert [(one.at.offset, one.person) for one in told_on.signs] == [
        (100, mine), (100, mine), (101, mine), (101, ""), (102, mine),
    ]  # fmt: skip
    assert {(one.at.phase, one.at.time, one.at.device) for one in told_on.signs} == {(0, 7.5, "B0001")}
