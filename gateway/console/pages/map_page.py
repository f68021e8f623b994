"""The map of all: where everybody is whom the visitor may see, as the daemon last heard; a wallboard without ids."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Final

import msgspec
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route

from gateway.console.accounts.sight import has_role_for
from gateway.console.everybody import STATES, Dot, Everybody
from gateway.console.map_layers import Drawing, Outline
from gateway.console.templating import language_of, page
from gateway.console.words.texts import text
from gateway.control.messages import Request as Question
from gateway.words.alarm_words import Words

if TYPE_CHECKING:
    from starlette.requests import Request

FORBIDDEN: Final = 403
WHAT: Final = "map"
"""What stands in the audit log of a look at all."""


class _All(msgspec.Struct, frozen=True):
    """What the map of all is told; ``zones`` and ``bounds`` only the first time."""

    datum: str
    people: list[Dot]
    said: str
    bounds: list[float] | None = None
    zones: list[Outline] = []


async def _map(request: Request) -> Response:
    await _may(request)
    await _look(request)
    wall, configuration = _is_wall(request), request.app.state.desk.configuration
    known, language = await request.app.state.desk.contacts.offices(), language_of(request)
    codes = sorted({one.office for one in configuration.people.values()})
    offices = [(code, known.labelled(code, language)) for code in codes]
    values: dict[str, Any] = {
        "wall": wall,
        "offices": offices,
        "states": STATES,
        "map_source": f"/map.json{'?wall=1' if wall else ''}",
    }
    return page(request, "map_page.html", map_legend="map_page_legend.html", map_bare=True, **values)


async def _places(request: Request) -> Response:
    """The places alone (``part=people``), or with the zones."""
    await _may(request)
    desk, visitor = request.app.state.desk, request.state.visitor
    if not desk.purposes.of(visitor.session, ""):
        await _look(request)
    answer = await desk.link.ask(Question(do="places"), visitor)
    told = await asyncio.to_thread(_told, request, answer)
    return Response(msgspec.json.encode(told), media_type="application/json")


def _told(request: Request, answer: dict[str, Any]) -> _All:
    desk, language = request.app.state.desk, language_of(request)
    configuration, now = desk.configuration, desk.clock.now()
    words = Words(language, desk.zone, now)
    everybody, drawing = Everybody(configuration, words, now), Drawing(configuration, words)
    dots = (everybody.wallboard if _is_wall(request) else everybody.dots)(_seen(request, answer["places"]))
    said = text(language, "all_said", count=len(dots), time=words.clock(now, seconds=True))
    if request.query_params.get("part") == "people":
        return _All(str(drawing.maps), dots, said)
    zones = [*drawing.county(), *drawing.zones_of(_shown(request))]
    return _All(str(drawing.maps), dots, said, drawing.bounds(), zones)


def _seen(request: Request, places: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Those of whom the visitor may see, as the daemon has it already."""
    desk, visitor = request.app.state.desk, request.state.visitor
    return [one for one in places if desk.may_see(visitor, one["person"])]


def _shown(request: Request) -> list[str]:
    """Whose zones are drawn: those of whom the visitor may see; on a wallboard of no minor."""
    desk, visitor = request.app.state.desk, request.state.visitor
    people = desk.configuration.people.values()
    seen = [one for one in people if desk.may_see(visitor, one.person) and not (one.minor and _is_wall(request))]
    return [one.person for one in seen]


def _is_wall(request: Request) -> bool:
    return request.query_params.get("wall") == "1"


async def _may(request: Request) -> None:
    """Places are for whoever answers alarms; the daemon narrows them to his office."""
    visitor = request.state.visitor
    if not has_role_for(visitor, "place"):
        await request.app.state.desk.audit.note(visitor, "", WHAT, "")
        raise HTTPException(FORBIDDEN, text(language_of(request), "all_who"))


async def _look(request: Request) -> None:
    """One row in the audit log for as long as the map stays open."""
    desk, visitor = request.app.state.desk, request.state.visitor
    purpose = text(desk.configuration.county.language, "wallboard" if _is_wall(request) else "map_all_purpose")
    await desk.audit.look(visitor, "", WHAT, purpose)
    desk.purposes.keep(visitor.session, "", purpose)


ROUTES: Final = (Route("/map", _map, name="map"), Route("/map.json", _places, name="map_places"))
