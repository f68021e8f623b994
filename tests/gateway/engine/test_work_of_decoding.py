"""What decoding costs, in calls: by frames and their own origins, and not by who else is in the log."""

from __future__ import annotations

import pytest
from met import work_of
from timeline import PHONES, Timeline, at

from gateway.engine.reports import decode_run
from gateway.journal.entries import EntryKind, Gathering, Origin

NOON = at(0, 12)
SPEAKING = 4


def told(sessions: int) -> Timeline:
    """Reports of one device on as many sessions."""
    told = Timeline.of(start=None)
    for number in range(sessions):
        told.report(NOON + number)
        told.waiting.origins[-1] = Origin("B0001", "bracelets", f"peer {number}", "jt808", "g10ls", facts=str(number))
    return told


def work(told: Timeline, frames: int) -> int:
    part = told.waiting.batch().slice(0, frames)
    return work_of(lambda: decode_run(told.state, part, told.policy))


def test_a_part_of_a_long_log_costs_what_it_holds():
    alone, among_many = work(told(SPEAKING), SPEAKING), work(told(500), SPEAKING)
    assert among_many < alone + 100


@pytest.mark.parametrize("frames", [1, 64])
def test_a_run_of_one_origin_is_decoded_in_so_many_calls(frames):
    """Whatever its length: no call for each frame, and a bound on what all of them share."""
    one, gathering = Timeline.of(start=None), Gathering()
    one.report(NOON)
    origin = Origin("B0001", "bracelets", PHONES["B0001"], "jt808", "g10ls")
    for number in range(frames):
        gathering.add(EntryKind.FRAME, NOON + number, origin, one.waiting.payloads[0])
    one.waiting = gathering
    assert work(one, frames) < 700
