"""People who have agreed to charge: each evening that is forgotten is told of, and no other."""

from whole_way import scored, told


def test_each_charge_that_is_forgotten_is_told_of_and_no_other(tmp_path):
    told(tmp_path, "charging")
    ours = next(column for column in scored(tmp_path)["columns"] if column["name"] == "gateway")
    happened, judged = (ours["events"]["charge_missed"][name] for name in ("happened", "judged"))
    assert happened["happened"] >= 5
    assert (happened["found"], happened["missed"]) == (happened["happened"], 0)
    assert (judged["alarms"], judged["false"]) == (happened["happened"], 0)
