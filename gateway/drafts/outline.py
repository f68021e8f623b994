"""What is drawn as the text of a GeoJSON file (RFC 7946), and which of its lines is which corner."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Final

from gateway.errors import UserFault
from gateway.words.draft_phrases import DRAFTS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gateway.drafts.draft import Draft

HEAD: Final = 4
"""Lines before the first corner."""
OPENS: Final = {"circle": ("Point", "", ""), "corridor": ("LineString", "[", "]"), "polygon": ("Polygon", "[[", "]]")}
"""By form: the geometry, and what stands around its positions."""
DEGREES: Final = re.compile(r"CRS:?84$|EPSG:(?::|\d*:)?(?:4326|4490|4979)$", re.IGNORECASE)
"""Names of systems of degrees whose datum is the one that is chosen beside the file: OGC CRS84, WGS-84, CGCS2000."""


def text_of(draft: Draft) -> str:
    """The file's text: of a ``file`` its own; else a feature with a corner a line, as they were typed."""
    if draft.form == "file":
        return draft.text
    kind, opens, closes = OPENS[draft.form]
    corners = [*draft.points, *(draft.points[:1] if draft.form == "polygon" else ())]
    written = ",\n".join(json.dumps(corner) for corner in corners)
    properties = json.dumps({"name": draft.name} | dict(_size(draft)), ensure_ascii=False)
    return (
        f'{{"type": "Feature",\n"properties": {properties},\n"geometry": {{"type": "{kind}",\n'
        f'"coordinates": {opens}\n{written}\n{closes}}}}}\n'
    )


def _size(draft: Draft) -> Iterator[tuple[str, float]]:
    if draft.form == "circle":
        yield "radius_m", draft.radius_m
    elif draft.form == "corridor":
        yield "width_m", draft.width_m


def corner_at(draft: Draft, line: int) -> int | None:
    """Index of the corner that stands on a line (from 1) of the text; None: none does, or the text is its own."""
    if draft.form == "file" or not HEAD < line <= HEAD + len(draft.points) + 1:
        return None
    return (line - HEAD - 1) % max(1, len(draft.points))


def check_system(text: str) -> None:
    """That a GeoJSON text names no other system of coordinates than degrees of longitude and latitude.

    RFC 7946 has no ``crs`` any more; older programs write it, and one that is not read moves the zone unseen.

    Raises:
        UserFault: it does.
    """
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        return  # said with its place when it is read
    named = data.get("crs") if isinstance(data, dict) else None
    if named is None:
        return
    properties = named.get("properties") if isinstance(named, dict) else None
    name = str(properties.get("name")) if isinstance(properties, dict) else ""
    if not DEGREES.search(name):
        raise UserFault(DRAFTS["draft_system"].filled(value=name[:80] or "?"))
