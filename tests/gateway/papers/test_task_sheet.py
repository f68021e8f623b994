"""The task sheet: what falls due in the coming week, each once; what was left undone goes over."""

from __future__ import annotations

from dataclasses import replace

import pytest
from made_episodes import episode
from seen_county import NOW, seen, told
from timeline import DAY, RULES, at, authority, county, leave

from gateway.errors import UserFault
from gateway.journal.controls import PaperAct
from gateway.papers.paper import begun, changed, digest_of
from gateway.papers.rules import check
from gateway.papers.tasks import AHEAD, tasks
from gateway.settings.absences import Removal, RemovalReason
from gateway.settings.meetings import Appointment
from gateway.settings.task_model import Ending, Owner, TaskTemplate
from gateway.words.paper_names import SECTIONS

HOLDS = authority("P0001", at(-58, 0), at(32, 0))
"""Reminded of on day 2 (30 days before), reviewed on day 2 (60 days after its beginning)."""


def template(name: str, **changes) -> TaskTemplate:
    plain = TaskTemplate(name, f"{name}（中）", name, 0.0, None, 14, "", 0.0, Owner.OFFICE, courtesy=False)
    return replace(plain, **changes)


def week(*episodes, **changes):
    plain = {"authorities": (HOLDS,), "rules": (), "leave": ()}
    return replace(seen(*episodes, **(plain | changes)), since=NOW - AHEAD)


def sheet(lines, until: float = NOW):
    act = PaperAct("p", "begin", 1, "S01", form="tasks", since=until - AHEAD, until=until, lines=tuple(lines))
    return begun(act, until)


def done(paper, do: str, **more):
    act = PaperAct("p", do, paper.revision + 1, "S01", **more)
    check(paper, act, None)
    return changed(paper, act, NOW)


def test_reminders_and_the_review_fall_due_with_their_document():
    assert [(*told(one), one.due, one.owner) for one in tasks(week())] == [
        (
            "reminder", "P0001", "电子定位依据：30天后到期（最后一天 2026-12-03）；延长须先有评估文书",
            ("authority for the bracelet: ends in 30 days (last day 2026-12-03); extended only by its assessment"
            " document"), at(2, 0), "SFS-01",
        ),
        (
            "review", "P0001", "复核是否仍有必要定位（依据 2026-12）",
            "is positioning still necessary? (document 2026-12)", at(2, 0), "SFS-01",
        ),
    ]  # fmt: skip


def test_term_rule_and_leave_are_reminded_of_each_by_itself():
    people = county().people
    people = people | {"P0001": replace(people["P0001"], term_until=at(15, 0))}
    rules = (replace(RULES["cafes"], until=at(8, 0)),)
    lines = tasks(week(authorities=(), people=people, rules=rules, leave=(leave(at(-2, 8), at(4, 20)),)))
    assert [(one.section, one.zh, one.due) for one in lines] == [
        ("reminder", "禁止令或规则 cafes：7天后到期（最后一天 2026-11-09）", at(1, 0)),
        ("reminder", "矫正期限（解矫日）：14天后到期（最后一天 2026-11-16）", at(1, 0)),
        ("reminder", "请假：3天后到期（最后一天 11-06 20:00）", at(1, 20)),
        ("reminder", "请假：1天后到期（最后一天 11-06 20:00）", at(3, 20)),
        ("return", "假期至 11-06 20:00，返回后登记（销假）", at(4, 20)),
        ("reminder", "禁止令或规则 cafes：3天后到期（最后一天 2026-11-09）", at(5, 0)),
        ("reminder", "禁止令或规则 cafes：1天后到期（最后一天 2026-11-09）", at(7, 0)),
        ("reminder", "矫正期限（解矫日）：7天后到期（最后一天 2026-11-16）", at(8, 0)),
    ]


