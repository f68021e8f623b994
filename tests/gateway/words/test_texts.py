"""What an alarm says: in both languages, a lead and not a finding, with whatever is known of it."""

from __future__ import annotations

import ast
import json
import re
from functools import cache
from itertools import product
from pathlib import Path

import pytest
from made_episodes import FACTS, KNOWN, TOLD, episode
from met import counted
from timeline import HOUR, MINUTE, at

import gateway.engine
from fencing.datum import Datum, from_wgs84
from gateway.engine.act_lines import ActLine
from gateway.engine.conditions import FLAG_KINDS
from gateway.engine.curfew import OPEN_KINDS
from gateway.engine.episode import Change, CloseOutcome, Episode, Note
from gateway.engine.families import FAMILIES, LATCHED
from gateway.engine.weigh import ZONE_KINDS
from gateway.kinds import KINDS
from gateway.words import alarm_values
from gateway.words.alarm_text import text_of
from gateway.words.texts import MEASURED

RAISED = sorted(
    {*FLAG_KINDS.values(), *OPEN_KINDS.values(), *ZONE_KINDS.values()}
    | {
        "curfew_absent",
        "strap_glitch_suspected",
        "exclusion_crossed",
        "repeated_place",
        "battery_low",
        "comms_lost",
        "locate_timeout",
        "phone_off",
        "entry_skipped",
        "test",
    }
    | {"location_lost", "clock_fault", "position_implausible", "phone_apart"}
    | {"motion_no_gnss", "jam_gnss", "jam_cell", "shielding", "mass_outage"}
    | {"battery_critical", "battery_dead", "power_off", "restart", "identity_changed"}
    | {
        "authority_expiring",
        "authority_ended",
        "nights_out",
        "no_motion",
        "charge_missed",
        "wearers_together",
        "protected_near",
        "appointment_missed",
        "boundary_near",
    }
)
FORBIDDEN = re.compile(
    r"违规|违反|脱逃|逃跑|逃脱|警报|把握|violat|escap|abscond|offen[dc]|guilty|sure of|\?", re.IGNORECASE
)
CHINESE = re.compile(r"[\u4e00-\u9fff]")
GOLDEN = Path(__file__).parent / "golden_texts.json"
"""Each kind at each stage, with nothing known of it and with everything, as people have read and approved them."""
STAGES = {
    "raised": {},
    "acknowledged": {"acknowledged": TOLD, "acknowledged_by": "D07", "notes": [Note(TOLD, "D07", "calling.")]},
    "updated": {"notes": [Note(TOLD, "D07", "says he is in hospital")]},
    "cleared": {"ended": at(0, 22.7)},
    "closed": {
        "closed": TOLD, "closed_by": "D08", "outcome": "excused", "ended": at(0, 22.7),
        "notes": [Note(TOLD, "D08", "hospital, record seen")],
    },
    "retracted": {"retracted": True},
}  # fmt: skip


def told(one: Episode, change: str = "raised"):
    return text_of(one, change, "Asia/Shanghai", at=TOLD)


def test_only_what_a_text_asks_for_is_worked_out(monkeypatch):
    """A replay tells alarms by the thousand; the datum of the maps is dear, and few texts give coordinates."""
    calls = counted(monkeypatch, alarm_values, "on_maps")
    text = told(episode("strap_cut", **KNOWN))
    assert text.zh
    assert calls["on_maps"] == sum("109." in each for each in (text.zh, text.en))


def literals(node: ast.AST) -> set[str]:
    return {each.value for each in ast.walk(node) if isinstance(each, ast.Constant) and isinstance(each.value, str)}


def test_these_are_the_kinds_that_the_engine_names():
    named: set[str] = set()
    for path in Path(gateway.engine.__path__[0]).glob("*.py"):
        named |= literals(ast.parse(path.read_text("utf-8"))) & set(KINDS)
    assert sorted(named) == RAISED


