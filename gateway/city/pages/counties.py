"""The counties, a row each: what is unresolved there, how the month went, and how old what is known is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from starlette.responses import Response
from starlette.routing import Route

from gateway.console.doors import RING
from gateway.console.templating import page
from gateway.kinds import SEVERITIES

if TYPE_CHECKING:
    from starlette.requests import Request

WORST_FIRST: Final = tuple(reversed(SEVERITIES))
NO_MORE: Final = 286
"""Tells htmx to ask no more (its own status for the end of polling)."""


async def _counties(request: Request) -> Response:
    return page(request, "city/counties.html", **await _shown(request))


async def _rows(request: Request) -> Response:
    """The rows as they are now: a part of the page."""
    return page(request, "city/rows.html", **await _shown(request))


async def _shown(request: Request) -> dict[str, Any]:
    desk = request.app.state.desk
    await desk.require(request.state.visitor, "", "alarms")
    return {"lines": await desk.lines(), "severities": WORST_FIRST}


async def _silent(_: Request) -> Response:
    """Nobody is called from here: the counties' desks ring."""
    return Response(status_code=NO_MORE)


ROUTES: Final = (
    Route("/", _counties, name="counties"),
    Route("/counties/rows", _rows, name="county_rows"),
    Route(RING, _silent, name="ring"),
)
