"""score: a truth file, a file of alarms and, if there is one, a track, counted in one run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from firmware_sim.score.accuracy import track_accuracy
from firmware_sim.score.alarm_file import read_alarms
from firmware_sim.score.column import column
from firmware_sim.score.notice_file import told
from firmware_sim.score.result import Score
from firmware_sim.score.track_file import read_track
from firmware_sim.score.truth_reader import read_truth

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from firmware_sim.score.records import Truth
    from firmware_sim.score.result import Column

GATEWAY = "gateway"
"""Name of the first column."""


def score(truth: Path, alarms: Path, track: Path | None = None, notices: Path | None = None) -> Score:
    """Count a gateway's alarms, and those of the baselines beside the truth file, against the truth.

    Args:
        truth: JSON lines as ``truth_reader`` reads them.
        alarms: CloudEvents as ``bracelet-gateway replay --alarms`` writes them.
        track: CSV as ``bracelet-gateway replay --track`` writes it.
        notices: JSON lines as ``bracelet-gateway replay --notices`` writes them: of the gateway alone.

    Raises:
        ScoreFault: a file is missing or not what it has to be, with file and line. A baseline that is missing is no
            fault; it is named in ``Score.absent``.
    """
    whole = read_truth(truth)
    scenario = whole.scenario
    files = {name: truth.parent / file for name, file in scenario.baselines.items()}
    present = {name: path for name, path in files.items() if path.exists()}
    return Score(
        scenario=scenario.name, why=scenario.why, seed=scenario.seed, devices=scenario.devices, days=scenario.days,
        device_months=scenario.device_months, columns=_columns(whole, {GATEWAY: alarms} | present, notices),
        absent={name: str(path) for name, path in files.items() if name not in present},
        track=None if track is None else track_accuracy(read_track(track), whole.trace),
    )  # fmt: skip


def _columns(truth: Truth, files: Mapping[str, Path], notices: Path | None) -> tuple[Column, ...]:
    scenario = truth.scenario
    people = {} if notices is None else {GATEWAY: told(notices, scenario.until, scenario.device_months)}
    return tuple(column(name, truth, read_alarms(path), people.get(name)) for name, path in files.items())
