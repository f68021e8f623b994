"""The wallboard: how many alarms wait, of what kind, for how long and at which office; no person, no place.

Whoever has done nothing for long sees it on, and nothing else: a screen on the wall has no hands.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Final

from starlette.exceptions import HTTPException
from starlette.routing import Route

from gateway.console.accounts.sight import has_role_for
from gateway.console.map_layers import Drawing
from gateway.console.pages.queue import path_of, unresolved
from gateway.console.templating import language_of, page
from gateway.console.wall import Board, board
from gateway.console.wall_map import Sketch, sketch
from gateway.console.words.texts import text
from gateway.errors import GatewayFault
from gateway.settings.model import Role
from gateway.words.alarm_words import Words
from gateway.words.kind_names import kind_name
from gateway.words.phrases import spoken

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from gateway.settings.model import Configuration

FORBIDDEN: Final = 403
LOOKS: Final = ("", "light", "dark")
"""As the screen is set, light, dark."""


async def _wall(request: Request) -> Response:
    return page(request, "wall.html", **await _shown(request))


async def _now(request: Request) -> Response:
    """The figures as they are now: a part of the page."""
    return page(request, "wall_now.html", **await _shown(request))


async def _shown(request: Request) -> dict[str, Any]:
    visitor, desk, language = request.state.visitor, request.app.state.desk, language_of(request)
    if not has_role_for(visitor, "alarms"):
        raise HTTPException(FORBIDDEN, text(language, "wall_who"))
    look = request.query_params.get("look", "")
    offices = await desk.contacts.offices()
    codes = offices_of(desk.configuration, visitor.office if visitor.roles == {Role.OFFICE} else "")
    counted, unreadable = Board((), (), 0, 0), ""
    try:
        counted = board(await unresolved(request), codes, desk.clock.now())
    except GatewayFault as fault:
        unreadable = spoken(fault, language)
    return {
        "look": look if look in LOOKS else "", "board": counted, "unreadable": unreadable,
        "path_line": await path_of(request), "told": desk.changes.now or None,
        "kinds": {line.name: kind_name(line.name, language) for line in counted.kinds},
        "offices": {line.name: offices.labelled(line.name, language) for line in counted.offices if line.name},
        "counts": {line.name: line for line in counted.offices},
        "sketch": await asyncio.to_thread(drawn, desk.configuration, Words(language, desk.zone), codes),
    }  # fmt: skip


def offices_of(configuration: Configuration, own: str) -> tuple[str, ...]:
    """Codes of the offices that have people, or of ``own`` alone."""
    return (own,) if own else tuple(sorted({one.office for one in configuration.people.values() if one.office}))


def is_district(configuration: Configuration, code: str) -> bool:
    """Whether a zone that is for everybody has an office's code for its id."""
    zone = configuration.zones.get(code)
    return zone is not None and zone.people is None


def drawn(configuration: Configuration, words: Words, offices: tuple[str, ...]) -> Sketch | None:
    """The county with the districts of these offices: zones that have an office's code for their id."""
    drawing = Drawing(configuration, words)
    districts = {code: drawing.zones_among([code]) for code in offices if is_district(configuration, code)}
    return sketch(drawing.county(), districts)


ROUTES: Final = (Route("/wall", _wall, name="wall"), Route("/wall/now", _now, name="wall_now"))
