"""Packages of one case: a form to ask for one, the list, a leader's approval, and the file."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from gateway.console.accounts import disclosures
from gateway.console.accounts.disclosures import Disclosure
from gateway.console.accounts.sight import has_role_for
from gateway.console.purposes import plain
from gateway.console.templating import language_of, page
from gateway.console.words.texts import text
from gateway.control.messages import Request as Question
from gateway.errors import GatewayFault
from gateway.evidence.package import package
from gateway.evidence.stated import LONGEST
from gateway.evidence.withheld import why_withheld
from gateway.printed.case_sheets import Case
from gateway.settings.model import Role
from gateway.words.evidence_words import PURPOSES, TO

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.requests import Request

WHAT: Final = "disclose"
"""As the audit log calls it, and the right that it takes."""
APPROVED: Final = "approved"
DECISIONS: Final = {"approve": APPROVED, "refuse": "refused"}
"""By the word in the address, what the audit log says."""
FIELDS: Final = ("person", "since", "until", "recipient", "purpose", "document", "places", "minor")
"""Of the form."""
LONGEST_WORDS: Final = 120
FORBIDDEN, NOT_FOUND, UNREADABLE = 403, 404, 422


async def _listed(request: Request) -> Response:
    _check(request)
    return await _page(request, {"person": request.query_params.get("person", "")})


async def _ask(request: Request) -> Response:
    """Ask for one; what is wrong stands above the form, with what was typed in it."""
    _check(request)
    desk, visitor = request.app.state.desk, request.state.visitor
    typed = {name: plain(str(value))[:LONGEST_WORDS] for name, value in (await request.form()).items()}
    person = typed.get("person", "")
    await desk.require(visitor, person, WHAT)
    asked = _asked(request, typed)
    if isinstance(asked, str):
        return await _page(request, typed, fault=asked)
    key = why_withheld(desk.configuration, desk.configuration.people[person], "", asked.at, minor=bool(asked.minor))
    if key:
        await desk.audit.note(visitor, person, WHAT, asked.said)
        return await _page(request, typed, fault=text(language_of(request), key, person=person))
    await desk.audit.look(visitor, person, WHAT, f"asked {asked.said}")
    await desk.books.change(partial(disclosures.put, one=asked))
    return await _page(request, {}, done=text(language_of(request), "disclosure_asked"))


def _asked(request: Request, typed: Mapping[str, str]) -> Disclosure | str:
    """What a form asks for, or why it is not whole, in words."""
    desk, person, document = request.app.state.desk, typed.get("person", ""), typed.get("document", "")
    recipient, purpose, now = typed.get("recipient", ""), typed.get("purpose", ""), desk.clock.now()
    since, until = (_moment(request, typed.get(name, "")) for name in ("since", "until"))
    until = now if until is None and not typed.get("until") else until
    faults = {
        "person": person not in desk.configuration.people,
        "times": since is None or until is None or not since < min(until, now) or min(until, now) - since > LONGEST,
        "choice": recipient not in TO or purpose not in PURPOSES, "document": not document,
    }  # fmt: skip
    wrong = next((name for name, is_so in faults.items() if is_so), "")
    if wrong or since is None or until is None:
        return text(language_of(request), f"disclosure_fault_{wrong}")
    minor = typed.get("minor", "") if desk.configuration.people[person].minor else ""
    return Disclosure(
        disclosures.fresh_id(), now, request.state.visitor.number, person, since, min(until, now), recipient, purpose,
        document, typed.get("places") == "1", minor,
    )  # fmt: skip


def _moment(request: Request, said: str) -> float | None:
    """UTC epoch seconds of a local time of the county; None: it is none."""
    try:
        found = datetime.fromisoformat(said)
    except ValueError:
        return None
    return (found if found.tzinfo else found.replace(tzinfo=request.app.state.desk.zone)).timestamp()


async def _decide(request: Request) -> Response:
    """A leader, who is not the one who asked, approves or refuses."""
    one, desk, visitor = await _one(request), request.app.state.desk, request.state.visitor
    said = DECISIONS.get(request.path_params["do"])
    if said is None:
        raise HTTPException(NOT_FOUND)
    if Role.LEADER not in visitor.roles or one.by == visitor.number or one.decided is not None:
        await desk.audit.note(visitor, one.person, WHAT, f"{said} {one.said}")
        raise HTTPException(FORBIDDEN, text(language_of(request), "disclosure_fault_decided"))
    await desk.audit.look(visitor, one.person, WHAT, f"{said} {one.said}")
    decision = partial(
        disclosures.decide, identity=one.id, by=visitor.number, at=desk.clock.now(), approved=said == APPROVED
    )
    if not await desk.books.change(decision):
        raise HTTPException(FORBIDDEN, text(language_of(request), "disclosure_fault_decided"))
    return RedirectResponse("/disclosures", status_code=303)


async def _taken(request: Request) -> Response:
    """The file, for who asked and who approved, within a day; its digest stands in the audit log before it is sent."""
    one, desk, visitor = await _one(request), request.app.state.desk, request.state.visitor
    now, known = desk.clock.now(), desk.configuration.people.get(one.person)
    mine = visitor.number in {one.by, one.decided_by} and one.is_open(now) and known is not None
    if not mine or why_withheld(desk.configuration, known, "", now, minor=bool(one.minor)):
        await desk.audit.note(visitor, one.person, WHAT, f"taken {one.said}")
        raise HTTPException(FORBIDDEN, text(language_of(request), "disclosure_fault_gone"))
    with suppress(GatewayFault):
        await desk.link.ask(Question(do="keep_history"), visitor)
    case = Case(
        one.person, known.office, one.since, one.until, now, one.recipient, one.purpose, one.document, one.by,
        one.decided_by, one.places, one.minor,
    )  # fmt: skip
    made = await asyncio.to_thread(package, desk.storage, desk.configuration, case, language_of(request))
    await desk.audit.look(visitor, one.person, WHAT, f"taken {made.digest} {one.said}")
    headers = {"Content-Disposition": f'attachment; filename="case-{one.id}.zip"'}
    return Response(made.octets, media_type="application/zip", headers=headers)


async def _one(request: Request) -> Disclosure:
    """The one that an address names, for somebody who may ask for such.

    Raises:
        HTTPException: 403, not for him; 404, there is none.
    """
    _check(request)
    desk = request.app.state.desk
    one: Disclosure | None = await desk.books.ask(partial(disclosures.found, identity=request.path_params["id"]))
    if one is None:
        raise HTTPException(NOT_FOUND)
    await desk.require(request.state.visitor, one.person, WHAT)
    return one


async def _page(request: Request, typed: Mapping[str, str], *, fault: str = "", done: str = "") -> Response:
    desk, visitor = request.app.state.desk, request.state.visitor
    rows = [one for one in await desk.books.ask(disclosures.listed) if desk.may_see(visitor, one.person, WHAT)]
    return page(
        request, "disclosures.html", status=UNREADABLE if fault else 200, typed={**dict.fromkeys(FIELDS, ""), **typed},
        fault=fault, done=done, refused=dict(desk.city_refused),
        rows=[_row(request, one) for one in rows], recipients=list(TO), purposes=list(PURPOSES),
    )  # fmt: skip


def _row(request: Request, one: Disclosure) -> dict[str, Any]:
    visitor, now = request.state.visitor, request.app.state.desk.clock.now()
    mine, is_open = visitor.number in {one.by, one.decided_by}, one.is_open(now)
    return {
        "one": one, "is_past": one.approved and not is_open, "takes": mine and is_open,
        "decides": Role.LEADER in visitor.roles and one.by != visitor.number and one.decided is None,
        "is_without": not one.places,
    }  # fmt: skip


def _check(request: Request) -> None:
    if not has_role_for(request.state.visitor, WHAT):
        raise HTTPException(FORBIDDEN)


ROUTES: Final = (
    Route("/disclosures", _listed, name="disclosures"),
    Route("/disclosures", _ask, methods=["POST"], name="disclosure_ask"),
    Route("/disclosures/{id}/package.zip", _taken, name="disclosure_taken"),
    Route("/disclosures/{id}/{do}", _decide, methods=["POST"], name="disclosure_decide"),
)