def test_appointments_and_removals_say_when_and_name_no_place():
    appointment = Appointment("P0001", "square", at(3, 9), at(3, 11), "notice 7", 900.0)
    removal = Removal("P0001", RemovalReason.HOSPITAL, at(0, 8), at(5, 8), "office B")
    lines = tasks(week(authorities=(), appointments=(appointment,), removals=(removal,)))
    assert [(one.section, one.en, one.due) for one in lines] == [
        ("appointment", "to report between 11-05 09:00 and 11-05 11:00 (notice 7)", at(3, 11)),
        ("back", "bracelet (hospital) to be back on by 11-07 08:00", at(5, 8)),
    ]


def test_templates_come_again_and_again_before_an_end_and_after_an_alarm():
    templates = (
        template("talk", every_s=30 * DAY, due_after_s=7 * DAY, courtesy=True),
        template("papers", before=Ending.AUTHORITY, days=28, owner=Owner.LEADER),
        template("call", alarm="strap_cut", due_after_s=DAY, owner=Owner.DUTY),
    )
    cut, old = episode("strap_cut", onset=at(1, 2)), episode("strap_cut", id="2" * 32, onset=at(-9, 2))
    back = episode("strap_cut", id="3" * 32, onset=at(1, 3), retracted=True)
    lines = [one for one in tasks(week(cut, old, back, tasks=templates)) if one.section in {"task", "courtesy"}]
    assert [(one.section, one.en, one.since, one.due, one.owner, one.alarm) for one in lines] == [
        ("task", "call", at(1, 2), at(2, 2), "duty", cut.id),
        ("task", "papers", at(4, 0), at(4, 0), "leader", ""),
        ("courtesy", "talk", at(2, 0), at(9, 0), "SFS-01", ""),
    ]


def test_what_a_sheet_has_does_not_come_again_and_what_is_undone_goes_over():
    first = sheet(tasks(week()))
    reminder, review = first.entries
    first = done(first, "tick", key=review.line.key, note="still necessary, see file")
    later = replace(week(), since=NOW, until=NOW + DAY, now=NOW + DAY, before=(first,))
    assert tasks(later) == [reminder.line]
    struck = done(first, "strike", key=reminder.line.key, note="extended")
    assert tasks(replace(later, before=(struck,))) == []
    gone = {name: replace(one, term_until=NOW) for name, one in county().people.items()}
    ended = replace(week(people=gone), before=(first,))
    assert tasks(ended) == []


def test_a_reminder_or_a_return_goes_over_only_while_it_is_so():
    gone = leave(at(-1, 8), at(1, 20))
    first = sheet(tasks(week(leave=(gone,))))
    assert [one.line.section for one in first.entries] == ["reminder", "return", "reminder", "review"]
    # The reminders of a leave that is over have gone; the return is waited for until it is on record.
    after = {"since": NOW, "until": at(2, 8), "now": at(2, 8), "before": (first,)}
    later = replace(week(leave=(gone,)), **after)
    assert [one.section for one in tasks(later)] == ["return", "reminder", "review"]
    extension = authority("P0001", at(32, 0), at(90, 0))
    put_off = week(authorities=(HOLDS, extension), leave=(replace(gone, returned=at(1, 7)),))
    assert [one.section for one in tasks(replace(put_off, **after))] == ["review"]


def test_it_is_signed_with_tasks_left_and_a_courtesy_has_no_note():
    talk = template("talk", every_s=30 * DAY, courtesy=True)
    paper = sheet(tasks(week(tasks=(talk,))))
    courtesy = next(one.line.key for one in paper.entries if one.line.section == "courtesy")
    with pytest.raises(UserFault, match="without a note"):
        done(paper, "tick", key=courtesy, note="talked about his mother")
    paper = done(paper, "tick", key=courtesy)
    assert done(paper, "sign", digest=digest_of(paper)).frozen == NOW


def test_an_office_has_its_own_people_and_every_heading_has_a_name():
    assert tasks(replace(week(), office="SFS-02")) == []
    protected = {name: replace(one, protected=True) for name, one in county().people.items()}
    assert tasks(week(people=protected)) == []
    assert {"reminder", "review", "appointment", "back", "task", "courtesy", "return"} <= set(SECTIONS)
