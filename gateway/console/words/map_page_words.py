"""What stands on the map of all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gateway.words.texts import Text

if TYPE_CHECKING:
    from collections.abc import Mapping

MAP_PAGE: Final[Mapping[str, Text]] = {
    "map_of_all": Text("全部对象地图", "Map of all"),
    "wallboard": Text("大屏地图", "Wallboard"),
    "all_alarm": Text("有未办结报警", "open alarm"),
    "all_silent": Text("失联或无法定位", "silent or no place"),
    "all_leave": Text("请假", "on leave"),
    "all_home": Text("家中或家附近", "at or near home"),
    "all_away": Text("在外", "elsewhere"),
    "all_fixed": Text("{age}前定位，误差约{radius}", "fix {age} old, ±{radius}"),
    "all_cluster": Text("圆圈里的数字：此处人数，点击放大", "a number: so many people here; click to look closer"),
    "all_said": Text("{count} 人 · {time}", "{count} people · {time}"),
    "all_search": Text("按编号查找", "Find by id"),
    "all_office": Text("司法所", "Office"),
    "all_every": Text("全部", "all"),
    "all_open": Text("打开对象页", "open the person's page"),
    "all_unfound": Text("没有编号为 {value} 的对象，或现在没有位置。", "Nobody {value}, or no place is known now."),
    "all_lead": Text(
        "位置有误差，这是线索，不是认定。查看本图已记入审计。",
        "Places have errors: a lead, not a finding. This look stands in the audit log.",
    ),
    "all_table": Text("地图上的人，列表", "The people on the map, as a list"),
    "all_person": Text("对象", "Person"),
    "all_state": Text("状态", "State"),
    "all_who": Text("没有查看位置的权限。", "Places are not for you to see."),
    "map_all_purpose": Text("查看全部对象地图", "map of all"),
}
