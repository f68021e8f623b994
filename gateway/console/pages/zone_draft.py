"""One draft: drawn by mouse or by keyboard, checked as it is drawn, tried on the past, let in by two."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import msgspec
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from gateway.console.draft_forms import DAYS, DOES, DRAWN, WAYS, drawn_again, imported, typed
from gateway.console.draft_view import area_said, on_maps, view_of
from gateway.console.map_layers import Drawing
from gateway.console.pages.zones import SEE_OTHER, check, layers_of, may_open
from gateway.console.templating import language_of, page
from gateway.control.messages import Request as Question
from gateway.drafts.draft import LEAST
from gateway.drafts.sentences import closed_as, preview_said, stands
from gateway.errors import GatewayFault, UserFault
from gateway.settings.model import BasisKind, Role
from gateway.words.alarm_words import Words
from gateway.words.coordinates import NAMES
from gateway.words.phrases import spoken

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from starlette.requests import Request

    from gateway.console.draft_view import View
    from gateway.drafts.draft import Draft
    from gateway.drafts.shelf import Kept

PATIENCE: Final = 960.0
"""Seconds to wait for the daemon, which reads the county's files twice and compiles them."""
NOT_FOUND: Final = 404


async def _draft(request: Request) -> Response:
    kept = await _kept(request)
    visitor, desk = request.state.visitor, request.app.state.desk
    await desk.audit.look(visitor, "", "draft", kept.draft.zone)
    return await _shown(request, kept)


async def _change(request: Request) -> Response:
    """What was typed, added, moved or taken out."""
    kept, form = await _kept(request), await _form(request)
    return await _changed(request, kept, lambda: typed(kept.draft, form))


async def _import(request: Request) -> Response:
    """A GeoJSON file in place of what was drawn, or a hand in place of a file."""
    kept, maps = await _kept(request), request.app.state.desk.configuration.county.maps
    async with request.form() as form:
        given, datum = form.get("file"), str(form.get("datum", ""))
        octets = b"" if given is None or isinstance(given, str) else await given.read()
    if form.get("do") == "again":
        return await _changed(request, kept, lambda: drawn_again(kept.draft, maps))
    text = octets.decode("utf-8-sig", errors="replace")
    return await _changed(request, kept, lambda: imported(kept.draft, text, datum))


async def _changed(request: Request, kept: Kept, made: Callable[[], Draft]) -> Response:
    desk, visitor = request.app.state.desk, request.state.visitor
    try:
        draft = msgspec.structs.replace(made(), by=visitor.number, at=desk.clock.now())
        desk.drafts.change(draft)
    except GatewayFault as fault:
        return await _shown(request, kept, spoken(fault, language_of(request)))
    return await _shown(request, desk.drafts.of(draft.id))


async def _try(request: Request) -> Response:
    """Begin to try a draft on the past."""
    kept, desk = await _kept(request), request.app.state.desk
    if kept.draft.is_drawn:
        await _put_down(request)
        desk.trials.begin(desk.storage, kept.draft.id, kept.draft.digest)
    return await _tried(request)


async def _put_down(request: Request) -> None:
    """What came last is put down by the daemon; where that is away, what is stored is all there is."""
    desk = request.app.state.desk
    try:
        await desk.link.ask(Question(do="keep_history"))
    except GatewayFault:
        return


async def _tried(request: Request) -> Response:
    """How far it is, or what came of it."""
    kept = await _kept(request)
    return page(request, "zone_draft_tried.html", kept=kept, **_trial(request, kept))


async def _propose(request: Request) -> Response:
    return await _asked(request, "draft_propose")


async def _confirm(request: Request) -> Response:
    return await _asked(request, "draft_confirm")


async def _asked(request: Request, do: str) -> Response:
    """Have the daemon take the draft that was shown one step on, in the visitor's name."""
    kept, form, desk = await _kept(request), await request.form(), request.app.state.desk
    question = Question(do=do, id=kept.draft.id, digest=str(form.get("digest", "")))
    try:
        done = await replace(desk.link, patience=PATIENCE).ask(question, request.state.visitor)
    except GatewayFault as fault:
        return await _shown(request, kept, spoken(fault, language_of(request)))
    if done["state"] == "in_force":
        return page(request, "zone_in_force.html", done=done)
    return RedirectResponse(f"/zones/draft/{kept.draft.id}", SEE_OTHER)


async def _drop(request: Request) -> Response:
    kept = await _kept(request)
    request.app.state.desk.drafts.drop(kept.draft.id)
    return RedirectResponse("/zones", SEE_OTHER)