def test_every_kind_that_the_engine_raises_has_words_of_its_own():
    assert set(RAISED) <= set(MEASURED)


@pytest.mark.parametrize("kind", [*RAISED, "phone_unpaired"])
def test_every_text_of_every_stage_is_the_one_that_was_approved(kind):
    said = {}
    for (known, facts), (stage, change) in product({"nothing": {}, "all": KNOWN}.items(), STAGES.items()):
        text = told(episode(kind, **facts, **change), stage)
        said[f"{kind}, {known} known, {stage}"] = {"zh": text.zh, "en": text.en}
    assert said == {case: approved()[case] for case in said}


@cache
def approved() -> dict[str, dict[str, str]]:
    return json.loads(GOLDEN.read_text("utf-8"))


@pytest.mark.parametrize("kind", [*RAISED, "phone_unpaired"])
def test_every_text_is_whole_in_both_languages_whatever_is_known(kind):
    for known, change in product(({}, KNOWN), Change):
        text = text_of(episode(kind, **known), change.value, "Asia/Shanghai")
        for words in (text.zh, text.en):
            assert not re.search(r"[{}]|None|nan|  ", words), words
            assert not FORBIDDEN.search(words), words
            assert "P0001" in words or kind == "mass_outage", words
        assert CHINESE.search(text.zh), text.zh
        assert not CHINESE.search(text.en), text.en


@pytest.mark.parametrize("kind", RAISED)
def test_after_the_end_nothing_is_asked_for_but_the_close(kind):
    for change in ("cleared", "closed", "retracted"):
        over = episode(kind, **KNOWN, **STAGES[change])
        text = told(over, change)
        assert not re.search(r"请|派员|紧急|重要", text.zh), text.zh
        assert not re.search(r"verify|[Cc]all|send|URGENT|SERIOUS", text.en), text.en
        asked = "仍须办结" in text.zh, "to be closed" in text.en
        assert asked == (not over.resolved,) * 2, text


def test_a_list_says_how_each_alarm_stands():
    standing = {
        stage: text_of(episode("inclusion_exit", **KNOWN, **change), "", "Asia/Shanghai").en
        for stage, change in STAGES.items()
    }
    assert standing["raised"].startswith("SERIOUS, verify. P0001")
    assert standing["acknowledged"].startswith("ACKNOWLEDGED by D07 11-02 22:45. Note (D07): calling. SERIOUS")
    assert standing["cleared"].startswith("ENDED 11-02 22:42 after 12 min. P0001")
    assert standing["closed"].startswith(
        "CLOSED (excused) by D08 11-02 22:45. Note (D08): hospital, record seen. P0001"
    )
    assert standing["retracted"].startswith("TAKEN BACK")


def test_a_night_away_says_from_when_until_when_and_what_is_not_known():
    text = told(episode("curfew_absent", **KNOWN, zone="home:P0001"), "updated")
    assert "22:00至08:00应在家" in text.zh
    assert "在家0分钟，无法判断1小时30分" in text.zh
    assert "at home all night (22:00-08:00): away 8 h 20 min" in text.en
    assert "there 0 min, undetermined 1 h 30 min" in text.en


def test_a_repeated_place_of_an_older_version_knows_of_no_registered_places():
    assert "登记" not in told(episode("repeated_place", **KNOWN)).zh


def test_a_late_return_is_judged_when_it_was_judged_and_not_when_the_night_began():
    late = episode("curfew_late", **KNOWN, zone="home:P0001")
    late.onset = at(0, 22)
    assert "22:00至08:00应在家，宽限15分钟已过，22:45判断不在" in told(late).zh
    assert "judged away at 22:45" in told(late).en
    assert "最后确认在家是21:30" in told(late).zh


