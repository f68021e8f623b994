"""The pages of the monthly report; its figures and their names are the reports' own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gateway.words.texts import Text

if TYPE_CHECKING:
    from collections.abc import Mapping

REPORT: Final[Mapping[str, Text]] = {
    "month_report": Text("月报", "Monthly report"),
    "drill_begin": Text("现在演练", "Begin a drill now"),
    "drill_reason": Text("为什么现在演练", "Why now"),
    "drill_is_off": Text("没有设置 canary 设备，不能演练", "No canary is set: there are no drills"),
    "drill_is_waiting": Text("下次按期演练：{at}", "Next drill by the calendar: {at}"),
    "drill_is_under_way": Text("演练正在进行", "A drill is under way"),
    "drill_is_put_off": Text(
        "已到演练时间，因有未办结的特急报警推迟", "A drill is due and put off: something critical is unresolved"
    ),
    "drill_by_nobody": Text("没有（只由负责人发起）", "none (leaders begin them)"),
    "drill_begun": Text(
        "演练已开始：值班人员会像接到特急报警一样得到通知，等答复 {minutes} 分钟。",
        "The drill has begun: people on duty are told as of a critical alarm; {minutes} minutes to answer.",
    ),
    "report_parts": Text("月报各页", "Pages of the report"),
    "report_filter": Text("选择月份", "Choose a month"),
    "report_month": Text("月份", "Month"),
    "report_show": Text("查看", "Show"),
    "report_before": Text("上一月", "Month before"),
    "report_export": Text("导出 CSV（导出会记录）", "Export as CSV (which is written down)"),
    "report_print": Text("打印", "Print"),
    "report_printed": Text("{county} · {now} 生成", "{county}, made {now}"),
    "report_empty": Text("没有", "None"),
    "cases": Text("报警明细", "Alarms behind the figure"),
    "cases_back": Text("回到月报", "Back to the report"),
    "cases_count": Text(
        "{month}，{count} 条。不列对象编号；打开报警会记录。",
        "{month}: {count}. No persons are listed; opening an alarm is written down.",
    ),
    "cases_raised": Text("产生时间", "Raised"),
    "cases_kind": Text("种类", "Kind"),
    "cases_zone": Text("区域", "Zone"),
    "cases_office": Text("司法所", "Office"),
    "cases_standing": Text("结果", "Outcome"),
    "cases_acknowledged": Text("接收用时", "Acknowledged after"),
    "cases_note": Text("办结说明", "Note of the close"),
    "cases_cause": Text("误报原因", "Cause"),
    "cases_mark": Text("标记", "Mark"),
    "cases_cause_of": Text("误报原因，报警 {alarm}", "Cause of alarm {alarm}"),
    "cases_marked": Text("已标记：{alarm} {cause}", "Marked: {alarm} {cause}"),
}
