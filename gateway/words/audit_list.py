"""The audit log as people read it: a list, and a table for spreadsheets. Rows are mappings."""

from __future__ import annotations

import csv
import io
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from gateway.words.listing import Item, listing
from gateway.words.texts import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from zoneinfo import ZoneInfo

    from rich.console import Group

WHATS: Final[Mapping[str, Text]] = {
    "place": Text("位置", "Place"),
    "track": Text("轨迹", "Track"),
    "map": Text("全员地图", "Map of all"),
    "number": Text("联系方式", "Telephone number"),
    "drill": Text("发起报警演练", "Drill begun"),
    "screen_hung": Text("挂上大屏", "Wall screen hung"),
    "screen_down": Text("取下大屏", "Wall screen taken down"),
    "record_asked": Text("向县里申请案卷", "Package asked of a county"),
    "record_taken": Text("下载县里给的案卷", "Package of a county taken"),
    "city_act": Text("对县里的报警督办", "Act on a county's alarm"),
    "track_asked": Text("向县里调阅轨迹", "Track asked of a county"),
    "export": Text("导出轨迹或全部记录", "Track or whole record exported"),
    "evidence": Text("证据文件", "Evidence file"),
    "disclose": Text("案件材料", "Package of one case"),
    "database": Text("导出报警库", "Database of alarms exported"),
    "import": Text("导入外部历史", "Another system's past imported"),
    "import_look": Text("试算导入", "Dry run of an import"),
    "shadow": Text("试运行对照", "Comparison with another system"),
    "where": Text("位置", "Place"),
    "places": Text("全员位置", "Places of all"),
    "explain": Text("判断依据", "Evidence of a judgement"),
    "alarms": Text("报警", "Alarms"),
    "orders": Text("指令", "Orders"),
    "wait": Text("定位指令的答复", "Answer to a locating"),
    "unconfirmed": Text("待确认的指令", "Order to be confirmed"),
    "fitting": Text("佩戴检查", "Check of a fitting"),
    "registers": Text("登记", "Registers"),
    "erase_look": Text("试算删除位置", "Dry run of an erasure"),
    "reload_look": Text("试算换用配置", "Dry run of a reload"),
    "replay": Text("重放日志", "Replay of the journal"),
    "inspect": Text("查看库表", "Stored tables"),
    "report": Text("月报", "Monthly report"),
    "load": Text("报警量", "Alarm load"),
    "dates": Text("期限", "Dates"),
    "devices": Text("设备", "Devices"),
    "papers": Text("表单目录", "List of sheets"),
    "paper": Text("表单", "Sheet"),
    "paper_act": Text("填写、签署表单", "Sheet filled in or signed"),
    "roll_calls": Text("点验名单", "Lists of a roll call"),
    "roll_call_look": Text("预览点验", "Look at a roll call to come"),
    "roll_call": Text("发起点验", "Roll call asked for"),
    "roll_call_confirm": Text("确认点验", "Roll call confirmed"),
    "roll_call_sign": Text("签署点验名单", "Lists of a roll call signed"),
    "audit": Text("查看记录", "This log"),
    "audit_export": Text("导出查看记录", "Export of this log"),
    "act": Text("处置报警", "Act on an alarm"),
    "resend": Text("重发消息", "Messages sent again"),
    "command": Text("下达指令", "Order given"),
    "cancel": Text("取消指令", "Order cancelled"),
    "confirm": Text("确认指令", "Order confirmed"),
    "register": Text("改动登记", "Deed on the registers"),
    "fitting_begin": Text("开始佩戴检查", "Check of a fitting begun"),
    "written_back": Text("登记已写回文件", "Deeds written back"),
    "erase": Text("提出删除位置", "Erasure ordered"),
    "erase_confirm": Text("确认删除位置", "Erasure confirmed"),
    "reload": Text("提出换用配置", "Reload proposed"),
    "reload_confirm": Text("确认换用配置", "Reload confirmed"),
    "draft": Text("画区域", "Zone drawn"),
    "draft_propose": Text("提出所画区域", "Drawn zone proposed"),
    "draft_confirm": Text("确认所画区域", "Drawn zone confirmed"),
    "draft_written": Text("所画区域已写入文件", "Drawn zone written into the files"),
    "login": Text("登录", "Login"),
    "locked": Text("登录（锁定）", "Login (locked)"),
    "logout": Text("退出", "Logout"),
    "password": Text("改密码", "Password changed"),
    "factor": Text("换动态码", "Second factor changed"),
    "sessions": Text("结束其他登录", "Other sessions ended"),
    "api": Text("程序读取报警", "Alarms read by a program"),
    "token_added": Text("新建程序令牌", "Token of a program made"),
    "token_revoked": Text("收回程序令牌", "Token of a program taken back"),
    "account_added": Text("新建账号", "Account made"),
    "account_reset": Text("重置账号", "Account reset"),
    "account_unlocked": Text("解锁账号", "Account unlocked"),
    "status": Text("状态", "Status"),
    "pending": Text("未登记的终端", "Unknown terminals"),
    "follow": Text("跟随变化", "Changes followed"),
    "keep_history": Text("落盘历史", "History put down"),
    "audit_enter": Text("代写查看记录", "Entry for others"),
    "record": Text("导出全部记录", "Whole record exported"),
}
"""What stands in the log; the last six only where they were refused, or of an older version."""
DOORS: Final[Mapping[str, Text]] = {
    "cli": Text("命令行", "command line"),
    "socket": Text("控制套接字", "socket"),
    "console": Text("值班台", "duty desk"),
    "files": Text("命令行（直接读文件）", "command line, from the files"),
}
RESULTS: Final = (Text("已拒绝", "refused"), Text("已显示", "done"))
"""By whether it was done."""
_HEADINGS: Final = (
    Text("条目", "entry"), Text("时间", "time"), Text("工号", "who"), Text("账号", "account"), Text("途径", "way"),
    Text("内容", "what"), Text("对象", "person"), Text("结果", "result"),
)  # fmt: skip
COLUMNS: Final = (
    "number", "account", "roles", "office", "door", "what", "person", "about", "since", "until", "purpose", "session",
    "ip", "ok",
)  # fmt: skip
"""Of a file, behind the entry's offset and its time."""
_BEGINS_A_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
_BOM: Final = "\ufeff"

