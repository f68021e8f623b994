"""The offices as a tree: what they are called, their telephones, and where their cameras and meeting rooms are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from starlette.routing import Route

from gateway.console.templating import page

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response


async def _offices(request: Request) -> Response:
    """For whoever is in: an office's number is no person's."""
    contacts = request.app.state.desk.contacts
    return page(request, "offices.html", offices=await contacts.offices(), faulty=await contacts.is_faulty())


ROUTES: Final = (Route("/offices", _offices, name="offices"),)
