"""A track is the county's: it is asked of it for a purpose and with a document, and looked at on its desk.

The city writes down who asked for whose; the county's desk asks for the purpose once more and writes down the look.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import quote, urlencode

from starlette.routing import Route

from gateway.city.pages.county import county_of
from gateway.console.purposes import LONGEST, plain
from gateway.console.templating import page

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

TRACK: Final = "track"
ASKED: Final = "track_asked"
SHORTEST: Final = 4
"""Signs of a purpose: two words of Chinese."""
_UNREADABLE: Final = 422


async def _ask(request: Request) -> Response:
    await request.app.state.desk.require(request.state.visitor, request.path_params["person"], TRACK)
    return _form(request)


async def _asked(request: Request) -> Response:
    """Written down; then the way to the county's desk."""
    desk, visitor, person = request.app.state.desk, request.state.visitor, request.path_params["person"]
    await desk.require(visitor, person, TRACK)
    county, form = county_of(request), await request.form()
    purpose, document = (plain(str(form.get(name, "")))[: LONGEST // 2] for name in ("purpose", "document"))
    if len(purpose) < SHORTEST or not document:
        return _form(request, _UNREADABLE, purpose=purpose, document=document)
    words = f"{purpose} {document}"
    await desk.audit.look(visitor, person, ASKED, f"{county.code} {words}")
    there = f"{county.desk}/person/{quote(person, safe='')}?{urlencode({'for': words})}" if county.desk else ""
    known = (await desk.contacts.offices()).by_code.get(county.code)
    return page(
        request, "city/track_asked.html", county=county, person=person, asked=words, there=there,
        phone=known.phone if known else "",
    )  # fmt: skip


def _form(request: Request, status: int = 200, *, purpose: str = "", document: str = "") -> Response:
    return page(
        request, "city/track_ask.html", status=status, county=county_of(request), person=request.path_params["person"],
        purpose=purpose, document=document, is_missing=status == _UNREADABLE, longest=LONGEST // 2,
    )  # fmt: skip


ROUTES: Final = (
    Route("/county/{county}/track/{person}", _ask, name="track_ask"),
    Route("/county/{county}/track/{person}", _asked, methods=["POST"], name="track_asked"),
)