@pytest.mark.parametrize(
    ("maps", "zh", "en"),
    [
        (Datum.GCJ02, "高德坐标（GCJ-02）", "GCJ-02 "), (Datum.BD09, "百度坐标（BD-09）", "BD-09 "),
        (Datum.WGS84, "GPS坐标（WGS-84）", "WGS-84 "),
    ],
)  # fmt: skip
def test_a_repeated_place_names_circle_nights_hours_and_the_datum_of_the_countys_maps(maps, zh, en):
    text = text_of(episode("repeated_place", **KNOWN), "raised", "Asia/Shanghai", maps, TOLD)
    north, east = from_wgs84([24.33], [109.41], maps)
    written = f"{east[0]:.5f},{north[0]:.5f}"
    assert zh + written in text.zh
    assert en + written in text.en
    assert "近5夜有3夜（11-02 23:00–03:00; 11-04 23:00–04:00）" in text.zh
    assert "±23 m" in text.en
    assert "不可据此认定" in text.zh
    assert "not a finding" in text.en


@pytest.mark.parametrize(
    ("facts", "zh", "en"),
    [
        ({"assigned": at(-3, 9)}, "自10-30 09:00发放以来从未上报", "not reported since it was assigned 10-30 09:00"),
        ({}, "失联15分钟（22:30后无数据）", "silent 15 min (nothing since 22:30)"),
        (FACTS, "失联前：疑似在“the county”外，距家约1.2公里（东北），失联前6分钟定位，误差约23米，电量9%",
         'Before: probably outside "the county", about 1.2 km north-east of home, fix 6 min before, ±23 m'),
        ({**FACTS, "home_m": -12, "outside": ""}, "失联前：家中或家附近", "Before: at or near home"),
    ],
)  # fmt: skip
def test_silence_says_since_when_and_where_the_wearer_was_then(facts, zh, en):
    text = told(episode("comms_lost", **(KNOWN | {"facts": facts})))
    assert zh in text.zh
    assert en in text.en


@pytest.mark.parametrize(
    ("how", "zh", "en"),
    [
        ("delivered", "已送达", "delivered"),
        ("sent", "已发出，未收到回执", "sent, no report yet"),
        ("failed", "未送达", "not delivered"),
    ],
)
@pytest.mark.parametrize("kind", ["comms_lost", "battery_low"])
def test_when_the_wearer_was_told_and_how_that_went_is_said_where_it_is_known(kind, how, zh, en):
    facts = KNOWN["facts"] | {"wearer_told": at(0, 22.75), "wearer_told_how": how}
    text = told(episode(kind, **(KNOWN | {"facts": facts})))
    assert f"已通知本人（22:45，{zh}）" in text.zh
    assert f"Wearer told 22:45, {en}." in text.en
    assert "已通知本人" not in told(episode(kind, **KNOWN)).zh


@pytest.mark.parametrize(
    ("end", "zh", "en"),
    [("expired", "指令未送达", "not delivered"), ("no_answer", "15分钟未回应", "no answer for 15 min")],
)
def test_an_order_that_never_arrived_is_told_from_one_that_was_not_answered(end, zh, en):
    text = told(episode("locate_timeout", facts={"end": end}))
    assert zh in text.zh
    assert en in text.en
    assert ("未送达" in text.zh, "not delivered" in text.en) == (end == "expired",) * 2


@pytest.mark.parametrize("degrees", range(-45, 405, 15))
def test_directions_are_those_of_a_compass(degrees):
    text = told(episode("inclusion_exit", **(KNOWN | {"facts": {**FACTS, "away_deg": degrees}})))
    names = {"north": 0, "north-east": 45, "east": 90, "south-east": 135, "south": 180, "south-west": 225, "west": 270}
    named = re.search(r"about 410 m ([a-z-]+) of it", text.en)
    assert named is not None
    off = (names.get(named[1], 315) - degrees + 180) % 360 - 180
    assert abs(off) <= 22.5


@pytest.mark.parametrize(("speed", "said"), [(1.2, "moving away"), (-1.2, "coming back"), (0.1, "not moving away")])
def test_how_far_which_way_and_whether_it_grows(speed, said):
    text = told(episode("inclusion_exit", **(KNOWN | {"facts": {**FACTS, "away_ms": speed}})))
    assert f"about 410 m west of it, {said}, ±23 m, 96 % likely" in text.en
    assert "在界外约410米（西）" in text.zh


