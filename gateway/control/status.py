"""What the daemon says of itself, for people: each figure by name, in the county's language."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any, Final, TypeGuard

from gateway.words.listing import Item, listing
from gateway.words.texts import Text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import tzinfo

    from rich.console import Group

NAMES: Final[Mapping[str, Text]] = {
    "healthy": Text("正常", "healthy"),
    "store": Text("存储故障", "trouble of the store"),
    "broken": Text("有故障", "broken"),
    "configuration": Text("现行配置（摘要）", "configuration in force, digest"),
    "files": Text("配置文件", "files of the configuration"),
    "time": Text("时间", "time"),
    "clock_steps": Text("时钟被调整（次）", "times the clock was set"),
    "last_clock_step": Text("最近一次时钟调整", "last setting of the clock"),
    "waiting": Text("待入账", "waiting for the journal"),
    "oldest_waiting_seconds": Text("最久等待（秒）", "longest wait for the journal, seconds"),
    "answer_seconds": Text(
        "应答用时（累计条数，按不超过的秒数；合计秒数）",
        "answers: how many took so many seconds at most, and seconds of all of them",
    ),
    "frames": Text("收到的报文（整批读取、逐条读取）", "frames read: as columns of a turn, one by one"),
    "entries": Text("本次已入账", "entries since the start"),
    "batches": Text("批数", "batches"),
    "largest_batch": Text("最大一批", "largest batch"),
    "applied_offset": Text("已处理到", "applied up to"),
    "outcomes": Text("本次报警消息", "alarm messages since the start"),
    "pending_devices": Text("未登记的终端（见 devices pending）", "unknown terminals (devices pending)"),
    "connected_devices": Text("在线设备", "devices on line"),
    "devices": Text("设备", "devices"),
    "unproven_devices": Text(
        "已注册、从未鉴权的设备（指令照发）",
        "devices that registered and never authenticated; orders go to them all the same",
    ),
    "silent_devices": Text("失联设备", "silent devices"),
    "lag_seconds": Text("各环节落后（秒）", "lag of each stage, seconds"),
    "not_ready": Text("未就绪", "not ready"),
    "devices_by_state": Text("设备（有消息、失联、从无消息、已收回）", "devices: heard, silent, never heard, put away"),
    "alarm_changes": Text("本次报警变化（按种类）", "changes of alarms since the start, by kind"),
    "alarm_outcomes": Text("本次办结结论（按种类）", "closes since the start, by kind and what persons found"),
    "unresolved": Text("未办结报警", "unresolved alarms"),
    "late": Text(
        "迟到报告（等待重新判断的组数、最久等待秒数、已重新判断的条数）",
        "late reports: groups that wait, longest wait, rows decided again",
    ),
    "notices_a_day": Text("近一天的通知（发出、撤回）", "notices of the last day: raised, taken back"),
    "alarm_budget": Text(
        "近一天的报警与值班员可承受数（按种类、按规则；不作考核）",
        "alarms of the last day beside what operators can look into, by kind and rule; no measure of merit",
    ),
    "drifts": Text(
        "所述可能性的偏移（见 alarms reliability）", "drifts of the stated probability (alarms reliability)"
    ),
    "holidays_missing": Text(
        "放假调休未公布或未登记的年份（暂按周一至周五）",
        "years whose holidays are not published or not entered: Monday to Friday counts",
    ),
    "reviews": Text("近期须复核是否仍有必要（每三十天）", "reviews due: is it still necessary (every thirty days)"),
    "disk": Text(
        "磁盘（剩余字节、每天写入字节、约几天写满；无：不会写满）",
        "disk: bytes free, bytes a day, days until it is full (none: it does not fill)",
    ),
    "backup": Text(
        "备份（上次做好、上次试恢复：时间、距今秒数、何处；空：没有过）",
        "backup: last made, last tried to restore: when, seconds ago, where; empty: never",
    ),
    "alarm_path": Text(
        "报警通路（canary 设备的测试报警：收到设备、入账、送到每个上级距今秒数；空：没有过；演练：如何、下次何时）",
        "alarm path, by the canary: seconds since its device was heard, a test alarm committed, and delivered to each"
        " upstream; empty: never; the drill: how it stands, when the next is due",
    ),
    "holds": Text("法律保全（文书、对象，到何时）", "legal holds: document, of what, until when"),
    "erasures": Text("依令删除位置（按人员）", "erasures of places by order, by person"),
    "upstreams": Text("上级（是否连上）", "upstreams, connected"),
    "upstream_troubles": Text("上级的问题", "troubles of upstreams"),
    "owed": Text("待送消息（按上级）", "messages owed, by upstream"),
    "owed_oldest_seconds": Text("最久待送（秒，按上级）", "longest wait of a message owed, seconds, by upstream"),
    "set_aside": Text("搁置的报警（按上级、原因）", "messages set aside, by upstream and reason"),
    "syslog": Text(
        "日志服务器（是否收、已发条数、落后秒数、未能发出的条数）",
        "log server: whether it takes what it is told, messages sent, seconds behind, left out",
    ),
    "forward": Text("向市里转发日志（落后的条数和秒数）", "journal's way to the city: entries and seconds behind"),
    "troubles": Text("内部故障", "internal troubles"),
    "ports": Text("端口", "ports"),
    "connections": Text("连接数", "connections"),
    "listeners": Text("接入情况", "listeners"),
    "commands": Text("指令", "orders"),
    "carriers": Text("运营商", "carriers"),
    "notices": Text("短信（情况、待发、已发未回执、乱行）", "SMS: trouble, owed, on their way, odd lines"),
    "refused": Text("被拒（按原因）", "refused, by reason"),
    "counted": Text("计数（按原因）", "counted, by reason"),
    "last_refusals": Text("最近被拒", "last refusals"),
}
_WORDS: Final[Mapping[object, Text]] = {
    True: Text("是", "yes"),
    False: Text("否", "no"),
    "": Text("无", "none"),
}
HEADINGS: Final = {"zh": ("名称", "值"), "en": ("name", "value")}


BROKEN: Final = 3
"""Exit code of ``status`` while something is broken."""
_REFUSAL: Final = ("at", "reason", "listener", "peer", "identity")
"""What a line about a refusal shows; its bytes are for ``--json``."""
_MOMENT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z")


def code_of(status: Mapping[str, Any]) -> int:
    """The exit code: 0, or 3 while something is broken."""
    return BROKEN if status["broken"] or not status["healthy"] else 0


def shown(status: Mapping[str, Any], language: str, zone: tzinfo = UTC) -> Group:
    """The whole of it as a list; nested figures stand a line each, times are those of ``zone``."""
    local = partial(localised, zone=zone)
    items = [_item(name, value, language) for name, value in status.items()]
    return listing(
        HEADINGS[language], [Item(tuple(map(local, item.facts)), tuple(map(local, item.lines))) for item in items]
    )


def localised(text: str, zone: tzinfo) -> str:
    """Each UTC time of a text as the county's, with its offset."""

    def local(found: re.Match[str]) -> str:
        return datetime.fromisoformat(found[0]).astimezone(zone).isoformat(" ", "seconds")

    return _MOMENT.sub(local, text)


