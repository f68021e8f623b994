"""The fitting check: whether a bracelet that was just put on does its work, item by item, as it comes in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from starlette.exceptions import HTTPException
from starlette.routing import Route

from gateway.console.templating import language_of, page
from gateway.control.messages import Request as Question
from gateway.errors import GatewayFault
from gateway.words.deed_words import ITEMS, STATES
from gateway.words.phrases import spoken

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

_NOT_FOUND: Final = 404


async def _fitting(request: Request) -> Response:
    person = await _person(request)
    return page(request, "fitting.html", person=person, **await _looked(request, person))


async def _items(request: Request) -> Response:
    """How it stands now: a part of the page."""
    person = await _person(request)
    return page(request, "fitting_items.html", person=person, **await _looked(request, person))


async def _begin(request: Request) -> Response:
    """Have the bracelet report, and a test alarm of it raised."""
    person, desk = await _person(request), request.app.state.desk
    fault = ""
    try:
        await desk.link.ask(Question(do="fitting_begin", id=person), request.state.visitor)
    except GatewayFault as refused:
        fault = spoken(refused, language_of(request))
    given = await _looked(request, person)
    return page(request, "fitting_items.html", person=person, **given | ({"fault": fault} if fault else {}))


async def _person(request: Request) -> str:
    """The person of an address, for somebody who answers for him.

    Raises:
        HTTPException: there is none, or he is not for this visitor.
    """
    desk, person = request.app.state.desk, str(request.path_params["person"])
    await desk.require(request.state.visitor, person, "acts")
    if person not in desk.configuration.people:
        raise HTTPException(_NOT_FOUND)
    return person


async def _looked(request: Request, person: str) -> dict[str, Any]:
    language = language_of(request)
    try:
        told = await request.app.state.desk.link.ask(Question(do="fitting", id=person), request.state.visitor)
    except GatewayFault as fault:
        return {"fault": spoken(fault, language), "items": [], "device": "", "passed": False}
    items = [
        (ITEMS[one["item"]].of(language), one["state"], STATES[one["state"]].of(language), one["age_seconds"])
        for one in told["items"]
    ]
    return {"fault": "", "items": items, "device": told["device"], "passed": told["passed"]}


ROUTES: Final = (
    Route("/fitting/{person}", _fitting, name="fitting"),
    Route("/fitting/{person}", _begin, methods=["POST"], name="fitting_begin"),
    Route("/fitting/{person}/items", _items, name="fitting_items"),
)
