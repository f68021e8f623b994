"""The way of alarms at the head of the queue, and the wallboard."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gateway.words.texts import Text

if TYPE_CHECKING:
    from collections.abc import Mapping

WALL: Final[Mapping[str, Text]] = {
    "path_proven": Text("报警通路 {age}前正常", "Alarm path proven {age} ago"),
    "path_heard": Text("canary 设备 {age}前上报", "its device was heard {age} ago"),
    "path_unheard": Text("canary 设备还没有上报过", "its device was never heard"),
    "path_off": Text(
        "报警通路未证实：没有设置 canary 设备（见 gateway.yaml 的 canary）",
        "Alarm path not proven: no canary is set (canary in gateway.yaml)",
    ),
    "path_begun": Text(
        "报警通路：第一条测试报警在途，尚未证实", "Alarm path: the first test alarm is under way, nothing proven yet"
    ),
    "path_held": Text("报警通路未证实：{why}", "Alarm path not proven: {why}"),
    "path_unread": Text("报警通路未证实：网关没有应答", "Alarm path not proven: the gateway does not answer"),
    "screens": Text("大屏设备", "Wall screens"),
    "screens_what": Text(
        "在大屏的电脑上登录并挂上后，这台浏览器 90 天内只显示大屏的数字，不用再登录，"
        "也打不开别的页面；您在它上面退出登录。任何负责人可随时取下。",
        "Log in on the screen's computer and hang it: for 90 days that browser shows the wallboard's counts without a"
        " login, and opens nothing else; you are logged out on it. Any leader takes it down at any time.",
    ),
    "screen_name": Text("名称", "Name"),
    "screen_hang": Text("把这台浏览器挂为大屏", "Hang this browser as a wall screen"),
    "screen_unnamed": Text("请写名称，例如：一楼大厅", "Give it a name, such as: hall"),
    "screen_by": Text("由谁挂上", "Hung by"),
    "screen_made": Text("挂上", "Hung"),
    "screen_seen": Text("上次显示", "Last shown"),
    "screen_left": Text("还有", "Left"),
    "screen_days": Text("{days}天", "{days} days"),
    "screen_do": Text("操作", "Do"),
    "screen_down": Text("取下", "Take down"),
    "screens_none": Text("没有挂着的大屏。", "None hangs."),
    "wall": Text("大屏", "Wallboard"),
    "wall_who": Text("大屏供处理报警和检查报警的人员使用", "The wallboard is for whoever answers or examines alarms"),
    "wall_unresolved": Text("未办结", "Unresolved"),
    "wall_untaken": Text("其中未接收", "Not acknowledged"),
    "wall_kinds": Text("未办结报警，按类别和已过时间", "Unresolved alarms by kind and age"),
    "wall_kind": Text("类别", "Kind"),
    "wall_all": Text("合计", "All"),
    "wall_age_0": Text("15分钟内", "≤ 15 min"),
    "wall_age_1": Text("15分钟至1小时", "≤ 1 h"),
    "wall_age_2": Text("1至4小时", "≤ 4 h"),
    "wall_age_3": Text("4小时以上", "> 4 h"),
    "wall_offices": Text("按司法所", "By office"),
    "wall_office": Text("司法所", "Office"),
    "wall_no_office": Text("不属于司法所", "of no office"),
    "wall_map": Text(
        "县域示意图：各司法所未办结报警数，与右表同数",
        "The county and its districts with unresolved alarms by office, as in the table",
    ),
    "wall_no_map": Text(
        "没有县界，也没有以司法所代码命名的区域，画不出示意图。",
        "There is no outline of the county, and no zone named by an office's code, to draw.",
    ),
    "wall_none": Text("没有未办结的报警", "Nothing is unresolved"),
    "wall_data": Text("数据 {age}前", "data {age} old"),
    "wall_away": Text(
        "网关没有应答：以下数字可能已过时", "The gateway does not answer: the figures may be out of date"
    ),
    "wall_light": Text("浅色", "Light"),
    "wall_dark": Text("深色", "Dark"),
    "wall_look": Text("明暗", "Light or dark"),
    "wall_back": Text("返回报警列表", "Back to the alarms"),
}