async def _layers(request: Request) -> Response:
    """The draft over the zones in force, with the homes of those whom it binds and the visitor may see."""
    kept, desk, language = await _kept(request), request.app.state.desk, language_of(request)
    layers = await asyncio.to_thread(layers_of, desk, request.state.visitor, language)
    view = await _view(request, kept.draft)
    homes = _drawing(request).homes_of(view.bound)
    layers = msgspec.structs.replace(layers, zones=[*layers.zones, *view.outlines], homes=homes)
    return Response(msgspec.json.encode(layers), media_type="application/json")


async def _kept(request: Request) -> Kept:
    """The draft that a page is about.

    Raises:
        HTTPException: 403, drafts are not for this visitor, or this one is not; 404, there is none.
    """
    check(request)
    desk, visitor = request.app.state.desk, request.state.visitor
    try:
        kept: Kept = await asyncio.to_thread(desk.drafts.of, request.path_params["draft"])
    except UserFault as fault:
        raise HTTPException(NOT_FOUND) from fault
    if not may_open(desk, visitor, kept.draft):
        await desk.audit.note(visitor, "", "draft", kept.draft.zone)
        raise HTTPException(403)
    return kept


async def _form(request: Request) -> Mapping[str, Sequence[str]]:
    form = await request.form()
    return {name: [str(each) for each in form.getlist(name)] for name in form}


def _drawing(request: Request) -> Drawing:
    desk = request.app.state.desk
    return Drawing(desk.configuration, Words(language_of(request), desk.zone, desk.clock.now()))


def _seen(request: Request) -> list[str]:
    """Whose homes are for the visitor; a protected person's is nobody's."""
    desk, visitor = request.app.state.desk, request.state.visitor
    people = desk.configuration.people
    return [name for name, one in people.items() if not one.protected and desk.may_see(visitor, name)]


async def _view(request: Request, draft: Draft) -> View:
    running = request.app.state.desk.configuration
    return await asyncio.to_thread(view_of, draft, running, frozenset(_seen(request)), _drawing(request))


def _trial(request: Request, kept: Kept) -> dict[str, Any]:
    desk, language = request.app.state.desk, language_of(request)
    draft, preview = kept.draft, kept.preview
    trial = desk.trials.of(draft.id, draft.digest)
    if preview is None and trial is not None and trial.is_over:
        preview = desk.drafts.of(draft.id).preview  # it may have come since the draft was read
    return {
        "trial": trial, "preview": preview, "closed_as": lambda closed: closed_as(closed, language),
        "sentences": [] if preview is None else list(preview_said(preview, desk.zone, language)),
        "trial_fault": "" if trial is None else trial.faults.get(language, ""),
    }  # fmt: skip


async def _shown(request: Request, kept: Kept, fault: str = "") -> Response:
    """The page, or where a part was asked for the part that changes."""
    desk, draft, language = request.app.state.desk, kept.draft, language_of(request)
    view, running = await _view(request, draft), desk.configuration
    every = [one.draft for one in await asyncio.to_thread(desk.drafts.all)]
    others = [one for one in every if one.zone == draft.zone]
    given: dict[str, Any] = {
        "kept": kept, "draft": draft, "view": view, "fault": fault, "datum": NAMES_BY[draft.datum],
        "datums": NAMES_BY, "forms": DRAWN, "does": DOES, "days": DAYS,
        "ways": tuple(WAYS), "kinds": tuple(map(str, BasisKind)),
        "in_force": draft.zone in running.zones, "spots": on_maps(draft, running.county.maps),
        "on_map": draft.datum == running.county.maps, "least": LEAST[draft.form], "state": stands(kept, language),
        "rivals": [one for one in others if one.id != draft.id], "area_said": area_said,
        "may_confirm": Role.LEADER in request.state.visitor.roles, "people": _seen(request),
        "map_source": f"/zones/draft/{draft.id}/map.json", "map_legend": "zones_legend.html", "map_bare": True,
        **_trial(request, kept),
    }  # fmt: skip
    template = "zone_draft_part.html" if "hx-request" in request.headers else "zone_draft.html"
    return page(request, template, **given)


NAMES_BY: Final = {str(datum): name for datum, name in NAMES.items()}
_AT: Final = "/zones/draft/{draft}"
ROUTES: Final = (
    Route(_AT, _draft, name="zone_draft"),
    Route(_AT, _change, methods=["POST"], name="zone_draft_change"),
    Route(f"{_AT}/import", _import, methods=["POST"], name="zone_draft_import"),
    Route(f"{_AT}/try", _try, methods=["POST"], name="zone_draft_try"),
    Route(f"{_AT}/tried", _tried, name="zone_draft_tried"),
    Route(f"{_AT}/propose", _propose, methods=["POST"], name="zone_draft_propose"),
    Route(f"{_AT}/confirm", _confirm, methods=["POST"], name="zone_draft_confirm"),
    Route(f"{_AT}/drop", _drop, methods=["POST"], name="zone_draft_drop"),
    Route(f"{_AT}/map.json", _layers, name="zone_draft_layers"),
)
