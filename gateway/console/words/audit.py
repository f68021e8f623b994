"""Who looked at what."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gateway.words.texts import Text

if TYPE_CHECKING:
    from collections.abc import Mapping

WHATS: Final = (
    "place", "track", "map", "number", "export", "evidence", "record", "shadow", "alarms", "devices", "audit",
    "audit_export", "login", "locked", "logout", "password", "factor", "sessions", "account_added", "account_reset",
    "account_unlocked",
)  # fmt: skip
"""What stands in the log; each has a text below."""
AUDIT: Final[Mapping[str, Text]] = {
    "audit": Text("查看记录", "Who looked at what"),
    "audit_what_it_is": Text(
        "每次查看位置、轨迹、电话都在显示之前记下；保存 {days} 天，任何人不能改、不能删。",
        "Each look at a place, a track or a number is written down before it is shown, kept for {days} days, and"
        " changed or deleted by nobody.",
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
    "audit_purpose": Text("事由", "Purpose"),
    "audit_ok": Text("结果", "Result"),
    "audit_ip": Text("来自", "From"),
    "audit_session": Text("会话", "Session"),
    "audit_done": Text("已显示", "done"),
    "audit_refused": Text("已拒绝", "refused"),
    "audit_none": Text("没有符合的记录", "No rows fit"),
    "audit_before": Text("更早的", "Earlier rows"),
    "what_place": Text("位置", "Place"),
    "what_track": Text("轨迹", "Track"),
    "what_map": Text("全员地图", "Map of all"),
    "what_export": Text("导出轨迹", "Export of a track"),
    "what_evidence": Text("证据文件", "Evidence file"),
    "what_record": Text("导出全部记录", "Whole record exported"),
    "what_shadow": Text("试运行对照", "Comparison with another system"),
    "what_number": Text("联系方式", "Telephone number"),
    "what_alarms": Text("报警", "Alarms"),
    "what_devices": Text("设备", "Devices"),
    "what_audit": Text("查看记录", "This log"),
    "what_audit_export": Text("导出查看记录", "Export of this log"),
    "what_login": Text("登录", "Login"),
    "what_locked": Text("登录（锁定）", "Login (locked)"),
    "what_logout": Text("退出", "Logout"),
    "what_password": Text("改密码", "Password changed"),
    "what_factor": Text("换动态码", "Second factor changed"),
    "what_sessions": Text("结束其他登录", "Other sessions ended"),
    "what_account_added": Text("新建账号", "Account made"),
    "what_account_reset": Text("重置账号", "Account reset"),
    "what_account_unlocked": Text("解锁账号", "Account unlocked"),
}
