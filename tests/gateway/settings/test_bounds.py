"""What nobody means is refused with what may be written: empty, endless, contradictory, invisible."""

import pytest

RULES, MAIN = "rules/rules.yaml", "gateway.yaml"


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        (RULES, "days: daily", "days: []", "没有写任何一天；请写 daily、workdays"),
        (RULES, "grace: 15min", "grace: 20h", "“20h”太长；最长写 12h"),
        (RULES, "grace: 15min", "grace: 10h", "宽限不短于宵禁本身（10h）；请写短一些，例如 15min"),
        (RULES, "strap_cut:", "comms_lost: {after: 9999999d}\n  strap_cut:", "“9999999d”太长；最长写 7d"),
        (RULES, "strap_cut:", "comms_lost: {after: 1s}\n  strap_cut:", "“1s”太短；最短写 1min"),
        (MAIN, 'tcp: "127.0.0.1:7611"', 'tcp: "127.0.0.1:7611", idle: 9999999d', "最长写 30d"),
        (MAIN, 'tcp: "127.0.0.1:7611"', 'tcp: "127.0.0.1:7611", login: 0s', "最短写 1s"),
        (MAIN, '"127.0.0.1:7611"', '"300.1.1.1:7611"', "不是监听地址"),
        (RULES, "stay_inside: county", "stay_inside: county, keep_out: county", "既要求在内又禁止进入"),
        ("people.csv", "wgs84,80", "wgs84,100000", "最大为 2000"),
        ("devices.csv", "013900000001", "1" * 41, "有 41 位，最多 20 位"),
        (RULES, "name: cafe 3", 'name: "cafe\\x1b[2J"', "中有看不见的字符；请删去"),
        (RULES, "name: cafe 3", 'name: "cafe\\u202e3"', "中有看不见的字符；请删去"),
        (RULES, "name: cafe 3", 'name: "cafe\\n3"', "中有看不见的字符；请删去"),
        (RULES, "longitude: 109.42", "longitude: 东经109", "例如 109.4521"),
    ],
)
def test_one_slip_is_named_with_what_to_write(written, name, old, new, said):
    written.replace(name, old, new)
    (fault,) = written.faults("zh")
    assert said in fault
    assert fault.isprintable()


def test_a_short_key_is_refused_without_being_shown(written):
    written.replace("credentials.yaml", "hidden-key-of-32-bytes-or-even-more", "x")
    assert any("密钥太短；至少 32 个字符，用 openssl rand -hex 32 生成" in fault for fault in written.faults("zh"))
    written.replace("credentials.yaml", "act_key: x", "act_key: short-and-secret")
    assert "short-and-secret" not in "".join(written.faults("zh"))


def test_a_name_on_the_map_has_no_invisible_characters(written):
    written.texts["county.geojson"] = written.texts["county.geojson"].replace(
        '"name": "county"', '"name": "c\\u001b[2J"'
    )
    assert all("看不见的字符" in fault for fault in written.faults("zh"))
    assert written.faults("zh")