Row = dict[str, Any]
"""``offset``, ``at`` (UTC epoch seconds), and every field of an entry."""


def what_of(row: Mapping[str, Any], language: str) -> str:
    """What was seen or done, in words."""
    said = WHATS.get(row["what"])
    return row["what"] if said is None else said.of(language)


def door_of(row: Mapping[str, Any], language: str) -> str:
    """By which way, in words."""
    said = DOORS.get(row["door"])
    return "" if said is None else said.of(language)


def shown(rows: Sequence[Mapping[str, Any]], zone: ZoneInfo, language: str) -> Group:
    """The list that a command prints."""
    return listing([heading.of(language) for heading in _HEADINGS], [_item(row, zone, language) for row in rows])


def _item(row: Mapping[str, Any], zone: ZoneInfo, language: str) -> Item:
    ok = bool(row["ok"])
    facts = (
        str(row["offset"]), stamped(row["at"], zone), row["number"], row["account"],
        door_of(row, language), what_of(row, language), row["person"], RESULTS[ok].of(language),
    )  # fmt: skip
    lines = tuple(filter(None, (row["about"], _stretch(row, zone), row["purpose"])))
    return Item(facts, lines, "" if ok else "red")


def _stretch(row: Mapping[str, Any], zone: ZoneInfo) -> str:
    times = [stamped(row[name], zone) for name in ("since", "until") if row[name]]
    return " - ".join(times)


def stamped(at: float, zone: ZoneInfo) -> str:
    """A time with its day and second, however long ago."""
    return f"{datetime.fromtimestamp(at, zone):%Y-%m-%d %H:%M:%S}"


def as_csv(rows: Iterable[Mapping[str, Any]], zone: ZoneInfo) -> str:
    """A table that spreadsheets open as it is meant: no cell of it is a formula."""
    file = io.StringIO()
    table = csv.writer(file)
    table.writerow(["entry", "time", *COLUMNS])
    for row in rows:
        time = datetime.fromtimestamp(row["at"], zone).isoformat(timespec="seconds")
        table.writerow([row["offset"], time, *(_cell(row, name, zone) for name in COLUMNS)])
    return _BOM + file.getvalue()


def _cell(row: Mapping[str, Any], name: str, zone: ZoneInfo) -> object:
    value = row[name]
    if name in {"since", "until"}:
        return datetime.fromtimestamp(value, zone).isoformat(timespec="seconds") if value else ""
    if name == "roles":
        return " ".join(value)
    return f"'{value}" if isinstance(value, str) and value.startswith(_BEGINS_A_FORMULA) else value
