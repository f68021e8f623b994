"""What the form of a draft makes of it: corners typed, moved and taken out, all in the datum that is stated."""

from __future__ import annotations

import math
import secrets
from typing import TYPE_CHECKING, Final, get_args

import msgspec
import numpy as np

from fencing.datum import Datum, from_wgs84, to_wgs84
from fencing.plane import LocalPlane
from gateway.drafts.draft import BE_THERE, HOME, Binding, Does, Draft, Form
from gateway.errors import UserFault
from gateway.settings.model import Area
from gateway.words.coordinates import NAMES
from gateway.words.draft_phrases import DRAFTS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from gateway.settings.model import Configuration

STEP: Final = 10.0
"""Metres by which a corner is moved."""
WAYS: Final[Mapping[str, tuple[float, float]]] = {
    "north": (0.0, STEP), "south": (0.0, -STEP), "east": (STEP, 0.0), "west": (-STEP, 0.0),
}  # fmt: skip
"""Metres east and north."""
DIGITS: Final = 6
"""Decimals of a degree: a tenth of a metre."""
MOST_CORNERS: Final = 200
"""Of a zone in force that is taken over corner by corner."""
DRAWN: Final = tuple(one for one in get_args(Form) if one not in {"file", HOME})
DOES: Final = get_args(Does)
AUTO: Final[Mapping[str, str]] = {"keep_out": "no-", "stay_inside": "in-", BE_THERE: "at-"}
"""How the id of a rule begins that nobody has named, by what it asks; that of its zone follows."""
TYPED: Final = ("people", "basis", "basis_kind", "start", "until")
DAYS: Final = ("workdays", "weekend", "mon", "tue", "wed", "thu", "fri", "sat", "sun")
"""On which hours may begin; none is chosen: daily."""
DATUMS: Final = tuple(map(str, NAMES))

Points = tuple[tuple[float, float], ...]


def begun(configuration: Configuration, zone: str, name: str, base: str) -> Draft:
    """An empty draft; of a zone in force as it is drawn, where that is one circle or one plain polygon."""
    stands = configuration.zones.get(zone)
    draft = Draft("", zone, name, datum=str(configuration.county.maps), base=base)
    if stands is None:
        binding = Binding(AUTO["keep_out"] + zone, "keep_out", "", "", "court_order")
        return msgspec.structs.replace(draft, binding=binding)
    draft = msgspec.structs.replace(draft, name=stands.name)
    if len(stands.places) != 1:
        return draft
    place = stands.places[0]
    if not isinstance(place, Area):
        points = _on_maps([(place.longitude, place.latitude)], configuration.county.maps)
        return msgspec.structs.replace(draft, form="circle", points=points, radius_m=round(place.radius_m, 1))
    shape = place.geometry
    if shape.geom_type != "Polygon" or shape.interiors or len(shape.exterior.coords) > MOST_CORNERS:
        return draft
    corners = [(x, y) for x, y, *_ in shape.exterior.coords[:-1]]
    return msgspec.structs.replace(draft, points=_on_maps(corners, configuration.county.maps))


def of_home(zone: str, base: str) -> Draft:
    """A rule for which nothing is drawn: to be at home at hours."""
    return Draft(
        "", zone, form=HOME, base=base, binding=Binding(AUTO[BE_THERE] + zone, BE_THERE, "", "", "court_order")
    )


def _on_maps(degrees: Sequence[tuple[float, float]], maps: Datum) -> Points:
    east, north = np.array(degrees, np.float64).T
    latitude, longitude = from_wgs84(north, east, maps)
    return _rounded(longitude.tolist(), latitude.tolist())


def _rounded(longitude: Sequence[float], latitude: Sequence[float]) -> Points:
    return tuple((round(x, DIGITS), round(y, DIGITS)) for x, y in zip(longitude, latitude, strict=True))


def typed(draft: Draft, form: Mapping[str, Sequence[str]]) -> Draft:
    """The draft as the form has it: by name, all values of a field; ``do`` says what is done besides.

    Raises:
        UserFault: something that has to be a number is none.
    """
    changed = _typed(draft, form)
    do, _, at = _one(form, "do").partition(":")
    if do == "add":
        return msgspec.structs.replace(changed, points=(*changed.points, *_added(changed, form)))
    if at.isdecimal() and int(at) < len(changed.points):
        return _done(changed, do, int(at))
    return changed


