"""Two who are not to keep company: each meeting is told of both, and nothing else is."""

from whole_way import scored, told


def test_each_meeting_is_found_and_nothing_else(tmp_path):
    told(tmp_path, "accomplices")
    ours = next(column for column in scored(tmp_path)["columns"] if column["name"] == "gateway")
    happened, judged = (ours["events"]["wearers_together"][name] for name in ("happened", "judged"))
    assert (happened["happened"], happened["found"], happened["missed"]) == (4, 4, 0)
    assert (judged["alarms"], judged["false"]) == (4, 0)
