"""Every page there is: its routes, and its place in the menu."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Final

from gateway.console.pages import (
    acts,
    alarm,
    alarm_map,
    api,
    audit_page,
    base_map_page,
    contact,
    curve,
    disclosures,
    events,
    fitting,
    help_page,
    language,
    locating,
    login,
    map_page,
    me,
    offices,
    person,
    person_track,
    printing,
    queue,
    registers,
    report,
    report_cases,
    ring,
    roll_call,
    sheet,
    sheets,
    statistics,
    wall,
    zone_draft,
    zones,
)

if TYPE_CHECKING:
    from starlette.routing import BaseRoute

PAGES: Final = (
    queue,
    acts,
    alarm,
    alarm_map,
    api,
    locating,
    audit_page,
    registers,
    report_cases,
    report,
    base_map_page,
    contact,
    curve,
    disclosures,
    events,
    fitting,
    help_page,
    language,
    login,
    map_page,
    me,
    offices,
    person,
    person_track,
    printing,
    ring,
    roll_call,
    sheets,
    sheet,
    statistics,
    wall,
    zones,
    zone_draft,
)
ROUTES: Final[tuple[BaseRoute, ...]] = tuple(chain.from_iterable(one.ROUTES for one in PAGES))
