"""Two who are not to meet, and those who are to keep away from somebody: each is told of, and nothing else is."""

import json

from whole_way import scored, told

LEAST = 5
"""Approaches, so that something is shown."""


def test_each_meeting_is_found_and_nothing_else(tmp_path):
    told(tmp_path, "accomplices")
    ours = next(column for column in scored(tmp_path)["columns"] if column["name"] == "gateway")
    happened, judged = (ours["events"]["wearers_together"][name] for name in ("happened", "judged"))
    assert (happened["happened"], happened["found"], happened["missed"]) == (4, 4, 0)
    assert (judged["alarms"], judged["false"]) == (4, 0)


def test_who_comes_to_a_protected_person_is_told_of_before_and_who_passes_by_is_not(tmp_path):
    told(tmp_path, "protected", "--devices", "5", "--days", "4", "--seed", "1")
    ours = next(column for column in scored(tmp_path)["columns"] if column["name"] == "gateway")
    approaches = ours["approaches"]
    warned, could = approaches["before_buffer"], approaches["could"]
    assert warned["of"] >= LEAST
    assert warned["count"] == could["count"] == approaches["before_barred"]["count"] == warned["of"]
    assert approaches["false"]["count"] == 0
    assert not places_told(tmp_path)


def places_told(folder):
    """Alarms of the kind that tell where anybody is."""
    rows = [json.loads(line)["data"] for line in (folder / "alarms.jsonl").read_text("utf-8").splitlines()]
    near = [row for row in rows if row["kind"] == "protected_near"]
    assert near
    return [row for row in near if row["position"] is not None or {"placed", "home_m", "away_m"} & set(row["facts"])]
