"""Locating from an alarm: the order, and the device's answer as it comes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from starlette.exceptions import HTTPException
from starlette.routing import Route

from gateway.commands.wish import Wish
from gateway.console.located import LOCATE, located
from gateway.console.pages.acts import alarm_of
from gateway.console.pages.queue import sees_place
from gateway.console.templating import language_of, page
from gateway.console.words.texts import text
from gateway.control.messages import Request as Question
from gateway.decoded import converted
from gateway.engine import CommandRecord, End
from gateway.errors import GatewayFault, UserFault
from gateway.words.alarm_words import Words
from gateway.words.command_words import end_of
from gateway.words.phrases import spoken
from gateway.words.place_words import place_lines

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from gateway.engine import Episode

WAITS: Final = 300.0
"""Seconds an order to locate may wait for its device: who looks at an alarm does not wait longer."""
_FORBIDDEN, _NOT_FOUND = 403, 404


async def _locate(request: Request) -> Response:
    """Order what the alarm's wearer has on to say where it is."""
    episode = await _seen_by(request)
    desk, visitor = request.app.state.desk, request.state.visitor
    device = located(episode, desk.configuration, desk.clock.now())
    if not device:
        return _shown(request, episode, fault=text(language_of(request), "locate_no_device"))
    wish = Wish(device, LOCATE, visitor.number, expires=WAITS)
    try:
        given = await desk.link.ask(Question(do="command", wish=wish), visitor)
    except GatewayFault as fault:
        return _shown(request, episode, fault=spoken(fault, language_of(request)))
    return await _told(request, episode, given)


async def _order(request: Request) -> Response:
    """How an order stands."""
    episode, desk = await _seen_by(request), request.app.state.desk
    question = Question(do="wait", id=request.path_params["order"])
    try:
        given = await desk.link.ask(question, request.state.visitor)
    except UserFault as fault:
        raise HTTPException(_NOT_FOUND) from fault
    except GatewayFault as fault:
        return _shown(request, episode, fault=spoken(fault, language_of(request)), order=question.id)
    return await _told(request, episode, given)


async def _seen_by(request: Request) -> Episode:
    episode = await alarm_of(request, "place")
    if not sees_place(request, episode):
        raise HTTPException(_FORBIDDEN)
    return episode


async def _told(request: Request, episode: Episode, given: dict[str, Any]) -> Response:
    if "unconfirmed" in given:
        return _shown(request, episode, fault=text(language_of(request), "locate_unconfirmed"))
    place = given.pop("place", None)
    record = converted(given, CommandRecord)
    if record.command.device != located(episode, request.app.state.desk.configuration, record.issued):
        raise HTTPException(_NOT_FOUND)
    if place is not None and episode.person:
        await request.app.state.desk.audit.look(request.state.visitor, episode.person, "place", episode.id)
    return _shown(request, episode, record, place)


def _shown(
    request: Request, episode: Episode, record: CommandRecord | None = None, place: dict[str, Any] | None = None,
    fault: str = "", order: str = "",
) -> Response:  # fmt: skip
    desk, language = request.app.state.desk, language_of(request)
    words = Words(language, desk.zone, desk.clock.now())
    return page(
        request, "locate.html", alarm=episode, record=record, fault=fault,
        order=order or (record.command.id if record is not None and record.end is None else ""),
        said="" if record is None else _said(record, place, words),
        places=[] if place is None else place_lines(place, desk.configuration.county.timezone, language),
    )  # fmt: skip


def _said(record: CommandRecord, place: dict[str, Any] | None, words: Words) -> str:
    """How it stands, in words."""
    if record.end is None or record.ended is None:
        return text(words.language, "locate_waiting", time=words.clock(record.issued, seconds=True))
    values = {
        "time": words.clock(record.ended, seconds=True), "lasted": words.lasted(record.ended - record.issued),
        "end": end_of(record, words.language),
    }  # fmt: skip
    answered = "locate_answered" if place is not None else "locate_answered_nowhere"
    return text(words.language, answered if record.end is End.DONE else ENDS.get(record.end, "locate_other"), **values)


ENDS: Final = {End.EXPIRED: "locate_expired", End.NO_ANSWER: "locate_no_answer"}
"""Ends that have words of their own here."""
ROUTES: Final = (
    Route("/alarm/{alarm}/locate", _locate, methods=["POST"], name="locate"),
    Route("/alarm/{alarm}/order/{order}", _order, name="locate_order"),
)  # fmt: skip
