"""The sheets of the office: each form's, the latest first; and a new one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse
from starlette.routing import Route

from gateway.console.accounts.sight import has_role_for
from gateway.console.sheet_forms import moment, written
from gateway.console.templating import language_of, page
from gateway.console.words.texts import text
from gateway.control.messages import Request as Question
from gateway.decoded import converted
from gateway.errors import GatewayFault
from gateway.journal.controls import PaperAct
from gateway.papers.forms import FORMS
from gateway.papers.paper import Paper
from gateway.papers.registry import MAKERS
from gateway.papers.span import begins
from gateway.words.paper_names import form_name
from gateway.words.phrases import spoken

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.requests import Request
    from starlette.responses import Response

FIRST: Final = "hand_over"
"""The form whose sheets are shown where none is asked for."""
_FORBIDDEN, _NOT_FOUND, _SEE_OTHER = 403, 404, 303


async def check_role(request: Request) -> None:
    """Whether sheets are for the visitor at all; a refusal stands in the audit log.

    Raises:
        HTTPException: 403, with whom to ask.
    """
    desk, visitor = request.app.state.desk, request.state.visitor
    if not has_role_for(visitor, "sheets"):
        await desk.audit.note(visitor, "", "paper", "")
        raise HTTPException(_FORBIDDEN, text(language_of(request), "sheets_forbidden"))


async def _sheets(request: Request) -> Response:
    await check_role(request)
    return await _listed(request, _form_of(request.query_params.get("form", FIRST)), {})


async def _begin(request: Request) -> Response:
    """Have one made; what was typed stays where that is refused."""
    await check_role(request)
    desk, typed = request.app.state.desk, {name: str(value) for name, value in (await request.form()).items()}
    form = _form_of(typed.get("form", ""))
    try:
        since = moment(typed.get("since", "").strip(), desk.clock.now(), desk.zone)
        act = PaperAct("", "begin", 1, "", form=form, since=since)
        told = await desk.link.ask(Question(do="paper_act", paper=act), request.state.visitor)
    except GatewayFault as fault:
        return await _listed(request, form, typed, spoken(fault, language_of(request)))
    return RedirectResponse(f"/sheets/{told['paper']['id']}", _SEE_OTHER)


async def _listed(request: Request, form: str, typed: dict[str, str], fault: str = "") -> Response:
    desk, visitor, language = request.app.state.desk, request.state.visitor, language_of(request)
    told = await desk.link.ask(Question(do="papers", kind=form), visitor)
    found = converted(told["papers"], list[Paper])
    given: dict[str, Any] = {
        "form": form, "forms": [(each, form_name(each).of(language)) for each in FORMS], "papers": found,
        "lines": {one["id"]: one["lines"] for one in told["papers"]}, "fault": fault,
        "makes": form in MAKERS and has_role_for(visitor, "acts") and bool(visitor.roles & FORMS[form].makers),
        "since": typed.get("since") or _since(request, form, found), "name": form_name(form).of(language),
    }  # fmt: skip
    return page(request, "sheets.html", **given)


def _since(request: Request, form: str, found: Sequence[Paper]) -> str:
    """Where a new one would begin, as a field has it."""
    desk, visitor = request.app.state.desk, request.state.visitor
    mine = [one for one in found if one.office == visitor.office]
    return written(begins(form, mine, desk.configuration, visitor.number, desk.clock.now()), desk.zone)


def _form_of(asked: str) -> str:
    if asked not in FORMS:
        raise HTTPException(_NOT_FOUND)
    return asked


ROUTES: Final = (
    Route("/sheets", _sheets, name="sheets"),
    Route("/sheets", _begin, methods=["POST"], name="sheet_begin"),
)
