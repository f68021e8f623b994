"""The queue: everything that nobody has closed yet, the most urgent first."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from starlette.responses import Response
from starlette.routing import Route

from gateway.console.accounts.sight import has_role_for
from gateway.console.alarm_path import path_line
from gateway.console.last_place import everybody
from gateway.console.last_shift import FORM, shift_words
from gateway.console.lawful import is_over
from gateway.console.queue_rows import Chosen, choices, ordered, row_of
from gateway.console.templating import language_of, page
from gateway.control.messages import Request as Asked
from gateway.errors import GatewayFault
from gateway.words.alarm_words import Words
from gateway.words.phrases import spoken

if TYPE_CHECKING:
    from starlette.requests import Request

    from gateway.console.alarm_path import PathLine
    from gateway.console.queue_rows import Row
    from gateway.engine import Episode

SEEN: Final = 204
"""Marked, and nothing to show for it."""


async def _queue(request: Request) -> Response:
    return page(request, "queue.html", **await _shown(request))


async def _rows(request: Request) -> Response:
    """The rows as they are now: a part of the page."""
    return page(request, "queue_rows.html", **await _shown(request))


async def _path(request: Request) -> Response:
    """How the way of alarms stands: a part of the page."""
    return page(request, "alarm_path.html", path_line=await path_of(request))


async def path_of(request: Request) -> PathLine:
    """What is said of the way of alarms now."""
    desk = request.app.state.desk
    told, words = None, Words(language_of(request), desk.zone, desk.clock.now())
    with suppress(GatewayFault):
        told = (await desk.link.ask(Asked(do="status"), request.state.visitor))["alarm_path"]
    return path_line(told, words, desk.clock.now())


async def _seen(request: Request) -> Response:
    """All that is unresolved has been looked at, each as it was on the visitor's page."""
    form = await request.form()
    shown = dict(zip(form.getlist("alarm"), map(str, form.getlist("revision")), strict=False))
    marks = {str(alarm): int(revision) for alarm, revision in shown.items() if revision.isdecimal()}
    await request.app.state.desk.seen.mark(request.state.visitor.number, marks)
    return Response(status_code=SEEN, headers={"HX-Trigger": "acted"})


async def _shown(request: Request) -> dict[str, Any]:
    chosen, visitor = Chosen.of(request.query_params), request.state.visitor
    answers = has_role_for(visitor, "acts")
    given = {
        "chosen": chosen, "query": urlencode({name: value for name, value in asdict(chosen).items() if value}),
        "answers": answers, "reads": has_role_for(visitor, "alarms"), "unreadable": "", "rows": [], "count": 0,
        "choices": {"office": [], "level": [], "kind": []}, "shift": None, "sought": _sought(request, chosen.person),
    }  # fmt: skip
    try:
        episodes = await unresolved(request) if given["reads"] else []
        shift = await _shift(request) if has_role_for(visitor, "sheets") else None
    except GatewayFault as fault:
        return given | {"unreadable": spoken(fault, language_of(request))}
    rows = await _rows_of(request, [one for one in episodes if chosen(one)])
    offered = choices(episodes, language_of(request), await request.app.state.desk.contacts.offices())
    return given | {"shift": shift, "rows": rows, "count": len(episodes), "choices": offered}


def _sought(request: Request, person: str) -> str:
    """The person whose id was typed, where why there is no alarm is for the visitor to ask; else empty."""
    desk, sought = request.app.state.desk, person.upper()
    is_known = sought in desk.configuration.people
    return sought if is_known and desk.may_see(request.state.visitor, sought, "track") else ""


async def _shift(request: Request) -> tuple[str, str] | None:
    """The last shift's hand-over: its id, and who has signed it in words; None: there is none."""
    desk = request.app.state.desk
    found = await desk.readings.latest_sheet(FORM, request.state.visitor.office)
    if found is None:
        return None
    return found.id, shift_words(found, Words(language_of(request), desk.zone, desk.clock.now()))


async def unresolved(request: Request) -> list[Episode]:
    """Alarms that nobody has closed, of those that the visitor may see.

    Raises:
        TransientFault: they cannot be read now.
    """
    desk, visitor = request.app.state.desk, request.state.visitor
    found = await desk.readings.alarms(unresolved=True)
    return [one for one in found if desk.may_see(visitor, one.person, "alarms")]


def why_no_place(request: Request, episode: Episode) -> str:
    """Why where an alarm's wearer was is not for the visitor to see, as a key of the texts; empty: it is."""
    desk = request.app.state.desk
    if not desk.may_see(request.state.visitor, episode.person, "place"):
        return "alarm_no_place"
    return "hidden_term" if is_over(desk.configuration, episode.person, desk.clock.now()) else ""


def sees_place(request: Request, episode: Episode) -> bool:
    """Whether where an alarm's wearer was is for the visitor to see."""
    return not why_no_place(request, episode)


async def _rows_of(request: Request, episodes: list[Episode]) -> list[Row]:
    desk, visitor = request.app.state.desk, request.state.visitor
    seen, now = await desk.seen.of(visitor.number), desk.clock.now()
    words, rows = Words(language_of(request), desk.zone, now), ordered(episodes, now)
    shown = {one.id for one in rows if sees_place(request, one)}
    # The alarm is the purpose; how it lies is told to a session once, however often its page is made anew.
    await desk.shown.tell(visitor, [(one.person, one.id) for one in rows if one.id in shown and one.person])
    places = await everybody(desk.link, visitor, now) if shown else {}
    offices = await desk.contacts.offices()
    return [row_of(one, words, now, seen, places if one.id in shown else None, offices) for one in rows]


ROUTES: Final = (
    Route("/", _queue, name="queue"), Route("/queue/rows", _rows, name="queue_rows"),
    Route("/alarm-path", _path, name="alarm_path"),
    Route("/queue/seen", _seen, methods=["POST"], name="queue_seen"),
)  # fmt: skip
