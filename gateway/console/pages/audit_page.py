"""Who looked at what: for the auditor and the procurator alone. Nothing here changes a row."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

from starlette.responses import Response
from starlette.routing import Route

from gateway.console.accounts.audit_rows import IN_A_FILE, ON_A_PAGE, Sought, as_csv, rows
from gateway.console.templating import page
from gateway.console.words.audit import WHATS

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from starlette.requests import Request

AUDIT: Final = "audit"


async def _audit(request: Request) -> Response:
    """The newest rows that fit, and the way to those before."""
    desk, sought = request.app.state.desk, Sought.of(request.query_params)
    await desk.require(request.state.visitor, "", AUDIT)
    found = await desk.books.look(partial(rows, sought=sought, zone=desk.zone))
    before = _query(replace(sought, before=str(found[-1].id))) if len(found) == ON_A_PAGE else ""
    return page(
        request, "audit.html", rows=found, sought=sought, whats=WHATS, before=before,
        query=_query(replace(sought, before="")), stamped=partial(_stamped, zone=desk.zone),
    )  # fmt: skip


async def _export(request: Request) -> Response:
    """All that fits as a table; that it was taken is a row of its own."""
    desk, sought = request.app.state.desk, replace(Sought.of(request.query_params), before="")
    await desk.require(request.state.visitor, "", AUDIT)
    await desk.audit.look(request.state.visitor, sought.person, "audit_export", sought.said)
    found = await desk.books.look(partial(rows, sought=sought, zone=desk.zone, most=IN_A_FILE))
    headers = {"Content-Disposition": 'attachment; filename="audit.csv"'}
    return Response(as_csv(found, desk.zone), media_type="text/csv; charset=utf-8", headers=headers)


def _stamped(at: float, zone: ZoneInfo) -> str:
    """A time with its day and second, however long ago."""
    return f"{datetime.fromtimestamp(at, zone):%Y-%m-%d %H:%M:%S}"


def _query(sought: Sought) -> str:
    return urlencode({name: value for name, value in asdict(sought).items() if value})


ROUTES: Final = (
    Route("/audit", _audit, name="audit"),
    Route("/audit.csv", _export, methods=["POST"], name="audit_csv"),
)
