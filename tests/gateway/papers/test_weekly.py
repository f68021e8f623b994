"""Whose track somebody has looked at in a week, by whom and what for; whose nobody has comes first."""

from __future__ import annotations

from dataclasses import replace

import pytest
from seen_county import NOW, SINCE, seen, told
from timeline import county

from gateway.errors import UserFault
from gateway.journal.controls import PaperAct
from gateway.papers.paper import begun, changed, digest_of
from gateway.papers.rules import check
from gateway.papers.seen import Look
from gateway.papers.weekly import weekly

LOOKS = (
    Look("P0002", "D01", SINCE + 60, "approved visit"), Look("P0002", "D02", SINCE + 90, "alarm 1f3a"),
    Look("P0001", "D02", SINCE - 1, "before"), Look("P0001", "D02", NOW + 1, "after"), Look("X", "D02", NOW, "gone"),
)  # fmt: skip


def week(**changes):
    return weekly(replace(seen(**changes), looks=LOOKS))


def test_the_last_look_of_the_week_counts_and_who_was_not_looked_at_comes_first():
    found = {one.person: told(one) for one in week()}
    assert list(found) == [*sorted(set(found) - {"P0002"}), "P0002"]
    assert found["P0002"][2:] == ("D02 已查看；目的：alarm 1f3a", "looked at by D02; what for: alarm 1f3a")
    assert found["P0001"][0] == "track_unseen"


def test_everybody_stands_there_who_wears_a_bracelet_under_authority_and_nobody_else():
    assert {one.person for one in week()} <= set(county().people)
    assert week(authorities=()) == []
    assert week(assignments=()) == []


def test_it_is_signed_once_those_who_were_not_looked_at_are_ticked():
    paper = begun(PaperAct("p", "begin", 1, "D01", form="weekly", since=SINCE, until=NOW, lines=tuple(week())), NOW)
    unseen = [one.line.key for one in paper.entries if one.line.section == "track_unseen"]
    assert unseen
    for key in unseen:
        sign = PaperAct("p", "sign", paper.revision + 1, "D01", digest=digest_of(paper))
        with pytest.raises(UserFault, match="not ticked yet"):
            check(paper, sign, None)
        paper = changed(paper, PaperAct("p", "tick", paper.revision + 1, "D01", key=key, note="in hospital"), NOW)
    check(paper, PaperAct("p", "sign", paper.revision + 1, "D01", digest=digest_of(paper)), None)
