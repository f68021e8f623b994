"""What the daemon says of itself: for `bracelet-gateway status`, and for the page of metrics."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from gateway.clock import iso
from gateway.control.status import NOT_BUILT
from gateway.daemon.pipeline import JOURNAL, STATE

if TYPE_CHECKING:
    from gateway.control.desk import Desk
    from gateway.daemon.daemon import Daemon
    from gateway.daemon.pipeline import Pipeline
    from gateway.engine import EngineState


def status_of(daemon: Daemon, pipeline: Pipeline, desk: Desk) -> dict[str, Any]:
    """What `bracelet-gateway status` shows."""
    health, state = pipeline.health, pipeline.state
    return {
        "healthy": health.is_well and not any(one.set_aside for one in daemon.upstreams),
        "broken": _broken(daemon, pipeline),
        "store": "; ".join(health.troubles[name] for name in (JOURNAL, STATE) if name in health.troubles),
        "troubles": dict(health.troubles),
        "configuration": state.digest, "time": iso(pipeline.intake.now()), **pipeline.intake.figures(),
        "entries": health.entries, "batches": health.batches, "largest_batch": health.largest_batch,
        "applied_offset": state.offset, "outcomes": health.outcomes,
        "pending_devices": len(pipeline.intake.pending.strangers),
        "connected_devices": len(pipeline.intake.presence.newest),
        "devices": len(daemon.configuration.devices), "silent_devices": int(state.device["silent"].sum()),
        "unresolved": sum(not episode.resolved for episode in state.episodes.values()),
        "late": _late(state, pipeline.intake.now()), "notices_a_day": health.notices.figures(pipeline.intake.now()),
        "drifts": list(health.drifts),
        "upstreams": _connected(daemon),
        "upstream_troubles": {
            one.upstream.name: {"zh": said.zh, "en": said.en}
            for one in daemon.upstreams if (said := one.trouble) is not None
        },
        "set_aside": {one.upstream.name: dict(one.set_aside) for one in daemon.upstreams if one.set_aside},
        "ports": {one.listener.name: one.port for one in daemon.listeners},
        "connections": {one.listener.name: one.connections for one in daemon.listeners},
        "listeners": {one.listener.name: one.trouble or "ok" for one in daemon.listeners},
        "commands": desk.figures(),
        "carriers": {} if daemon.carriers is None else daemon.carriers.figures(),
        "refused": dict(daemon.refusals.counts), "counted": dict(state.counts),
        "last_refusals": [
            {**msgspec.to_builtins(one), "at": iso(one.at)} for one in list(daemon.refusals.last)[-10:]
        ],
    }  # fmt: skip


def _late(state: EngineState, now: float) -> dict[str, float]:
    """Groups with late reports that wait to be decided, for how long the first has waited, and rows decided again."""
    came = min((waiting.came for waiting in state.waiting.values()), default=now)
    return {
        "groups": len(state.waiting), "oldest_seconds": round(max(0.0, now - came), 1),
        "decided_again": state.counts.get("report_decided_again", 0),
    }  # fmt: skip


def _broken(daemon: Daemon, pipeline: Pipeline) -> list[str]:
    """What does not work at present, by name: what is said of each stands under its own heading."""
    return [
        *pipeline.health.troubles,
        *(f"upstream {one.upstream.name}" for one in daemon.upstreams if one.trouble is not None),
        *(f"listener {one.listener.name}" for one in daemon.listeners if one.trouble),
        *(f"carrier {name}" for name in (daemon.carriers.troubles() if daemon.carriers is not None else ())),
    ]


def _connected(daemon: Daemon) -> dict[str, bool | str]:
    """Whether each upstream is connected; those this version cannot serve are named, too."""
    served = {one.upstream.name: one.connected for one in daemon.upstreams}
    return {one.name: served.get(one.name, NOT_BUILT) for one in daemon.configuration.upstreams}
