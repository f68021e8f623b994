"""Plots of a score: of all that a score may hold, and of nothing at all."""

from __future__ import annotations

import json
import sys

import pytest
from matplotlib import pyplot as plt

from tools import score_plots

RATE = {"count": 2, "per_device_month": 1.5, "lower95": 0.1, "upper95": 3.0}
FOUND = {"happened": 4, "found": 3, "missed": 1, "spanned": 0}
NONE = {"happened": 0, "found": 0, "missed": 0, "spanned": 0}


def column(name, kinds):
    return {
        "name": name,
        "notices": RATE,
        "notices_by_kind": {kind: {**RATE, "per_device_month": rate} for kind, rate in kinds.items()},
        "false_zones_by_kind": {"inclusion_exit": RATE},
        "breaches": {"tiers": [{"least_m": 0.0, "below_m": 50.0, "usable": True, "found": FOUND},
                               {"least_m": 500.0, "below_m": None, "usable": False, "found": NONE}]},
        "latency": {"all": {"quantiles_s": [float(5 * percent) for percent in range(101)]}},
        "calibration": {"bins": [{"alarms": 9, "stated": 0.995, "true": 1.0},
                                 {"alarms": 0, "stated": None, "true": None}]},
    }  # fmt: skip


SCENE = {"rows": 3, "covered67": 0.66, "covered95": None}
SCORE = {
    "columns": [column("gateway", {"sos": 0.2, "strap_cut": 1.0}), column("raw", {"strap_cut": 4.0})],
    "track": {"scenes": {"street": SCENE, "open": {**SCENE, "rows": 0}}, "all_scenes": SCENE},
}


def words(figure):
    axis = figure.axes[0]
    found = [text.get_text() for text in (*axis.get_yticklabels(), *axis.texts, *axis.get_legend().get_texts())]
    plt.close(figure)
    return found


def test_alarms_stand_by_kind_the_commonest_first_for_each_column():
    assert words(score_plots.alarms(SCORE)) == [
        "all", "strap_cut", "sos", "1.5", "1", "0.2", "1.5", "4", "–", "gateway", "raw",
    ]  # fmt: skip


def test_tiers_and_scenes_without_anything_are_left_out():
    assert words(score_plots.found(SCORE))[0] == "0 to 50 m deep, usable signal"
    assert "and more" not in " ".join(words(score_plots.found(SCORE)))
    assert words(score_plots.coverage(SCORE))[:6] == ["street", "all", "0.66", "0.66", "–", "–"]


@pytest.mark.parametrize("columns", [SCORE["columns"], SCORE["columns"][:1]])
def test_all_are_pictures_and_the_same_each_time(tmp_path, columns):
    score = {**SCORE, "columns": columns}
    one, other = (score_plots.draw(score, tmp_path / name) for name in ("one", "other"))
    assert {path.stem for path in one} == set(score_plots.PLOTS)
    for path, again in zip(one, other, strict=True):
        assert path.read_bytes().startswith(b"\x89PNG")
        assert path.read_bytes() == again.read_bytes()


def test_a_score_of_nothing_is_drawn(tmp_path):
    empty = {**column("gateway", {}), "breaches": {"tiers": []}, "false_zones_by_kind": {}, "calibration": {"bins": []},
             "latency": {"all": {"quantiles_s": []}}}  # fmt: skip
    assert len(score_plots.draw({"columns": [empty], "track": None}, tmp_path)) == len(score_plots.PLOTS)


def test_the_command_draws_what_a_file_says(tmp_path, monkeypatch, capsys):
    (tmp_path / "score.json").write_text(json.dumps(SCORE), "utf-8")
    monkeypatch.setattr(sys, "argv", ["score_plots", str(tmp_path / "score.json"), str(tmp_path / "plots")])
    assert score_plots.main() == 0
    assert len(capsys.readouterr().out.splitlines()) == len(list((tmp_path / "plots").glob("*.png")))
