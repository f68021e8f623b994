"""Two who are not to keep company: each meeting is told of both, and nothing else is."""

import json
from datetime import datetime

from whole_way import scored, told

STAYS = 280.0
"""Seconds within the buffer: who only passes through its edge may not be found."""
EARLY, LATE = 600.0, 240.0


def test_each_meeting_is_found_and_nothing_else(tmp_path):
    told(tmp_path, "accomplices")
    ours = next(column for column in scored(tmp_path)["columns"] if column["name"] == "gateway")
    happened, judged = (ours["events"]["wearers_together"][name] for name in ("happened", "judged"))
    assert (happened["happened"], happened["found"], happened["missed"]) == (4, 4, 0)
    assert (judged["alarms"], judged["false"]) == (4, 0)


def test_who_comes_near_a_protected_person_is_told_of_and_who_passes_by_is_not(tmp_path):
    told(tmp_path, "protected")
    ours = next(column for column in scored(tmp_path)["columns"] if column["name"] == "gateway")
    happened, judged = (ours["events"]["protected_near"][name] for name in ("happened", "judged"))
    assert (judged["true"], judged["false"]) == (happened["found"], 0)
    near = [event for event in truth(tmp_path) if event["until"] - event["onset"] >= STAYS]
    alarms = {(data["device"], moment(data["decided"])) for data in of_kind(tmp_path, "protected_near")}
    assert len(near) >= 5
    assert all(
        any(
            device == event["device"] and event["onset"] - EARLY <= at <= event["onset"] + LATE for device, at in alarms
        )
        for event in near
    )


def truth(folder):
    rows = [json.loads(line) for line in (folder / "truth.jsonl").read_text("utf-8").splitlines()]
    return [row for row in rows if row.get("kind") == "protected_near"]


def of_kind(folder, kind):
    rows = [json.loads(line)["data"] for line in (folder / "alarms.jsonl").read_text("utf-8").splitlines()]
    return [row for row in rows if row["kind"] == kind]


def moment(iso):
    return datetime.fromisoformat(iso).timestamp()
