"""Roll calls: whom one is about, how many orders will go out, and the lists of one as they fill."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse
from starlette.routing import Route

from gateway.console.accounts.sight import has_role_for
from gateway.console.templating import language_of, page
from gateway.console.words.texts import text
from gateway.control.messages import Request as Question
from gateway.control.rights import NEEDS
from gateway.errors import GatewayFault
from gateway.kinds import LEVELS
from gateway.rollcall.selection import ALL, Selection
from gateway.settings.model import Role
from gateway.words.phrases import spoken
from gateway.words.roll_call_words import LISTS, REASONS

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

WHAT: Final = "roll_calls"
FIELDS: Final = dict.fromkeys(("level", "office", "percent", "purpose"), "")
"""Of the form."""
FORBIDDEN, SEE_OTHER = 403, 303
SOON, SELDOM, MANY = 3, 30, 500
"""Seconds between two looks of an open page at the lists: while they are short, and of more people than MANY."""


async def _begin(request: Request) -> Response:
    """Whom it is to be about; and the roll calls there were."""
    await _may(request)
    return await _form(request, {})


async def _offer(request: Request) -> Response:
    """How many orders will go out, if that is meant."""
    await _may(request)
    typed = {name: str(value).strip() for name, value in (await request.form()).items()}
    share = typed.get("percent") or str(ALL)
    selection = Selection(typed.get("level", ""), typed.get("office", ""), int(share) if share.isdecimal() else 0)
    question = Question(do="roll_call_look", selection=selection)
    try:
        told = await request.app.state.desk.link.ask(question, request.state.visitor)
    except GatewayFault as fault:
        return await _form(request, typed, spoken(fault, language_of(request)))
    return _offered(request, told, typed.get("purpose", ""))


async def _ask(request: Request) -> Response:
    """It goes out, or waits for a second person; refused, what was typed stays."""
    await _may(request)
    typed = {name: str(value).strip() for name, value in (await request.form()).items()}
    question = Question(do="roll_call", id=typed.get("offer", ""), why=typed.get("purpose", ""))
    try:
        told = await request.app.state.desk.link.ask(question, request.state.visitor)
    except GatewayFault as fault:
        return await _form(request, typed, spoken(fault, language_of(request)))
    return RedirectResponse(f"/roll-call/{told['id']}", SEE_OTHER)


async def _one(request: Request) -> Response:
    """One of them with its lists; an open page asks for these again by itself."""
    await _may(request)
    return await _shown(request, "roll_call_one.html")


async def _lists(request: Request) -> Response:
    await _may(request)
    return await _shown(request, "roll_call_lists.html")


async def _confirm(request: Request) -> Response:
    return await _done(request, Question(do="roll_call_confirm", id=request.path_params["call"]))


async def _sign(request: Request) -> Response:
    digest = str((await request.form()).get("digest", ""))
    return await _done(request, Question(do="roll_call_sign", id=request.path_params["call"], digest=digest))


async def _done(request: Request, question: Question) -> Response:
    await _may(request)
    try:
        told = await request.app.state.desk.link.ask(question, request.state.visitor)
    except GatewayFault as fault:
        return await _shown(request, "roll_call_one.html", spoken(fault, language_of(request)))
    return RedirectResponse(f"/roll-call/{told['id']}", SEE_OTHER)


async def _may(request: Request) -> None:
    """Whether roll calls are for the visitor at all; a refusal stands in the audit log.

    Raises:
        HTTPException: 403, they are not.
    """
    if not has_role_for(request.state.visitor, "roll_call"):
        await request.app.state.desk.audit.note(request.state.visitor, "", WHAT, "")
        raise HTTPException(FORBIDDEN)


async def _form(request: Request, typed: dict[str, str], fault: str = "") -> Response:
    desk, visitor, language = request.app.state.desk, request.state.visitor, language_of(request)
    calls: list[dict[str, Any]] = []
    try:
        calls = (await desk.link.ask(Question(do=WHAT), visitor))["calls"]
    except GatewayFault as unread:
        fault = fault or spoken(unread, language)
    known, people = await desk.contacts.offices(), desk.configuration.people.values()
    codes = [visitor.office] if _is_of_office(request) else sorted({one.office for one in people if not one.protected})
    return page(
        request, "roll_call.html", typed=FIELDS | typed, fault=fault, calls=calls, levels=LEVELS,
        offices=[(code, known.labelled(code, language)) for code in codes], own=_is_of_office(request),
        share=desk.configuration.roll_call.share, scope=_scope(request),
    )  # fmt: skip


def _offered(request: Request, told: dict[str, Any], purpose: str) -> Response:
    return page(
        request, "roll_call_offer.html", told=told, purpose=purpose, scope=_scope(request)(told["selection"]),
        left=[(REASONS[reason].of(language_of(request)), count) for reason, count in told["left"].items()],
    )  # fmt: skip


async def _shown(request: Request, template: str, fault: str = "") -> Response:
    desk, visitor, language = request.app.state.desk, request.state.visitor, language_of(request)
    told = await desk.link.ask(Question(do=WHAT, id=request.path_params["call"]), visitor)
    call, rows = told["call"], told["rows"]
    waits = call["state"] == "waits"
    return page(
        request, template, call=call, fault=fault, scope=_scope(request)(call["selection"]),
        lists=[(key, said.of(language), [row for row in rows if row["list"] == key]) for key, said in LISTS.items()],
        reason=lambda row: REASONS[row["reason"]].of(language), minors=sum(row["minor"] for row in rows),
        may_confirm=waits and call["by"] != visitor.number and bool(visitor.roles & NEEDS["roll_call_confirm"]),
        may_sign=call.get("lists_digest", "") != "" and _may_sign(request, call), with_minors=_with_minors(request),
        every=SOON if len(rows) <= MANY else SELDOM,
    )  # fmt: skip


def _may_sign(request: Request, call: dict[str, Any]) -> bool:
    """Of an office: its own alone."""
    return not _is_of_office(request) or call["selection"]["office"] == request.state.visitor.office


def _with_minors(request: Request) -> bool:
    """Whether minors stand on what is printed: by default they do not."""
    return request.query_params.get("minors") == "1"


def _is_of_office(request: Request) -> bool:
    """Whether the visitor sees the people of an office alone."""
    return bool(request.state.visitor.roles & NEEDS[WHAT] == {Role.OFFICE})


def _scope(request: Request) -> Any:  # noqa: ANN401  says in words whom a selection is about
    language = language_of(request)

    def said(selection: dict[str, Any]) -> str:
        parts = [text(language, f"level_{selection['level']}")] if selection.get("level") else []
        parts += [selection["office"]] if selection.get("office") else []
        share = selection.get("percent", ALL)
        parts = parts or [text(language, "roll_call_all")]
        return " · ".join([*parts, text(language, "roll_call_share", percent=share)] if share != ALL else parts)

    return said


ROUTES: Final = (
    Route("/roll-call", _begin, name="roll_call"),
    Route("/roll-call", _ask, methods=["POST"], name="roll_call_ask"),
    Route("/roll-call/look", _offer, methods=["POST"], name="roll_call_look"),
    Route("/roll-call/{call}", _one, name="roll_call_one"),
    Route("/roll-call/{call}/lists", _lists, name="roll_call_lists"),
    Route("/roll-call/{call}/confirm", _confirm, methods=["POST"], name="roll_call_confirm"),
    Route("/roll-call/{call}/sign", _sign, methods=["POST"], name="roll_call_sign"),
)  # fmt: skip
