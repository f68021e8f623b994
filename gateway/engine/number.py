"""The engine's number, and the fence that stands where it changes.

Every START names the number of the engine that steps from there on. Where it differs from the last one, a fence stands:
reports of device times before it that come late are kept and counted, and judged by a replay that compares alone. So an
upgrade decides nothing anew that was decided, and sends no storm.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from gateway.engine.state import EngineState

ENGINE: Final = 13
"""Raised whenever a verdict, an onset, an end or an identity can come out differently of the same entries;
``tests/gateway/engine/test_engine_number.py`` notices. 0: the engines before there were numbers."""


def fence(state: EngineState, engine: int, received: float) -> None:
    """An engine of this number steps from ``received`` on (UTC epoch seconds); another one did before, if any."""
    if not state.keeps_fences:
        return
    if state.has_started and engine != state.engine:
        state.fence = received
        state.count("report_before_fence", sum(waiting.rows for waiting in state.waiting.values()))
        state.marks, state.waiting = {}, {}
        state.device["closed"][:], state.device["mark"][:] = received, -np.inf
        # Older ones remembered it of some devices alone: what is known now is of whoever wears them now.
        state.levels["held_from"][:] = np.fmax(state.levels["held_from"], received)
    state.engine = engine
