"""Why an alarm of a number stands, in words and as a picture, in both languages."""

from __future__ import annotations

from xml.etree import ElementTree as ET
from zoneinfo import ZoneInfo

import msgspec
import pytest
from timeline import at

from gateway.journal.entries import EntryKind
from gateway.replay.account import OF_COURSE
from gateway.replay.gather import DEVICES, NAMED, OF_ALL
from gateway.replay.reasons import REASONS
from gateway.words.account_picture import picture
from gateway.words.account_words import SAYS, TURN, UNITS, WHAT, lines
from gateway.words.accounts import Account, Measure, Seen, Turn
from gateway.words.alarm_words import Words
from protocols.report import Flag

ZONE = ZoneInfo("Asia/Shanghai")
SEEN = Seen(7, at(0, 10), at(0, 9.99), "B0001", "frame", ["battery_low"], 14, located=True, value=3.0)
ONE = Account(
    person="P0001", device="B0001", kind="charge_missed", at=at(0, 12), since=at(-1, 0), configuration="0123456789ab",
    engine=9, raised=True, anew=True, measure=Measure(14.0, 80.0, "percent", over=False, source="rules.charge.least"),
    alarm="f" * 32, onset=at(0, 11), decided=at(0, 12), rule="charging", basis="约定3 <1>",
    text={"zh": "每日22:00前充电", "en": "to charge by 22:00"}, seen=[SEEN, Seen(9, at(0, 11), None, "", "clock")],
    left_out=4,
    turns=[
        Turn("limit", 14.0, "percent", "rules.charge.least"), Turn("boundary", -12.0, "m", "zones"),
        Turn("extended", 1.0, "days", "authorities"), Turn("leave", since=at(0, 9), until=at(0, 13)),
        Turn("heard", since=at(0, 11)), Turn("fewer", value=2, since=at(0, 11)),
        Turn("without", since=at(0, 10), offset=7),
    ],
)  # fmt: skip


def said(language: str, **changes: object) -> list[str]:
    return list(lines(msgspec.structs.replace(ONE, **changes), Words(language, ZONE)))


def test_all_of_it_is_said_in_both_languages():
    english, chinese = said("en"), said("zh")
    assert len(english) == len(chinese) == 16
    assert english[0] == "P0001 B0001: not charged (configuration 0123456789ab; engine 9)"
    assert english[1] == "rule charging: to charge by 22:00 (basis 约定3 <1>)"
    assert english[2] == "an alarm stands since 11-02 11:00:00, decided at 11-02 12:00:00 (ffffffff)"
    assert english[4] == "14 %; an alarm up to 80 % (rules.charge.least)"
    assert english[6] == (
        "entry 7  received 11-02 10:00:00 (device time 11-02 09:59:24)  B0001  frame, battery low; battery 14 %;"
        " with a place; the number is 3 %"
    )
    assert english[7] == "entry 9  received 11-02 11:00:00  -  clock set"
    assert english[9:] == [
        "  rules.charge.least at 14 %", "  the zone's boundary -12 m further out (negative: in)",
        "  the authority 1.0 days longer", "  leave from 11-02 09:00:00 to 11-02 13:00:00, entered before",
        "  any frame of the device at 11-02 11:00:00", "  2 of the silent devices heard at 11-02 11:00:00",
        "  had entry 7 (received 11-02 10:00:00) not come",
    ]  # fmt: skip
    assert chinese[4] == "数值 14%，不超过 80% 即报警（出处：rules.charge.least）"
    assert "  没有第 7 条（11-02 10:00:00收到）" in chinese


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"raised": False, "onset": None}, "no such alarm stood at 11-02 12:00:00"),
        ({"anew": False, "turns": []}, "do not lead to it anew"),
        ({"turns": []}, "Nothing that was tried would have made it otherwise."),
        ({"measure": Measure(300.0, None, "s", over=True, source="engine")}, "300 s; there is no limit"),
        ({"measure": Measure(None, 5.0, "n", over=True, source="engine")}, "not known; an alarm from 5 on (the eng"),
        ({"measure": Measure(1.0, 1.0, "flag", over=True, source="engine")}, "an entry says so by itself"),
    ],
)  # fmt: skip
def test_what_is_not_so_is_said_too(changes, words):
    assert any(words in line for line in said("en", **changes))


def test_each_unit_kind_of_entry_and_turn_has_its_words():
    assert {reason.unit for reason in REASONS.values()} <= set(UNITS)
    kinds = {EntryKind(kind) for kind in (*DEVICES, *NAMED, *OF_ALL)} - OF_COURSE
    assert {kind.name.lower() for kind in kinds} == set(WHAT)
    assert {turn.what for turn in ONE.turns} == set(TURN)
    assert set(SAYS) <= {str(flag.name).lower() for flag in Flag}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_picture_has_a_point_for_each_entry_and_the_limit(language):
    drawn = picture(ONE, Words(language, ZONE))
    found = list(ET.fromstring(drawn).iter())  # noqa: S314  our own
    assert sum(each.tag.endswith("circle") for each in found) == 2
    (limit,) = [each for each in found if each.tag.endswith("line") and not each.tag.endswith("polyline")]
    assert limit.get("stroke-dasharray") == "6 4"
    assert "约定3" not in drawn
    empty = msgspec.structs.replace(ONE, seen=[], measure=Measure(None, None, "s", over=True, source="engine"))
    assert ET.fromstring(picture(empty, Words(language, ZONE))) is not None  # noqa: S314  our own
