"""Sheets of a package for one case: its cover with the sum of each file, the record of acts, who looked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gateway.printed.alarm_record import history_of
from gateway.words import case_words as words
from gateway.words import printed_words as said
from gateway.words.audit_list import RESULTS, door_of, what_of
from gateway.words.evidence_words import CASE_TO, PURPOSES
from gateway.words.kind_names import kind_name

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from gateway.engine import Episode, NoticeRecord
    from gateway.printed.sheet import Facts, Making, Part, Sheet


@dataclass(frozen=True, slots=True)
class Case:
    """What a package is for.

    Attributes:
        person: whose; ``office``: whose people that is.
        since, until: the time, UTC epoch seconds, since <= t < until; ``at``: as of when.
        to, purpose, document: keys of ``evidence_words.CASE_TO`` and ``PURPOSES``, and the number of the document.
        by, approved_by: staff numbers of two people.
        places: whether places are in it.
        minor: why something of a minor is handed over; empty: it is none.
    """

    person: str
    office: str
    since: float
    until: float
    at: float
    to: str
    purpose: str
    document: str
    by: str
    approved_by: str
    places: bool
    minor: str = ""


def cover(case: Case, sums: Mapping[str, str], left: Mapping[str, str], making: Making) -> Sheet:
    """The first page.

    Args:
        case: what it is for.
        sums: SHA-256 of each file, by its name.
        left: why there is no evidence of an alarm, by the beginning of its id.
        making: how it is made.
    """
    files = making.table(words.FILES, [words.FILE, words.SUM], [list(one) for one in sums.items()])
    parts: list[Part] = [_case(case, making), files]
    if left:
        rows = [list(one) for one in left.items()]
        parts.append(making.table(words.LEFT_OUT, [said.ALARM_ID, words.WHY], rows))
    return making.sheet(words.COVER, case.person, words.COVER_LEAD, parts, [said.MADE_BY, said.APPROVER])


def _case(case: Case, making: Making) -> Facts:
    places = words.WITH_PLACES if case.places else words.WITHOUT_PLACES
    return making.facts(words.CASE, [
        (words.RECIPIENT, making.say(CASE_TO[case.to])), (words.PURPOSE, making.say(PURPOSES[case.purpose])),
        (words.NUMBER, case.document), (said.PERSON, case.person), (said.OFFICE, case.office),
        (said.SINCE, making.stamp(case.since)), (said.UNTIL, making.stamp(case.until)),
        (words.PLACES, making.say(places)), (words.MINOR, case.minor), (said.MADE_BY, case.by),
        (said.APPROVER, case.approved_by),
    ])  # fmt: skip


def acts_sheet(
    person: str, episodes: Sequence[Episode], notices: Mapping[str, Sequence[NoticeRecord]], making: Making
) -> Sheet:  # fmt: skip
    """All that was done about some alarms, in order of time; ``notices``: who was told, by an alarm's id."""
    lines = sorted(
        (at, one.id[:8], kind_name(one.kind, making.language), line)
        for one in episodes
        for at, line in history_of(one, notices.get(one.id, ()), making)
    )
    rows = [
        [str(number), making.stamp(at), alarm, kind, line] for number, (at, alarm, kind, line) in enumerate(lines, 1)
    ]
    heads = [said.NUMBER, said.TIME, said.ALARM_ID, said.KIND, said.RECORD_LINE]
    return making.sheet(words.ACTS, person, words.ACTS_LEAD, [making.table(words.ACTS, heads, rows)], [])


def audit_sheet(person: str, rows: Sequence[Mapping[str, Any]], making: Making) -> Sheet:
    """Who looked at a person, oldest first; rows as :func:`gateway.journal.audit.row_of` makes them."""
    language = making.language
    told = [
        [making.stamp(row["at"]), row["number"] or row["account"], what_of(row, language), door_of(row, language),
         row["purpose"], making.say(RESULTS[bool(row["ok"])])]
        for row in rows
    ]  # fmt: skip
    heads = [said.TIME, words.BY, words.WHAT, words.DOOR, words.PURPOSE, words.RESULT]
    return making.sheet(words.AUDIT, person, words.AUDIT_LEAD, [making.table(words.AUDIT, heads, told)], [])
