"""A roll call as a sheet of the office: whom it asks when it begins, and its lists once they are signed."""

from __future__ import annotations

import hashlib
import math
from typing import TYPE_CHECKING, Final

from gateway.journal.controls import PaperAct, PaperLine
from gateway.rollcall.call import Called, RollCall
from gateway.rollcall.reasons import REASONS, Reason
from gateway.rollcall.selection import Selection
from gateway.words.roll_call_words import REASONS as WORDS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gateway.papers.paper import Paper
    from gateway.rollcall.lists import Lists

FORM: Final = "roll_call"


def begun_act(call: RollCall) -> PaperAct:
    """What begins its sheet: a line a person, under the reason why he is not asked, or under that he waits."""
    facts = {
        "level": call.selection.level, "office": call.selection.office, "percent": str(call.selection.percent),
        "seed": call.seed, "purpose": call.purpose, "confirmed_by": call.confirmed_by,
    }  # fmt: skip
    return PaperAct(
        call.id, "begin", 1, call.by, call.account, FORM, call.selection.office, call.begun, call.begun,
        {name: value for name, value in facts.items() if value},
        tuple(_line(one, Reason(one.left or Reason.WAITING), one.since) for one in call.people),
    )  # fmt: skip


def lines_of(call: RollCall, lists: Lists) -> tuple[PaperLine, ...]:
    """The lines of its lists, in the order of its people."""
    rows = zip(call.people, lists.why.tolist(), lists.since.tolist(), strict=True)
    return tuple(_line(one, REASONS[why], None if math.isnan(since) else since) for one, why, since in rows)


def _line(one: Called, reason: Reason, since: float | None) -> PaperLine:
    """One person's line, whose device is what was asked, if anything was. Nothing of a place."""
    said = WORDS[reason]
    return PaperLine(
        one.person, reason, one.person, device=one.device, zh=said.zh, en=said.en, since=since or 0.0, owner=one.office
    )  # fmt: skip


def call_of(paper: Paper, orders: Mapping[str, str]) -> RollCall:
    """The roll call of a sheet as it was begun; ``orders``: by device the id of the order that was given for it.

    An order that a crash kept from being given is one that was cancelled.
    """
    facts, lines = paper.facts, [entry.was[0] if entry.was else entry.line for entry in paper.entries]
    selection = Selection(facts.get("level", ""), facts.get("office", ""), int(facts["percent"]))
    return RollCall(
        paper.id, selection, facts.get("seed", ""), facts["purpose"], paper.made.by, "", paper.since,
        facts.get("confirmed_by", ""), tuple(_called(line, orders) for line in lines if line.person),
    )  # fmt: skip


def _called(line: PaperLine, orders: Mapping[str, str]) -> Called:
    order = orders.get(line.device, "")
    left = "" if order else Reason.CANCELLED if line.device else line.section
    return Called(line.person, line.owner, line.device, order, left, line.since or None)


def digest_of_lists(call: RollCall, lists: Lists) -> str:
    """SHA-256 of who stands where: so that nobody signs other lists than he has seen."""
    rows = zip(call.people, lists.why.tolist(), strict=True)
    return hashlib.sha256("".join(f"{one.person} {REASONS[why]}\n" for one, why in rows).encode()).hexdigest()
