"""The organisation as a tree, city, counties and offices, with how many alarms are unresolved at each office."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from starlette.routing import Route

from gateway.city.figures import at_offices
from gateway.console.templating import page

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response


async def _offices(request: Request) -> Response:
    """An office stands where the file has it now; an alarm stays at the code that it was told with."""
    desk = request.app.state.desk
    await desk.require(request.state.visitor, "", "alarms")
    offices = await desk.contacts.offices()
    counts = at_offices(offices, await desk.store.by_office(), await desk.lines())
    return page(request, "offices.html", offices=offices, faulty=await desk.contacts.is_faulty(), counts=counts)


ROUTES: Final = (Route("/offices", _offices, name="offices"),)
