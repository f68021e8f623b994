"""Advice is followed to the letter: what a message says to write is written, and the county checked again."""

import re

import pytest

MAIN, RULES, PEOPLE, DEVICES = "gateway.yaml", "rules/rules.yaml", "people.csv", "devices.csv"
ADVICE = re.compile(
    r'write in ASCII: (?P<ascii>.+)$|write (?:it )?(?:quoted: |of the next day, for example )?"(?P<quoted>[^"]+)"'
    r'|in quotes: "(?P<mark>[^"]+)"|the next day, for example "(?P<next>[^"]+)"|did you mean “(?P<guess>[^”]+)”'
    r"|write (?P<bound>\S+) or (?:more|less)|may be (?P<latest>\S+) at the latest|like (?P<like>[A-Za-z]+/[A-Za-z]+)"
    r"|for example (?P<example>[^ ,;]+)|first: (?P<axes>.+)$"
)
QUOTED = ("quoted", "mark", "next")


def followed(written, name: str, wrong: str) -> None:
    """Write what the fault says in place of what it cites; what else is said comes from the same slip."""
    faults = written.faults("en")
    fault = next((each for each in faults if f"“{wrong}”" in each), faults[0])
    found = ADVICE.search(fault)
    assert found, fault
    way, advice = found.lastgroup, found[found.lastgroup]
    text = written.texts[name]
    quoted = f'"{wrong}"' in text
    written.texts[name] = text.replace(wrong, f'"{advice}"' if way in QUOTED and not quoted else advice, 1)


@pytest.mark.parametrize(
    ("name", "right", "wrong", "cited"),
    [
        (MAIN, "keep_days: 180", "keep_days：180", "keep_days：180"),
        (MAIN, "keep_days: 180", "keep_days： 180", "keep_days： 180"),
        (MAIN, "timezone: Asia/Shanghai", "timezone：Asia/Shanghai", "timezone：Asia/Shanghai"),
        (MAIN, "keep_days: 180", "keep_days: １８０", "１８０"),
        (MAIN, "keep_days: 180", "keep_days: many", "many"),
        (MAIN, "keep_days: 180", "keep_days: 99999", "99999"),
        (MAIN, "keep_days: 180", "keep_dais: 180", "keep_dais"),
        (MAIN, '"127.0.0.1:7611"', "7611", "7611"),
        (MAIN, '"127.0.0.1:7611"', '"127.0.0.1：7611"', "127.0.0.1：7611"),
        (MAIN, '"127.0.0.1:7611"', '"300.1.1.1:7611"', "300.1.1.1:7611"),
        (MAIN, '"mqtts://platform.example:8883"', "8883", "8883"),
        (MAIN, "Asia/Shanghai", "8", "8"),
        (MAIN, "Asia/Shanghai", "asia/shanghai", "asia/shanghai"),
        (MAIN, "Asia/Shanghai", "北京", "北京"),
        (MAIN, "{name: city", "{name: 3", "3"),
        (MAIN, "{name: city", "{name: true", "true"),
        (RULES, '"22:00"', "22.00", "22.00"),
        (RULES, '"22:00"', '"22.00"', "22.00"),
        (RULES, '"22:00"', "22。00", "22。00"),
        (RULES, '"22:00"', "22：00", "22：00"),
        (RULES, '"22:00"', "22点", "22点"),
        (RULES, '"22:00"', "1320", "1320"),
        (RULES, '"22:00"', "25:00", "25:00"),
        (RULES, '"22:00"', "late", "late"),
        (RULES, "grace: 15min", "grace: １５min", "１５min"),
        (RULES, "grace: 15min", "grace: 15", "15"),
        (RULES, "grace: 15min", "grace: 9h59", "9h59"),
        (RULES, "grace: 15min", "grace: 10h", "10h"),
        (RULES, "escalate_after: 5min", "escalate_after: 9999999d", "9999999d"),
        (RULES, "escalate_after: 5min", "escalate_after: 0s", "0s"),
        (RULES, "nights: 3", "nights: three", "three"),
        (RULES, "of: 5", "of: many", "many"),
        (RULES, "of: 5", "of: 99", "99"),
        (RULES, "people: [P0001]", "people: [Ｐ0001]", "Ｐ0001"),
        (RULES, "longitude: 109.42", "longitude: 东经109", "东经109"),
        (RULES, "latitude: 24.31", "latitude: 北纬24", "北纬24"),
        (RULES, "radius_m: 40", "radius_m: 四十", "四十"),
        (RULES, "radius_m: 40", "radius_m: 999999", "999999"),
        (RULES, "until: 2027-01-31", "until: 2027-03-31", "2027-03-31"),
        (RULES, "longitude: 109.42, latitude: 24.31", "longitude: 24.31, latitude: 109.42", ""),
        (PEOPLE, "109.41,24.33,wgs84,80", "109.41,24.33,wgs84,100000", "100000"),
        (PEOPLE, "109.41,24.33,wgs84,80", "109。41,24.33,wgs84,80", "109。41"),
        (DEVICES, "B0001,jt808", "Ｂ0001,jt808", "Ｂ0001"),
    ],
)  # fmt: skip
def test_advice_that_is_followed_leaves_no_fault(written, name, right, wrong, cited):
    written.replace(name, right, wrong)
    if cited:
        followed(written, name, cited)
    else:
        (fault,) = written.faults("en")
        longitude, latitude = ADVICE.search(fault)["axes"].split(", ")
        written.replace(name, wrong, f"longitude: {longitude}, latitude: {latitude}")
    if (name, cited) == (RULES, "999999"):
        return  # what is so wide is no cafe any more, and said to be so
    assert written.faults("en") == []


@pytest.mark.parametrize("wrong", ["22：60", "晚上十点", "二十二：00"])
def test_where_plain_characters_would_not_do_something_else_is_said(written, wrong):
    written.replace("rules/rules.yaml", '"22:00"', wrong)
    (fault,) = written.faults("en")
    assert "full-width" not in fault
    assert 'for example "22:00"' in fault


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ("\n  - {name: bracelets", "\n\u3000 - {name: bracelets", "3:1"),
        ("\n  - {name: bracelets", "\n \u00a0- {name: bracelets", "3:2"),
        ("code: demo", "code:\u3000demo", "1:15"),
        ("people: people.csv", "people: \u00a0people.csv", "7:9"),
    ],
)
def test_a_space_that_is_none_is_named(written, old, new, place):
    written.replace("gateway.yaml", old, new)
    faults = written.faults("zh")
    assert faults[0].startswith(f"gateway.yaml:{place}: 此处是全角空格或不间断空格（U+")


def test_wide_spaces_in_names_and_comments_are_taken(written):
    written.replace("rules/rules.yaml", "name: cafe 3", "name: 网吧\u30003号")
    written.replace("rules/rules.yaml", "leave:\n", "# 请假\u3000\n#\u3000\nleave:\n")
    assert written.faults() == []
