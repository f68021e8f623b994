"""Where a city's desk asks a county's for packages of one case: signed requests, of a desk and of no session.

Each is refused or written down before it is answered. What it asks for waits among the packages that staff ask for,
until a leader of the county approves or refuses it; then who asked takes it, within a day.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Final

import msgspec
from starlette.responses import Response
from starlette.routing import Route

from gateway.console import city_asks
from gateway.console.accounts import disclosures
from gateway.console.city_asks import LARGEST, PATH, Said
from gateway.console.visitor import Visitor
from gateway.console.words.texts import text
from gateway.control.messages import Request as Question
from gateway.errors import GatewayFault, PeerFault
from gateway.evidence.package import package
from gateway.evidence.withheld import why_withheld
from gateway.printed.case_sheets import Case
from gateway.signing import ID, is_fresh, is_right

if TYPE_CHECKING:
    from starlette.requests import Request

    from gateway.console.accounts.disclosures import Disclosure
    from gateway.console.city_asks import CityAsk

WHAT: Final = "disclose"
PATIENCE: Final = 30.0
"""Real seconds for the bytes of a request."""
TAKEN, UNSIGNED, UNKNOWN, SLOW, REPLAYED, LARGE, REFUSED = 200, 401, 404, 408, 409, 413, 422


async def _come(request: Request) -> Response:
    """The bytes of a request, where a city may ask at all."""
    desk = request.app.state.desk
    if not desk.city_key or desk.configuration.console.city is None:
        return Response(status_code=UNKNOWN)
    try:
        async with asyncio.timeout(PATIENCE):
            body = await _body(request)
    except TimeoutError:
        return Response(status_code=SLOW)
    return Response(status_code=LARGE) if body is None else await _known(request, body)


async def _known(request: Request, body: bytes) -> Response:
    """Whose it is and of when; whoever shows no right signature learns nothing but that."""
    desk = request.app.state.desk
    key, now = desk.city_key, desk.clock.now()
    if not is_right(key, request.headers, body):
        return _refused(request, UNSIGNED, city_asks.UNSIGNED)
    if not is_fresh(request.headers, now):
        return _refused(request, UNSIGNED, city_asks.OLD)
    if not await desk.books.change(partial(city_asks.once, nonce=request.headers[ID], now=now)):
        return _refused(request, REPLAYED, city_asks.REPLAYED)
    return await _read(request, body)


async def _read(request: Request, body: bytes) -> Response:
    desk = request.app.state.desk
    try:
        ask = city_asks.read(body)
    except PeerFault:
        return _refused(request, REFUSED, city_asks.MALFORMED)
    if ask.county != desk.configuration.county.code:
        return _refused(request, REFUSED, city_asks.FOREIGN)
    if ask.city != desk.configuration.console.city.code:
        return _refused(request, REFUSED, city_asks.OTHER_CITY)
    return await _DOES[ask.do](request, ask)


async def _ask(request: Request, ask: CityAsk) -> Response:
    """Written down, then kept for a leader; asked once more it is the same one."""
    desk, visitor = request.app.state.desk, _visitor(request, ask)
    now = desk.clock.now()
    known = await desk.books.ask(partial(disclosures.found, identity=ask.id))
    if known is not None:
        if city_asks.is_same(known, ask):
            return _said(city_asks.state_of(known, now))
        return _refused(request, REFUSED, city_asks.REPLAYED)
    fault = city_asks.fault_of(ask, desk.configuration, now)
    one = city_asks.disclosure_of(ask, now)
    if fault:
        await desk.audit.note(visitor, ask.person, WHAT, f"asked {one.said}")
        return _refused(request, REFUSED, fault)
    await desk.audit.look(visitor, ask.person, WHAT, f"asked {one.said}")
    await desk.books.change(partial(disclosures.put, one=one))
    return _said(Said("waits"))


async def _look(request: Request, ask: CityAsk) -> Response:
    one = await _mine(request, ask)
    if one is None:
        return _refused(request, REFUSED, "disclosure_fault_gone")
    return _said(city_asks.state_of(one, request.app.state.desk.clock.now()))


async def _take(request: Request, ask: CityAsk) -> Response:
    """The package, for who asked alone, within its day; its digest stands in the audit log before it is sent."""
    desk, visitor = request.app.state.desk, _visitor(request, ask)
    one, now = await _mine(request, ask), desk.clock.now()
    known = None if one is None else desk.configuration.people.get(one.person)
    if one is None or known is None or not one.is_open(now):
        await desk.audit.note(visitor, "" if one is None else one.person, WHAT, f"taken {ask.id}")
        return _refused(request, REFUSED, "disclosure_fault_gone")
    if why_withheld(desk.configuration, known, "", now, minor=False):
        await desk.audit.note(visitor, one.person, WHAT, f"taken {one.said}")
        return _refused(request, REFUSED, "city_ask_fault_letter")
    with suppress(GatewayFault):
        await desk.link.ask(Question(do="keep_history"))
    case = Case(
        one.person, known.office, one.since, one.until, now, one.recipient, one.purpose, one.document, one.by,
        one.decided_by, one.places,
    )  # fmt: skip
    made = await asyncio.to_thread(package, desk.storage, desk.configuration, case, "zh")
    await desk.audit.look(visitor, one.person, WHAT, f"taken {made.digest} {one.said}")
    return Response(made.octets, media_type="application/zip", headers={"X-Digest": made.digest})


async def _mine(request: Request, ask: CityAsk) -> Disclosure | None:
    """The one that a request names, if it is its asker's."""
    desk = request.app.state.desk
    one: Disclosure | None = await desk.books.ask(partial(disclosures.found, identity=ask.id))
    return one if one is not None and one.recipient == disclosures.CITY and one.by == ask.asker else None


def _visitor(request: Request, ask: CityAsk) -> Visitor:
    """Who asks, as the audit log has him: of the city, with no role here."""
    ip = request.client.host if request.client else ""
    return Visitor(ask.asker, frozenset(), session=f"request {ask.id}", ip=ip)


def _refused(request: Request, status: int, reason: str) -> Response:
    """Counted, and said in words."""
    request.app.state.desk.city_refused[reason] += 1
    zh, en = (text(language, reason) for language in ("zh", "en"))
    return _said(Said("rejected", reason=reason, zh=zh, en=en), status)


def _said(said: Said, status: int = TAKEN) -> Response:
    return Response(msgspec.json.encode(said), status, media_type="application/json")


async def _body(request: Request) -> bytes | None:
    """The bytes of a request; None: more than any has."""
    found = bytearray()
    async for part in request.stream():
        found += part
        if len(found) > LARGEST:
            return None
    return bytes(found)


_DOES: Final = {"ask": _ask, "look": _look, "take": _take}
ROUTES: Final = (Route(PATH, _come, methods=["POST"], name="city_door"),)