def _typed(draft: Draft, form: Mapping[str, Sequence[str]]) -> Draft:
    shape = _one(form, "form") or draft.form
    if shape == HOME and draft.form != HOME:
        shape = draft.form  # what is drawn stays drawn
    binding, points = _binding(form, draft.zone, is_home=shape == HOME), draft.points
    if "longitude" in form:
        pairs = zip(form["longitude"], form.get("latitude", ()), strict=False)
        points = tuple((_degrees(x), _degrees(y)) for x, y in pairs)
    more = {name: _metres(_one(form, name)) for name in ("radius_m", "width_m") if name in form}
    return msgspec.structs.replace(
        draft, name=" ".join(_one(form, "name").split()), form=shape if shape in get_args(Form) else draft.form,
        points=points, binding=binding, revision=int(_one(form, "revision") or draft.revision), **more,
    )  # fmt: skip


def _binding(form: Mapping[str, Sequence[str]], zone: str, *, is_home: bool) -> Binding | None:
    """The new rule; None: there is to be none. An id that was given by itself goes by what the rule asks."""
    asked = BE_THERE if is_home else _one(form, "does")
    does = next((one for one in DOES if one == asked), None)
    if does is None:
        return None
    said = {name: " ".join(_one(form, name).split()) for name in TYPED}
    rule = _one(form, "rule")
    if rule in {start + zone for start in AUTO.values()}:
        rule = AUTO[does] + zone
    if does == BE_THERE:
        said |= {name: _clock(_one(form, name)) for name in ("begins", "ends")} | {"grace": _one(form, "grace")}
        said["days"] = " ".join(form.get("days", ()))
    return Binding(rule, does, **said)


def _clock(typed: str) -> str:
    """A time of day as it was typed; with a full-width colon, too."""
    return typed.replace("：", ":")


def imported(draft: Draft, text: str, datum: str) -> Draft:
    """A draft that is a file's GeoJSON, in the datum that whoever imports it says it is in.

    Raises:
        UserFault: no datum was said: there is no default.
    """
    if datum not in DATUMS:
        raise UserFault(DRAFTS["draft_datum"])
    return msgspec.structs.replace(draft, form="file", text=text, datum=datum, points=())


def drawn_again(draft: Draft, maps: Datum) -> Draft:
    """A draft of a file that is to be drawn by hand instead."""
    return msgspec.structs.replace(draft, form="polygon", text="", datum=str(maps), points=())


def _added(draft: Draft, form: Mapping[str, Sequence[str]]) -> Points:
    """One more point, typed in whichever datum."""
    east, north = _degrees(_one(form, "add_longitude")), _degrees(_one(form, "add_latitude"))
    datum = _one(form, "add_datum") or draft.datum
    if datum == draft.datum or datum not in DATUMS:
        return ((east, north),)
    latitude, longitude = to_wgs84([north], [east], Datum(datum))
    latitude, longitude = from_wgs84(latitude, longitude, Datum(draft.datum))
    return _rounded(longitude.tolist(), latitude.tolist())


def _done(draft: Draft, do: str, at: int) -> Draft:
    """A point moved, taken out, or doubled halfway to the next one."""
    points = draft.points
    if do == "remove":
        return msgspec.structs.replace(draft, points=points[:at] + points[at + 1 :])
    if do == "split":
        x, y = points[(at + 1) % len(points)]
        middle = (round((points[at][0] + x) / 2, DIGITS), round((points[at][1] + y) / 2, DIGITS))
        return msgspec.structs.replace(draft, points=(*points[: at + 1], middle, *points[at + 1 :]))
    if do in WAYS:
        return msgspec.structs.replace(draft, points=(*points[:at], _moved(points[at], *WAYS[do]), *points[at + 1 :]))
    return draft


def _moved(point: tuple[float, float], east: float, north: float) -> tuple[float, float]:
    """Some metres away; where a point is on no earth it stays."""
    if not (abs(point[0]) <= 180.0 and abs(point[1]) < 90.0):  # noqa: PLR2004  degrees
        return point
    latitude, longitude = LocalPlane(point[1], point[0]).inverse([east], [north])
    return _rounded(longitude.tolist(), latitude.tolist())[0]


def _one(form: Mapping[str, Sequence[str]], name: str) -> str:
    values = form.get(name, ())
    return values[0].strip() if values else ""


def _degrees(text: str) -> float:
    return _number(text, 1e6)


def _metres(text: str) -> float:
    return _number(text, 1e9)


def _number(text: str, most: float) -> float:
    """What was typed.

    Raises:
        UserFault: it is no number.
    """
    try:
        number = float(text.strip().replace("，", ".").replace(",", "."))
    except ValueError:
        number = math.nan
    if not abs(number) <= most:
        raise UserFault(DRAFTS["draft_number"].filled(value=text[:20]))
    return number


def fresh_zone(known: Mapping[str, object], kind: str = "zone") -> str:
    """An id for a new zone, or for a draft that has none."""
    while (found := f"{kind}-{secrets.token_hex(2)}") in known:
        pass
    return found
