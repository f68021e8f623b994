"""A history made anew: what came is decoded once more under the rules of then, and put in order; nothing is decided."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import structlog

from gateway.decoded import from_json
from gateway.engine import KEPT, EngineState, configure, decode_run, no_towers, project, take_towers
from gateway.engine.arrival import arrange
from gateway.engine.context import Context
from gateway.engine.ledger import Ledger
from gateway.engine.passes import judge_clock
from gateway.errors import GatewayFault
from gateway.journal.controls import TowersNamed
from gateway.journal.entries import EntryKind
from gateway.replay.reading import configured, cross_gap, digest_at, merged

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from gateway.engine import PastStore, Policies, Policy, TowersByDigest
    from gateway.journal.contract import Journal
    from gateway.journal.entries import EntryBatch

WARM_UP = 86_400.0
"""Seconds before the oldest reports that are wanted: what has come in order is known by what came before."""
STRETCH = 16_384
"""Entries decoded at once."""
RULES = (EntryKind.CONFIGURATION, EntryKind.TOWERS)
FLUSH_EVERY = 500_000
"""Entries between two times at which they are kept."""

log = structlog.get_logger()


def derive(
    history: PastStore, journal: Journal, policies: Policies, state: EngineState, towers: TowersByDigest = no_towers,
    *, whole: bool = False,
) -> None:  # fmt: skip
    """Fill a history with the reports of the journal's last days up to the state's offset, as ``step`` had filled it.

    What the journal does not give any more is not there: the past is then decided anew with what is left.
    ``whole``: of all that the journal has, not of the days alone that may still be decided anew.

    Raises:
        GatewayFault: the history cannot be written.
    """
    begin = journal.begins if whole else journal.first_since(state.now - KEPT - WARM_UP)
    begin = min(begin, state.offset)
    history.cut(begin)
    # Versions by the times of the reports: that later ones are known already changes none. Of long ago the state knows
    # none: they are taken as they come.
    scratch = EngineState(offset=begin, history=history, towers=[] if whole else list(state.towers))
    log.info("history is derived from the journal", first=begin, until=state.offset)
    try:
        _derive(history, scratch, journal, policies, towers, state.offset)
    except _Unreadable as fault:
        log.warning("the journal cannot be read; the history lacks what follows", at=scratch.offset, why=str(fault))
    history.flush(state.offset, scratch.epochs)


class _Unreadable(Exception):
    """The journal, or a configuration of it."""


def _derive(
    history: PastStore, state: EngineState, journal: Journal, policies: Policies, towers: TowersByDigest, until: int
) -> None:  # fmt: skip
    skipped = np.array(sorted(journal.skipped()), np.int64)
    flushed = state.offset
    for offset, batch in _read(journal, state.offset, until):
        cross_gap(state, offset)
        if not state.digest:
            _configure(state, policies, digest_at(journal, offset), float(batch.received[0]))
        begin = 0
        for at in np.flatnonzero(np.isin(batch.kind, RULES)).tolist():
            _take(state, policies, towers, batch.slice(begin, at), skipped)
            if offset + at not in skipped:
                _control(state, policies, batch, at)
            begin = at
        _take(state, policies, towers, batch.slice(begin, len(batch)), skipped)
        if state.offset - flushed >= FLUSH_EVERY:
            history.flush(state.offset)
            flushed = state.offset


def _read(journal: Journal, first: int, until: int) -> Iterator[tuple[int, EntryBatch]]:
    """Entries in long batches, and before a place that cannot be read in short ones."""
    for most in (STRETCH, 1):
        try:
            for offset, batch in merged(journal, first, until, most):
                yield offset, batch
                first = offset + len(batch)
        except GatewayFault as fault:
            unreadable = _Unreadable(str(fault))
        else:
            return
    raise unreadable


def _policy(policies: Policies, digest: str) -> Policy:
    try:
        return policies(digest)
    except GatewayFault as fault:
        raise _Unreadable(str(fault)) from fault


def _configure(state: EngineState, policies: Policies, digest: str, received: float) -> None:
    if digest:
        before = _policy(policies, state.digest) if state.digest else None
        configure(state, _policy(policies, digest), digest, received, before)


def _control(state: EngineState, policies: Policies, batch: EntryBatch, at: int) -> None:
    """Other rules, or another version of what is known of cells, from here on."""
    received = float(batch.received[at])
    if batch.kind[at] == EntryKind.CONFIGURATION:
        _configure(state, policies, configured(batch.slice(at, at + 1))[0], received)
        return
    digest = from_json(batch.bytes_of(at), TowersNamed).digest
    if (received, digest) not in state.towers:
        take_towers(state, digest, received)


def _take(
    state: EngineState, policies: Policies, towers: TowersByDigest, batch: EntryBatch, skipped: NDArray[np.int64]
) -> None:  # fmt: skip
    """The reports of entries between two configurations into the history."""
    first = state.offset
    state.offset += len(batch)
    if not len(batch) or not state.digest:
        return
    policy = _policy(policies, state.digest)
    passed_over = np.isin(first + np.arange(len(batch)), skipped)
    entries = replace(batch, kind=np.where(passed_over, np.uint8(EntryKind.ERASED), batch.kind))
    reports = decode_run(state, entries, policy, towers)
    reports.offset = first + reports.entry
    judge_clock(state, reports)
    project(reports, policy)
    arrange(Context(state, policy, entries, first, reports, Ledger(state, policy)))
