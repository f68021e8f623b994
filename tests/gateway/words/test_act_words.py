"""Acts in words: the message of each says what was done, once; lists say whose an alarm is and what was agreed."""

from __future__ import annotations

import io

import msgspec
import pytest
from made_episodes import TOLD, episode
from rich.console import Console
from timeline import at, county

from gateway.engine.act_lines import ActLine, FollowUp
from gateway.engine.episode import Note
from gateway.words.act_phrases import REFUSALS
from gateway.words.alarm_list import lines, shown
from gateway.words.alarm_text import text_of

ZONE = "Asia/Shanghai"
AGREED = FollowUp(at(0, 23), "home", "D01")


def after(deed: ActLine, **known: object):
    """An alarm of which this was just done; its revision is the deed's."""
    notes = [Note(deed.at, deed.by, deed.note)] if deed.note else []
    return msgspec.structs.replace(episode(), revision=2, acts=[deed], notes=notes, **known)


TOLD_OF = [
    (ActLine(TOLD, "D01", "attempt", 2, whom="wearer", result="reached", note="称20分钟到家。"),
     "【更新】D01 联系本人：接通，称20分钟到家。【紧急",
     "UPDATED. D01 tried the wearer: reached, 称20分钟到家. URGENT"),
    (ActLine(TOLD, "D01", "follow_up", 2, due=at(0, 23), expects="home"),
     "【更新】D01 约定23:00 到家。【紧急", "UPDATED. D01 agreed for 23:00: home. URGENT"),
    (ActLine(TOLD, "D01", "assign", 2, to="SFS-01"),
     "【更新】D01 指派给 SFS-01。【紧急", "UPDATED. D01 assigned it to SFS-01. URGENT"),
    (ActLine(TOLD, "D02", "take_over", 2), "【更新】D02 接手。【紧急", "UPDATED. D02 took it over. URGENT"),
    (ActLine(TOLD, "D02", "arrived", 2),
     "【更新】D02：已到本人处。【紧急", "UPDATED. D02: somebody has reached the wearer. URGENT"),
    (ActLine(TOLD, "D02", "note", 2, note="在医院"),
     "【更新】备注（D02）：在医院。【紧急", "UPDATED. Note (D02): 在医院. URGENT"),
]  # fmt: skip


@pytest.mark.parametrize(("deed", "zh", "en"), TOLD_OF, ids=[deed.do for deed, *_ in TOLD_OF])
def test_an_update_says_first_what_was_done_and_no_later_one_says_it_again(deed, zh, en):
    told = after(deed)
    text = text_of(told, "updated", ZONE, at=TOLD)
    assert text.zh.startswith(zh)
    assert text.en.startswith(en)
    later = text_of(msgspec.structs.replace(told, revision=3, notes=[]), "updated", ZONE, at=TOLD)
    assert later.zh.startswith("【更新】【紧急")


def test_what_came_of_what_was_agreed_is_said_in_the_message_of_that_moment():
    found = msgspec.structs.replace(AGREED, checked=TOLD, verdict="not_met")
    told = episode(follow_up=found)
    assert text_of(told, "updated", ZONE, at=TOLD).zh.startswith(
        "【更新】约定时间已到（23:00 到家），判断仍不在家。【紧急"
    )
    assert "约定" not in text_of(told, "updated", ZONE, at=TOLD + 1.0).zh


def test_a_close_as_confirmed_says_how_it_was_verified():
    told = episode(closed=TOLD, outcome="confirmed", verified_by="visit")
    assert "【已办结·属实 D08 22:45】上门核实。" in text_of(told, "closed", ZONE, at=TOLD).zh
    assert "Verified by a visit." in text_of(told, "closed", ZONE, at=TOLD).en


def listed(told) -> str:
    out = io.StringIO()
    Console(file=out, width=200).print(shown([told], ZONE, "zh"))
    return out.getvalue()


def test_the_list_says_whose_it_is_to_whom_it_was_given_and_what_was_agreed():
    assert "处理人 D01；指派给 SFS-01；约定11-02 23:00 到家" in listed(
        episode(owner="D01", assigned="SFS-01", follow_up=AGREED)
    )
    found = msgspec.structs.replace(AGREED, checked=TOLD, verdict="met")
    assert "约定时间已到（11-02 23:00 到家），判断已在家" in listed(episode(follow_up=found))
    assert len(listed(episode()).splitlines()) == len(listed(episode(owner="D01")).splitlines()) - 1


def test_all_of_an_alarm_has_a_line_for_each_act_and_for_the_notes_of_older_versions():
    acts = [
        ActLine(TOLD, "D01", "acknowledge", 2),
        ActLine(TOLD + 60, "D01", "attempt", 3, whom="family", result="no_answer"),
        ActLine(TOLD + 120, "D01", "note", 4, note="在医院"),
    ]  # fmt: skip
    notes = [Note(TOLD - 60, "D09", "旧的"), Note(TOLD + 120, "D01", "在医院")]
    said = list(lines(episode(acts=acts, notes=notes, owner="D01"), county().county, "zh"))
    assert said[-6:-1] == [
        "处理人 D01", "11-02 22:44  D09 备注：旧的", "11-02 22:45  D01 接收", "11-02 22:46  D01 联系家属：未接",
        "11-02 22:47  D01 备注：在医院",
    ]  # fmt: skip


def test_refusals_are_in_chinese_and_in_english():
    for text in REFUSALS.values():
        assert any("\u4e00" <= sign <= "\u9fff" for sign in text.zh)
        assert text.en.isascii()
