"""How a person is reached: on a key, for a purpose, a row of the audit log each time."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from starlette.exceptions import HTTPException
from starlette.routing import Route

from gateway.console.templating import page

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from gateway.settings.model import Person

NUMBER: Final = "number"
SHORTEST: Final = 4
"""Signs of a purpose that somebody has typed: two words of Chinese."""
ALARM: Final = re.compile("[0-9a-f]{32}")
_FORBIDDEN, _UNKNOWN = 403, 404


async def _contact(request: Request) -> Response:
    """The person's name and numbers; without a purpose a form that asks for one."""
    desk, visitor = request.app.state.desk, request.state.visitor
    person = request.path_params["person"]
    await desk.require(visitor, person, NUMBER)
    known: Person | None = desk.configuration.people.get(person)
    if known is None:
        raise HTTPException(_UNKNOWN)
    if known.term_until <= desk.clock.now():
        await desk.audit.note(visitor, person, NUMBER, "")
        raise HTTPException(_FORBIDDEN)
    purpose = " ".join(request.query_params.get("purpose", "").split())
    fault = await _fault(request, person, purpose)
    if fault:
        return _page(request, "contact_purpose.html", person=person, fault=purpose and fault)
    await desk.audit.look(visitor, person, NUMBER, purpose)
    return await _shown(request, known)


async def _fault(request: Request, person: str, purpose: str) -> str:
    """Why a purpose is none: key of a text; an alarm of somebody else is no purpose for this one."""
    if len(purpose) < SHORTEST:
        return "contact_purpose_short"
    if ALARM.fullmatch(purpose) is None:
        return ""
    alarm = await request.app.state.desk.readings.alarm(purpose)
    return "contact_purpose_other" if alarm is not None and alarm.person != person else ""


async def _shown(request: Request, person: Person) -> Response:
    desk = request.app.state.desk
    template = desk.configuration.console.contacts_link
    contact = None if template else await desk.contacts.of(person.person)
    care = dict.fromkeys([*person.care, *(contact.care if contact else ())])
    return _page(
        request, "contact.html", person=person.person, contact=contact, care=list(care), minor=person.minor,
        faulty=not template and await desk.contacts.is_faulty(),
        link=template.replace("{person}", person.person), offices=await desk.contacts.offices(),
        office_code=person.office,
    )  # fmt: skip


def _page(request: Request, template: str, **values: Any) -> Response:  # noqa: ANN401
    """A part of the page it was asked from, or a page of its own."""
    around = "part.html" if "hx-request" in request.headers else "frame.html"
    return page(request, template, around=around, **values)


ROUTES: Final = (Route("/contact/{person}", _contact, name="contact"),)
