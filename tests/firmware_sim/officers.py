"""Officers who close each strap alarm of a recorded scenario by what was true, while the gateway goes through it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import msgspec
import numpy as np

from gateway.engine.policy import compile_policy
from gateway.engine.state import EngineState
from gateway.engine.step import step
from gateway.journal.controls import Act, Configured, Start
from gateway.journal.entries import EntryBatch, EntryKind, Gathering, Origin
from gateway.replay.capture import open_capture
from gateway.settings.load import load
from gateway.upstream.cloudevents import event_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from gateway.engine.episode import Episode
    from gateway.engine.policy import Policy

HOUR = 3600.0
NEAR = 1800.0
"""Seconds around a true cut within which an officer finds it."""
WAY = 1800.0
"""Seconds from an alarm to an officer's finding at least."""
STRAPS = {"strap_cut", "strap_glitch_suspected"}
NOBODY = Origin()


def attended(folder: Path) -> Path:
    """The alarms of a scenario's frames as ``alarms.jsonl``; each of a strap is closed within an hour and a half."""
    policy = compile_policy(load(folder / "county"))
    cuts = [json.loads(line) for line in (folder / "truth.jsonl").read_text("utf-8").splitlines()]
    cuts = [one for one in cuts if (one["record"], one.get("kind")) == ("event", "strap_cut")]
    county, state, said = policy.configuration.county, EngineState(), []
    for batch in _hours(folder, policy):
        acts = Gathering()
        now = float(batch.received[0]) if len(batch) else 0.0
        for episode in list(state.episodes.values()):
            if episode.kind in STRAPS and episode.decided + WAY <= now:
                acts.add(EntryKind.ACT, now, NOBODY, msgspec.json.encode(_close(episode, cuts)))
        for entries in (acts.batch(), batch):
            outcomes = step(state, entries, lambda _: policy, first=state.offset).outcomes
            said += [event_of(outcome, county.code, county.timezone).body.decode() for outcome in outcomes]
    (folder / "alarms.jsonl").write_text("\n".join([*said, ""]), encoding="utf-8")
    return folder / "alarms.jsonl"


def _hours(folder: Path, policy: Policy) -> Iterator[EntryBatch]:
    """The entries of a gateway that starts, then a capture's frames, an hour at a time."""
    for number, day in enumerate(open_capture(folder / "frames", policy.configuration).batches(float("inf"))):
        first = float(day.received[0])
        if not number:
            begin = Gathering()
            begin.add(EntryKind.START, first, NOBODY, msgspec.json.encode(Start("test")))
            begin.add(
                EntryKind.CONFIGURATION, first, NOBODY, msgspec.json.encode(Configured(policy.configuration.digest))
            )
            yield begin.batch()
        edges = np.searchsorted(day.received, np.arange(first, float(day.received[-1]) + HOUR, HOUR)).tolist()
        for begins, ends in zip(edges, [*edges[1:], len(day)], strict=True):
            yield day.slice(begins, ends)


def _close(episode: Episode, cuts: list[dict]) -> Act:
    near = any(
        one["device"] == episode.device and one["onset"] - NEAR <= episode.onset <= one["until"] + NEAR for one in cuts
    )
    outcome = "confirmed" if near else "technical"
    return Act(
        id=f"close {episode.id}", do="close", alarm=episode.id, by="D01", outcome=outcome, note="seen",
        verified_by="visit",
    )  # fmt: skip
