"""The monthly report, necessity, appraisal and the desk's load: on the page, in print and as a file."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import TYPE_CHECKING, Final

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route

from gateway.console.accounts.sight import has_role_for
from gateway.console.month_reports import known_of
from gateway.console.purposes import plain
from gateway.console.templating import language_of, page
from gateway.console.words.texts import text
from gateway.control.messages import Request as Question
from gateway.errors import GatewayFault
from gateway.reports.period import month_at, month_of
from gateway.reports.sheet import DRILLS, NOISE, PARTS, sheet_of
from gateway.reports.tables import as_csv
from gateway.reports.texts import said
from gateway.words.alarm_words import Words
from gateway.words.phrases import spoken

if TYPE_CHECKING:
    from starlette.requests import Request

    from gateway.reports.period import Period
    from gateway.reports.sheet import Sheet

NECESSITY: Final = "necessity"
_NOT_FOUND, _UNREADABLE = 404, 422


async def _report(request: Request) -> Response:
    """One part of one month; whoever sees whom it lists, is written down."""
    part, month = await _asked(request)
    if part == NECESSITY:
        await _look(request, f"{month.name} {part}")
    return await _shown(request, part, month)


async def _shown(  # noqa: PLR0913  what a drill that was asked for came to
    request: Request, part: str, month: Period, *, status: int = 200, fault: str = "", done: str = "", reason: str = ""
) -> Response:  # fmt: skip
    sheet, language = await _sheet(request, part, month), language_of(request)
    before = month_at(month.start - 1.0, request.app.state.desk.zone)
    return page(
        request, "report.html", status=status, sheet=sheet, before=before.name, fault=fault, done=done, reason=reason,
        parts={each: said(each, language) for each in _parts(request)},
        begins=part == DRILLS and has_role_for(request.state.visitor, "drill"),
        standing=await _standing(request) if part == DRILLS else "",
    )  # fmt: skip


async def _standing(request: Request) -> str:
    """How the drill stands now, and when the next one is due; empty: the daemon does not say."""
    desk, language = request.app.state.desk, language_of(request)
    try:
        told = (await desk.link.ask(Question(do="status"), request.state.visitor))["alarm_path"]
    except GatewayFault:
        return ""
    due = datetime.fromisoformat(told["drill_due"]).timestamp() if told["drill_due"] else None
    words = Words(language, desk.zone)
    at = text(language, "drill_by_nobody") if due is None else f"{words.day(due)} {words.clock(due)[-5:]}"
    return text(language, f"drill_is_{told['drill']}", at=at)


async def _drill(request: Request) -> Response:
    """A leader begins a drill; why not now stands above the form."""
    desk, visitor, language = request.app.state.desk, request.state.visitor, language_of(request)
    await desk.require(visitor, "", "drill")
    reason, month = plain(str((await request.form()).get("reason", ""))), month_at(desk.clock.now(), desk.zone)
    try:
        begun = await desk.link.ask(Question(do="drill", why=reason), visitor)
    except GatewayFault as refused:
        fault = spoken(refused, language)
        return await _shown(request, DRILLS, month, status=_UNREADABLE, fault=fault, reason=reason)
    return await _shown(request, DRILLS, month, done=text(language, "drill_begun", minutes=begun["minutes"]))


async def _file(request: Request) -> Response:
    """The same as a file, which is written down."""
    part, month = await _asked(request)
    await _look(request, f"{month.name} {part} CSV")
    sheet = await _sheet(request, part, month)
    headers = {"Content-Disposition": f'attachment; filename="{part}-{month.name}.csv"'}
    county = request.app.state.desk.configuration.county.code
    text = as_csv(f"{county} {sheet.title}", sheet.tables, (*sheet.lines, sheet.foot))
    return Response(text, media_type="text/csv; charset=utf-8", headers=headers)


def _parts(request: Request) -> list[str]:
    """The parts that are for whoever asks."""
    return [each for each in PARTS if each != NOISE or has_role_for(request.state.visitor, "load")]


async def _asked(request: Request) -> tuple[str, Period]:
    """Which part of which month; without one of the last month that is over.

    Raises:
        HTTPException: there is no such part, or it is not for this visitor.
        UserFault: that is no month.
    """
    part, desk = request.path_params.get("part", "month"), request.app.state.desk
    if part not in PARTS:
        raise HTTPException(_NOT_FOUND)
    await desk.require(request.state.visitor, "", "load" if part == NOISE else "report")
    return part, asked_month(request)


def asked_month(request: Request) -> Period:
    """The month that an address names; without one the last that is over.

    Raises:
        UserFault: that is none.
    """
    desk, written = request.app.state.desk, request.query_params.get("month", "")
    return month_of(written, desk.zone) if written else month_at(desk.clock.now(), desk.zone, back=1)


async def _look(request: Request, purpose: str) -> None:
    await request.app.state.desk.audit.look(request.state.visitor, "", "report", purpose)


async def _sheet(request: Request, part: str, month: Period) -> Sheet:
    desk, language = request.app.state.desk, language_of(request)
    known = await known_of(desk, part, month, language)
    return await asyncio.to_thread(sheet_of, part, month, known, Words(language, desk.zone))


ROUTES: Final = (
    Route("/report", _report, name="report"),
    Route("/report/{part}", _report, name="report_part"),
    Route("/report/drills/begin", _drill, methods=["POST"], name="drill_begin"),
    Route("/report/{part}/csv", _file, methods=["POST"], name="report_csv"),
)
