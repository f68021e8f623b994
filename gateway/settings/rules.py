"""Restrictions: whom they bind, where and when, and on which document."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from gateway.settings.calendar import after, day_before, midnight
from gateway.settings.hour_model import HOME
from gateway.settings.hours import hours
from gateway.settings.meetings import KeepAwayRule, NotTogetherRule
from gateway.settings.model import ChargeRule, CurfewRule, NightsOutRule, RepeatedPlaceRule, Rule
from gateway.settings.zone_terms import chosen

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from zoneinfo import ZoneInfo

    from gateway.settings.entries import Entry
    from gateway.settings.faults import Findings
    from gateway.settings.known import Known
    from gateway.settings.model import Person
    from gateway.settings.raw import RuleEntry
    from gateway.settings.raw_hours import CurfewEntry, NightsOutEntry, RepeatedPlaceEntry
    from gateway.settings.raw_meetings import KeepAwayEntry, NotTogetherEntry

_COMPANY = 2
ASKED = (
    "stay_inside",
    "keep_out",
    "curfew",
    "repeated_place",
    "nights_out",
    "no_motion",
    "charge",
    "not_together",
    "keep_away",
)
"""What a rule may ask; at least one of them."""


def rules(
    entries: Sequence[Entry[RuleEntry]], people: Mapping[str, Person], known: Known, zone: ZoneInfo, findings: Findings
) -> tuple[Rule, ...]:
    """All rules as written, their people resolved to sorted ids."""
    return tuple(_rule(entry, people, known, zone, findings) for entry in entries)


def _rule(
    entry: Entry[RuleEntry], people: Mapping[str, Person], known: Known, county: ZoneInfo, findings: Findings
) -> Rule:  # fmt: skip
    value = entry.value
    for key in ("stay_inside", "keep_out"):
        zone = getattr(value, key)
        if zone is not None:
            known.check("unknown_zone", zone, entry.place(key), findings)
    if value.stay_inside is not None and value.stay_inside == value.keep_out:
        findings.add(entry.place("keep_out"), "zone_both", value=value.keep_out)
    if not any(getattr(value, key) for key in ASKED):
        findings.add(entry.place("id"), "rule_empty", value=value.id, keys=", ".join(ASKED))
    if value.near and not (value.stay_inside or value.keep_out):
        findings.add(entry.place("near"), "near_nothing", value=value.id)
    bound = chosen(entry, value.people, people, known, findings)
    _check_home(entry, [people[person] for person in bound if person in people], findings)
    start, until = _period(entry, people, county, findings)
    return Rule(
        id=value.id,
        people=bound,
        basis=value.basis,
        stay_inside=value.stay_inside or "",
        keep_out=value.keep_out or "",
        curfew=_curfew(entry, value.curfew, known, county, findings),
        repeated_place=_repeated_place(entry, value.repeated_place, findings),
        nights_out=_nights_out(entry, value.nights_out, findings),
        no_motion_s=0.0 if value.no_motion is None else value.no_motion.hours * 3600.0,
        charge=None if value.charge is None else ChargeRule(value.charge.by, value.charge.least),
        not_together=_not_together(entry, value.not_together, findings),
        keep_away=_keep_away(entry, value.keep_away, known, findings),
        near_m=float(value.near),
        start=start,
        until=until,
        basis_kind=value.basis_kind,
    )


def _period(
    entry: Entry[RuleEntry], people: Mapping[str, Person], county: ZoneInfo, findings: Findings
) -> tuple[float, float]:  # fmt: skip
    """Since when and until when it binds. Whom it names must not be bound beyond the term; else it ends with that."""
    value = entry.value
    start = -math.inf if value.start is None else midnight(value.start, county)
    until = math.inf if value.until is None else midnight(after(value.until), county)
    if until <= start:
        findings.add(entry.place("until"), "period_reversed")
    for person in value.people.ids or ():
        term = people[person].term_until if person in people else math.inf
        if term < until < math.inf:
            findings.add(entry.place("until"), "term_outlasted", person=person, latest=day_before(term, county))
    return start, until


def _check_home(entry: Entry[RuleEntry], bound: Sequence[Person], findings: Findings) -> None:
    """A repeated place is one that is not home, so it needs to know home as a curfew does; so do nights out."""
    value = entry.value
    asking: list[tuple[str, ...]] = (
        [("curfew", "zone")] if value.curfew is not None and value.curfew.zone == HOME else []
    )
    asking += [(key,) for key in ("repeated_place", "nights_out") if getattr(value, key) is not None]
    for person in bound:
        if person.home is None and asking:
            place = entry.place(*asking[0])
            findings.add(place, "home_needed", value=value.id, person=person.person)


def _curfew(
    entry: Entry[RuleEntry], written: CurfewEntry | None, known: Known, county: ZoneInfo, findings: Findings
) -> CurfewRule | None:
    if written is None:
        return None
    if written.zone != HOME:
        known.check("unknown_zone", written.zone, entry.place("curfew", "zone"), findings)
    return CurfewRule(written.zone, hours(entry, written, county.key, findings), written.grace)


def _repeated_place(
    entry: Entry[RuleEntry], written: RepeatedPlaceEntry | None, findings: Findings
) -> RepeatedPlaceRule | None:
    if written is None:
        return None
    if written.nights > written.of:
        findings.add(entry.place("repeated_place", "nights"), "nights_order", nights=written.nights, of=written.of)
    return RepeatedPlaceRule(written.nights, written.of)


def _nights_out(entry: Entry[RuleEntry], written: NightsOutEntry | None, findings: Findings) -> NightsOutRule | None:
    if written is None:
        return None
    if written.nights > written.of:
        findings.add(entry.place("nights_out", "nights"), "nights_order", nights=written.nights, of=written.of)
    return NightsOutRule(written.nights, written.of)


def _not_together(
    entry: Entry[RuleEntry], written: NotTogetherEntry | None, findings: Findings
) -> NotTogetherRule | None:
    """Two named people at least: it is about them, and not about everybody of a level."""
    if written is None:
        return None
    if len(set(entry.value.people.ids or ())) < _COMPANY:
        findings.add(entry.place("not_together"), "company_unnamed", value=entry.value.id)
    return NotTogetherRule(float(written.within), written.lasting)


def _keep_away(
    entry: Entry[RuleEntry], written: KeepAwayEntry | None, known: Known, findings: Findings
) -> KeepAwayRule | None:
    if written is None:
        return None
    known.check("unknown_protected", written.protected, entry.place("keep_away", "protected"), findings)
    return KeepAwayRule(written.protected, float(written.within), float(written.buffer))
