"""The bell of a screen whose session has ended by itself: how many urgent alarms nobody has taken, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from starlette.responses import Response
from starlette.routing import Route

from gateway.console.accounts.sight import may_see
from gateway.console.doors import RING
from gateway.console.queue_rows import rings
from gateway.console.templating import page
from gateway.console.visitor import COOKIE

if TYPE_CHECKING:
    from starlette.requests import Request

NOTHING: Final = 286
"""Tells htmx to ask no more (its own status for the end of polling)."""


async def _ring(request: Request) -> Response:
    """Rings on for whoever was in and only did nothing for a while; whoever went out hears nothing."""
    desk = request.app.state.desk
    resting = await desk.sessions.resting(request.cookies.get(COOKIE, ""))
    if resting is None:
        return Response(status_code=NOTHING)
    people = desk.configuration.people
    waiting = [
        one for one in await desk.readings.alarms(unresolved=True)
        if rings(one) and one.acknowledged is None and may_see(resting, one.person, "acts", people)
    ]  # fmt: skip
    return page(request, "ring.html", waiting=len(waiting))


ROUTES: Final = (Route(RING, _ring, name="ring"),)
