"""What is told of roll calls: plain mappings, times in UTC epoch seconds, what is not known as None."""

from __future__ import annotations

import math
from collections import Counter
from typing import TYPE_CHECKING, Any, Final

import msgspec
import numpy as np

from gateway.rollcall.reasons import CODE, LIST_OF, REASONS, Listed, Reason

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from gateway.papers.paper import Paper
    from gateway.rollcall.call import Going, RollCall
    from gateway.rollcall.lists import Lists
    from gateway.rollcall.plan import Plan
    from gateway.rollcall.roster import Roster

Row = dict[str, Any]
_LISTS: Final = tuple(Listed)
_RANK: Final = np.array([_LISTS.index(LIST_OF[reason]) * len(REASONS) + CODE[reason] for reason in REASONS])


def offered(call: RollCall, identity: str, plan: Plan, *, of_all: bool) -> Row:
    """What would go out: to how many, and why to the others not."""
    left = plan.left[plan.left >= 0].tolist()
    return {
        "offer": identity, "selection": msgspec.to_builtins(call.selection), "seed": call.seed, "of_all": of_all,
        "people": len(plan.rows), "orders": len(plan.rows) - len(left), "left": dict(reasons_of(left)),
    }  # fmt: skip


def reasons_of(codes: Iterable[int]) -> list[tuple[str, int]]:
    """How many stand under each reason, the most first."""
    return [(str(REASONS[code]), count) for code, count in Counter(codes).most_common()]


def brief(call: RollCall, state: str) -> Row:
    """What a roll call is; ``state``: ``waits``, ``going``, ``complete`` or ``signed``."""
    return {
        "id": call.id, "state": state, "by": call.by, "confirmed_by": call.confirmed_by, "purpose": call.purpose,
        "selection": msgspec.to_builtins(call.selection), "seed": call.seed, "begun": call.begun or None,
        "people": len(call.people), "orders": len(call.asked()),
    }  # fmt: skip


def of_going(going: Going) -> Row:
    """One that nobody has signed."""
    owed = going.owed
    return brief(going.call, "going" if owed else "complete") | {"owed": owed, "finished": _known(going.finished)}


def of_paper(call: RollCall, paper: Paper) -> Row:
    """One that is signed, or is not any more."""
    signed = {"signed_by": paper.signatures[-1].by, "signed": paper.frozen, "digest": paper.digest}
    return brief(call, "signed") | signed | {"owed": 0, "finished": None}


def live_rows(going: Going, lists: Lists, roster: Roster, mine: Callable[[str], bool]) -> list[Row]:
    """The people of some offices in their lists, the gravest list first."""
    order = np.argsort(_RANK[lists.why], kind="stable")
    columns = (lists.why, lists.since, lists.placed, lists.zone)
    name, policy = roster.policy.zones.zone_name, roster.policy.configuration
    called = [going.call.people[at] for at in order.tolist()]
    return [
        _row(one.person, one.office, REASONS[why], since, placed, name(zone) if zone >= 0 else "", policy.people)
        for one, why, since, placed, zone in zip(called, *(each[order].tolist() for each in columns), strict=True)
        if mine(one.office)
    ]


def frozen_rows(paper: Paper, people: Mapping[str, Any], mine: Callable[[str], bool]) -> list[Row]:
    """The same of one that is signed, as it was signed."""
    lines = [entry.line for entry in paper.entries if entry.line.person and mine(entry.line.owner)]
    lines.sort(key=lambda line: (int(_RANK[CODE[Reason(line.section)]]), line.person))
    return [
        _row(line.person, line.owner, Reason(line.section), line.since or math.nan, math.nan, "", people)
        for line in lines
    ]


def _row(  # noqa: PLR0913, PLR0917  what stands in it
    person: str, office: str, reason: Reason, since: float, placed: float, zone: str, people: Mapping[str, Any]
) -> Row:  # fmt: skip
    known = people.get(person)
    return {
        "person": person, "office": office, "list": str(LIST_OF[reason]), "reason": str(reason),
        "since": _known(since), "placed": _known(placed),
        "zone": zone, "minor": known is not None and known.minor,
    }  # fmt: skip


def _known(time: float) -> float | None:
    return None if math.isnan(time) else time


def counts_of(rows: Iterable[Row]) -> dict[str, int]:
    """How many stand in each list, all of them named."""
    found = Counter(row["list"] for row in rows)
    return {str(one): found[one] for one in Listed}
