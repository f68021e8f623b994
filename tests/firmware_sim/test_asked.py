"""What a county asks beside the usual rules, and what befalls bracelets: what is true is told of, and nothing else."""

from __future__ import annotations

import json

import pytest
from whole_way import scored, told

CASES = {
    "flat_batteries": (["--devices", "6", "--days", "5"], {"battery_dead": 3, "battery_low": 3}),
    "other_cards": (["--devices", "8", "--days", "3"], {"identity_changed": 4}),
    "appointments": (["--devices", "7", "--days", "5"], {"appointment_missed": 5}),
    "authorities": ([], {"authority_expiring": 2, "authority_ended": 2}),
    "near_border": (["--devices", "4", "--days", "4"], {"boundary_near": 4}),
    "turned_nights": (["--devices", "3"], {"nights_out": 2}),
    "laid_down": (["--devices", "5", "--days", "4"], {"no_motion": 3}),
    "border_strip": (["--devices", "4", "--days", "5"], {"exclusion_crossed": 5}),
}  # fmt: skip
"""By scenario: its size, and of each kind how many happen at least."""


LONG = {"authorities"}
"""Under torture alone: it takes weeks of everybody, and its kinds have a timeline each."""


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=pytest.mark.torture if name in LONG else ()) for name in CASES]
)
def test_what_is_true_is_found_and_nothing_else_is_told(tmp_path, name):
    options, kinds = CASES[name]
    told(tmp_path, name, *options)
    ours = next(column for column in scored(tmp_path)["columns"] if column["name"] == "gateway")
    for kind, least in kinds.items():
        happened, judged = (ours["events"][kind][part] for part in ("happened", "judged"))
        assert happened["happened"] >= least, kind
        assert (happened["found"], happened["missed"]) == (happened["happened"], 0), kind
        assert judged["false"] == 0, kind
    assert ours["zones"]["false"] == 0
    assert ours["doubles"] == 0


def test_the_truth_is_of_the_places_and_days_that_were_lived(tmp_path):
    told(tmp_path, "authorities", "--devices", "2")
    rows = [json.loads(line) for line in (tmp_path / "truth.jsonl").read_text("utf-8").splitlines()]
    epoch = rows[0]["epoch"]
    ends = {row["kind"]: row for row in rows if row.get("kind", "").startswith("authority_")}
    assert {row["person"] for row in ends.values()} == {"P0001"}
    soon, over = ends["authority_expiring"], ends["authority_ended"]
    assert (soon["until"], over["until"]) == (over["onset"], None)
    assert over["onset"] - soon["onset"] == 14 * 86_400.0
    assert 16 * 86_400.0 < over["onset"] - epoch <= 17 * 86_400.0
    text = (tmp_path / "county" / "gateway.yaml").read_text("utf-8")
    assert text.count("person: P0001, kind: bracelet") == 1
    assert text.count("person: P0002, kind: bracelet") == 2
