"""A track for people and machines. GeoJSON (RFC 7946) and GPX 1.1 are WGS-84 and say so; all else names its datum."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

import msgspec

from gateway.clock import iso
from gateway.words.coordinates import on_maps
from gateway.words.listing import Item, listing
from gateway.words.texts import Text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from zoneinfo import ZoneInfo

    from rich.console import Group

    from fencing.datum import Datum
    from gateway.engine import Fix
    from gateway.words.coordinates import Coordinates

CSV_COLUMNS = (
    "person", "device", "time", "latitude", "longitude", "datum", "radius95_m", "speed_kmh", "state", "source",
)  # fmt: skip
HEADINGS = {
    "zh": ("时间", "经度", "纬度", "坐标系", "误差", "速度", "来源", "判断"),
    "en": ("time", "longitude", "latitude", "datum", "error", "speed", "source", "judged"),
}
STATES = {
    "well": Text("无异常", "nothing"), "outside": Text("范围外", "outside"), "inside": Text("禁入区内", "inside"),
    "away": Text("宵禁不在", "away at curfew"), "unknown": Text("无法判断", "undetermined"),
    "grace": Text("宽限内不在", "away in the grace"), "leave": Text("请假在外", "away on leave"),
    "late": Text("来得太迟，未判断", "too late to be judged"),
    "imported": Text("由别的系统导入", "imported from another system"),
}  # fmt: skip
SOURCES = {
    "gnss": Text("卫星", "satellites"), "wifi": Text("WiFi", "WiFi"), "cell": Text("基站", "masts"),
    "beacon": Text("信标", "beacon"), "phone": Text("运营商", "carrier"), "none": Text("不明", "unknown"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Track:
    """Fixes of one person in order of time, and how the county reads them."""

    person: str
    fixes: list[Fix]
    maps: Datum
    zone: ZoneInfo
    language: str

    def place(self, fix: Fix) -> Coordinates:
        """A fix on the county's maps."""
        return on_maps(fix.latitude, fix.longitude, self.maps)

    def clock(self, time: float) -> str:
        """A time of the county, to the second."""
        return f"{datetime.fromtimestamp(time, UTC).astimezone(self.zone):%m-%d %H:%M:%S}"

    def judged(self, state: str) -> str:
        """A state in words, its rules and zones as they are."""
        words = (part.split(":", 1) for part in state.split(";"))
        return "; ".join(" ".join((STATES[word].of(self.language), *more)) for word, *more in words)

    def facts(self, fix: Fix) -> tuple[str, ...]:
        """What a table shows of a fix, in the order of HEADINGS."""
        place = self.place(fix)
        return (
            self.clock(fix.time), f"{place.longitude:.5f}", f"{place.latitude:.5f}", place.datum,
            f"±{fix.radius_m:.0f} m", f"{fix.speed_kmh:.0f} km/h", SOURCES[fix.source].of(self.language),
            self.judged(fix.state),
        )  # fmt: skip


def table(track: Track) -> Group:
    """For a terminal: a line a fix."""
    return listing(HEADINGS[track.language], [Item(track.facts(fix), ()) for fix in track.fixes])


def csv_of(track: Track, mark: str = "") -> str:
    """A line a fix, in the datum of the county's maps, which every line names; times are UTC.

    ``mark``: what stands in the file about who took it along and what for, here as in the others.
    """
    out = io.StringIO()
    if mark:
        out.write(f"# {mark}\n")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(CSV_COLUMNS)
    for fix in track.fixes:
        place = track.place(fix)
        writer.writerow((
            track.person, fix.device, iso(fix.time), f"{place.latitude:.5f}", f"{place.longitude:.5f}", place.datum,
            fix.radius_m, fix.speed_kmh, fix.state, fix.source,
        ))  # fmt: skip
    return out.getvalue()


def geojson_of(track: Track, mark: str = "") -> str:
    """A FeatureCollection: the line, and a point a fix; WGS-84, longitude first."""
    points = [_feature("Point", [fix.longitude, fix.latitude], _properties(fix)) for fix in track.fixes]
    line = [[fix.longitude, fix.latitude] for fix in track.fixes]
    whole = [_feature("LineString", line, {"person": track.person, "datum": "WGS-84"})] if len(line) > 1 else []
    marked = {"mark": mark} if mark else {}
    return msgspec.json.encode({"type": "FeatureCollection", **marked, "features": [*whole, *points]}).decode() + "\n"


def _feature(kind: str, coordinates: object, properties: dict[str, object]) -> dict[str, object]:
    return {"type": "Feature", "geometry": {"type": kind, "coordinates": coordinates}, "properties": properties}


def _properties(fix: Fix) -> dict[str, object]:
    return {
        "time": iso(fix.time), "datum": "WGS-84", "radius95_m": fix.radius_m, "speed_kmh": fix.speed_kmh,
        "state": fix.state, "source": fix.source, "device": fix.device,
    }  # fmt: skip


def gpx_of(track: Track, mark: str = "") -> str:
    """GPX 1.1: one track of one segment; WGS-84 by its standard."""
    told = f"WGS-84. {mark}" if mark else "WGS-84"
    head = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<gpx version="1.1" creator="bracelet-gateway" xmlns="http://www.topografix.com/GPX/1/1">\n'
        f"<metadata><desc>{escape(told)}</desc></metadata>\n<trk><name>{escape(track.person)}</name><trkseg>\n"
    )
    return head + "".join(_points(track)) + "</trkseg></trk>\n</gpx>\n"


def _points(track: Track) -> Iterator[str]:
    for fix in track.fixes:
        at = f"lat={quoteattr(f'{fix.latitude:.7f}')} lon={quoteattr(f'{fix.longitude:.7f}')}"
        said = escape(f"±{fix.radius_m:.0f} m, {fix.source}, {fix.state}")
        yield f"<trkpt {at}><time>{iso(fix.time)}</time><desc>{said}</desc></trkpt>\n"
