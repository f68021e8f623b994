"""The alarms behind a figure of the report, one by one; a leader marks there why one was none."""

from __future__ import annotations

import asyncio
import secrets
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

from starlette.responses import RedirectResponse
from starlette.routing import Route

from gateway.console.month_reports import case_rows, known_of
from gateway.console.pages.acts import DONE, alarm_of
from gateway.console.pages.report import asked_month
from gateway.console.templating import language_of, page
from gateway.control.messages import Request as Question
from gateway.errors import GatewayFault
from gateway.journal.controls import Act
from gateway.reports.cases import Sought
from gateway.reports.other_tables import APPRAISAL
from gateway.reports.sheet import PARTS, counting_behind
from gateway.reports.texts import said
from gateway.settings.model import Role
from gateway.words.act_phrases import CAUSES
from gateway.words.alarm_words import Words
from gateway.words.phrases import spoken

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response


MONTH: Final = "month"


async def _cases(request: Request) -> Response:
    await request.app.state.desk.require(request.state.visitor, "", "report")
    return await _listed(request, "")


async def _listed(request: Request, fault: str) -> Response:
    """The list; ``fault``: why what was marked was not taken."""
    desk, month, language = request.app.state.desk, asked_month(request), language_of(request)
    words, sought = Words(language, desk.zone), Sought.of(request.query_params)
    part = _part(request)
    known = await known_of(desk, part, month, language)
    counting = await asyncio.to_thread(counting_behind, part, month, known, words)
    found = counting.of(sought)
    return page(
        request, "report_cases.html", month=month.name, fault=fault, causes={
            key: name.of(language) for key, name in CAUSES.items()
        },
        rows=case_rows(found, desk.configuration.people, words, known.called), part=part,
        query=_query(request, month.name, sought),
        of=said("score_table", language) if part == APPRAISAL else month.name,
        marks=Role.LEADER in request.state.visitor.roles, marked=request.query_params.get("marked", ""),
    )  # fmt: skip


async def _mark(request: Request) -> Response:
    """Mark a cause, and come back to the list, to the row."""
    desk, visitor = request.app.state.desk, request.state.visitor
    await desk.require(visitor, "", "report")
    episode, form = await alarm_of(request, "acts"), await request.form()
    act = Act(secrets.token_hex(16), "cause", episode.id, "", cause=str(form.get("cause", "")))
    try:
        await desk.link.ask(Question(do="act", act=act), visitor)
    except GatewayFault as fault:
        return await _listed(request, spoken(fault, language_of(request)))
    query = _query(request, asked_month(request).name, Sought.of(request.query_params))
    return RedirectResponse(f"/report/cases?{query}&marked={episode.id[:8]}#mark-{episode.id}", DONE)


def _part(request: Request) -> str:
    """To which part the figure belongs."""
    part = request.query_params.get("part", MONTH)
    return part if part in PARTS else MONTH


def _query(request: Request, month: str, sought: Sought) -> str:
    return "&".join(filter(None, (urlencode({"month": month, "part": _part(request)}), sought.query)))


ROUTES: Final = (
    Route("/report/cases", _cases, name="report_cases"),
    Route("/report/cases/{alarm}", _mark, methods=["POST"], name="report_mark"),
)