def _item(name: str, value: object, language: str) -> Item:
    title = NAMES[name].of(language) if name in NAMES else name
    if isinstance(value, dict | list) and value and not _is_text(value):
        return Item((title, ""), tuple(_lines(value, language)))
    return Item((title, _word(value or "" if isinstance(value, dict | list) else value, language)), ())


def _lines(value: dict[str, object] | list[object], language: str) -> Iterator[str]:
    if isinstance(value, list):
        yield from map(_line, value)
        return
    colon = "：" if language == "zh" else ": "
    yield from (f"{name}{colon}{_word(each, language)}" for name, each in value.items())


def _line(each: object) -> str:
    """A refusal in its words; anything else as it is."""
    if isinstance(each, dict) and "sample" in each:
        return " ".join(str(each[name]) for name in _REFUSAL if each.get(name))
    return each if isinstance(each, str) else json.dumps(each, ensure_ascii=False)


def _is_text(value: object) -> TypeGuard[dict[str, str]]:
    """Whether something is said in both languages."""
    return isinstance(value, dict) and value.keys() == {"zh", "en"}


def _word(value: object, language: str) -> str:
    if _is_text(value):
        return str(value[language])
    if isinstance(value, bool | str) and value in _WORDS:
        return _WORDS[value].of(language)
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else str(value)
