"""Who looked at what: for the auditor and the procurator alone. Nothing here changes a row."""

from __future__ import annotations

import asyncio
from dataclasses import asdict, replace
from functools import partial
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

from starlette.responses import Response
from starlette.routing import Route

from gateway.console.accounts.audit_rows import IN_A_FILE, ON_A_PAGE, Sought, rows
from gateway.console.templating import language_of, page
from gateway.words.audit_list import WHATS, as_csv, door_of, stamped, what_of

if TYPE_CHECKING:
    from starlette.requests import Request

AUDIT: Final = "audit"


async def _audit(request: Request) -> Response:
    """The newest rows that fit, and the way to those before."""
    desk, sought, language = request.app.state.desk, Sought.of(request.query_params), language_of(request)
    await desk.require(request.state.visitor, "", AUDIT)
    found = await asyncio.to_thread(rows, desk.storage, sought.within(desk.zone))
    before = _query(replace(sought, before=str(found[-1]["offset"]))) if len(found) == ON_A_PAGE else ""
    return page(
        request, "audit.html", rows=found, sought=sought, whats=WHATS, before=before,
        query=_query(replace(sought, before="")), stamped=partial(stamped, zone=desk.zone),
        what_of=partial(what_of, language=language), door_of=partial(door_of, language=language),
    )  # fmt: skip


async def _export(request: Request) -> Response:
    """All that fits as a table; that it was taken is a row of its own."""
    desk, sought = request.app.state.desk, replace(Sought.of(request.query_params), before="")
    await desk.require(request.state.visitor, "", AUDIT)
    await desk.audit.look(request.state.visitor, sought.person, "audit_export", sought.said)
    found = await asyncio.to_thread(rows, desk.storage, sought.within(desk.zone), IN_A_FILE)
    headers = {"Content-Disposition": 'attachment; filename="audit.csv"'}
    return Response(as_csv(found, desk.zone), media_type="text/csv; charset=utf-8", headers=headers)


def _query(sought: Sought) -> str:
    return urlencode({name: value for name, value in asdict(sought).items() if value})


ROUTES: Final = (
    Route("/audit", _audit, name="audit"),
    Route("/audit.csv", _export, methods=["POST"], name="audit_csv"),
)
