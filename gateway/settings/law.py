"""The legal basis of positioning a person."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Final

from gateway.settings.calendar import after, day_before, last_day, midnight
from gateway.settings.model import Authority, AuthorityKind, Ground

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from zoneinfo import ZoneInfo

    from gateway.settings.entries import Entry
    from gateway.settings.faults import Findings
    from gateway.settings.known import Known
    from gateway.settings.model import Person
    from gateway.settings.raw import AuthorityEntry

REVIEW_DAYS: Final = 30
"""Days after which an authority is looked at again."""


def authorities(
    entries: Sequence[Entry[AuthorityEntry]], people: Mapping[str, Person], known: Known, zone: ZoneInfo,
    findings: Findings,
) -> tuple[Authority, ...]:  # fmt: skip
    """All authorities, by person, kind and start. Extensions may overlap; each is judged for itself."""
    for entry in entries:
        known.check("unknown_person", entry.value.person, entry.place("person"), findings)
        _check_length(entry, findings)
        _check_term(entry, people, zone, findings)
        if entry.value.kind is AuthorityKind.BRACELET and entry.value.ground is None:
            findings.add(entry.place("kind"), "ground_missing", allowed=", ".join(Ground))
        if entry.value.kind is AuthorityKind.PHONE_CHECK and entry.value.ground is not None:
            findings.add(entry.place("ground"), "ground_useless")
    _note_unassessed(entries, findings)
    found = (_authority(entry.value, zone) for entry in entries)
    return tuple(sorted(found, key=lambda each: (each.person, each.kind, each.start, each.document)))


def _note_unassessed(entries: Sequence[Entry[AuthorityEntry]], findings: Findings) -> None:
    """What goes on where another ends, or before, is an extension: it names why it is still needed."""
    by_holder: dict[tuple[str, str], list[AuthorityEntry]] = defaultdict(list)
    for entry in entries:
        by_holder[entry.value.person, entry.value.kind].append(entry.value)
    for entry in entries:
        one = entry.value
        others = by_holder[one.person, one.kind]
        if one.assessment is None and any(each.start < one.start <= after(each.until) for each in others):
            findings.warn(entry.place("document"), "extension_unassessed", person=one.person)


def _check_length(entry: Entry[AuthorityEntry], findings: Findings) -> None:
    """Community Corrections Law, article 29: three months at most, the person informed beforehand."""
    authority, latest = entry.value, last_day(entry.value.start)
    if authority.until < authority.start:
        findings.add(entry.place("until"), "period_reversed")
    if authority.until > latest:
        findings.add(entry.place("until"), "authority_long", latest=latest)
    if authority.wearer_informed > authority.start:
        findings.add(entry.place("wearer_informed"), "informed_late", value=authority.wearer_informed)


def _check_term(
    entry: Entry[AuthorityEntry], people: Mapping[str, Person], zone: ZoneInfo, findings: Findings
) -> None:  # fmt: skip
    """Nobody is positioned beyond the term of supervision."""
    person = people.get(entry.value.person)
    if person is not None and midnight(after(entry.value.until), zone) > person.term_until:
        latest = day_before(person.term_until, zone)
        findings.add(entry.place("until"), "term_outlasted", person=person.person, latest=latest)


def _authority(entry: AuthorityEntry, zone: ZoneInfo) -> Authority:
    return Authority(
        person=entry.person,
        kind=entry.kind,
        ground=entry.ground,
        document=entry.document,
        approved_by=entry.approved_by,
        wearer_informed=midnight(entry.wearer_informed, zone),
        start=midnight(entry.start, zone),
        until=midnight(after(entry.until), zone),
        assessment=entry.assessment or "",
    )


def reviews(authority: Authority, zone: ZoneInfo) -> list[date]:
    """Days of a term by which it is asked whether it is still necessary: each thirty days, counted from its first."""
    first, last = (datetime.fromtimestamp(at, zone).date() for at in (authority.start, authority.until))
    days = range(REVIEW_DAYS, (last - first).days, REVIEW_DAYS)
    return [first + timedelta(days=each) for each in days]
