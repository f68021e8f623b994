"""Sheets of the office and their headings as people read them, in Chinese and English."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gateway.words.roll_call_words import REASONS
from gateway.words.texts import Text

if TYPE_CHECKING:
    from collections.abc import Mapping

FORM_NAMES: Final[Mapping[str, Text]] = {
    "hand_over": Text("交接班单", "Hand-over sheet"),
    "daily": Text("每日必查单", "Daily list"),
    "weekly": Text("每周轨迹查看单", "Weekly list of tracks"),
    "leaders_list": Text("负责人核查单", "Leader's list"),
    "tasks": Text("任务单", "Task sheet"),
    "roll_call": Text("点验单", "Roll call"),
}
SECTIONS: Final[Mapping[str, Text]] = {
    "unresolved": Text("未办结的报警", "Unresolved alarms"),
    "agreed": Text("约定和回访", "Agreed, to be followed up"),
    "worse": Text("设备状况变差", "Devices going worse"),
    "leave": Text("请假", "On leave"),
    "removal": Text("经批准取下", "Bracelet off with leave"),
    "ending": Text("期限将到", "Ending soon"),
    "done": Text("本班已办结", "Closed in this shift"),
    "overdue": Text("逾期", "Overdue"),
    "odd_place": Text("位置异常", "At odd places"),
    "silent": Text("失联", "Silent"),
    "low": Text("电量低", "Battery low"),
    "not_located": Text("定位不到或定位可疑", "Not located, or not credibly"),
    "clock": Text("时钟不准", "Clock wrong"),
    "identity": Text("设备身份变动", "Identity of a device changed"),
    "other": Text("其他未办结", "Others, unresolved"),
    "return": Text("假满和销假", "Leave over, and returns"),
    "track_unseen": Text("本周尚未查看轨迹", "Track not looked at this week"),
    "track_seen": Text("本周已查看轨迹", "Track looked at this week"),
    "closed_as_nothing": Text("紧急报警以技术原因或误报办结", "Critical alarms closed as technical or false"),
    "leave_late": Text("报警后补录的请假", "Leave entered after an alarm"),
    "disputed": Text("本人有异议", "Disputed by the wearer"),
    "reminder": Text("期限提醒", "Reminders of ends"),
    "review": Text("必要性复核（每30天）", "Review: still necessary?"),
    "appointment": Text("报到和约见", "Appointments and reports"),
    "back": Text("腕带须戴回", "Bracelet to be back on"),
    "task": Text("任务", "Tasks"),
    "courtesy": Text("谈话走访（只标做了没有）", "Talks and visits: done or not"),
    "added": Text("补充", "Added by staff"),
}


def form_name(form: str) -> Text:
    """What a form is called; one that has no name stays as it is."""
    return FORM_NAMES.get(form, Text(form, form))


def ticked_as(form: str) -> Text:
    """What a tick says on a form."""
    return DONE if form == "tasks" else TICKED


def section_name(section: str) -> Text:
    """What a heading says; one that has no name stays as it is."""
    return SECTIONS.get(section) or REASONS.get(section) or Text(section, section)


LEAD: Final = Text(
    "网关生成，由工作人员核对、更正和签署。划去的行照列，不删除。",
    "Made by the gateway, checked, corrected and signed by staff. What was struck out is listed, not deleted.",
)
SHEET: Final = Text("本表", "The sheet")
ID: Final = Text("表单编号", "Sheet")
WHOLE: Final = Text("全县", "whole county")
MADE: Final = Text("生成", "Made")
BY_AT: Final = Text("{by}，{at}", "{by}, {at}")
FROZEN: Final = Text("封存", "Closed")
NOT_YET: Final = Text("尚未签完", "not signed by all yet")
HASH: Final = Text("校验值（SHA-256）", "Digest (SHA-256)")
UNNAMED: Final = Text("未成年人（编号不打印）", "a minor (number not printed)")
ABOUT: Final = Text("对象", "Of whom")
SAYS: Final = Text("内容", "What")
DUE: Final = Text("时限", "Due")
LAST: Final = Text("上次处理", "Last act")
OWNER: Final = Text("负责", "With")
MARKS: Final = Text("核对", "Checked")
ADDED: Final = Text("补加 {by} {at}{note}", "added by {by} {at}{note}")
CORRECTED: Final = Text("更正 {by} {at}{note}，原为：{was}", "corrected by {by} {at}{note}; it was: {was}")
TICKED: Final = Text("已查 {by} {at}{note}", "looked at by {by} {at}{note}")
DONE: Final = Text("已办 {by} {at}{note}", "done by {by} {at}{note}")
STRUCK: Final = Text("划去 {by} {at}{note}", "struck out by {by} {at}{note}")
SIGNATURES: Final = Text("签署", "Signatures")
SIGNED: Final = Text("{by} 签署", "signed by {by}")
VOIDED: Final = Text("签名作废：{by} 重新打开{note}", "signature void: reopened by {by}{note}")
SIGNER: Final = Text("签署人", "Signer")
