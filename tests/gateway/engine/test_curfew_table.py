"""The curfew's machine as a table: no way into an alarm without its ways out."""

from __future__ import annotations

import itertools

import pytest

from gateway.engine.curfew import _EFFECTS, OPEN_KINDS, TURNS, Effect, Phase, Sign

REACHED = {(Phase.LATE, False), (Phase.EARLY, True), (Phase.EARLY, False)}
"""Open phases with what has been seen of the period; late means that nobody has been home in it."""


def test_an_alarm_is_raised_by_an_absence_alone_and_only_where_none_is():
    raising = {key: turn for key, turn in TURNS.items() if turn[1] is Effect.RAISE}
    assert {(phase, sign) for phase, _, sign in raising} == {(Phase.WELL, Sign.AWAY)}
    assert all(phase in OPEN_KINDS for phase, _ in raising.values())
    assert raising[Phase.WELL, True, Sign.AWAY][0] is Phase.EARLY
    assert raising[Phase.WELL, False, Sign.AWAY][0] is Phase.LATE


@pytest.mark.parametrize(("phase", "seen_in"), REACHED)
def test_every_open_night_has_each_way_out(phase, seen_in):
    for sign in (Sign.LEAVE, Sign.UNOBSERVED, Sign.NIGHT_OVER):
        after, effect = TURNS[phase, seen_in, sign]
        assert after not in OPEN_KINDS
        assert effect is (Effect.ABSENT if sign is Sign.NIGHT_OVER and not seen_in else effect)
        assert effect in (Effect.CLEAR, Effect.END, Effect.ABSENT)
    assert TURNS[phase, True, Sign.HOME] == (Phase.WELL, Effect.CLEAR)


def test_nothing_is_ended_where_nothing_is_open():
    for phase, seen_in, sign in itertools.product((Phase.WELL, Phase.OVER), (False, True), Sign):
        _, effect = TURNS.get((phase, seen_in, sign), (phase, Effect.NOTHING))
        assert effect in (Effect.NOTHING, Effect.RAISE)


def test_every_deed_is_done_by_somebody():
    assert set(_EFFECTS) == set(Effect)
    assert {effect for _, effect in TURNS.values()} == set(Effect)
