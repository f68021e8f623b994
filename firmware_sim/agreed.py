"""What a county asks of some beside the usual rules, as lines of its configuration."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from firmware_sim.clock import LOCAL_OFFSET
from firmware_sim.world import to_degrees

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from firmware_sim.schedule import Span
    from firmware_sim.world import Place

OFFICE_M = 100.0
"""Radius of the office's zone, metres."""
NIGHTS, OF, STILL_HOURS = 4, 7, 14
"""As the rules about habits say: nights out of so many; waking hours without a movement."""
STRIP_M = (300.0, 500.0)
"""Metres inside the border between which the barred strip lies."""


@dataclass(frozen=True, slots=True)
class Agreed:
    """What is asked of whom.

    Attributes:
        office: where appointments are. ``appointments``: who has one when.
        near_m: metres before the county's border that are said; 0: none.
        ended: whose authority is not extended. ``authority_days``: of the first one; 0: the usual number.
        nights_out, no_motion: people of the rules about habits.
        strip: outline and hole of a strip along the border that is barred; empty: none is. ``kept_out``: for whom.
    """

    office: Place | None = None
    appointments: Sequence[tuple[str, Span]] = ()
    near_m: int = 0
    ended: Sequence[str] = ()
    authority_days: int = 0
    nights_out: Sequence[str] = ()
    no_motion: Sequence[str] = ()
    strip: Sequence[Sequence[tuple[float, float]]] = ()
    kept_out: Sequence[str] = ()


NOTHING = Agreed()


def sections(agreed: Agreed) -> Iterator[str]:
    """Lines of sections of their own."""
    if agreed.appointments:
        yield "appointments:"
    for person, span in agreed.appointments:
        times = f'from: "{_local(span.start)}", until: "{_local(span.until)}"'
        yield f"  - {{person: {person}, zone: office, {times}, document: 报到通知2026-3}}"


def zones(agreed: Agreed) -> Iterator[str]:
    """Lines of the section of zones."""
    if agreed.office is not None:
        latitude, longitude = to_degrees(agreed.office.x, agreed.office.y)
        place = f"longitude: {longitude:.7f}, latitude: {latitude:.7f}, radius_m: {OFFICE_M:.0f}"
        yield f"  - {{id: office, name: 司法所, datum: wgs84, {place}}}"
    if agreed.strip:
        outline, hole = (_ring(ring) for ring in agreed.strip)
        yield f"  - {{id: strip, name: 边境管理带, datum: wgs84, polygon: {outline}, holes: [{hole}]}}"


def rules(agreed: Agreed) -> Iterator[tuple[str, str, Sequence[str], str]]:
    """Id, basis, people and restriction of each rule."""
    if agreed.nights_out:
        yield "nights-out", "批准书2026-4", agreed.nights_out, f"nights_out: {{nights: {NIGHTS}, of: {OF}}}"
    if agreed.no_motion:
        yield "not-moved", "批准书2026-5", agreed.no_motion, f"no_motion: {{hours: {STILL_HOURS}}}"
    if agreed.kept_out:
        yield "no-strip", "禁止令2026-91", agreed.kept_out, "keep_out: strip"


def _ring(ring: Sequence[tuple[float, float]]) -> str:
    corners = (to_degrees(x, y) for x, y in ring)
    return "[" + ", ".join(f"[{longitude:.7f}, {latitude:.7f}]" for latitude, longitude in corners) + "]"


def _local(moment: float) -> str:
    return datetime.fromtimestamp(moment + LOCAL_OFFSET, UTC).strftime("%Y-%m-%d %H:%M")
