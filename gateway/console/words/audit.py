"""Who looked at what."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gateway.words.texts import Text

if TYPE_CHECKING:
    from collections.abc import Mapping

AUDIT: Final[Mapping[str, Text]] = {
    "audit": Text("查看记录", "Who looked at what"),
    "audit_what_it_is": Text(
        "每次查看位置、轨迹、电话和每次处置，不论从值班台、命令行还是套接字，都先记入日志的哈希链再显示；"
        "保存 {days} 天，不能删，改动必被发现。",
        "Each look at a place, a track or a number, and each act, from the desk, the command line or the socket, stands"
        " in the journal's hash chain before it is shown; kept for {days} days, deleted by nobody, changed by nobody"
        " unseen.",
    ),
    "audit_filter": Text("筛选", "Filter"),
    "audit_all": Text("全部", "All"),
    "audit_show": Text("查询", "Show"),
    "audit_export": Text("导出 CSV（导出也会记录）", "Export as CSV (which is written down, too)"),
    "audit_time": Text("时间", "Time"),
    "audit_number": Text("工号", "Staff number"),
    "audit_office": Text("司法所", "Office"),
    "audit_what": Text("看了什么", "What"),
    "audit_person": Text("对象编号", "Person"),
    "audit_day": Text("日期", "Day"),
    "audit_purpose": Text("事由、涉及", "Purpose, about"),
    "audit_ok": Text("结果", "Result"),
    "audit_door": Text("途径", "Way"),
    "audit_ip": Text("来自", "From"),
    "audit_session": Text("会话", "Session"),
    "audit_done": Text("已显示", "done"),
    "audit_refused": Text("已拒绝", "refused"),
    "audit_none": Text("没有符合的记录", "No rows fit"),
    "audit_before": Text("更早的", "Earlier rows"),
}
