"""The monthly report, necessity, appraisal and the desk's load: on the page, in print and as a file."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route

from gateway.console.accounts.sight import has_role_for
from gateway.console.month_reports import known_of
from gateway.console.templating import language_of, page
from gateway.reports.period import month_at, month_of
from gateway.reports.sheet import NOISE, PARTS, sheet_of
from gateway.reports.tables import as_csv
from gateway.reports.texts import said
from gateway.words.alarm_words import Words

if TYPE_CHECKING:
    from starlette.requests import Request

    from gateway.reports.period import Period
    from gateway.reports.sheet import Sheet

NECESSITY: Final = "necessity"
_NOT_FOUND: Final = 404


async def _report(request: Request) -> Response:
    """One part of one month; whoever sees whom it lists, is written down."""
    part, month = await _asked(request)
    if part == NECESSITY:
        await _look(request, f"{month.name} {part}")
    sheet, language = await _sheet(request, part, month), language_of(request)
    desk = request.app.state.desk
    before = month_at(month.start - 1.0, desk.zone)
    return page(
        request, "report.html", sheet=sheet, parts={each: said(each, language) for each in _parts(request)},
        before=before.name,
    )  # fmt: skip


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
    Route("/report/{part}/csv", _file, methods=["POST"], name="report_csv"),
)
