"""The ledger of devices: where each bracelet is and how its battery does; nothing of where anybody is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from starlette.exceptions import HTTPException
from starlette.routing import Route

from gateway.console.accounts.sight import has_role_for
from gateway.console.templating import language_of, page
from gateway.console.words.texts import text
from gateway.control.device_rows import STATES
from gateway.control.messages import Request as Question
from gateway.control.rights import NEEDS
from gateway.words.ledger_words import Ledger

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.requests import Request
    from starlette.responses import Response

WHAT: Final = "devices"
FORBIDDEN: Final = 403
COLUMNS: Final = (
    "device", "profile", "state", "person", "since", "contact", "battery", "hours", "before", "charged_at", "flat_at",
    "to_do",
)  # fmt: skip
NONE: Final[Mapping[str, Any]] = {"now": 0.0, "counts": dict.fromkeys(STATES, 0), "left": 0, "rows": ()}
"""Shown where the address names a state that there is none of."""


async def _devices(request: Request) -> Response:
    """All of them, or those of one state."""
    await _may(request)
    desk, state = request.app.state.desk, request.query_params.get("state", "")
    known = state in {"", *STATES}
    told = await desk.link.ask(Question(do=WHAT, kind=state), request.state.visitor) if known else NONE
    words = Ledger(language_of(request), desk.zone, told["now"])
    return page(
        request, "devices.html", states=STATES, columns=COLUMNS, state=state, counts=told["counts"], left=told["left"],
        rows=[(row["state"], words.cells(row)) for row in told["rows"]],
    )  # fmt: skip


async def _may(request: Request) -> None:
    """Whether the visitor has a role for it; a refusal stands in the audit log.

    Raises:
        HTTPException: 403, with the roles that have.
    """
    visitor = request.state.visitor
    if not has_role_for(visitor, "ledger"):
        await request.app.state.desk.audit.note(visitor, "", WHAT, "")
        language, roles = language_of(request), ", ".join(sorted(NEEDS[WHAT]))
        raise HTTPException(FORBIDDEN, text(language, "staff_role", number=visitor.number, do=WHAT, roles=roles))


ROUTES: Final = (Route("/devices", _devices, name="devices"),)
