"""Answers in XML: positions in every shape, absences and errors, in UTF-8 or GB 2312."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from firmware_sim.carrier.request import Request
    from firmware_sim.carrier.subscriber import Subscriber

ABSENT, UNKNOWN_SUBSCRIBER = 5, 4
_DEGREE_M = 111_000.0
_ZONE = timedelta(hours=8)
_DOCTYPE = '<!DOCTYPE svc_result SYSTEM "MLP_SVC_RESULT_320.DTD">'


def answer(request: Request, subscribers: Mapping[str, Subscriber], now: float, age: float = 0.0) -> bytes:
    """The positions asked for at a time; ``age`` seconds old (a "last known" place)."""
    every = "".join(_position(number, subscribers.get(number), now, age) for number in request.numbers)
    return _whole(request, every)


def refusal(request: Request, code: int) -> bytes:
    """One result for the whole request."""
    return _whole(request, f'<result resid="{code}">refused</result>')


def _whole(request: Request, content: str) -> bytes:
    text = (
        f'<?xml version="1.0" encoding="{request.encoding}"?>{_DOCTYPE}<svc_result ver="{request.version}">'
        f'<slia ver="{request.version}">{content}</slia></svc_result>'
    )
    return text.encode("gb18030" if request.encoding == "GB2312" else "utf-8")


def _position(number: str, subscriber: Subscriber | None, now: float, age: float) -> str:
    msid = f'<msid type="MSISDN" enc="ASC">{escape(number)}</msid>'
    code = UNKNOWN_SUBSCRIBER if subscriber is None else subscriber.result
    if subscriber is not None and not code and age == 0.0 and subscriber.is_absent(now):
        code = ABSENT
    if subscriber is None or code:
        fault = f'<result resid="{code}">不可用</result>{_time(now)}'
        return f"<pos>{msid}<poserr>{fault}</poserr></pos>"
    confidence = f"<lev_conf>{subscriber.confidence}</lev_conf>" if subscriber.confidence else ""
    shape = _SHAPES[subscriber.shape](*subscriber.place(now - age), subscriber.radius_m)
    return f"<pos>{msid}<pd>{_time(now - age)}<shape>{shape}</shape>{confidence}</pd></pos>"


def _time(moment: float) -> str:
    return f'<time utc_off="+0800">{datetime.fromtimestamp(moment, UTC) + _ZONE:%Y%m%d%H%M%S}</time>'


def _sexagesimal(degrees: float, letters: str) -> str:
    """``DD MM SS.sssH``."""
    milliseconds = round(abs(degrees) * 3_600_000)
    minutes, rest = divmod(milliseconds, 60_000)
    return f"{minutes // 60:02d} {minutes % 60:02d} {rest / 1000:06.3f}{letters[degrees < 0]}"


def _coord(latitude: float, longitude: float) -> str:
    return f"<coord><X>{_sexagesimal(latitude, 'NS')}</X><Y>{_sexagesimal(longitude, 'EW')}</Y></coord>"


def _point(latitude: float, longitude: float, radius: float) -> str:
    del radius
    return f"<Point>{_coord(latitude, longitude)}</Point>"


def _circle(latitude: float, longitude: float, radius: float) -> str:
    return f"<CircularArea>{_coord(latitude, longitude)}<radius>{radius:.0f}</radius></CircularArea>"


def _axes(latitude: float, longitude: float, radius: float) -> str:
    return (
        f"{_coord(latitude, longitude)}<angle>30</angle><semiMajor>{radius:.0f}</semiMajor>"
        f"<semiMinor>{radius / 2:.0f}</semiMinor><angularUnit>Degrees</angularUnit>"
    )


def _ellipse(latitude: float, longitude: float, radius: float) -> str:
    return f"<EllipticalArea>{_axes(latitude, longitude, radius)}</EllipticalArea>"


def _misnamed(latitude: float, longitude: float, radius: float) -> str:
    return f"<CircularArea>{_axes(latitude, longitude, radius)}</CircularArea>"


def _arc(latitude: float, longitude: float, radius: float) -> str:
    """The mast stands south of the phone: a sector to the north that opens by 60 degrees."""
    mast = latitude - 2.0 / 3.0 * radius * math.sin(math.pi / 6) / (math.pi / 6) / _DEGREE_M
    return (
        f"<CircularArcArea>{_coord(mast, longitude)}<inRadius>0</inRadius><outRadius>{radius:.0f}</outRadius>"
        "<startAngle>330</startAngle><stopAngle>60</stopAngle></CircularArcArea>"
    )


def _polygon(latitude: float, longitude: float, radius: float) -> str:
    north = radius / _DEGREE_M
    east = north / math.cos(math.radians(latitude))
    ring = "".join(_coord(latitude + y * north, longitude + x * east) for x, y in ((-1, -1), (1, -1), (1, 1), (-1, 1)))
    return f"<Polygon><outerBoundaryIs><LinearRing>{ring}</LinearRing></outerBoundaryIs></Polygon>"


_SHAPES: Mapping[str, Callable[[float, float, float], str]] = {
    "point": _point, "circle": _circle, "ellipse": _ellipse, "misnamed": _misnamed, "arc": _arc, "polygon": _polygon,
}  # fmt: skip
