"""What the daemon says of itself: for `bracelet-gateway status`, and for the page of metrics."""

from __future__ import annotations

import math
from datetime import datetime
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import msgspec
import numpy as np

from gateway.clock import iso
from gateway.daemon.backup_notes import read
from gateway.daemon.forwarded import figures as forwarded
from gateway.daemon.readiness import lags, not_ready, owed_seconds
from gateway.daemon.reload import SHOWN
from gateway.kinds import TRIALS
from gateway.settings.due import reviews_due, unpublished
from gateway.settings.holds import in_force
from gateway.words.phrases import phrase

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from gateway.control.desk import Desk
    from gateway.daemon.daemon import Daemon
    from gateway.daemon.pipeline import Pipeline
    from gateway.engine import EngineState
    from gateway.listeners.listening import Listening
    from gateway.settings.model import Configuration, Device
    from gateway.text import Text


def status_of(daemon: Daemon, pipeline: Pipeline, desk: Desk) -> dict[str, Any]:
    """What `bracelet-gateway status` shows."""
    health, state = pipeline.health, pipeline.state
    return {
        "healthy": health.is_well and not any(one.set_aside for one in daemon.upstreams),
        "broken": _broken(daemon, pipeline),
        "store": _joined([health.troubles[name] for name in pipeline.failing]),
        "troubles": {name: _both(trouble) for name, trouble in health.troubles.items()},
        "configuration": state.digest, "files": _files(daemon), "time": iso(pipeline.intake.now()),
        **pipeline.intake.figures(),
        "entries": health.entries, "batches": health.batches, "largest_batch": health.largest_batch,
        "applied_offset": state.offset, "outcomes": health.outcomes,
        "pending_devices": len(pipeline.intake.pending.strangers),
        "connected_devices": len(pipeline.intake.presence.newest),
        "lag_seconds": lags(pipeline), "not_ready": not_ready(daemon, pipeline),
        "devices": len(daemon.configuration.devices), "silent_devices": int(state.device["silent"].sum()),
        "devices_by_state": _by_state(state, pipeline.policy.configuration.devices),
        "unresolved": sum(not one.resolved and one.kind not in TRIALS for one in state.episodes.values()),
        "late": _late(state, pipeline.intake.now()), "notices_a_day": health.notices.figures(pipeline.intake.now()),
        **health.notices.totals(), "disk": health.disk,
        "backup": read(Path(daemon.configuration.storage.directory)).figures(pipeline.intake.now()),
        "alarm_budget": health.notices.budget(
            pipeline.intake.now(), daemon.configuration.console.operators, daemon.configuration.console.alarms_each
        ),
        "syslog": {} if daemon.log_server is None else daemon.log_server.figures(),
        "forward": forwarded(pipeline),
        "drifts": list(health.drifts),
        "erasures": {} if daemon.erasures is None else daemon.erasures.figures(),
        **_due(pipeline.policy.configuration, pipeline.intake.now()),
        "alarm_path": _alarm_path(daemon, pipeline),
        "upstreams": _connected(daemon),
        "upstream_troubles": {
            one.upstream.name: _both(said)
            for one in daemon.upstreams if (said := one.trouble) is not None
        },
        "owed": {name: depth.messages for name, depth in health.owed.items()},
        "owed_oldest_seconds": owed_seconds(pipeline),
        "set_aside": {one.upstream.name: dict(one.set_aside) for one in daemon.upstreams if one.set_aside},
        "ports": {one.listener.name: one.port for one in daemon.listeners},
        "connections": {one.listener.name: one.connections for one in daemon.listeners},
        "listeners": {one.listener.name: _told_of(one) for one in daemon.listeners},
        "commands": desk.figures(),
        "carriers": {} if daemon.carriers is None else daemon.carriers.figures(),
        "notices": {} if daemon.notices is None else {_way(daemon): daemon.notices.figures()},
        "refused": dict(daemon.refusals.counts), "counted": dict(state.counts),
        "last_refusals": [
            {**msgspec.to_builtins(one), "at": iso(one.at)} for one in list(daemon.refusals.last)[-10:]
        ],
    }  # fmt: skip


def life_of(daemon: Daemon, pipeline: Pipeline) -> dict[str, Any]:
    """What a sign of life tells: how we are, and what seals the journal so far; of no person, device or place."""
    head = pipeline.journal.head
    return {
        "version": metadata.version("bracelet-gateway"),
        "healthy": pipeline.health.is_well and not any(one.set_aside for one in daemon.upstreams),
        "broken": _broken(daemon, pipeline),
        "journal": {"next": head.offset, "chain": head.chain.hex()},
    }


