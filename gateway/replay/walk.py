"""Reports of a group out of the history through the engine's passes, under the rules of then and the wearers of now."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING, Final

import numpy as np

from gateway.engine import EngineState
from gateway.engine.blend import blended
from gateway.engine.groups import lift, put
from gateway.engine.passes import place_round, place_stretch
from gateway.engine.redecide import Recorder, expect_ends, out_of_history, portions
from gateway.engine.stretches import ends_of_past, stretches
from gateway.journal.entries import Gathering

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from gateway.engine import Context, Policies, Policy

NO_ENTRIES: Final = Gathering().batch()


def walked(
    rows: NDArray[np.void], group: int, now: Policy, policies: Policies, epochs: Sequence[tuple[float, str]]
) -> Iterator[tuple[Context, NDArray[np.int64]]]:
    """Each stretch of reports once it has gone through the passes: its rows, and the context that tells of them.

    Args:
        rows: of one group (``history.PAST``), in order; devices by their index in ``now``.
        group: by its first device.
        now: the configuration in force.
        policies: those of before.
        epochs: since when, in receive time, the zones and rules of which were in force, in their order; none: always
            those of ``now``.
    """
    before: tuple[EngineState, Policy] | None = None
    for since, until, digest in _stretches_of(epochs, now.configuration.digest):
        mine = rows[slice(*rows["order"].searchsorted((since, until)))]
        if len(mine):
            policy = blended(policies(digest), now)
            bench = _bench(policy, group, since, before)
            yield from _through(Recorder(bench, policy), mine)
            before = bench, policy


def _stretches_of(epochs: Sequence[tuple[float, str]], digest: str) -> Iterator[tuple[float, float, str]]:
    begins = [-math.inf, *(since for since, _ in epochs[1:]), math.inf]
    digests = [each for _, each in epochs] or [digest]
    yield from ((*within, each) for within, each in zip(pairwise(begins), digests, strict=True))


def _bench(policy: Policy, group: int, since: float, before: tuple[EngineState, Policy] | None) -> EngineState:
    """A state of its own, with what the rules of before have left of the group."""
    bench = EngineState(keeps_fences=False, epochs=[(-math.inf, ""), (since, policy.configuration.digest)])
    bench.seat(policy, policy.configuration.digest)
    bench.device["mark"][group] = math.inf  # nobody comes back to any of it
    if before is not None:
        (part,) = lift(*before, np.array([group]))
        put(bench, policy, group, part, before[0])
        bench.episodes = {episode.id: episode for held in bench.found.values() for episode in held.values()}
    expect_ends(bench, policy, [group])
    return bench


def _through(ledger: Recorder, rows: NDArray[np.void]) -> Iterator[tuple[Context, NDArray[np.int64]]]:
    for portion in portions([rows]):
        context = out_of_history(ledger, portion, NO_ENTRIES, 0)
        group = context.policy.group[context.reports.device]
        for turns, plain in stretches(group, ends_of_past(context.policy, context.reports)):
            if len(turns):
                place_round(context, turns)
                yield context, turns
            if len(plain):
                place_stretch(context, plain)
                yield context, plain