def test_times_are_the_countys_and_have_a_date_where_they_are_not_of_this_shift():
    assert "20:30:00" in text_of(episode(), "raised", "Asia/Urumqi", at=TOLD).en
    assert "reported open 22:30:00" in told(episode()).en
    assert "reported open 11-02 22:30:00" in text_of(episode(), "raised", "Asia/Shanghai", at=TOLD + 13 * HOUR).en
    assert "reported open 11-02 22:30:00" in text_of(episode(), "", "Asia/Shanghai").en


@pytest.mark.parametrize("kind", RAISED)
def test_seconds_are_for_what_the_device_itself_says(kind):
    assert ("22:30:00" in told(episode(kind)).zh) == (kind in LATCHED)


@pytest.mark.parametrize(("probability", "said"), [(0.9999, "over 99 %"), (0.99, "over 99 %"), (0.984, "98 %")])
def test_it_is_the_probability_of_the_condition_and_never_certain(probability, said):
    for kind in ("inclusion_exit", "exclusion_enter", "region_unauthorised", "curfew_late", "curfew_early_leave"):
        text = told(episode(kind, probability=probability))
        assert f"{said} likely" in text.en
        assert "可能性" in text.zh
        assert "100" not in text.en


def test_a_deadline_is_named_where_the_county_has_one():
    assert "23:00前未核实请派员" in told(episode(facts={"verify_by": at(0, 23)})).zh
    assert "send someone if not verified by 23:00" in told(episode(facts={"verify_by": at(0, 23)})).en
    assert "联系不上请派员" in told(episode()).zh


def test_changes_are_said_first():
    ended = episode("battery_low", ended=at(0, 23) + HOUR)
    assert told(ended, "cleared").zh == "【已恢复 00:00，历时1小时30分】P0001电量低（22:30起）。"
    for outcome in CloseOutcome:
        closed = episode(outcome=outcome.value, closed=TOLD, closed_by="officer 7")
        closed.notes = [Note(TOLD - MINUTE, "officer 6", "earlier"), Note(TOLD, "officer 7", "x")]
        assert told(closed, "closed").en.startswith(
            f"CLOSED ({outcome.value}) by officer 7 22:45. Note (officer 7): x. P0001"
        )


def test_what_changed_comes_first_in_an_update():
    again = episode("sos", facts={"times": 2, "again": TOLD - MINUTE})
    assert told(again, "updated").zh.startswith("【更新】又上报，共2次，最近22:44。【紧急】P0001求助")
    assert told(again, "updated").en.count("Reported again") == 1
    assert told(again, "").zh.count("又上报") == 1
    again.notes = [Note(TOLD, "D07", "on the phone")]
    assert told(again, "updated").en.startswith("UPDATED. Note (D07): on the phone. URGENT.")


def test_late_data_and_the_basis_are_named():
    late = episode("exclusion_enter", retrospective=True, onset=at(-1, 22.5))
    late.basis = "order 2"
    assert told(late).zh.endswith("依据：order 2。（补传：11-01 22:30的情况，22:45才收到）")
    assert told(late).en.endswith(" Basis: order 2. (Late data: of 11-01 22:30, received 22:45.)")


