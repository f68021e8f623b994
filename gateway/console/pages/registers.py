"""Everyday work on the registers: a form a deed; what is wrong stands beside its field, what is right holds at once."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any, Final

from starlette.exceptions import HTTPException
from starlette.routing import Route

from gateway.console.register_forms import deed_of, faults_of, fields, offered
from gateway.console.templating import language_of, page
from gateway.control.messages import Request as Question
from gateway.decoded import converted
from gateway.deeds import Deed
from gateway.errors import GatewayFault, UserFault
from gateway.words.deed_words import DEED_NAMES, line_of
from gateway.words.phrases import spoken

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.requests import Request
    from starlette.responses import Response

_FORBIDDEN: Final = 403
WRITTEN: Final = {"moment": "2026-11-02 22:30", "day": "2026-11-02"}
"""How moments and days are written, in every language, whatever a browser would make of them."""


async def _registers(request: Request) -> Response:
    """What can be entered, and what was and stands above the files."""
    _check(request)
    desk, language = request.app.state.desk, language_of(request)
    given: dict[str, Any] = {"unread": "", "deeds": []}
    try:
        told = await desk.link.ask(Question(do="registers"), request.state.visitor)
        deeds = converted(told["deeds"], list[Deed])
        given["deeds"] = [(one.at, one.by, line_of(one, language)) for one in reversed(deeds)]
    except GatewayFault as fault:
        given["unread"] = spoken(fault, language)
    return page(request, "registers.html", offered=_offered(request), people=_people(request), **given)


async def _form(request: Request) -> Response:
    """An empty form; what an address says stands in it."""
    return _asked(request, {**request.query_params, "id": secrets.token_hex(16)})


async def _enter(request: Request) -> Response:
    do, desk = _do(request), request.app.state.desk
    form = {"id": secrets.token_hex(16)} | {name: str(value) for name, value in (await request.form()).items()}
    try:
        told = await desk.link.ask(Question(do="register", deed=deed_of(do, form)), request.state.visitor)
    except GatewayFault as fault:
        # One that may have arrived keeps its id: entered again, it is the same.
        again = form | ({"id": secrets.token_hex(16)} if isinstance(fault, UserFault) else {})
        return _asked(request, again, spoken(fault, language_of(request)))
    deed = deed_of(do, form)
    return page(
        request, "register_done.html", do=do, name=_name(request, do), line=line_of(deed, language_of(request)),
        repeated=told.get("done") == "repeated", reviews=told.get("reviews", []), person=deed.values.get("person", ""),
    )  # fmt: skip


def _asked(request: Request, typed: Mapping[str, str], fault: str = "") -> Response:
    do, desk, people = _do(request), request.app.state.desk, _people(request)
    beside, others = faults_of(do, fault)
    return page(
        request, "register_form.html", do=do, name=_name(request, do), typed=typed, beside=beside, others=others,
        fields=fields(do, desk.configuration, people, language_of(request)), fault=fault, written=WRITTEN,
    )  # fmt: skip


def _people(request: Request) -> list[str]:
    """Those whose registers the visitor works on."""
    desk = request.app.state.desk
    return [one for one in desk.configuration.people if desk.may_see(request.state.visitor, one, "devices")]


def _check(request: Request) -> None:
    if not offered(request.state.visitor):
        raise HTTPException(_FORBIDDEN)


def _do(request: Request) -> str:
    do: str = request.path_params["do"]
    if do not in offered(request.state.visitor):
        raise HTTPException(_FORBIDDEN)
    return do


def _name(request: Request, do: str) -> str:
    return DEED_NAMES[do].of(language_of(request))


def _offered(request: Request) -> list[tuple[str, str]]:
    return [(do, _name(request, do)) for do in offered(request.state.visitor)]


ROUTES: Final = (
    Route("/registers", _registers, name="registers"),
    Route("/registers/{do}", _form, name="register_form"),
    Route("/registers/{do}", _enter, methods=["POST"], name="register"),
)  # fmt: skip
