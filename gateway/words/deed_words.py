"""Deeds on the registers as people read them, in Chinese and English."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from gateway.words.listing import Item, listing
from gateway.words.texts import Text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from zoneinfo import ZoneInfo

    from rich.console import Group

    from gateway.deeds import Deed

DEED_NAMES: Final[Mapping[str, Text]] = {
    "fit": Text("佩戴", "fitted"),
    "swap": Text("更换", "changed"),
    "remove": Text("取下", "taken off for good"),
    "put_away": Text("收回", "put away"),
    "leave": Text("请假", "leave"),
    "return": Text("销假", "back from leave"),
    "removal": Text("经批准暂时取下", "taken off with leave"),
    "extend": Text("延长依据", "authority extended"),
}
VALUES: Final[Mapping[str, Text]] = {
    "device": Text("设备", "device"),
    "person": Text("人员", "person"),
    "to": Text("换为", "now"),
    "from": Text("自", "from"),
    "until": Text("至", "until"),
    "at": Text("时间", "at"),
    "zone": Text("去向", "zone"),
    "travel": Text("路途", "on the way"),
    "excuses": Text("免除规则", "lifts"),
    "approved_by": Text("批准", "approved by"),
    "reason": Text("原因", "reason"),
    "kind": Text("依据种类", "kind"),
    "ground": Text("情形", "ground"),
    "document": Text("文书", "document"),
    "wearer_informed": Text("告知本人", "wearer informed"),
    "assessment": Text("评估文书", "assessment"),
    "protocol": Text("协议", "protocol"),
    "identity": Text("终端号", "number"),
    "profile": Text("型号", "profile"),
}
HEADINGS: Final = {"zh": ("登记", "何时", "何人"), "en": ("what", "when", "by")}


def line_of(deed: Deed, language: str) -> str:
    """What was done, with its values, in one line."""
    colon, comma = ("：", "，") if language == "zh" else (": ", ", ")
    said = comma.join(f"{VALUES[name].of(language)} {text}" for name, text in deed.values.items())
    return f"{DEED_NAMES[deed.do].of(language)}{colon}{said}"


def shown(deeds: Sequence[Deed], zone: ZoneInfo, language: str) -> Group:
    """Deeds as a list, in the county's time."""
    items = [
        Item(
            (DEED_NAMES[one.do].of(language), f"{datetime.fromtimestamp(one.at, zone):%Y-%m-%d %H:%M}", one.by),
            (line_of(one, language),),
        )
        for one in deeds
    ]
    return listing(HEADINGS[language], items)


ITEMS: Final[Mapping[str, Text]] = {
    "strap": Text("表带已扣好", "strap closed"),
    "fix": Text("有定位", "a fix"),
    "beacon": Text("听到信标", "its beacon"),
    "order": Text("指令有回应", "an order answered"),
    "test_alarm": Text("测试报警已到平台", "test alarm seen at the platform"),
}
STATES: Final[Mapping[str, Text]] = {
    "passed": Text("通过", "passed"),
    "not_yet": Text("还没有", "not yet"),
    "failed": Text("未通过", "failed"),
}
_CHECKED: Final = {"zh": ("项目", "结果", "多久以前"), "en": ("item", "result", "ago")}


def checked(items: Sequence[Mapping[str, Any]], language: str) -> Group:
    """A fitting check as a list: each item, and how long ago it came to be so."""
    unit = "秒" if language == "zh" else " s"
    rows = [(ITEMS[one["item"]].of(language), STATES[one["state"]].of(language), one["age_seconds"]) for one in items]
    shown_rows = [Item((item, state, "" if age is None else f"{age:.0f}{unit}"), ()) for item, state, age in rows]
    return listing(_CHECKED[language], shown_rows)
