"""The registers: who wears what, leave, what a bracelet rests on; as forms."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gateway.printed.grounds import GROUNDS
from gateway.words.texts import Text

if TYPE_CHECKING:
    from collections.abc import Mapping

REGISTERS: Final[Mapping[str, Text]] = {
    "registers": Text("登记", "Registers"),
    "registers_what": Text(
        "在这里登记的，按配置检查后立即生效并写入日志；写回配置文件之前列在下面。",
        "What is entered here is checked as the files are, journaled, and holds at once; it is listed below until it is"
        " written back into the files.",
    ),
    "registers_none": Text("没有尚未写回的登记。", "Nothing waits to be written back."),
    "registers_standing": Text("尚未写回配置文件的登记", "Entered, and not yet written back into the files"),
    "registers_unread": Text("暂时读不到登记：{why}", "What was entered cannot be read now: {why}"),
    "registers_when": Text("何时", "When"),
    "registers_by": Text("何人", "By"),
    "registers_done": Text("已登记，立即生效。", "Entered; it holds now."),
    "registers_repeated": Text("此登记已经生效。", "This was entered before; it holds."),
    "registers_reviews": Text(
        "须在这些日期前评估是否仍有必要：{days}", "Whether it is still necessary is to be asked by: {days}"
    ),
    "registers_faults": Text("没有登记：请改正下面标出的各项。", "Not entered: put right what is marked below."),
    "registers_now": Text("不填为现在", "empty: now"),
    "registers_new_device": Text("新设备才填", "of a device that is not entered yet"),
    "registers_optional": Text("可不填", "may be left empty"),
    "registers_submit": Text("登记", "Enter"),
    "fitting_of": Text("佩戴检查 {person}", "Fitting check of {person}"),
    "fitting_what": Text(
        "佩戴后检查：表带、定位、信标、指令、测试报警。按“开始检查”，网关让腕带上报一次，并发出一条测试报警；有了结果，下面自动更新。",
        "After a bracelet was put on: strap, fix, beacon, an order, a test alarm. “Begin” has the bracelet report once"
        " and a test alarm raised; what comes of it appears below by itself.",
    ),
    "fitting_begin": Text("开始检查", "Begin"),
    "fitting_again": Text("再看一次", "Look again"),
    "fitting_device": Text("腕带 {device}：", "Bracelet {device}:"),
    "fitting_passed": Text("全部通过", "all passed"),
    "fitting_open": Text("尚未全部通过", "not all passed yet"),
    "fitting_item": Text("项目", "Item"),
    "fitting_state": Text("结果", "Result"),
    "fitting_age": Text("多久以前", "How long ago"),
    "reason_hospital": Text("住院", "hospital"),
    "reason_examination": Text("检查", "examination"),
    "reason_repair": Text("维修", "repair"),
    "kind_bracelet": Text("腕带", "bracelet"),
    "kind_phone_check": Text("手机核查", "phone check"),
    **{f"ground_{ground}": said for ground, said in GROUNDS.items()},
}
