"""A track as one page that needs nothing else: a drawn map with radii, zones and a scale, and the fixes as a table."""

from __future__ import annotations

import math
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

import numpy as np
import shapely

from fencing.zones import CirclePlace
from gateway.engine import HOME, zone_shapes
from gateway.words.texts import Text
from gateway.words.track_formats import HEADINGS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fencing.plane import LocalPlane
    from fencing.zones import GeometryPlace
    from gateway.settings.model import Configuration
    from gateway.words.track_formats import Track

SIDE = 1000.0
"""Units of the drawing's side."""
LEAST_EXTENT = 400.0
"""Metres a map shows at least."""
MARGIN = 0.1
MOST_RADII = 1500
"""Circles drawn at most; of more fixes some, evenly."""
ROUND = (1, 2, 5)
WORDS = {
    "title": Text("{person} 的轨迹", "Track of {person}"),
    "stretch": Text("{first} 至 {last}，{count} 次定位", "{first} to {last}, {count} fixes"),
    "lead": Text(
        "位置有误差，圆圈含真实位置的可能性约95%。这是线索，不是认定；只供本案使用，用后即删。",
        "Places have errors: a circle holds the true one in about 95 of 100 cases. A lead, not a finding; for this case"
        " alone, to be deleted after use.",
    ),
    "datum": Text("表中坐标：{datum}。上为北。", "Coordinates in the table: {datum}. North is up."),
    "line": Text("轨迹", "track"),
    "radius": Text("误差范围（95%）", "error (95 %)"),
    "start": Text("起点", "first fix"),
    "end": Text("终点", "last fix"),
    "home": Text("住处", "home"),
    "allowed": Text("允许范围", "allowed area"),
    "barred": Text("禁入区", "barred zone"),
    "fixes": Text("定位明细", "all fixes"),
}
PAGE_STYLE = (
    "body{font:14px/1.5 sans-serif;margin:1em auto;max-width:1100px;padding:0 1em}svg{width:100%;height:auto;"
    "border:1px solid #999;background:#fbfaf7}table{border-collapse:collapse}td,th{padding:2px 8px;border-bottom:1px "
    "solid #ddd;text-align:left;white-space:nowrap}"
)
DRAWING_STYLE = (
    ".line{fill:none;stroke:#1c5fa8;stroke-width:3;stroke-linejoin:round}"
    ".radius{fill:#1c5fa8;fill-opacity:.05;stroke:#1c5fa8;stroke-opacity:.2}.start{fill:#2b8a3e}.end{fill:#c2255c}"
    ".home{fill:#2b8a3e;fill-opacity:.12;stroke:#2b8a3e;stroke-width:2}.allowed{fill:none;stroke:#5c940d;"
    "stroke-width:3;stroke-dasharray:12 6}.barred{fill:#c92a2a;fill-opacity:.15;stroke:#c92a2a;stroke-width:2}"
    ".scale{stroke:#222;stroke-width:4}.map text{font:20px sans-serif;fill:#222}"
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _View:
    """Plane metres to units of the drawing."""

    west: float
    north: float
    unit: float
    """Metres a unit."""

    def at(self, x: float, y: float) -> str:
        return f"{(x - self.west) / self.unit:.1f},{(self.north - y) / self.unit:.1f}"

    def circle(self, x: float, y: float, radius: float, kind: str, name: str = "") -> str:
        east, south = self.at(x, y).split(",")
        title = f"<title>{escape(name)}</title>" if name else ""
        return (
            f'<circle class="{kind}" cx="{east}" cy="{south}" r="{max(radius / self.unit, 1.0):.1f}">{title}</circle>'
        )

    def label(self, x: float, y: float, name: str) -> str:
        """A name above a point: on paper nothing can be pointed at."""
        east, south = self.at(x, y).split(",")
        return f'<text x="{east}" y="{float(south) - 4:.1f}" text-anchor="middle">{escape(name)}</text>' if name else ""


def page_of(track: Track, configuration: Configuration, plane: LocalPlane) -> str:
    """The page, in the track's language. The track has a fix at least."""
    language = track.language

    def said(key: str, **values: object) -> str:
        return escape(WORDS[key].of(language).format_map(values))

    title = said("title", person=track.person)
    first, last = track.clock(track.fixes[0].time), track.clock(track.fixes[-1].time)
    return (
        f'<!DOCTYPE html>\n<html lang="{language}"><head><meta charset="utf-8"><title>{title}</title>'
        f"<style>{PAGE_STYLE}{DRAWING_STYLE}</style></head><body><h1>{title}</h1>"
        f"<p>{said('stretch', first=first, last=last, count=len(track.fixes))}</p><p>{said('lead')}</p>"
        f"{drawing(track, configuration, plane)}<p>{legend(language)}</p>"
        f"<p>{said('datum', datum=track.place(track.fixes[0]).datum)}</p>"
        f"<details open><summary>{said('fixes')}</summary>{_table(track)}</details></body></html>\n"
    )


def _table(track: Track) -> str:
    rows = [HEADINGS[track.language], *(track.facts(fix) for fix in track.fixes)]
    cells = ["".join(f"<td>{escape(cell)}</td>" for cell in row) for row in rows]
    return "<table>" + "".join(f"<tr>{row}</tr>" for row in cells) + "</table>"


def legend(language: str) -> str:
    """What the signs of a map mean: HTML, to be shown under DRAWING_STYLE."""
    kinds = ("line", "radius", "start", "end", "home", "allowed", "barred")
    return " &nbsp; ".join(
        f'<svg style="width:24px;height:14px;border:0" viewBox="0 0 24 14"><rect class="{kind}" x="2" y="2" width="20"'
        f' height="10"/></svg> {escape(WORDS[kind].of(language))}'
        for kind in kinds
    )


def drawing(track: Track, configuration: Configuration, plane: LocalPlane) -> str:
    """The map of a track that has a fix at least: SVG, to be shown under DRAWING_STYLE."""
    x, y = plane.forward([fix.latitude for fix in track.fixes], [fix.longitude for fix in track.fixes])
    radius = np.array([fix.radius_m for fix in track.fixes])
    view = _view(x, y, radius)
    step = -(-len(x) // MOST_RADII)
    parts = [
        *_zones(track.person, configuration, plane, view),
        *(view.circle(x[at], y[at], radius[at], "radius") for at in range(0, len(x), step)),
        f'<polyline class="line" points="{" ".join(view.at(*each) for each in zip(x, y, strict=True))}"/>',
        view.circle(x[0], y[0], 9 * view.unit, "start"), view.circle(x[-1], y[-1], 9 * view.unit, "end"),
        _scale(view),
    ]  # fmt: skip
    size = f"0 0 {SIDE:.0f} {SIDE:.0f}"
    return f'<svg xmlns="http://www.w3.org/2000/svg" class="map" viewBox="{size}">{"".join(parts)}</svg>'


def _view(x: np.ndarray, y: np.ndarray, radius: np.ndarray) -> _View:
    """A square around all circles."""
    west, east, south, north = (x - radius).min(), (x + radius).max(), (y - radius).min(), (y + radius).max()
    extent = max(east - west, north - south, LEAST_EXTENT) * (1.0 + 2.0 * MARGIN)
    return _View((west + east - extent) / 2.0, (south + north + extent) / 2.0, extent / SIDE)


def _zones(person: str, configuration: Configuration, plane: LocalPlane, view: _View) -> Iterator[str]:
    """The zones that rules of the wearer speak of, and the home; cut to what the map shows."""
    rules = [rule for rule in configuration.rules if person in rule.people]
    kinds = {rule.keep_out: "barred" for rule in rules if rule.keep_out}
    kinds |= {rule.stay_inside: "allowed" for rule in rules if rule.stay_inside}
    kinds |= {rule.curfew.zone: "home" for rule in rules if rule.curfew and rule.curfew.zone != HOME}
    kinds[f"{HOME}:{person}"] = "home"
    for shape in zone_shapes(configuration, plane):
        zone = configuration.zones.get(shape.id)
        if shape.id in kinds and (zone is None or zone.is_for(person)):
            for place in shape.places:
                name = "" if shape.id.startswith(f"{HOME}:") else place.name
                yield from _drawn(place, kinds[shape.id], name, view)


def _drawn(place: CirclePlace | GeometryPlace, kind: str, name: str, view: _View) -> Iterator[str]:
    if isinstance(place, CirclePlace):
        yield view.circle(place.x, place.y, place.radius, kind, name)
        yield view.label(place.x, place.y + place.radius, name)
        return
    span = view.unit * SIDE
    shown = shapely.box(view.west - span, view.north - 2 * span, view.west + 2 * span, view.north + span)
    cut = shapely.intersection(shapely.simplify(place.geometry, view.unit), shown)
    for polygon in () if cut.is_empty else shapely.get_parts(cut):
        rings = [polygon.exterior, *polygon.interiors] if polygon.geom_type == "Polygon" else []
        path = "".join("M" + "L".join(view.at(*corner) for corner in ring.coords) + "Z" for ring in rings)
        yield f'<path class="{kind}" fill-rule="evenodd" d="{path}"><title>{escape(name)}</title></path>'
        if kind != "allowed":
            at = polygon.representative_point()
            yield view.label(at.x, at.y, name)


def _scale(view: _View) -> str:
    """A bar of a round length, at most a quarter of the map."""
    most = view.unit * SIDE / 4.0
    power = 10.0 ** math.floor(math.log10(most))
    metres = max(each * power for each in ROUND if each * power <= most)
    named = f"{metres / 1000:g} km" if metres >= 1000 else f"{metres:g} m"  # noqa: PLR2004  metres a kilometre
    end = 30 + metres / view.unit
    return f'<line class="scale" x1="30" y1="970" x2="{end:.1f}" y2="970"/><text x="30" y="955">{named}</text>'