def _due(configuration: Configuration, now: float) -> dict[str, Any]:
    """What the day asks for: years whose holidays are not known, whose positioning is reviewed when; what is held."""
    today = datetime.fromtimestamp(now, ZoneInfo(configuration.county.timezone)).date()
    due = reviews_due(configuration, today)
    return {
        "holidays_missing": unpublished(configuration, today),
        "reviews": {person: day.isoformat() for person, day in sorted(due.items())},
        "holds": {
            one.name: iso(one.until) if math.isfinite(one.until) else ""
            for one in in_force(configuration.holds, now)
        },
    }  # fmt: skip


def _by_state(state: EngineState, devices: Mapping[str, Device]) -> dict[str, int]:
    """Devices of the configuration that the engine goes by, as they stand to it; each counts once."""
    stored = np.array([devices[key].put_away for key in state.device.keys], bool)
    silent, unheard = state.device["silent"], np.isnan(state.device["heard"])
    counts = {"heard": ~silent & ~unheard, "silent": silent, "never_heard": unheard & ~silent}
    return {name: int((of & ~stored).sum()) for name, of in counts.items()} | {"put_away": int(stored.sum())}


def _late(state: EngineState, now: float) -> dict[str, float]:
    """Groups with late reports that wait to be decided, for how long the first has waited, and rows decided again."""
    came = min((waiting.came for waiting in state.waiting.values()), default=now)
    return {
        "groups": len(state.waiting), "oldest_seconds": round(max(0.0, now - came), 1),
        "decided_again": state.counts.get("report_decided_again", 0),
    }  # fmt: skip


def _files(daemon: Daemon) -> dict[str, str]:
    """How the county's files stand to what is in force, and what of them waits for whom; empty: they are nowhere."""
    watch, desk = daemon.watch, daemon.reloads
    if watch is None or desk is None:
        return {}
    said = [phrase("files_changed", names=", ".join(watch.differing)) if watch.differing else phrase("files_same")]
    if (one := desk.proposed) is not None:
        said.append(phrase("files_proposed", files=one.files[:SHOWN], by=one.by))
    if (one := desk.confirmed) is not None:
        said.append(phrase("files_confirmed", files=one.files[:SHOWN]))
    if desk.alone:
        said.append(phrase("files_alone", parts=", ".join(desk.alone)))
    if desk.restart:
        said.append(phrase("files_restart", parts=", ".join(desk.restart)))
    return _joined(said)


def _told_of(listener: Listening) -> str | dict[str, str]:
    """What keeps devices out, or is wrong all the same."""
    if listener.trouble or (said := listener.complaint) is None:
        return listener.trouble or "ok"
    return _both(said)


def _both(said: Text) -> dict[str, str]:
    return {"zh": said.zh, "en": said.en}


def _joined(said: Sequence[Text]) -> dict[str, str]:
    """Several texts as one; empty where there is none."""
    return {"zh": "；".join(each.zh for each in said), "en": "; ".join(each.en for each in said)} if said else {}


def _broken(daemon: Daemon, pipeline: Pipeline) -> list[str]:
    """What does not work at present, by name: what is said of each stands under its own heading."""
    return [
        *pipeline.health.troubles,
        *(f"upstream {one.upstream.name}" for one in daemon.upstreams if one.trouble is not None),
        *(f"listener {one.listener.name}" for one in daemon.listeners if one.trouble or one.complaint),
        *(["sms"] if daemon.notices is not None and daemon.notices.network.trouble else []),
        *(f"carrier {name}" for name in (daemon.carriers.troubles() if daemon.carriers is not None else ())),
    ]


def _alarm_path(daemon: Daemon, pipeline: Pipeline) -> dict[str, Any]:
    """How the way of alarms is proven; empty: nothing is known yet."""
    now = pipeline.intake.now()
    proven = {} if daemon.canary is None else daemon.canary.figures(now)
    return proven | ({} if daemon.drills is None else daemon.drills.figures(now))


def _way(daemon: Daemon) -> str:
    """By what people are told."""
    notices = daemon.configuration.notices
    return "http" if notices is None or notices.modem is None else "modem"


def _connected(daemon: Daemon) -> dict[str, bool]:
    """Whether each upstream is connected."""
    return {one.upstream.name: one.connected for one in daemon.upstreams}
