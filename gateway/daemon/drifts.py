"""Beside the data's way, each hour: whether alarms still hold what they state; a drift is told to the operator."""

from __future__ import annotations

import asyncio
from contextlib import closing
from typing import TYPE_CHECKING

import structlog

from gateway.control.reliability import drifts, reliability
from gateway.errors import GatewayFault
from gateway.store.state_db import StateStore
from gateway.text import text_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from gateway.daemon.pipeline import Pipeline
    from gateway.settings.model import Device

EVERY = 3600.0
"""Real seconds between looks."""
DRIFTS = "drifts"

log = structlog.get_logger()


async def look_for_drifts(pipeline: Pipeline, directory: Path) -> None:
    """For ever: what drifts stands in the status; what has begun to drift is logged once."""
    while True:
        await asyncio.sleep(EVERY)
        devices, health = pipeline.policy.configuration.devices, pipeline.health
        try:
            found = await pipeline.writers.past.run(drifting, directory / "state.db", devices)
        except GatewayFault as fault:
            health.note(DRIFTS, text_of(fault))
            continue
        health.note(DRIFTS, "")
        for one in sorted({*found} - {*health.drifts}):
            log.warning("alarms do not hold the probability that they state", drift=one)
        health.drifts = found


def drifting(path: Path, devices: Mapping[str, Device]) -> list[str]:
    """What drifts of the alarms in a state.db: kind, office or model with its name, over or under; no person."""
    with closing(StateStore(path, read_only=True)) as store:
        rows = drifts(reliability(store.each_episode(), devices))
    return [" ".join(part for part in (row.kind, row.by, row.name, row.drift) if part) for row in rows]
