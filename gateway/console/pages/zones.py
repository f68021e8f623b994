"""The zones in force: what each asks of whom and by which document, how large it is; and those that are being drawn."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import msgspec
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from gateway.console.accounts.sight import has_role_for
from gateway.console.draft_forms import begun, fresh_zone, of_home
from gateway.console.draft_view import area_said
from gateway.console.map_layers import Drawing, Layers, kinds_of
from gateway.console.templating import language_of, page
from gateway.console.words.texts import text
from gateway.drafts.draft import HOME
from gateway.drafts.measures import concerned, rules_of, size_of
from gateway.drafts.sentences import stands
from gateway.drafts.texts import base_of, files_of
from gateway.errors import GatewayFault
from gateway.settings.model import Role
from gateway.words.alarm_words import Words
from gateway.words.phrases import spoken

if TYPE_CHECKING:
    from starlette.requests import Request

    from gateway.console.desk import Desk
    from gateway.console.visitor import Visitor
    from gateway.drafts.draft import Draft
    from gateway.settings.model import Configuration

DRAFTS: Final = "drafts"
"""As :data:`gateway.console.accounts.sight.SEES` has it."""
SEE_OTHER: Final = 303


class Row(NamedTuple):
    """A zone in force.

    Attributes:
        zone, name: of it. ``kind``: ``barred``, ``allowed`` or ``duty``; empty: no rule speaks of it.
        file: where it is drawn. ``rules``: each with its document, and what kind of document that is.
        people: how many it binds. ``area``: with its unit.
    """

    zone: str
    name: str
    kind: str
    file: str
    rules: list[tuple[str, str, str]]
    people: int
    area: str


async def _zones(request: Request) -> Response:
    check(request)
    return await _listed(request)


async def _listed(request: Request, fault: str = "", typed: str = "") -> Response:
    desk, language = request.app.state.desk, language_of(request)
    given: dict[str, Any] = {"drafts": [], "unread": ""}
    try:
        kept = await asyncio.to_thread(desk.drafts.all)
        mine = [one for one in kept if may_open(desk, request.state.visitor, one.draft)]
        given["drafts"] = [(one.draft, stands(one, language)) for one in mine]
    except GatewayFault as failed:
        given["unread"] = spoken(failed, language)
    rows = await asyncio.to_thread(rows_of, desk, request.state.visitor)
    return page(
        request, "zones.html", rows=rows, fault=fault, typed=typed, map_source="/zones.json",
        map_legend="zones_legend.html", map_bare=True, **given,
    )  # fmt: skip


async def _layers(request: Request) -> Response:
    """The zones as maps draw them; nobody's home."""
    check(request)
    desk = request.app.state.desk
    layers = await asyncio.to_thread(layers_of, desk, request.state.visitor, language_of(request))
    return Response(msgspec.json.encode(layers), media_type="application/json")


async def _begin(request: Request) -> Response:
    """A new draft: of a new zone, or of one in force."""
    check(request)
    desk, form, visitor = request.app.state.desk, await request.form(), request.state.visitor
    running, is_home = desk.configuration, form.get("form") == HOME
    zone = fresh_zone(running.zones, HOME) if is_home else str(form.get("zone", "")).strip()
    zone = zone or fresh_zone(running.zones)
    if zone in running.zones and zone not in visible(desk, visitor):
        await desk.audit.note(visitor, "", "draft", zone)
        raise HTTPException(403)
    try:
        base = await asyncio.to_thread(base_of, running.sources, zone)
        name = str(form.get("name", "")).strip()[:100]
        draft = of_home(zone, base) if is_home else begun(running, zone, name, base)
        kept = desk.drafts.begin(msgspec.structs.replace(draft, by=visitor.number, at=desk.clock.now()))
    except GatewayFault as fault:
        return await _listed(request, spoken(fault, language_of(request)), zone[:64])
    return RedirectResponse(f"/zones/draft/{kept.id}", SEE_OTHER)


def check(request: Request) -> None:
    """That drafts are for the visitor.

    Raises:
        HTTPException: 403, in words.
    """
    if not has_role_for(request.state.visitor, DRAFTS):
        raise HTTPException(403, text(language_of(request), "zones_who"))


def rows_of(desk: Desk, visitor: Visitor) -> list[Row]:
    """The zones that a visitor may see, by id."""
    running, shown = desk.configuration, visible(desk, visitor)
    files = files_of(running.sources)
    kinds = kinds_of(running, frozenset(running.people))
    return [_row(running, zone, kinds.get(zone, ""), files.get(zone, "")) for zone in sorted(shown)]


def _row(running: Configuration, zone: str, kind: str, file: str) -> Row:
    speaking = rules_of(running, zone)
    rules = [(rule.id, rule.basis, str(rule.basis_kind or "")) for rule in speaking]
    area = area_said(size_of(running, zone).area_m2)
    return Row(zone, running.zones[zone].name, kind, file, rules, len(concerned(running, zone)), area)


def may_open(desk: Desk, visitor: Visitor, draft: Draft) -> bool:
    """Whether a draft is for a visitor: an officer of an office opens what was drawn there of zones that he sees."""
    if not _of_an_office(visitor):
        return True
    drew, running = desk.configuration.staff.get(draft.by), desk.configuration
    seen = draft.zone not in running.zones or draft.zone in visible(desk, visitor)
    return seen and drew is not None and drew.office == visitor.office


def _of_an_office(visitor: Visitor) -> bool:
    return visitor.roles == {Role.OFFICE}


def visible(desk: Desk, visitor: Visitor) -> set[str]:
    """Zones that are for a visitor: all, or of an officer of an office those that bind its own people, or nobody."""
    running = desk.configuration
    if not _of_an_office(visitor):
        return set(running.zones)
    bound = {zone: concerned(running, zone) for zone in running.zones}
    own = {name for name, one in running.people.items() if one.office == visitor.office}
    return {zone for zone, people in bound.items() if not people or people & own}


def layers_of(desk: Desk, visitor: Visitor, language: str) -> Layers:
    """The county and the zones that a visitor may see."""
    running, shown = desk.configuration, visible(desk, visitor)
    drawing = Drawing(running, Words(language, desk.zone, desk.clock.now()))
    zones = drawing.zones_among(shown)
    return Layers(str(drawing.maps), drawing.bounds(), zones=[*drawing.county(), *zones])


ROUTES: Final = (
    Route("/zones", _zones, name="zones"),
    Route("/zones.json", _layers, name="zones_layers"),
    Route("/zones/draft", _begin, methods=["POST"], name="zones_begin"),
)
