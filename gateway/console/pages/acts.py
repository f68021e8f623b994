"""Acts on alarms: their forms, and what becomes of them; what was typed stays until it is done."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, RedirectResponse
from starlette.routing import Route

from gateway.console.accounts.sight import has_role_for
from gateway.console.act_forms import CODES, FORMS, SEVERAL, act_of
from gateway.console.pages.queue import unresolved
from gateway.console.queue_rows import alone, is_over, may_dispute, may_examine, owner_of
from gateway.console.templating import language_of, page
from gateway.console.words.texts import text
from gateway.control.messages import Request as Question
from gateway.errors import GatewayFault, UserFault
from gateway.words.kind_names import kind_name
from gateway.words.phrases import spoken

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from starlette.requests import Request
    from starlette.responses import Response

    from gateway.engine import Episode
    from gateway.settings.model import Configuration

ACTED: Final = {"HX-Trigger": "acted"}
"""Tells the page that something was done: it shows its alarms anew."""
OF_CLOSED: Final = {"dispute": may_dispute, "cause": may_examine}
"""What is done about a closed alarm, and whether it can be about this one."""
DONE: Final = 303
_NOT_FOUND, _FORBIDDEN = 404, 403


@dataclass(slots=True)
class Outcome:
    """What became of acts on several alarms."""

    done: int = 0
    refused: list[tuple[str, str]] = field(default_factory=list)
    """Whose alarm, and why not."""


async def alarm_of(request: Request, what: str = "alarms") -> Episode:
    """The alarm that a page is about; ``what`` of its wearer the page shows, as :meth:`Desk.may_see` has it.

    Raises:
        HTTPException: there is none, or it is not for this visitor: which stands in the audit log.
    """
    desk, visitor = request.app.state.desk, request.state.visitor
    episode: Episode | None = await desk.readings.alarm(request.path_params["alarm"])
    if episode is None:
        raise HTTPException(_NOT_FOUND)
    await desk.require(visitor, episode.person, what)
    return episode


async def _form(request: Request) -> Response:
    episode, do = await alarm_of(request, "acts"), _do(request)
    return await _asked(request, do, [episode], {})


async def _form_of_several(request: Request) -> Response:
    if not has_role_for(request.state.visitor, "acts"):
        raise HTTPException(_FORBIDDEN)
    do, chosen = _do(request), set(request.query_params.getlist("alarm"))
    found = [one for one in await unresolved(request) if one.id in chosen]
    if not found:
        return HTMLResponse(text(language_of(request), "batch_none"))
    return await _asked(request, do, found, {})


def _do(request: Request) -> str:
    do: str = request.path_params["do"]
    if do not in FORMS:
        raise HTTPException(_NOT_FOUND)
    return do


async def _act(request: Request) -> Response:
    """Do one act; a form that was refused comes back with what was typed, and why."""
    episode, form = await alarm_of(request, "acts"), await _typed(request)
    fault = await _tried(request, episode, form)
    if fault is None and "hx-request" not in request.headers:
        return RedirectResponse(f"/alarm/{episode.id}", DONE)
    if fault is None:
        return HTMLResponse("", headers=ACTED)
    # A refused act is remembered by its id: the next one is another. One that may have arrived is the same.
    again = form | ({"id": _fresh()} if isinstance(fault, UserFault) else {})
    said = spoken(fault, language_of(request))
    if form["do"] not in FORMS:
        return page(request, "acts/refused.html", said=said)
    return await _asked(request, form["do"], [episode], again, said)


async def _act_on_several(request: Request) -> Response:
    """Do the same act about several alarms, each by itself; never about those that need a look of their own."""
    if not has_role_for(request.state.visitor, "acts"):
        raise HTTPException(_FORBIDDEN)
    typed = await _typed(request)
    chosen = [str(each) for each in (await request.form()).getlist("alarm")]
    found = {one.id: one for one in await unresolved(request)}
    outcome, language = Outcome(), language_of(request)
    if typed["do"] not in SEVERAL:
        raise HTTPException(_NOT_FOUND)
    for alarm in chosen:
        why = await _why_not(request, found.get(alarm), typed | {"id": f"{typed['id']}-{alarm[:12]}"})
        if why:
            outcome.refused.append((_named(found.get(alarm), language) or alarm[:8], why))
        else:
            outcome.done += 1
    return HTMLResponse(page(request, "acts/several.html", outcome=outcome).body, headers=ACTED)


async def _why_not(request: Request, episode: Episode | None, form: Mapping[str, str]) -> str:
    """Do one act of several; returns why it was not done, empty when it was."""
    language = language_of(request)
    if episode is None:
        return text(language, "batch_gone")
    if alone(episode):
        return text(language, "batch_alone")
    fault = await _tried(request, episode, form)
    return "" if fault is None else spoken(fault, language)


async def _tried(request: Request, episode: Episode, form: Mapping[str, str]) -> GatewayFault | None:
    """Ask the daemon to do what a form says, in the visitor's name; returns why it was not done."""
    desk, visitor = request.app.state.desk, request.state.visitor
    try:
        act = act_of(form, episode.id, desk.clock.now(), desk.zone)
        await desk.link.ask(Question(do="act", act=act), visitor)
    except GatewayFault as fault:
        return fault
    return None


async def _typed(request: Request) -> dict[str, str]:
    form = {name: str(value) for name, value in (await request.form()).items()}
    return {"do": "", "id": _fresh()} | form


def _fresh() -> str:
    return secrets.token_hex(16)


def _named(episode: Episode | None, language: str) -> str:
    return "" if episode is None else f"{episode.person or episode.device} {kind_name(episode.kind, language)}"


async def _asked(
    request: Request, do: str, episodes: Sequence[Episode], typed: Mapping[str, str], fault: str = ""
) -> HTMLResponse:  # fmt: skip
    """The form of an act, filled with what was typed before."""
    language, one, desk = language_of(request), episodes[0], request.app.state.desk
    offices = await desk.contacts.offices()
    given: dict[str, Any] = {
        "do": do, "alarms": [each.id for each in episodes], "about": _named(one, language),
        "typed": {"id": _fresh()} | dict(typed), "again": bool(typed), "fault": fault, "codes": CODES,
        "over": is_over(one) if do not in OF_CLOSED else not OF_CLOSED[do](one),
        "targets": [(each, offices.called(each, language)) for each in targets(desk.configuration)],
        "owner": owner_of(one),
    }  # fmt: skip
    return page(request, f"acts/{do}.html", **given)


def targets(configuration: Configuration) -> list[str]:
    """Whom an alarm can be given to: staff by number, offices by code."""
    offices = {one.office for one in configuration.people.values()}
    offices |= {one.office for one in configuration.staff.values()}
    return [*sorted(configuration.staff), *sorted(offices - {""})]


ROUTES: Final = (
    Route("/queue/act", _act_on_several, methods=["POST"], name="act_on_several"),
    Route("/queue/form/{do}", _form_of_several, name="form_of_several"),
    Route("/alarm/{alarm}/act", _act, methods=["POST"], name="act"),
    Route("/alarm/{alarm}/form/{do}", _form, name="act_form"),
)  # fmt: skip
