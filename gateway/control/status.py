"""What the daemon says of itself, for people: each figure by name, in the county's language."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from gateway.listing import Item, listing
from gateway.texts import Text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from rich.console import Group

NOT_BUILT: Final = "not built"
"""How an upstream stands that this version cannot serve."""
NAMES: Final[Mapping[str, Text]] = {
    "healthy": Text("正常", "healthy"),
    "store": Text("存储故障", "trouble of the store"),
    "now": Text("时钟（秒）", "clock, seconds"),
    "time": Text("时间（UTC）", "time, UTC"),
    "clock_steps": Text("时钟被调整（次）", "times the clock was set"),
    "last_clock_step": Text("最近一次时钟调整（UTC）", "last setting of the clock, UTC"),
    "waiting": Text("待入账", "waiting for the journal"),
    "oldest_waiting_seconds": Text("最久等待（秒）", "longest wait for the journal, seconds"),
    "entries": Text("本次已入账", "entries since the start"),
    "batches": Text("批数", "batches"),
    "largest_batch": Text("最大一批", "largest batch"),
    "applied_offset": Text("已处理到", "applied up to"),
    "outcomes": Text("本次报警消息", "alarm messages since the start"),
    "connected_devices": Text("在线设备", "devices on line"),
    "devices": Text("设备", "devices"),
    "unproven_devices": Text(
        "已注册、从未鉴权的设备（指令照发）",
        "devices that registered and never authenticated; orders go to them all the same",
    ),
    "silent_devices": Text("失联设备", "silent devices"),
    "unresolved": Text("未办结报警", "unresolved alarms"),
    "upstreams": Text("上级（是否连上）", "upstreams, connected"),
    "upstream_troubles": Text("上级的问题", "troubles of upstreams"),
    "set_aside": Text("搁置的警报（按上级、原因）", "messages set aside, by upstream and reason"),
    "troubles": Text("内部故障", "internal troubles"),
    "ports": Text("端口", "ports"),
    "connections": Text("连接数", "connections"),
    "listeners": Text("接入情况", "listeners"),
    "commands": Text("指令", "orders"),
    "carriers": Text("运营商", "carriers"),
    "refused": Text("被拒（按原因）", "refused, by reason"),
    "counted": Text("计数（按原因）", "counted, by reason"),
    "last_refusals": Text("最近被拒", "last refusals"),
}
_WORDS: Final[Mapping[object, Text]] = {
    True: Text("是", "yes"),
    False: Text("否", "no"),
    "": Text("无", "none"),
    NOT_BUILT: Text("此版本尚不支持，不会发送", "not built: nothing goes out by it"),
}
HEADINGS: Final = {"zh": ("名称", "值"), "en": ("name", "value")}


def shown(status: Mapping[str, Any], language: str) -> Group:
    """The whole of it as a list; nested figures stand a line each."""
    return listing(HEADINGS[language], [_item(name, value, language) for name, value in status.items()])


def _item(name: str, value: object, language: str) -> Item:
    title = NAMES[name].of(language) if name in NAMES else name
    if isinstance(value, dict | list) and value:
        return Item((title, ""), tuple(_lines(value, language)))
    return Item((title, _word(value or "" if isinstance(value, dict | list) else value, language)), ())


def _lines(value: dict[str, object] | list[object], language: str) -> Iterator[str]:
    if isinstance(value, list):
        yield from (json.dumps(each, ensure_ascii=False) for each in value)
        return
    colon = "：" if language == "zh" else ": "
    yield from (f"{name}{colon}{_word(each, language)}" for name, each in value.items())


def _word(value: object, language: str) -> str:
    if isinstance(value, dict) and value.keys() == {"zh", "en"}:
        return str(value[language])
    if isinstance(value, bool | str) and value in _WORDS:
        return _WORDS[value].of(language)
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else str(value)
