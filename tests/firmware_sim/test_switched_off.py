"""Bracelets that are switched off: those of the GT06 say so before, and the gateway tells it once and soon."""

import json

from whole_way import scored, told


def test_those_that_say_that_they_go_are_found_and_come_up_again(tmp_path):
    told(tmp_path, "sos_and_power", "--devices", "8", "--days", "4")
    ours = next(column for column in scored(tmp_path)["columns"] if column["name"] == "gateway")
    happened, judged = (ours["events"]["power_off"][name] for name in ("happened", "judged"))
    assert (happened["found"], happened["missed"], judged["false"]) == (happened["happened"], 0, 0)
    assert happened["happened"] >= 2
    again, said = (ours["events"]["restart"][name] for name in ("happened", "judged"))
    assert (again["happened"], again["missed"], said["false"]) == (happened["happened"], 0, 0)
    lines = [json.loads(line)["data"] for line in (tmp_path / "alarms.jsonl").read_text("utf-8").splitlines()]
    assert len({line["alarm"] for line in lines if line["kind"] == "restart"}) == happened["happened"]