LATER_WORDS = {
    ("retracted", "retracted", ""): (
        "原因：加入后到的数据重新判断，该情况不成立。",
        "Reason: judged anew with data that came later, it does not hold. ",
    ),
    ("retracted", "retracted", "merged"): (
        "原因：与另一条报警是同一情况，以那条为准（编号0123abcd）。",
        "Reason: it is part of another alarm, which stands (0123abcd). ",
    ),
    ("closed", "updated", "supports"): (
        "办结后到的数据与此相符：仅供复核，不是认定。",
        "Data that came after the close agrees with it: for review, not a finding. ",
    ),
    ("closed", "updated", "contradicts"): (
        "办结后到的数据中未见该情况：仅供复核，不是认定。",
        "Data that came after the close shows nothing of it: for review, not a finding. ",
    ),
    ("cleared", "updated", "moved"): (
        "按后到的数据更正：结束时间由22:50改为22:42。", "By data that came later: it ended 22:42, not 22:50. ",
    ),
}  # fmt: skip
"""Of an alarm at a stage, a change, what later data make of it: the words."""


@pytest.mark.parametrize(("case", "words"), LATER_WORDS.items(), ids=lambda value: "-".join(value[1:]))
@pytest.mark.parametrize("kind", sorted(FAMILIES))
def test_what_data_that_come_late_make_of_an_alarm_is_said_and_asks_for_nothing(kind, case, words):
    stage, change, later = case
    if stage == "cleared" and KINDS[kind].ends == "person":
        return
    moved = {"corrected": TOLD, "was_ended": at(0, 22) + 50 * MINUTE}
    facts = {"merged": {"merged_into": "0123abcd" * 4}, "": {}, "moved": moved}.get(later, {"later_data": later})
    text = told(episode(kind, **{**KNOWN, **STAGES[stage], "notes": [], "facts": FACTS | facts}), change)
    assert (words[0] in text.zh, words[1].strip() in text.en) == (True, True)
    assert not re.search(r"请|派员|紧急|重要", text.zh)
    assert not re.search(r"verify|[Cc]all|send|URGENT|SERIOUS", text.en)
    assert not FORBIDDEN.search(text.zh + text.en)


CORRECTIONS = [
    ("inclusion_exit", None, {"was_onset": at(0, 21.5)}, "开始时间由21:30改为22:30", "it began 22:30, not 21:30"),
    ("inclusion_exit", None, {"was_onset": at(0, 22.5) + 29.0}, "由22:30:29改为22:30:00", "22:30:00, not 22:30:29"),
    ("inclusion_exit", None, {"was_ended": at(0, 22.7)}, "原报22:42结束，实际尚未结束",
     "it is not over, though 22:42 was said"),
    ("inclusion_exit", at(0, 22.7), {"was_ended": at(-1, 22.7), "was_onset": at(0, 22)},
     "开始时间由22:00改为22:30；结束时间由11-01 22:42改为22:42",
     "it began 22:30, not 22:00; it ended 22:42, not 11-01 22:42"),
    ("curfew_absent", None, {"was_kind": "curfew_late", "was_onset": at(0, 22)},
     "原报“未按时在家”，现为“整夜未见在家”；开始时间由22:00改为22:30",
     'now "not seen at home all night", before "not home in time"; it began 22:30, not 22:00'),
]  # fmt: skip
"""A kind, when it ended, what was said before: the words."""


@pytest.mark.parametrize(("kind", "ended", "was", "zh", "en"), CORRECTIONS)
def test_what_later_data_have_moved_is_named_first_and_once(kind, ended, was, zh, en):
    one = episode(kind, **{**KNOWN, "facts": FACTS | {"corrected": TOLD} | was}, ended=ended)
    text = told(one, "updated")
    assert text.zh.startswith("【更新】按后到的数据更正：")
    assert zh + "。" in text.zh
    assert text.en.startswith("UPDATED. By data that came later: ")
    assert en + ". " in text.en
    assert ("请" in text.zh) == (ended is None)
    for change, later in (("acknowledged", TOLD), ("updated", TOLD + HOUR), ("", None)):
        assert "更正" not in text_of(one, change, "Asia/Shanghai", at=later).zh


def test_an_end_that_comes_of_later_data_names_the_onset_that_they_have_moved():
    text = told(
        episode("inclusion_exit", ended=at(0, 22.7), facts={"corrected": TOLD, "was_onset": at(0, 22)}), "cleared"
    )
    assert text.zh.startswith("【已恢复 22:42，历时12分钟】按后到的数据更正：开始时间由22:00改为22:30。P0001")
    assert text.en.startswith("ENDED 22:42 after 12 min. By data that came later: it began 22:30, not 22:00. P0001")


