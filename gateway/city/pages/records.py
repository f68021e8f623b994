"""Packages of one case that are asked of counties by signed requests: a form, the list, and the file for who asked.

Both sides write each step down under the request's number; the county's leader decides, and the city keeps no place.
"""

from __future__ import annotations

import asyncio
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Final

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from gateway.city import asking
from gateway.city.asking import GOING, Record
from gateway.city.pages.county import county_of
from gateway.city.pages.track_asked import TRACK
from gateway.console.purposes import plain
from gateway.console.templating import language_of, page
from gateway.console.words.texts import text
from gateway.errors import GatewayFault, TransientFault
from gateway.words.evidence_words import ASKED_FOR
from gateway.words.phrases import spoken

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.requests import Request

    from gateway.settings.city import CityCounty

ASKED, TAKEN = "record_asked", "record_taken"
FIELDS: Final = ("since", "until", "purpose", "document")
LONGEST_WORDS: Final = 120
AT_ONCE: Final = 20
"""Requests of which the county is asked at once how they stand."""
_FORBIDDEN, _NOT_FOUND, _UNREADABLE = 403, 404, 422


async def _form(request: Request) -> Response:
    await request.app.state.desk.require(request.state.visitor, request.path_params["person"], TRACK)
    return _shown(request, {})


async def _ask(request: Request) -> Response:
    """Written down, kept, and sent; where the county is away it is sent again when the list is looked at."""
    desk, visitor, person = request.app.state.desk, request.state.visitor, request.path_params["person"]
    await desk.require(visitor, person, TRACK)
    county = _asked_county(request)
    typed = {name: plain(str(value))[:LONGEST_WORDS] for name, value in (await request.form()).items()}
    since, until = (_moment(request, typed.get(name, "")) for name in ("since", "until"))
    if since is None or until is None or since >= until:
        return _shown(request, typed, "city_ask_fault_times")
    if typed.get("purpose") not in ASKED_FOR or not typed.get("document"):
        return _shown(request, typed, "record_fault")
    one = Record(
        asking.fresh_id(), desk.clock.now(), visitor.number, county.code, person, since, until, typed["purpose"],
        typed["document"],
    )  # fmt: skip
    await desk.audit.look(visitor, person, ASKED, one.said)
    await desk.books.change(partial(asking.put, one=one))
    return RedirectResponse("/records", status_code=303)


async def _listed(request: Request) -> Response:
    """All that was asked for; of one's own the counties are asked how they stand now."""
    desk, visitor, language = request.app.state.desk, request.state.visitor, language_of(request)
    await desk.require(visitor, "", TRACK)
    rows = await desk.books.ask(asking.listed)
    mine = [one for one in rows if one.by == visitor.number and one.state in GOING][:AT_ONCE]
    news = dict(
        zip((one.id for one in mine), await asyncio.gather(*(_news(request, one) for one in mine)), strict=True)
    )
    faults = {key: spoken(each, language) for key, each in news.items() if isinstance(each, GatewayFault)}
    now = {key: each for key, each in news.items() if isinstance(each, Record)}
    counties = desk.configuration.counties
    return page(
        request, "city/records.html", rows=[now.get(one.id, one) for one in rows], faults=faults,
        called={code: one.called(language) for code, one in counties.items()},
    )  # fmt: skip


async def _news(request: Request, one: Record) -> Record | GatewayFault:
    """One as its county says that it stands, kept so; or why that is not known."""
    desk = request.app.state.desk
    county = desk.configuration.counties.get(one.county)
    if county is None or not county.is_asked:
        return one
    try:
        said = await asking.asked(county, desk.configuration.county.code, one, desk.clock.now())
    except TransientFault as fault:
        return fault
    told = one.answered(said)
    if told != one:
        await desk.books.change(partial(asking.put, one=told))
    return told


async def _take(request: Request) -> Response:
    """The file, for who asked alone; its digest stands in the audit log before it is sent, and no byte is kept."""
    desk, visitor, language = request.app.state.desk, request.state.visitor, language_of(request)
    one: Record | None = await desk.books.ask(partial(asking.found, identity=request.path_params["id"]))
    county = None if one is None else desk.configuration.counties.get(one.county)
    if one is None or county is None or not county.is_asked:
        raise HTTPException(_NOT_FOUND)
    await desk.require(visitor, one.person, TRACK)
    if visitor.number != one.by:
        await desk.audit.note(visitor, one.person, TAKEN, one.said)
        raise HTTPException(_FORBIDDEN, text(language, "record_not_yours"))
    found = await asking.taken(county, desk.configuration.county.code, one, desk.clock.now())
    if not isinstance(found, tuple):
        raise HTTPException(_FORBIDDEN, found.zh if language == "zh" else found.en)
    octets, digest = found
    await desk.audit.look(visitor, one.person, TAKEN, f"{digest} {one.said}")
    headers = {"Content-Disposition": f'attachment; filename="case-{one.id}.zip"'}
    return Response(octets, media_type="application/zip", headers=headers)


def _shown(request: Request, typed: Mapping[str, str], fault: str = "") -> Response:
    return page(
        request, "city/record_ask.html", status=_UNREADABLE if fault else 200, county=_asked_county(request),
        person=request.path_params["person"], typed={**dict.fromkeys(FIELDS, ""), **typed}, purposes=ASKED_FOR,
        fault=text(language_of(request), fault) if fault else "",
    )  # fmt: skip


def _asked_county(request: Request) -> CityCounty:
    """The county that an address names, where its desk can be asked.

    Raises:
        HTTPException: 404, it cannot.
    """
    county = county_of(request)
    if not county.is_asked:
        raise HTTPException(_NOT_FOUND)
    return county


def _moment(request: Request, said: str) -> float | None:
    """UTC epoch seconds of a local time of the city; None: it is none."""
    try:
        found = datetime.fromisoformat(said)
    except ValueError:
        return None
    return (found if found.tzinfo else found.replace(tzinfo=request.app.state.desk.zone)).timestamp()


ROUTES: Final = (
    Route("/county/{county}/record/{person}", _form, name="record_form"),
    Route("/county/{county}/record/{person}", _ask, methods=["POST"], name="record_ask"),
    Route("/records", _listed, name="records"),
    Route("/records/{id}/package.zip", _take, name="record_taken"),
)
