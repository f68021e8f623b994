"""What is looked through every day (每日必查): each matter once, under the first heading that it belongs to."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Final

import msgspec

from gateway.journal.controls import PaperLine
from gateway.papers.alarm_lines import ENDS_SOON, alarm_line, waiting
from gateway.papers.register_lines import endings, leaves, removals
from gateway.papers.running_flat import running_flat
from gateway.papers.said import in_both, part

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gateway.engine import Episode
    from gateway.papers.seen import Seen

OVERDUE: Final = "overdue"
ASKED: Final = 30 * 86_400.0
"""Seconds since its end for which a leave without a return is asked about."""
BY_KIND: Final[Mapping[str, frozenset[str]]] = {
    "odd_place": frozenset({
        "repeated_place", "nights_out", "exclusion_enter", "exclusion_crossed", "inclusion_exit",
        "region_unauthorised", "curfew_late", "curfew_early_leave", "curfew_absent", "wearers_together",
    }),
    "silent": frozenset({"comms_lost", "phone_off", "power_off", "battery_dead"}),
    "low": frozenset({"battery_low", "battery_critical", "charge_missed"}),
    "not_located": frozenset({
        "location_lost", "motion_no_gnss", "no_motion", "jam_gnss", "jam_cell", "shielding", "position_implausible",
    }),
    "clock": frozenset({"clock_fault"}),
    "identity": frozenset({"identity_changed"}),
    OVERDUE: frozenset({"appointment_missed"}),
}  # fmt: skip
"""By heading, in their order: which kinds of alarm stand under it. All others: ``other``."""


def daily(seen: Seen) -> list[PaperLine]:
    """Its lines: alarms that somebody has to look into by what they tell, then the registers."""
    by_heading: dict[str, list[PaperLine]] = {name: [] for name in (*BY_KIND, "other")}
    for episode in waiting(seen):
        if episode.kind != ENDS_SOON:
            heading = _heading_of(episode, seen.until)
            by_heading[heading].append(alarm_line(seen, episode, heading))
    by_heading["low"] += [msgspec.structs.replace(one, section="low") for one in running_flat(seen)]
    registers = (leaves, returns, removals, endings)
    return [*chain.from_iterable(by_heading.values()), *chain.from_iterable(make(seen) for make in registers)]


def _heading_of(episode: Episode, until: float) -> str:
    """Where something was agreed and its time is over, that comes first."""
    agreed = episode.follow_up
    if agreed is not None and agreed.at <= until and agreed.verdict != "met":
        return OVERDUE
    return next((name for name, kinds in BY_KIND.items() if episode.kind in kinds), "other")


def returns(seen: Seen) -> list[PaperLine]:
    """Whose leave is over without a return on record (销假), the oldest first; then who reported back meanwhile."""
    theirs = [one for one in seen.configuration.leave if seen.is_theirs(one.person)]
    missing = [
        _return(seen, "not_returned", one.person, one.start, one.until)
        for one in theirs
        if one.returned is None and seen.until - ASKED <= one.until <= seen.until
    ]
    back = [
        _return(seen, "returned", one.person, one.start, one.returned)
        for one in theirs
        if one.returned is not None and seen.since <= one.returned <= seen.until
    ]
    return [line for found in (missing, back) for line in sorted(found, key=lambda one: (one.since, one.person))]


def _return(seen: Seen, said: str, person: str, start: float, ended: float) -> PaperLine:
    zh, en = in_both(seen, lambda words: part(words, said, time=words.clock(ended)))
    return PaperLine(f"return-{person}-{start:.0f}", "return", person, zh=zh, en=en, since=ended)
