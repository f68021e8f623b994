"""Lists at a narrow terminal: nothing is cut, and what is shown of an id is enough to name it."""

from __future__ import annotations

import io
import re
from zoneinfo import ZoneInfo

import msgspec
import pytest
from made_episodes import episode
from rich.console import Console

from gateway.cli.identity import identified
from gateway.control.status import NAMES, code_of
from gateway.control.status import shown as status_shown
from gateway.engine.episode import Episode
from gateway.engine.records import Command, CommandRecord, End
from gateway.errors import UserFault
from gateway.fault_table import FAULTS
from gateway.upstream.troubles import Troubles
from gateway.words.alarm_list import gravest_first
from gateway.words.alarm_list import shown as alarms_shown
from gateway.words.alarm_text import text_of
from gateway.words.command_words import shown as orders_shown
from gateway.words.listing import SHORTEST, width_of
from gateway.words.phrases import PHRASES, spoken

COLUMNS = 80
ALARM = Episode(
    "f0d7ce4038e9b5029f5b10567fab16ad", "exclusion_enter", "critical", "self", "P0001", "B0001", "S01", "strict",
    "cafes", "网吧[4]号", "no-cafes", "禁止令[2026]88", 1793630000.0, 1793630100.0, 1793630100.0, 1, 9, 0.99,
)  # fmt: skip


def printed(what) -> str:
    out = io.StringIO()
    Console(file=out, width=COLUMNS).print(what)
    return out.getvalue()


def joined(text: str) -> str:
    return re.sub(r"\s", "", text)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_alarms_are_folded_never_cut(language):
    text = printed(
        alarms_shown([ALARM, msgspec.structs.replace(ALARM, id="f0d7ce4038e9" + "0" * 20)], "Asia/Shanghai", language)
    )
    assert "…" not in text
    assert joined(text).count(joined(text_of(ALARM, "", "Asia/Shanghai").of(language))) == 2
    assert "f0d7ce4038e9b " in text
    assert "f0d7ce4038e90 " in text


def test_what_is_critical_overtakes_a_flood_of_warnings_and_those_of_one_severity_keep_their_order():
    flood = [episode("battery_low", id=f"{number}") for number in range(50)]
    listed = gravest_first(
        [*flood, episode("comms_lost", id="a"), episode("sos", id="b"), episode("strap_cut", id="c")]
    )
    assert [one.id for one in listed] == ["b", "c", "a", *(f"{number}" for number in range(50))]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_orders_are_folded_never_cut(language):
    command = Command("0123456789ab", "B0001", "text", "D01", 1793630900.0, {"text": "请回电" * 40})
    record = CommandRecord(command, 1793630000.0, 7, end=End.MALFORMED, text="no such word " * 12)
    text = printed(orders_shown([record], "Asia/Shanghai", language))
    assert "…" not in text
    assert "请回电" * 40 in joined(text)
    assert joined("no such word " * 12) in joined(text)
    assert "0123456789ab" in text


def test_of_an_id_as_much_is_shown_as_tells_it_from_the_others():
    assert width_of([]) == width_of(["a" * 32]) == SHORTEST
    assert width_of(["a" * 32, "a" * 9 + "b" * 23, "c" * 32]) == 10


def test_a_beginning_that_only_one_has_is_enough():
    known = ["f0d7ce4038e9", "f0d7000038e9", "a" * 12]
    assert identified("f0d7C", known, "alarm") == "f0d7ce4038e9"
    assert identified("a" * 12, [*known, "a" * 13], "alarm") == "a" * 12


@pytest.mark.parametrize(
    ("written", "zh", "en"),
    [
        (
            "f0d7",
            "不止一条：f0d70000, f0d7ce40；请多写几位",
            "more than one alarm begins with “f0d7”: f0d70000, f0d7ce40",
        ),
        ("b", "没有编号以“b”开头的报警", "no alarm begins with “b”"),
        ("", "没有编号以“”开头的报警", "no alarm begins with “”"),
    ],
)
def test_an_unknown_or_ambiguous_beginning_is_refused_with_what_to_write(written, zh, en):
    with pytest.raises(UserFault) as refused:
        identified(written, ["f0d7ce4038e9", "f0d7000038e9"], "alarm")
    assert zh in spoken(refused.value, "zh")
    assert en in spoken(refused.value, "en")


def test_every_phrase_is_in_both_languages():
    assert all(text.zh and text.en and text.zh != text.en for text in PHRASES.values())


def test_status_speaks_the_countys_language():
    status = {"healthy": True, "store": "", "upstreams": {"city": False}, "refused": {}}
    text = printed(status_shown(status, "zh"))
    assert "healthy" not in text
    assert re.search(r"正常\s+是", text)
    assert "city：否" in text
    assert set(status) <= set(NAMES)


@pytest.mark.parametrize(
    ("language", "words", "other"), [("zh", "磁盘已满", "the disk"), ("en", "the disk is full", "磁盘")]
)
def test_what_is_wrong_with_a_store_stands_in_the_readers_language(language, words, other):
    said = FAULTS["full"].told("No space left on device")
    both = {"zh": said.zh, "en": said.en}
    text = printed(status_shown({"store": both, "troubles": {"journal": both}}, language))
    assert text.count(words) == 2
    assert other not in text


def test_troubles_of_an_upstream_stand_in_the_readers_language_with_what_to_do():
    troubles = Troubles()
    troubles.note("upstream_away", cause="timed out")
    said = troubles.said({"poison": 2, "unconfirmed": 1})
    status = {
        "upstream_troubles": {"city": {"zh": said.zh, "en": said.en}}, "set_aside": {"city": {"poison": 2}},
        "troubles": {},
    }  # fmt: skip
    for language, words in (("zh", ("搁置", "连不上", "2条报警")), ("en", ("not connected", "2 messages"))):
        text = printed(status_shown(status, language)).replace("\n", "").replace(" ", "")
        assert all(word.replace(" ", "") in text for word in (*words, "bracelet-gateway alarms resend"))
    assert set(status) <= set(NAMES)


def test_the_times_of_a_status_are_the_countys_with_their_offset_and_a_refusal_names_the_terminal():
    refusal = {
        "at": "2026-11-02T05:00:00Z", "reason": "unknown_device", "listener": "bracelets", "peer": "203.0.113.9:4",
        "sample": "7e0200002a", "identity": "13812345678",
    }  # fmt: skip
    status = {
        "time": "2026-11-02T05:00:01.250Z", "last_clock_step": "2026-11-01T16:00:00Z -> 2026-11-02T16:00:00Z",
        "last_refusals": [refusal],
    }  # fmt: skip
    text = printed(status_shown(status, "en", ZoneInfo("Asia/Shanghai")))
    assert "2026-11-02 13:00:01+08:00" in text
    assert "2026-11-02 00:00:00+08:00 -> 2026-11-03 00:00:00+08:00" in text.replace(" \n", " ")
    assert "2026-11-02 13:00:00+08:00 unknown_device bracelets 203.0.113.9:4 13812345678" in text
    assert "7e0200" not in text
    assert not re.search(r"\dZ|\b1[78]\d{8}\b", text)


@pytest.mark.parametrize(
    ("status", "code"),
    [
        ({"healthy": True, "broken": []}, 0),
        ({"healthy": True, "broken": ["upstream city"]}, 3),
        ({"healthy": False, "broken": ["journal"]}, 3),
        ({"healthy": False, "broken": []}, 3),
    ],
)
def test_the_exit_code_of_status_says_whether_something_is_broken(status, code):
    assert code_of(status) == code
