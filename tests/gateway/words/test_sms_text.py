"""An SMS is one segment with its code at the end, courteous to the wearer, and says no place and no name."""

from __future__ import annotations

import msgspec
import pytest
from effort import examples
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.engine import WEARER, About, Notice, Topic
from gateway.kinds import KINDS, NEVER_THE_WEARER, SEVERITIES
from gateway.sms.alphabet import septets_of
from gateway.words.sms_phrases import FOR_WEARER
from gateway.words.sms_text import MOST, sms_of

ONSET = 1793643240.0
FACTS = {"home_m": 120.0, "battery_percent": 61, "verify_by": ONSET + 900.0, "from": ONSET - 3600.0}
ABOUT = About("strap_cut", "critical", "P0004", "B0004", "SFS-01", ONSET, facts=FACTS)
NOTICE = Notice("id", "alarm", "D01", ONSET, ABOUT, code="7F3A")


def of(language: str = "zh", notice: Notice = NOTICE, **changes: object) -> str:
    about = msgspec.structs.replace(notice.about, **changes)
    return sms_of(msgspec.structs.replace(notice, about=about), language, "Asia/Shanghai", ONSET)


def test_staff_read_who_what_when_what_to_do_and_how_to_answer():
    assert of() == (
        "【紧急·待核实】P0004 02:14报表带断开。请立即致电。02:29前未核实请派员。此前在家附近。电量61%。接收回“收 7F3A”"
    )
    assert of("en") == (
        "URGENT, verify. P0004 02:14 strap open. Call now. Send someone if not verified by 02:29. Before: near home."
        " Battery 61%. Reply: ACK 7F3A"
    )
    assert of(facts={}, severity="warning", kind="battery_low") == "【提醒】P0004 02:14报电量低。接收回“收 7F3A”"


def test_whom_it_went_up_to_reads_that_nobody_answered():
    assert "已过时限无人接收" in of(notice=msgspec.structs.replace(NOTICE, rung=1))
    assert "前未核实" not in of(notice=msgspec.structs.replace(NOTICE, rung=1))


def test_what_is_void_is_to_be_acted_upon_by_nobody():
    void = msgspec.structs.replace(NOTICE, code="", topic=Topic.VOID)
    assert of(notice=void) == "【撤回】P0004 02:14“表带断开”的通知作废，不得据此处理本人。"


def test_of_a_minor_not_even_the_kind():
    text = of(minor=True)
    assert "表带" not in text
    assert "电量" not in text
    assert text.endswith("接收回“收 7F3A”")


@pytest.mark.parametrize("kind", sorted({*KINDS} - NEVER_THE_WEARER))
@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_wearer_is_spoken_to_with_courtesy_and_without_a_word_of_why(kind, language):
    text = of(language, msgspec.structs.replace(NOTICE, to=WEARER, code=""), kind=kind)
    assert text.startswith(("您好", "Hello", "Your call"))
    assert not [word for word in ("矫正", "违", "罪", "警报", "correction", "violat", "P0004", "{") if word in text]
    assert len(text) <= MOST[language]
    assert "收" not in text.replace("收到", "")


def test_words_for_the_wearer_are_of_kinds_of_which_he_may_be_told():
    assert not FOR_WEARER.keys() & NEVER_THE_WEARER
    assert KINDS.keys() >= FOR_WEARER.keys()


@given(
    st.sampled_from(sorted(KINDS)), st.sampled_from(SEVERITIES),
    st.from_regex(r"[A-Za-z0-9_.\-]{1,90}", fullmatch=True),
    st.sampled_from([-5.0, 30.0, 301.0, 123_456.0]), st.integers(0, 2), st.booleans(),
)  # fmt: skip
@settings(max_examples=examples(200))
def test_it_is_one_segment_whatever_it_says_and_ends_with_its_code(kind, severity, person, metres, rung, minor):
    notice = msgspec.structs.replace(NOTICE, rung=rung)
    for language in ("zh", "en"):
        text = of(language, notice, kind=kind, severity=severity, person=person, minor=minor,
                  facts={**FACTS, "home_m": metres})  # fmt: skip
        assert text.rstrip("”").endswith("7F3A")
        assert len(text) <= 70 if language == "zh" else len(septets_of(text) or b"x" * 999) <= 160
