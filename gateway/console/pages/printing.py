"""Documents for paper: of a track, an alarm's handling, a leave, a sheet of the office, and the notice to a wearer."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route

from gateway.console.lawful import is_protected
from gateway.console.pages.acts import alarm_of
from gateway.console.pages.looking import person_of
from gateway.console.pages.person_track import drilled, granted, mark_of
from gateway.console.pages.queue import sees_place
from gateway.console.templating import language_of, page
from gateway.console.words.texts import text
from gateway.control.messages import Request as Question
from gateway.decoded import converted
from gateway.engine import place_hidden
from gateway.evidence.others import Others
from gateway.papers.paper import Paper
from gateway.printed.alarm_record import alarm_record
from gateway.printed.leave_slip import leave_slip, leaves_of
from gateway.printed.page import page_of
from gateway.printed.paper_sheet import paper_sheet
from gateway.printed.sheet import Making
from gateway.printed.track_statement import Stated, track_statement
from gateway.printed.wearer_notice import wearer_notice

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from starlette.requests import Request

    from gateway.printed.sheet import Sheet

NOT_FOUND: Final = 404
POLICY: Final = "default-src 'none'; style-src 'sha256-{style}'; frame-ancestors 'none'; base-uri 'none'"
"""Of a document: its own style, and nothing else at all."""


def printed(sheet: Sheet) -> Response:
    """A document as a page of its own, which a browser prints."""
    made = page_of(sheet)
    return Response(
        made.octets, media_type="text/html; charset=utf-8",
        headers={"Content-Security-Policy": POLICY.format(style=made.style)},
    )  # fmt: skip


def making(request: Request, mark: str = "") -> Making:
    """By the visitor, as of now, in his language."""
    desk = request.app.state.desk
    now, whole = float(int(desk.clock.now())), drilled(request, mark)
    return Making(desk.configuration.county, language_of(request), request.state.visitor.number, now, whole)


async def _statement(request: Request) -> Response:
    """The statement of the stretch that is shown, on an export's conditions."""
    given = await granted(request, {})
    if isinstance(given, Response):
        return given
    desk, how = request.app.state.desk, making(request, mark_of(request, given.purpose))
    since, until = given.stretch.since, min(given.stretch.until, how.at)
    past = await desk.tracks.of(request.state.visitor, given.person, since, until)
    presence = await desk.readings.presence(given.person, since, until)
    registered = await desk.tracks.registered()
    found = Stated(given.person, since, until, past, presence, registered, desk.configuration)
    return printed(await asyncio.to_thread(track_statement, found, how))


async def _record(request: Request) -> Response:
    """The record of an alarm's handling; whoever sees places on it, sees them because of this alarm."""
    episode, desk = await alarm_of(request), request.app.state.desk
    places = sees_place(request, episode) and not is_protected(desk.configuration, episode.person)
    what = "place" if places else "alarms"
    if episode.person:
        await desk.audit.look(request.state.visitor, episode.person, what, episode.id)
    others = Others(tuple(each for each in desk.configuration.people if each != episode.person))
    notices = await desk.readings.notices(episode.id)
    shown = others.masked(episode if places else place_hidden(episode))
    return printed(alarm_record(shown, notices, making(request), places=places))


def _slip(request: Request, person: str) -> Sheet | None:
    """Of the leave that begins last."""
    configuration = request.app.state.desk.configuration
    found = leaves_of(configuration, person)
    return leave_slip(found[0], configuration, making(request)) if found else None


def _notice(request: Request, person: str) -> Sheet | None:
    return wearer_notice(person, request.app.state.desk.configuration, making(request))


OF_REGISTERS: Final[Mapping[str, Callable[[Request, str], Sheet | None]]] = {"leave": _slip, "notice": _notice}
"""What is made of the registers alone, by its name in the address; None: they have nothing of it."""


async def _of_registers(request: Request) -> Response:
    person, kind = await person_of(request, "devices"), request.path_params["kind"]
    if kind not in OF_REGISTERS:
        raise HTTPException(NOT_FOUND)
    await request.app.state.desk.audit.look(request.state.visitor, person, "registers", kind)
    sheet = OF_REGISTERS[kind](request, person)
    if sheet is None:
        said = text(language_of(request), "print_no_leave", person=person)
        return page(request, "fault.html", status=NOT_FOUND, heading="not_found", said=said)
    return printed(sheet)


async def _paper(request: Request) -> Response:
    """A sheet of the office, as the daemon tells it to the visitor; minors by number only where that is asked for."""
    question = Question(do="paper", id=request.path_params["paper"])
    told = await request.app.state.desk.link.ask(question, request.state.visitor)
    people = request.app.state.desk.configuration.people.values()
    unnamed = () if request.query_params.get("minors") == "1" else {one.person for one in people if one.minor}
    return printed(paper_sheet(converted(told["paper"], Paper), making(request), unnamed))


async def _chosen(request: Request) -> Response:
    """The document that the form on the page of the registers asks for."""
    request.path_params.update(person=request.query_params.get("person", ""), kind=request.query_params.get("kind", ""))
    return await _of_registers(request)


ROUTES: Final = (
    Route("/person/{person}/statement", _statement, methods=["POST"], name="statement"),
    Route("/alarm/{alarm}/record", _record, name="record"),
    Route("/print/paper/{paper}", _paper, name="print_paper"),
    Route("/print", _chosen, name="print"),
    Route("/print/{kind}/{person}", _of_registers, name="print_of_registers"),
)