def test_a_call_for_help_that_is_moved_is_not_said_to_have_come_again():
    again = episode("sos", facts={"times": 2, "again": TOLD - MINUTE, "corrected": TOLD, "was_onset": TOLD})
    assert "【更新】按后到的数据更正：开始时间由22:45改为22:30。【紧急】" in told(again, "updated").zh
    assert told(again, "updated").zh.count("又上报") == 1


def test_the_list_says_of_a_closed_alarm_what_later_data_make_of_it():
    closed = episode("inclusion_exit", **{**KNOWN, **STAGES["closed"], "facts": {"later_data": "contradicts"}})
    text = text_of(closed, "", "Asia/Shanghai")
    assert "shows nothing of it: for review" in text.en
    assert "reopened" not in text.en
    assert text.zh.startswith("【已办结·有正当理由")


def test_what_is_taken_back_is_named_first_then_that_it_is_void_and_why():
    facts = {"handed_over": at(0, 22.6), "taken_away": at(0, 22.6), "configuration": "0"}
    text = told(episode("inclusion_exit", **{**KNOWN, "facts": facts}, ended=at(0, 22.7), retracted=True), "retracted")
    assert text.zh == (
        "【撤回】P0001（S01）疑似离开允许范围（原报22:30起）。此前通知作废，不得据此处理本人。"
        "原因：加入后到的数据重新判断，该情况不成立。"
    )
    assert text.en == (
        "TAKEN BACK. P0001 (S01): probably outside the allowed area (reported since 22:30). The earlier notice is void"
        " and must not be used against the person. Reason: judged anew with data that came later, it does not hold."
    )


def test_what_an_officer_wrote_before_is_a_note_and_not_the_reason():
    one = episode(retracted=True, notes=[Note(TOLD - HOUR, "D07", "calling")])
    assert "calling" not in told(one, "retracted").en
    listed = text_of(one, "", "Asia/Shanghai")
    assert listed.en.endswith("Reason: judged anew with data that came later, it does not hold. Note (D07): calling.")
    assert listed.zh.endswith("原因：加入后到的数据重新判断，该情况不成立。备注（D07）：calling。")


@pytest.mark.parametrize("text", ["{who}", "{0}", "a { b", "}", "%s"])
def test_what_officers_wrote_cannot_break_a_text(text):
    odd = episode("exclusion_enter", basis=text, zone_name=text, notes=[Note(TOLD, text, text)], closed=TOLD)
    odd.closed_by, odd.facts = text, {"outside": text, "placed": TOLD}
    for change in Change:
        assert text in told(odd, change.value).zh or change in (Change.CLEARED, Change.RETRACTED)


def test_who_is_the_device_where_nobody_is_known_and_the_office_stands_beside():
    nobody = episode(person="")
    assert "B0001: " in told(nobody).en
    assert "P0001（S01）" in told(episode(office="S01")).zh


def test_severities_all_have_words():
    for kind in KINDS.values():
        assert len(told(episode(kind.name)).en) > len("B0001: ")


def test_a_night_away_says_how_often_somebody_was_tried_and_what_came_of_it():
    tried = [
        ActLine(at(0, 22.3), "D01", "attempt", 1, whom="wearer", result="no_answer"),
        ActLine(at(0, 22.4), "D01", "note", 2, note="rings"),
        ActLine(at(0, 22.5), "D01", "attempt", 3, whom="family", result="reached"),
    ]
    text = told(episode("curfew_absent", **KNOWN, zone="home:P0001", acts=tried), "updated")
    assert "已联系2次，最近一次22:30（家属，接通）。" in text.zh
    assert "Tried 2 times, last 22:30 (the family, reached). " in text.en
