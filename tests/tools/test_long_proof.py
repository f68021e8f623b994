"""make california: scores counted together, the table of a page, and seeds that were proven before."""

from __future__ import annotations

import json
import sys

import pytest

from tools import long_proof
from tools.pooled import Pool, table


def rate(count):
    return {"count": count}


def score(seed=41, false=1, *, is_told=True):
    """Two device-months, one true zone alarm, some false ones, and what people were told."""
    told = {"by_kind": {"strap_cut": rate(2)}, "by_rung": {"staff_at_once": rate(2), "next_rung": rate(1)}}
    reasons = {"unfounded": false, "double": 0}
    return {
        "seed": seed, "device_months": 2.0, "columns": [{
            "notices_by_kind": {"strap_cut": rate(2), "comms_lost": rate(4)}, "asking_by_kind": {"strap_cut": rate(2)},
            "told": told if is_told else None, "zones": {"reasons": reasons},
            "scenes": {"open": {"device_months": 1.5, "alarms": {"true": 1, "false": false}}},
            "breaches": {"tiers": [
                {"least_m": 50.0, "below_m": 150.0, "usable": True, "found": {"happened": 3, "found": 2}},
                {"least_m": 500.0, "below_m": None, "usable": False, "found": {"happened": 0, "found": 0}},
            ]},
        }],
    }  # fmt: skip


def pooled(*scores):
    pool = Pool()
    for one in scores:
        pool.add(one)
    return pool


def test_counts_and_months_add_up():
    text = table(pooled(score(41), score(42, false=0)))
    assert "4 device-months (seeds 41, 42). **False zone alarms: 1**, 0.2500 per device-month" in text
    assert "at most 1.19 (one-sided 95 %): 1 unfounded, 0 double" in text
    assert "| open | 3.0 | 2 | 1 | 1.58 |" in text
    assert "| 50-150 m, usable signal | 6 | 4 |" in text
    assert "500 m and more" not in text
    assert "| strap_cut | 1.000 | 1.000 | 1.000 |" in text
    assert "| **all** | **3.000** | **1.000** | **1.000** |" in text
    assert "| next rung | 0.500 |" in text


def test_what_people_were_told_is_of_the_months_of_which_it_is_known():
    text = table(pooled(score(41), score(42, is_told=False)))
    assert "| strap_cut | 1.000 | 1.000 | 1.000 |" in text
    assert "notices, by rung (2 device-months)" in text
    assert "by rung" not in table(pooled(score(is_told=False)))


def test_a_seed_that_was_proven_is_not_proven_again_and_the_page_has_the_table(tmp_path, monkeypatch, capsys):
    asked = []
    monkeypatch.setattr(long_proof, "_run", lambda *words: asked.append([str(word) for word in words]))
    monkeypatch.setattr(long_proof.os, "nice", lambda _by: 0)
    for seed in (7, 8):
        (tmp_path / f"california-{seed}-2x30.json").write_text(json.dumps(score(seed)), "utf-8")
    page = tmp_path / "page.md"
    page.write_text(f"before\n{long_proof.BEGINS}old\n{long_proof.ENDS}after\n", "utf-8")
    options = ["--seeds", "7-8", "--devices", "2", "--folder", str(tmp_path), "--page", str(page)]
    monkeypatch.setattr(sys, "argv", ["long_proof", *options])
    assert long_proof.main() == 0
    assert asked == []
    text = page.read_text("utf-8")
    assert text.startswith("before\n")
    assert text.endswith("after\n")
    assert "old" not in text
    assert "seeds 7, 8" in text
    assert capsys.readouterr().out.count("False zone alarms") == 2


def test_a_seed_is_recorded_replayed_and_scored_and_its_capture_goes(tmp_path, monkeypatch):
    asked = []

    def run(*words):
        asked.append([str(word) for word in words])
        if words[1] == "run":
            (tmp_path / "quiet-3").mkdir()
        if "--json" in words:
            words[-1].write_text("{}", "utf-8")

    monkeypatch.setattr(long_proof, "_run", run)
    found = long_proof.prove(tmp_path, "quiet", 3, (2, 1))
    assert found.read_text("utf-8") == "{}"
    assert [words[1] for words in asked] == ["run", "replay", "score"]
    assert asked[0][4:6] == ["--seed", "3"]
    assert not (tmp_path / "quiet-3").exists()


def test_a_program_that_fails_leaves_no_score(tmp_path):
    with pytest.raises(long_proof.subprocess.CalledProcessError):
        long_proof.prove(tmp_path, "no_such_scenario", 1, (1, 1))
    assert not list(tmp_path.glob("*.json"))
