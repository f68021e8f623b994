"""One sheet of the office: looked at, corrected, ticked, signed; what was typed stays until it is done."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse
from starlette.routing import Route

from gateway.console.accounts.sight import has_role_for, may_see_sheet
from gateway.console.pages.sheets import check_role
from gateway.console.sheet_forms import ADDED, Typed, act_of, written
from gateway.console.sheet_view import leaf_of, may, seats, unticked
from gateway.console.templating import language_of, page
from gateway.control.messages import Request as Question
from gateway.decoded import converted
from gateway.errors import GatewayFault
from gateway.papers.forms import FORMS
from gateway.papers.paper import Paper, digest_of
from gateway.words.alarm_words import Words
from gateway.words.paper_names import form_name, section_name
from gateway.words.phrases import spoken

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.requests import Request
    from starlette.responses import Response

_FORBIDDEN, _NOT_FOUND, _SEE_OTHER = 403, 404, 303


async def _sheet(request: Request) -> Response:
    """As the daemon tells it to the visitor, who looked being written down."""
    await check_role(request)
    desk, found = request.app.state.desk, await _stored(request)
    told = await desk.link.ask(Question(do="paper", id=found.id), request.state.visitor)
    return _shown(request, converted(told["paper"], Paper), {})


async def _act(request: Request) -> Response:
    """Do what a form asks; where that is refused it comes back with what was typed, and the sheet as it is now."""
    await check_role(request)
    desk, form = request.app.state.desk, {name: str(value) for name, value in (await request.form()).items()}
    paper = await _stored(request)
    typed = Typed(form, paper, language_of(request), desk.zone, desk.clock.now())
    try:
        await desk.link.ask(Question(do="paper_act", paper=act_of(typed)), request.state.visitor)
    except GatewayFault as fault:
        return _shown(request, await _stored(request), form, spoken(fault, language_of(request)))
    key = quote(form.get("key", ""), safe="")
    # Where the line is again, shut: a sheet may have many leaves.
    return RedirectResponse(f"/sheets/{paper.id}" + (f"?leaf={key}#line-{key}" if key else "#sheet-done"), _SEE_OTHER)


async def _stored(request: Request) -> Paper:
    """The sheet as it is stored, whether the daemon is there or not.

    Raises:
        HTTPException: there is none, or it is not for this visitor: which stands in the audit log.
    """
    desk, visitor = request.app.state.desk, request.state.visitor
    found: Paper | None = await desk.readings.sheet(request.path_params["sheet"])
    if found is None:
        raise HTTPException(_NOT_FOUND)
    if not may_see_sheet(visitor, found.office):
        await desk.audit.note(visitor, "", "paper", found.id)
        raise HTTPException(_FORBIDDEN)
    return found


def _shown(request: Request, paper: Paper, typed: Mapping[str, str], fault: str = "") -> Response:
    """The sheet; ``typed``: a form that was refused, and why."""
    desk, visitor, language = request.app.state.desk, request.state.visitor, language_of(request)
    asked, answers = request.query_params, has_role_for(visitor, "acts")
    opened = typed.get("key") or asked.get("line", "")
    given: dict[str, Any] = {
        "paper": paper, "name": form_name(paper.form).of(language), "form": FORMS[paper.form],
        "leaf": leaf_of(paper, opened or asked.get("leaf", ""), language),
        "headings": _headings(paper, language), "seats": seats(paper), "may": may(paper, visitor, answers=answers),
        "digest": paper.digest or digest_of(paper), "unticked": unticked(paper),
        "typed": typed, "fault": fault, "open": opened,
        "asks": "" if fault else asked.get("ask", ""), "fresh": secrets.token_hex(16),
        "then": Words(language, desk.zone, paper.until), "written": lambda at: written(at, desk.zone),
    }  # fmt: skip
    return page(request, "sheet.html", **given)


def _headings(paper: Paper, language: str) -> list[tuple[str, str]]:
    """Under which a line can be added: those that there are, and one for what belongs under none of them."""
    keys = dict.fromkeys((ADDED, *(one.line.section for one in paper.entries)))
    return [(key, section_name(key).of(language)) for key in keys]


ROUTES: Final = (
    Route("/sheets/{sheet}", _sheet, name="sheet"),
    Route("/sheets/{sheet}", _act, methods=["POST"], name="sheet_act"),
)
