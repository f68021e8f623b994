"""The ledger of devices in words: states, headings, and what is to be done about a bracelet."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from gateway.words.listing import Item, listing
from gateway.words.texts import Text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from zoneinfo import ZoneInfo

    from rich.console import Group

LEDGER: Final[Mapping[str, Text]] = {
    "ledger": Text("设备台账", "Device ledger"),
    "ledger_device": Text("设备", "Device"),
    "ledger_profile": Text("型号", "Model"),
    "ledger_state": Text("状态", "State"),
    "ledger_person": Text("佩戴人", "Wearer"),
    "ledger_since": Text("从何时起", "Since"),
    "ledger_contact": Text("最后联系", "Last contact"),
    "ledger_battery": Text("电量", "Charge"),
    "ledger_hours": Text("满电可用（小时）", "Hours per charge"),
    "ledger_before": Text("一个月前", "A month ago"),
    "ledger_charged_at": Text("一般何时充电", "Charged as a rule"),
    "ledger_flat_at": Text("何时没电", "Flat at"),
    "ledger_to_do": Text("说明", "Remarks"),
    "ledger_all": Text("全部", "All"),
    "ledger_unknown": Text("不详", "unknown"),
    "ledger_none": Text("没有这样的设备。", "There is no such device."),
    "ledger_left": Text(
        "还有 {left} 台正在读取以往充电情况，稍后刷新本页可见。",
        "Of {left} more, past charges are being read: reload the page in a while.",
    ),
    "ledger_left_unread": Text(
        "还有 {left} 台正在读取以往充电情况，稍后再运行一次可见。",
        "Of {left} more, past charges are being read: run it again in a while.",
    ),
    "ledger_what": Text(
        "满电可用时间按近 10 天各次放电的中位数算，与 24 至 38 天前相比；少于两次充电的不作判断。"
        "没有授权的人，不显示任何使用情况。",
        "Hours per charge: the median of the discharges of the last 10 days, beside those 24 to 38 days ago; of fewer"
        " than two charges nothing is said. Without an authority nothing is shown of how a bracelet is used.",
    ),
    "ledger_is_worn": Text("佩戴中", "worn"),
    "ledger_is_lost": Text("失联", "silent or lost"),
    "ledger_is_repair": Text("维修", "in repair"),
    "ledger_is_due_back": Text("应收回", "to be taken back"),
    "ledger_is_put_away": Text("入柜", "put away"),
    "ledger_is_canary": Text("证明报警通路", "proves the way of alarms"),
    "ledger_is_stock": Text("库存", "in stock"),
}
_PARTS: Final[Mapping[str, Text]] = {
    "lost": Text("自{time}起没有消息，请查找", "no report since {time}: look for it"),
    "repair": Text("维修至{time}", "in repair until {time}"),
    "due_back": Text("已不得定位，请收回", "nobody may be located by it any more: take it back"),
    "flat": Text("按习惯{time}没电", "flat at {time} by its habits"),
    "lasts": Text("一般{hour}充电，不充可用到{time}", "charged at {hour} as a rule, would last until {time}"),
    "aged": Text("电池老化", "the battery has aged"),
    "replace": Text("请在{day}前更换", "replace by {day}"),
}
_DAYS: Final = (
    Text("周一", "Monday"), Text("周二", "Tuesday"), Text("周三", "Wednesday"), Text("周四", "Thursday"),
    Text("周五", "Friday"), Text("周六", "Saturday"), Text("周日", "Sunday"),
)  # fmt: skip
_NEAR: Final = 64_800.0
_WEEK: Final = 6 * 86_400.0
"""Seconds within which a time needs no date, and a day no more than its name."""
_COLUMNS: Final = ("device", "profile", "state", "person", "contact", "battery", "hours", "before", "charged_at")

Row = dict[str, Any]
"""A row of the answer ``devices``."""


class Ledger:
    """Words of one language (``zh``, ``en``) in the county's time, as of a time (UTC epoch seconds)."""

    def __init__(self, language: str, zone: ZoneInfo, now: float) -> None:
        self.language, self.zone, self.now = language, zone, now

    def cells(self, row: Row) -> dict[str, str]:
        """A row's cells by the ends of the headings' keys; what does not apply to it is empty."""
        known = row["contact"] is not None
        return {
            "device": row["device"], "profile": row["profile"], "state": self._say(f"is_{row['state']}"),
            "person": row["person"], "since": self._time(row["since"]),
            "contact": self._told(row, self._time(row["contact"]), is_known=known),
            "battery": self._told(row, f"{row['battery']}%", is_known=row["battery"] is not None),
            "hours": self._told(row, _hours(row["hours"]), is_known=row["hours"] is not None),
            "before": self._told(row, _hours(row["hours_before"]), is_known=row["hours_before"] is not None),
            "charged_at": self._told(row, _minute(row["charged_at"]), is_known=row["charged_at"] is not None),
            "flat_at": self._told(row, self._time(row["flat_at"]), is_known=row["flat_at"] is not None),
            "to_do": self.remarks(row),
        }  # fmt: skip

    def remarks(self, row: Row) -> str:
        """What is to be known or done; empty: nothing."""
        return ("；" if self.language == "zh" else "; ").join(self._remarks(row))

    def _remarks(self, row: Row) -> Iterator[str]:
        state = row["state"]
        if state in {"lost", "repair", "due_back"}:
            yield self._part(state, time=self._time(row["until"] if state == "repair" else row["since"]))
        elif row["flat_at"] is not None:
            key = "lasts" if row["charged_before"] else "flat"
            yield self._part(key, time=self._time(row["flat_at"]), hour=_minute(row["charged_at"]))
        if row["replace_by"] is not None:
            yield self._part("replace", day=self._day(row["replace_by"]))
        elif row["aged"]:
            yield self._part("aged")

    def _told(self, row: Row, said: str, *, is_known: bool) -> str:
        """Of what is worn, also that something is not known."""
        if is_known:
            return said
        return self._say("unknown") if row["state"] in {"worn", "lost", "repair"} else ""

    def _say(self, key: str) -> str:
        return LEDGER[f"ledger_{key}"].of(self.language)

    def _part(self, key: str, **values: str) -> str:
        return _PARTS[key].of(self.language).format_map(values)

    def _time(self, at: float | None) -> str:
        if at is None:
            return ""
        near = abs(at - self.now) < _NEAR
        return f"{datetime.fromtimestamp(at, self.zone):{'' if near else '%Y-%m-%d '}%H:%M}"

    def _day(self, at: float) -> str:
        local = datetime.fromtimestamp(at, self.zone)
        return _DAYS[local.weekday()].of(self.language) if at - self.now < _WEEK else f"{local:%Y-%m-%d}"


def _hours(hours: float | None) -> str:
    return "" if hours is None else f"{hours:.0f}"


def _minute(minute: int | None) -> str:
    return "" if minute is None else f"{minute // 60:02d}:{minute % 60:02d}"


def shown(rows: Sequence[Row], words: Ledger) -> Group:
    """The list that a command prints."""
    cells = [words.cells(row) for row in rows]
    items = [
        Item(tuple(one[name] for name in _COLUMNS), (one["to_do"],) if one["to_do"] else (),
             "red" if row["state"] == "lost" or row["replace_by"] is not None else "")
        for row, one in zip(rows, cells, strict=True)
    ]  # fmt: skip
    return listing([LEDGER[f"ledger_{name}"].of(words.language) for name in _COLUMNS], items)
