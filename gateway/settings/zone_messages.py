"""The words of ``check`` about zones: how they are drawn, in YAML or GeoJSON, when and for whom they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

ZONE_MESSAGES: Final[Mapping[str, tuple[str, str]]] = {
    "geojson_kind": (
        (
            "不是 GeoJSON：type 为“{value}”；应为 FeatureCollection、Feature、Polygon、MultiPolygon、LineString、"
            "MultiLineString 或 Point"
        ),
        (
            "not GeoJSON: type is “{value}”; it should be FeatureCollection, Feature, Polygon, MultiPolygon, "
            "LineString, MultiLineString or Point"
        ),
    ),
    "geojson_empty": (
        "没有任何图形；请至少画一个面、线或点",
        "it has no shape; draw at least one polygon, line or point",
    ),
    "geojson_type": (
        (
            "不是 GeoJSON：最外层缺少 type；应为 FeatureCollection、Feature、Polygon、MultiPolygon、LineString、"
            "MultiLineString 或 Point"
        ),
        (
            "not GeoJSON: the outermost object has no type; it should be FeatureCollection, Feature, Polygon, "
            "MultiPolygon, LineString, MultiLineString or Point"
        ),
    ),
    "geojson_features": (
        "FeatureCollection 的 features 应是列表；请写 [ ]，其中每项一个图形，或重新导出",
        "the features of a FeatureCollection are a list; write [ ] with one feature each, or export it again",
    ),
    "geojson_geometry": (
        "第 {number} 个图形没有 geometry；请重新画出，或删去这一项",
        "feature {number} has no geometry; draw it again or delete it",
    ),
    "geojson_numbers": (
        "第 {number} 个图形的坐标应是数字，却写了“{value}”；请去掉引号，每点写 [经度, 纬度]",
        "in feature {number} coordinates must be numbers, not “{value}”; write [longitude, latitude] without quotes",
    ),
    "geojson_finite": (
        "第 {number} 个图形的坐标“{value}”不是普通的数（NaN 或太大）；请改成以度为单位的数",
        "in feature {number} the coordinate “{value}” is no ordinary number (NaN or too large); write degrees",
    ),
    "geojson_ring_open": (
        "第 {number} 个图形的边界没有闭合；请在末尾重复第一个点（RFC 7946）",
        "the outline of feature {number} is not closed; repeat its first point at the end (RFC 7946)",
    ),
    "geojson_metres": (
        "第 {number} 个图形的 {key} 写了“{value}”；请写大于 0、不超过 {most} 的数（米），不加引号",
        "feature {number} has the {key} “{value}”; write a number of metres above 0, {most} at most, unquoted",
    ),
    "geojson_coordinates": (
        "第 {number} 个图形的坐标不完整；面至少三个不同的点，每点写 [经度, 纬度]",
        (
            "feature {number} has incomplete coordinates; a polygon takes three different points or more, each "
            "[longitude, latitude]"
        ),
    ),
    "self_crossing": (
        "第 {number} 个图形的边界自相交或重复，在 [{where}]；请在该处拉开顶点",
        "the outline of feature {number} crosses itself or is degenerate at [{where}]; move the vertices apart there",
    ),
    "zone_small": (
        "“{name}”内半径只有 {inner} 米，小于定位误差；半径至少写 {least} 米，或加大 buffer_m",
        (
            "“{name}” has an inner radius of {inner} m, less than the error of positioning; make it at least "
            "{least} m, or raise buffer_m"
        ),
    ),
    "point_radius": (
        "第 {number} 个图形是点，没有半径；请在 properties 中写 radius_m，或在区域中写 radius_m",
        "feature {number} is a point without a radius; write radius_m into its properties or into the zone",
    ),
    "zone_shape": (
        "区域“{value}”须且只须写一种形状：file、polygon、parts、line + width_m、longitude + latitude + radius_m 之一",
        (
            "the zone “{value}” takes exactly one shape: file, or polygon, or parts, or line + width_m, or longitude + "
            "latitude + radius_m"
        ),
    ),
    "geojson_line": (
        "第 {number} 个图形的线只有一个点；请至少写两个不同的点，每点 [经度, 纬度]",
        "the line of feature {number} has one point only; write two different ones or more, each [longitude, latitude]",
    ),
    "hole_outside": (
        "第 {number} 个图形的洞在 [{where}] 处伸出了外圈；请把洞画在面以内，或另画一个面",
        "a hole of feature {number} lies outside its outline at [{where}]; draw it inside, or as a polygon of its own",
    ),
    "holes_nested": (
        "第 {number} 个图形的洞在 [{where}] 处套着另一个洞；洞中之地请另画一个面",
        "holes of feature {number} lie in one another at [{where}]; draw what lies inside a hole as a polygon",
    ),
    "parts_nested": (
        "第 {number} 个图形的几个面在 [{where}] 处重叠；请合并成一个面，或删去重叠部分",
        "polygons of feature {number} lie over one another at [{where}]; join them, or cut one back",
    ),
    "interior_cut": (
        "第 {number} 个图形的洞在 [{where}] 处把面切断了；请拆成几个面，或让洞只在一处碰到边界",
        "holes of feature {number} cut it in two at [{where}]; draw several polygons, or let a hole touch it once",
    ),
    "line_short": (
        "第 {number} 个图形的线的各点都在 [{where}]；请至少写两个不同的点",
        "all points of the line of feature {number} lie at [{where}]; write two different ones or more",
    ),
    "line_width": (
        "第 {number} 个图形是线，没有宽度；请在 properties 中写 width_m，或在区域中写 width_m（总宽，米）",
        "feature {number} is a line without a width; write width_m (metres) into its properties or into the zone",
    ),
    "zone_never": (
        "区域“{zone}”在 {first} 至 {last} 有效，与这条规则的期限没有一天重合；请改正 from、until",
        "the zone “{zone}” holds {first} to {last}, and on no day of this rule; correct from and until of either",
    ),
    "zone_not_theirs": (
        "区域“{zone}”的 people 中没有 {person}；请在区域的 people 中加上，或从此处移出",
        "the zone “{zone}” is not for {person}; add them to the zone's people, or take them out here",
    ),
    "zone_of_nobody": (
        "规则“{rule}”的人员都不在区域“{zone}”的 people 中，规则不起作用；请改正其中一处 people",
        "the zone “{zone}” is for none of the people of rule “{rule}”, which binds nobody so; correct people of either",
    ),
    "leave_zone_closed": (
        "区域“{zone}”只在 {first} 至 {last} 有效，请假期间并非一直有效；请改正请假时间或区域的 from、until",
        "the zone “{zone}” holds {first} to {last} only, not all through this leave; correct the leave, or the zone",
    ),
    "zone_key_useless": (
        "区域用 {way} 画出，{key} 不起作用；请删去这一项",
        "a zone drawn by {way} has no use for {key}; delete it",
    ),
}
