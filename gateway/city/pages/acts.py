"""A county's alarm is urged, noted or acknowledged from here: written down, kept, and sent to its gateway."""

from __future__ import annotations

import re
import uuid
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse
from starlette.routing import Route

from gateway.city.acts import DOINGS, made
from gateway.city.pages.county import county_of
from gateway.console.purposes import plain
from gateway.console.templating import language_of, page
from gateway.words.kind_names import kind_name

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from gateway.city.told import Alarm
    from gateway.settings.city import CityCounty

ACTS: Final = "acts"
ACTED: Final = "city_act"
LONGEST: Final = 500
"""Signs of a note."""
_SEE_OTHER, _NOT_FOUND, _REFUSED, _UNREADABLE = 303, 404, 409, 422
_IDENTITY: Final = re.compile("[0-9a-f]{32}")
"""Of an act: given with the form, so that one that is sent twice is done once."""


async def _form(request: Request) -> Response:
    county, alarm = await _meant(request)
    return _shown(request, county, alarm)


async def _act(request: Request) -> Response:
    """Written down, then kept; the way to the county is told, and sends it."""
    desk, visitor = request.app.state.desk, request.state.visitor
    county, alarm = await _meant(request)
    form = await request.form()
    doing, note, identity = (plain(str(form.get(name, "")))[:LONGEST] for name in ("doing", "note", "id"))
    if _why_not(county, alarm):
        return _shown(request, county, alarm, _REFUSED)
    if doing not in DOINGS or not (note or doing == "acknowledge") or not _IDENTITY.fullmatch(identity):
        return _shown(request, county, alarm, _UNREADABLE, doing=doing, note=note)
    act = made(identity, alarm, _who(request), doing, note, desk.clock.now())
    await desk.audit.look(visitor, alarm.person, ACTED, f"{county.code} {alarm.id} {doing} {note}")
    await desk.store.add(act)
    if county.code in desk.ways:
        desk.ways[county.code].set()
    return RedirectResponse(f"/county/{quote(county.code)}", _SEE_OTHER)


async def _meant(request: Request) -> tuple[CityCounty, Alarm]:
    """The county and the alarm that an address names, for whoever may act.

    Raises:
        HTTPException: 403, he may not; 404, there is no such county or alarm.
    """
    desk = request.app.state.desk
    await desk.require(request.state.visitor, "", ACTS)
    county = county_of(request)
    alarm = await desk.store.alarm(county.code, request.path_params["alarm"])
    if alarm is None:
        raise HTTPException(_NOT_FOUND)
    return county, alarm


def _who(request: Request) -> str:
    """As the county gets it: nobody of its own has such a number."""
    return f"{request.app.state.desk.configuration.county.code}/{request.state.visitor.number}"


def _why_not(county: CityCounty, alarm: Alarm) -> str:
    """Key of the words why nothing can be done; empty: something can."""
    if not county.takes_acts:
        return "city_act_none"
    return "city_act_resolved" if alarm.resolved else ""


def _shown(
    request: Request, county: CityCounty, alarm: Alarm, status: int = 200, *, doing: str = "", note: str = ""
) -> Response:  # fmt: skip
    kind = kind_name(alarm.kind, language_of(request))
    return page(
        request, "city/act.html", status=status, county=county, alarm=alarm, kind=kind,
        who=_who(request), why_not=_why_not(county, alarm), is_missing=status == _UNREADABLE, doings=DOINGS,
        chosen=doing, note=note, longest=LONGEST, identity=uuid.uuid4().hex,
    )  # fmt: skip


ROUTES: Final = (
    Route("/county/{county}/alarm/{alarm}", _form, name="city_act"),
    Route("/county/{county}/alarm/{alarm}", _act, methods=["POST"], name="city_acted"),
)
