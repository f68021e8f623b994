"""What is said of the base map that a county brings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gateway.words.texts import Text

if TYPE_CHECKING:
    from collections.abc import Mapping

MAP_PHRASES: Final[Mapping[str, Text]] = {
    "base_map_unread": Text("底图读不到：{path}（{cause}）", "the base map cannot be read: {path} ({cause})"),
    "base_map_kind": Text(
        "底图 {path} 不是 PMTiles 第 3 版的矢量瓦片文件",
        "the base map {path} is no PMTiles file, version 3, of vector tiles",
    ),
    "base_map_packed": Text(
        "底图 {path} 的压缩方式浏览器读不了：须为 gzip 或不压缩",
        "browsers cannot read the base map {path}: it must be packed by gzip, or not at all",
    ),
    "base_map_coarse": Text(
        "底图 {path} 只有最小一级（0 级），看不清：请换用级数更多的底图，或不用底图",
        "the base map {path} has zoom 0 alone, on which nothing can be made out: bring one with more, or none",
    ),
    "base_map_datum": Text(
        "底图 {path} 是 {base}，而本县地图用 {maps}：两者叠在一起会错开几百米。请换用 {maps} 的底图，或不用底图",
        "the base map {path} is {base}, the county's maps are {maps}: laid over each other they are hundreds of metres"
        " apart. Bring one in {maps}, or none",
    ),
}
