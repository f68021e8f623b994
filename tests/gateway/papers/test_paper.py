"""What acts make of a sheet, what is refused, and what a signature stands under."""

from __future__ import annotations

import msgspec
import pytest
from sheet import LINE, OTHER, begin

from gateway.errors import UserFault
from gateway.journal.controls import PAPER_DOINGS, RENEW, PaperAct, PaperLine
from gateway.papers.forms import FORMS
from gateway.papers.paper import Mark, begun, changed, digest_of
from gateway.papers.rules import LONGEST, LONGEST_WORD, check
from gateway.settings.model import Role
from gateway.words.phrases import spoken

DUTY = {Role.DUTY}


def act(paper, do, by="D01", **said):
    if do == "sign":
        said.setdefault("digest", digest_of(paper))
    return PaperAct(paper.id, do, paper.revision + 1, by, **said)


def done(paper, do, at=3000.0, *, roles=DUTY, **said):
    one = act(paper, do, **said)
    check(paper, one, roles)
    return changed(paper, one, at)


def refused(paper, do, *, roles=DUTY, **said) -> str:
    with pytest.raises(UserFault) as fault:
        check(paper, act(paper, do, **said), roles)
    return spoken(fault.value, "en")


@pytest.fixture
def paper():
    return begun(begin(), 2500.0)


def test_it_begins_as_it_was_made(paper):
    assert [one.line for one in paper.entries] == [LINE, OTHER]
    assert (paper.made, paper.revision, paper.frozen, paper.signatures) == (Mark("D01", 2500.0), 1, 0.0, ())


def test_lines_are_added_corrected_struck_and_ticked_with_who_and_when(paper):
    mine = PaperLine("own-1", "added", zh="钥匙在抽屉", en="the key is in the drawer")
    better = msgspec.structs.replace(LINE, en="strap cut, clasp looked at")
    paper = done(paper, "add", lines=(mine,), by="D01")
    paper = done(paper, "correct", lines=(better,), note="seen on site", by="D02")
    paper = done(paper, "strike", key=OTHER.key, note="came twice")
    paper = done(paper, "tick", 4000.0, key=LINE.key, note="called")
    first, second, third = paper.entries
    assert (first.line, first.was, first.corrected) == (better, (LINE,), Mark("D02", 3000.0, "seen on site"))
    assert (first.ticked, second.struck) == (Mark("D01", 4000.0, "called"), Mark("D01", 3000.0, "came twice"))
    assert (third.line, third.added, paper.revision) == (mine, Mark("D01", 3000.0), 5)


def test_two_sign_what_is_the_same_and_then_nothing_changes(paper):
    first = done(paper, "sign", by="D01")
    assert (first.frozen, first.digest) == (0.0, digest_of(paper))
    both = done(first, "sign", 3500.0, by="D02")
    assert ([one.by for one in both.signatures], both.frozen) == (["D01", "D02"], 3500.0)
    assert both.digest == digest_of(both) == digest_of(paper)
    for do in set(PAPER_DOINGS) - {"begin"}:
        assert "signed and closed" in refused(both, do, lines=(LINE,), key=LINE.key, note="x")
        assert changed(both, act(both, do, lines=(LINE,), key=LINE.key), 4000.0) == both


def test_a_signature_holds_the_content_until_somebody_reopens_it_with_a_reason(paper):
    signed = done(paper, "sign", by="D01")
    assert "D01 has signed" in refused(signed, "tick", key=LINE.key)
    assert "say why" in refused(signed, "reopen")
    again = done(signed, "reopen", by="D02", note="P0007 is missing")
    assert (again.signatures, again.digest) == ((), "")
    assert again.voided == ((signed.signatures, Mark("D02", 3000.0, "P0007 is missing")),)
    assert digest_of(again) == digest_of(paper)


def test_every_word_and_mark_of_it_is_in_the_digest(paper):
    seen = {digest_of(paper)}
    for do, said in (
        ("add", {"lines": (PaperLine("own-1", "added", en="x"),)}), ("tick", {"key": LINE.key}),
        ("correct", {"lines": (msgspec.structs.replace(LINE, due=1.0),)}), ("strike", {"key": LINE.key, "note": "n"}),
    ):  # fmt: skip
        seen.add(digest_of(done(paper, do, **said)))
    assert len(seen) == 5


@pytest.mark.parametrize(
    ("do", "said", "words"),
    [
        ("tick", {"key": "alarm-z"}, "no line alarm-z"),
        ("correct", {"lines": (PaperLine("alarm-z", "unresolved"),)}, "no line alarm-z"),
        ("correct", {"lines": ()}, "one line at a time"),
        ("add", {"lines": (LINE,)}, "has a line"),
        ("add", {"lines": (PaperLine("n", "added", zh="长" * (LONGEST + 1)),)}, "too long"),
        ("tick", {"key": LINE.key, "note": "x" * (LONGEST + 1)}, "too long"),
        ("add", {"lines": (PaperLine("n", "added", owner="x" * (LONGEST_WORD + 1)),)}, "too long"),
        ("strike", {"key": LINE.key}, "say why"),
        ("reopen", {"note": "why"}, "nobody has signed"),
        ("sign", {"digest": "0" * 64}, "changed the sheet meanwhile"),
        ("sign", {"roles": {Role.AUDITOR}}, "duty, leader, office"),
    ],
)
def test_what_cannot_be_is_refused_in_words(paper, do, said, words):
    assert words in refused(paper, do, **said)


def test_the_same_person_does_not_sign_twice(paper):
    assert "you have signed" in refused(done(paper, "sign"), "sign")


def test_an_act_that_follows_another_revision_does_nothing(paper):
    late = act(paper, "tick", key=LINE.key)
    ticked = done(paper, "tick", key=OTHER.key)
    with pytest.raises(UserFault, match="changed the sheet"):
        check(ticked, late, DUTY)
    assert changed(ticked, late, 5000.0) == ticked


def test_a_list_to_be_looked_through_is_signed_only_once_each_line_was(paper):
    paper = begun(begin("daily"), 2500.0)
    assert "2 lines are not ticked" in refused(paper, "sign")
    paper = done(done(paper, "tick", key=LINE.key), "strike", key=OTHER.key, note="not ours")
    assert done(paper, "sign").frozen == 3000.0


def test_every_form_is_signed_by_somebody_who_may_make_or_leads():
    for name, form in FORMS.items():
        assert form.signers, name
        assert all(roles <= {Role.DUTY, Role.OFFICE, Role.LEADER} for roles in (*form.signers, form.makers)), name


def test_the_gateway_says_its_own_lines_anew_and_keeps_what_they_were_and_what_people_added(paper):
    noted = done(paper, "add", lines=(PaperLine("own-1", "added", zh="钥匙"),))
    now = PaperLine("alarm-a1", "closed", "P0001", "a1", zh="已办结", en="closed")
    renewed = done(noted, RENEW, lines=(now, OTHER))
    assert [one.line for one in renewed.entries] == [now, OTHER, noted.entries[2].line]
    assert [one.was for one in renewed.entries] == [(LINE,), (), ()]
    assert digest_of(renewed) != digest_of(noted)
    assert "no line zz" in refused(noted, RENEW, lines=(PaperLine("zz", "closed"),))
    assert "has signed" in refused(done(noted, "sign"), RENEW, lines=(now,))
