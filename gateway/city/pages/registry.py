"""Every page of a city's desk: its own, and those that any desk has."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Final

from gateway.city.pages import acts, counties, county, offices, records, track_asked
from gateway.console.pages import audit_page, events, language, login, me

if TYPE_CHECKING:
    from starlette.routing import BaseRoute

PAGES: Final = (counties, county, acts, offices, track_asked, records, audit_page, events, language, login, me)
ROUTES: Final[tuple[BaseRoute, ...]] = tuple(chain.from_iterable(one.ROUTES for one in PAGES))
