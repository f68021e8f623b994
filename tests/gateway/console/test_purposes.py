"""What somebody looks for: said once for a person and session, and forgotten after a while."""

from __future__ import annotations

import pytest
from opened_desk import Standing

from gateway.console.purposes import KEPT, LONGEST, Purposes, chosen

NAMES = {"verification": "核查", "visit": "走访", "search": "寻找", "other": "其他"}


def test_a_purpose_holds_for_its_person_and_session_for_a_while():
    clock = Standing(1000.0)
    purposes = Purposes(clock)
    purposes.keep("a", "P1", "核查")
    clock.at += KEPT - 1
    assert purposes.of("a", "P1") == "核查"
    assert (purposes.of("b", "P1"), purposes.of("a", "P2")) == ("", "")
    clock.at += 1
    assert purposes.of("a", "P1") == ""


def test_what_is_over_is_not_kept():
    clock = Standing(0.0)
    purposes = Purposes(clock)
    for person in range(5):
        purposes.keep("a", str(person), "x")
    clock.at += KEPT
    purposes.keep("a", "new", "x")
    assert len(purposes._held) == 1


@pytest.mark.parametrize(
    ("form", "purpose"),
    [
        ({"purpose": "verification"}, "核查"),
        ({"purpose": "visit", "words": "  三点\n到 "}, "走访：三点 到"),
        ({"purpose": "other", "words": "协查函"}, "其他：协查函"),
        ({"purpose": "other", "words": "  "}, ""),
        ({"purpose": "other"}, ""),
        ({"purpose": "other", "words": "\x00\u200b\x1b"}, ""),
        ({"purpose": "visit", "words": "a\x00b\u202ec"}, "走访：a b c"),
        ({"purpose": "curiosity"}, ""),
        ({}, ""),
    ],
)
def test_other_needs_words_and_nothing_else_is_taken(form, purpose):
    assert chosen(form, NAMES) == purpose


def test_words_are_cut():
    assert chosen({"purpose": "search", "words": "x" * 999}, NAMES) == "寻找：" + "x" * LONGEST
