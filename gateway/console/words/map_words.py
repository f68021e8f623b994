"""What stands on and about a map."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gateway.words.texts import Text
from gateway.words.track_formats import SOURCES

if TYPE_CHECKING:
    from collections.abc import Mapping

MAP: Final[Mapping[str, Text]] = {
    "map": Text("地图", "Map"),
    "map_keys": Text("方向键移动，+ 和 - 缩放", "arrows move, + and - zoom"),
    "map_datum": Text("坐标系 {datum} · 上为北", "datum {datum} · north is up"),
    "map_table": Text("地图内容的文字表格", "What the map shows, as a table"),
    "map_time": Text("时间", "Time"),
    "map_what": Text("内容", "What"),
    "map_place": Text("经度, 纬度（{datum}）", "Longitude, latitude ({datum})"),
    "map_nearer": Text("放大", "Zoom in"),
    "map_farther": Text("缩小", "Zoom out"),
    "map_zones": Text("区域", "Zones"),
    "map_homes": Text("住处", "Homes"),
    "map_places": Text("场所", "Places"),
    "map_radii": Text("误差圈", "Error circles"),
    "map_gaps": Text("无数据时段", "Gaps without data"),
    "map_track": Text("轨迹", "Track"),
    "map_fixes": Text("定位点", "Fixes"),
    "map_moment": Text("判断时刻或最新位置", "Moment of decision, or last place"),
    "map_graticule": Text("经纬网", "Graticule"),
    "map_unread": Text("地图内容暂时读不到，请稍后再试。", "What the map shows cannot be read now; try again."),
    "map_nothing": Text("这段时间没有定位。", "No fix in this time."),
    "map_count": Text("定位 {count} 次", "{count} fixes"),
    "map_more": Text("；只画出前 {most} 次", "; the first {most} are drawn"),
    "map_fix": Text("{time} {source}，误差约{radius}", "{time} by {source}, ±{radius}"),
    "map_spot": Text("{time} 轨迹，误差约{radius}", "{time} track, ±{radius}"),
    "map_gap": Text("{since} 起 {lasted} 没有数据", "no data for {lasted} from {since}"),
    "map_gap_heard": Text(
        "{since} 起 {lasted} 没有位置（其间上报 {count} 次）",
        "no place for {lasted} from {since} ({count} reports meanwhile)",
    ),
    "map_unused": Text("（未采用）", " (left out)"),
    "map_latest": Text("{time} 最新位置，误差约{radius}", "{time} last place, ±{radius}"),
    "map_home": Text("住处 {person}", "home of {person}"),
    "map_barred": Text("禁入区", "barred zone"),
    "map_allowed": Text("允许范围", "allowed area"),
    "map_duty": Text("宵禁地点", "place of a curfew"),
    "map_line": Text("轨迹（直线不是路线）", "track (a straight line is no route)"),
    "map_legend": Text("图例", "Legend"),
    "curve_rule": Text("规则和区域", "Rule and zone"),
    "curve_none": Text("这段时间没有可画的判断。", "Nothing was judged in this time."),
    "curve_table": Text("数值", "Figures"),
    "curve_probability": Text("可能性", "Probability"),
    "curve_lead": Text(
        "蓝线：不合规则要求的可能性（不在应在之处，或在禁入区内）；红虚线：判断门限；竖虚线：判断改变的时刻。是线索，不是认定。",
        "Blue: how probable it is that the rule is not kept (away from where one is due, or inside a barred zone); red,"
        " dashed: the threshold; upright: when the verdict changed. A lead, not a finding.",
    ),
    "curve_of": Text("{rule} · {zone}", "{rule} · {zone}"),
    "map_registered": Text("登记的场所", "registered place"),
    "map_radius": Text("圆圈：真实位置约95%的可能在圈内", "circle: holds the true place in about 95 of 100 cases"),
    **{f"source_{source}": said for source, said in SOURCES.items()},
}
