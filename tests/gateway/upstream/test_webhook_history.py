"""Any history of answers, silences, cuts and kills: nothing is lost, each counts once by its id, revisions in order."""

from __future__ import annotations

import asyncio
from collections import Counter
from itertools import cycle

from effort import examples
from hypothesis import example, given, settings
from hypothesis import strategies as st
from met import must_meet
from posted_platform import CUT_AFTER, CUT_BEFORE, HANG, LATE, Platform, posting
from upstream_room import event

from gateway.kinds import SEVERITIES

KILL = "kill"
ANSWERS = (200, 200, 200, 200, 400, 429, 500, 503, CUT_BEFORE, CUT_AFTER, HANG, LATE)
OWED = st.tuples(st.sampled_from("abcdef"), st.sampled_from(SEVERITIES))
MOVES = st.lists(st.one_of(st.just(KILL), st.floats(0.1, 90.0), st.lists(OWED, min_size=1, max_size=6)), max_size=12)
NEVER = 1000
FIRST = [[("a", "info"), ("a", "critical"), ("b", "serious")], KILL, 30.0, [("a", "info")]]


async def lived(folder, moves, answers):
    """Live through the moves, then let the platform be well; what was owed, in order, and what it has taken."""
    script, owed, revisions = cycle(answers), [], Counter()
    async with Platform(answers=lambda _: next(script)) as platform:
        lives = [[]]
        for move in moves:
            lives.append([]) if move == KILL else lives[-1].append(move)
        for number, life in enumerate(lives):
            async with posting(folder, platform.url, tries=NEVER, heartbeat=20.0) as one:
                one.start()
                for move in life:
                    await _done(one, move, owed, revisions)
                if number == len(lives) - 1:
                    platform.answers = lambda _: 200
                    platform.released.set()
                    await one.delivered(pace=1.0)
                    assert one.upstream.set_aside == {}
        assert platform.forged == 0
        return owed, platform.taken


async def _done(one, move, owed, revisions):
    if isinstance(move, float):
        one.timing.advance(move)
    else:
        new = []
        for alarm, severity in move:
            revisions[alarm] += 1
            new.append(event(alarm, revisions[alarm], severity))
        owed += [each.id for each in new]
        await one.owe(*new)
    for _ in range(3):
        await one.writer.run(one.store.applied_offset)
        await asyncio.sleep(0.002)


@must_meet("killed", "repeated", "several revisions")
@settings(max_examples=examples(40))
@given(moves=MOVES, answers=st.lists(st.sampled_from(ANSWERS), min_size=1, max_size=20))
@example(moves=FIRST, answers=[CUT_AFTER, 200, LATE, 500])
def test_whatever_happens_all_arrives_and_revisions_in_order(tmp_path_factory, moves, answers, met):
    owed, taken = asyncio.run(lived(tmp_path_factory.mktemp("history"), moves, answers))
    assert set(taken) == set(owed)
    once = list(dict.fromkeys(taken))
    for alarm in {identity.partition(".")[0] for identity in owed}:
        revisions = [int(each.partition(".")[2]) for each in once if each.startswith(f"{alarm}.")]
        assert revisions == list(range(1, len(revisions) + 1))
        met["several revisions"] += len(revisions) > 1
    met["killed"] += KILL in moves and bool(owed)
    met["repeated"] += len(taken) > len(once)
