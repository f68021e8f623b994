"""A draft as its page shows it: what was drawn, what is wrong with it and where, how large it is, who lives beside."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from fencing.datum import Datum, from_wgs84, to_wgs84
from gateway.console.draft_forms import DIGITS
from gateway.drafts.checking import SHAPE, checked
from gateway.drafts.draft import HOME
from gateway.drafts.measures import bound_by, edges, rules_of, size_of
from gateway.drafts.sentences import edges_said
from gateway.errors import GatewayFault
from gateway.words.phrases import spoken

if TYPE_CHECKING:
    from collections.abc import Collection

    from gateway.console.map_layers import Drawing
    from gateway.drafts.draft import Draft
    from gateway.drafts.measures import Size
    from gateway.settings.model import Configuration

SQUARE_KILOMETRE: Final = 1e6


@dataclass(slots=True)
class View:
    """What is shown beside the form.

    Attributes:
        beside: faults by place: a corner's number, ``zones.name`` or the like.
        others: faults of the whole. ``warnings``: what is no fault, but worth a look.
        is_well: it may be tried and proposed.
        size: where it could be measured; None: it cannot, or nothing is drawn.
        homes: sentences about homes whose owners the visitor may see. ``hidden``: so many others there are.
        rules: ids of the rules that would speak of it.
        outlines: as maps draw it. ``bound``: those of whom it binds, and whose places the visitor may see.
    """

    beside: dict[str, list[str]] = field(default_factory=dict)
    others: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    is_well: bool = False
    size: Size | None = None
    homes: list[str] = field(default_factory=list)
    hidden: int = 0
    rules: list[str] = field(default_factory=list)
    outlines: list[Any] = field(default_factory=list)
    bound: list[str] = field(default_factory=list)


def view_of(draft: Draft, running: Configuration, seen: Collection[str], drawing: Drawing) -> View:
    """A draft over what is in force, for somebody who may see the places of those people."""
    view = View()
    if not draft.is_drawn:
        return view
    language = drawing.words.language
    try:
        found = checked(running.sources, running, draft, language)
    except GatewayFault as fault:
        view.others.append(spoken(fault, language))
        return view
    for one in found.faults:
        if one.at in {"", SHAPE}:
            view.others.append(one.message if one.at and draft.form != "file" else f"{one.where} {one.message}")
        else:
            view.beside.setdefault(one.at, []).append(one.message)
    view.warnings = [one.message for one in found.warnings]
    view.is_well = found.configuration is not None
    if found.configuration is not None and draft.form == HOME:
        view.rules = [draft.rule]
        view.bound = sorted(bound_by(found.configuration, draft) & frozenset(seen))
    elif found.configuration is not None:
        _measure(view, found.configuration, draft.zone, seen, drawing)
    return view


def _measure(view: View, wanted: Configuration, zone: str, seen: Collection[str], drawing: Drawing) -> None:
    view.size = size_of(wanted, zone)
    near = edges(wanted, zone, wanted.people)
    mine = [one for one in near if one.person in seen]
    view.homes, view.hidden = list(edges_said(mine, drawing.words.language)), len(near) - len(mine)
    view.rules = [rule.id for rule in rules_of(wanted, zone)]
    view.outlines = drawing.zone(wanted, zone)
    view.bound = [one.person for one in mine]


def on_maps(draft: Draft, maps: Datum) -> list[tuple[float, float]]:
    """The points of a draft, longitude first, as maps show them."""
    if not draft.points:
        return []
    east, north = np.array(draft.points, np.float64).T
    if draft.datum != maps:
        north, east = from_wgs84(*to_wgs84(north, east, Datum(draft.datum)), maps)
    return list(zip(np.round(east, DIGITS).tolist(), np.round(north, DIGITS).tolist(), strict=True))


def area_said(square_metres: float) -> str:
    """With its unit: square kilometres from one on."""
    if square_metres >= SQUARE_KILOMETRE:
        return f"{square_metres / SQUARE_KILOMETRE:.2f} km²"
    return f"{square_metres:.0f} m²"
