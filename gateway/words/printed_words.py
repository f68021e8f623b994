"""The words of printed documents, in Chinese and English: what was received and done, and no conclusion."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gateway.words.texts import Text

if TYPE_CHECKING:
    from collections.abc import Mapping

MADE: Final = Text("{by} 制作，截至 {at}（{county}）", "made by {by}, as of {at} ({county})")
DIGEST: Final = Text("摘要（SHA-256）", "Digest (SHA-256)")
PRINT: Final = Text("打印：Ctrl+P（A4）", "To print: Ctrl+P (A4)")
NONE: Final = Text("无", "none")
SIGNED: Final = Text("签名：　　　　　　　　　　日期：", "Signature:                              Date:")
NUMBER: Final = Text("序号", "No.")
TIME: Final = Text("时间", "Time")
SINCE: Final = Text("自", "From")
UNTIL: Final = Text("至", "Until")
LASTED: Final = Text("时长", "Lasted")
OPEN_END: Final = Text("长期", "no end stated")
PERSON: Final = Text("对象编号", "Person")
OFFICE: Final = Text("司法所", "Office")
DEVICE: Final = Text("设备", "Device")
RULE: Final = Text("规则", "Rule")
DOCUMENT: Final = Text("文书", "Document")
APPROVED: Final = Text("批准", "Approved by")
KIND: Final = Text("种类", "Kind")
BASIS: Final = Text("依据", "Basis")
MADE_BY: Final = Text("制作人", "Made by")
CHECKED_BY: Final = Text("复核人", "Checked by")
WEARER: Final = Text("本人", "The wearer")
OFFICER: Final = Text("经办人", "The officer")
APPROVER: Final = Text("批准人", "Approved by")
AUTHORITY_KINDS: Final[Mapping[str, Text]] = {
    "bracelet": Text("电子定位（腕带）", "positioning by bracelet"),
    "phone_check": Text("手机核查", "phone check"),
}
BASIS_KINDS: Final[Mapping[str, Text]] = {
    "court_order": Text("人民法院裁判", "court order"), "statute": Text("法律规定", "statute"),
    "approval": Text("批准文书", "approval"), "office_rule": Text("司法所规定", "rule of the office"),
}  # fmt: skip

RECORD: Final = Text("报警处置记录", "Record of an alarm's handling")
RECORD_LEAD: Final = Text(
    "本记录按时间列出对一条报警所做的全部处理、联系和通知。报警是线索，不是认定；办结结论由核实的人员作出，在此照录。",
    "All that was done about one alarm, every call and every notice, in order of time. An alarm is a lead, not a"
    " finding; an outcome is that of the person who verified it, and stands here as given.",
)
RECORD_ALARM: Final = Text("报警", "The alarm")
RECORD_TEXT: Final = Text("报警内容", "What it said")
RECORD_HISTORY: Final = Text("处理经过", "What was done")
RECORD_LINE: Final = Text("记录", "Record")
RECORD_STANDS: Final = Text("目前状态", "How it stands")
ALARM_ID: Final = Text("报警编号", "Alarm")
SEVERITY: Final = Text("级别", "Severity")
SEVERITIES: Final[Mapping[str, Text]] = {
    "critical": Text("紧急", "critical"), "serious": Text("重要", "serious"), "warning": Text("提醒", "warning"),
    "info": Text("信息", "info"),
}  # fmt: skip
ONSET: Final = Text("开始", "Began")
DECIDED: Final = Text("判断", "Decided")
RECEIVED: Final = Text("收到（补传）", "Received, late")
ENDED: Final = Text("结束", "Ended")
ENTRIES: Final = Text("日志条目", "Entries of the journal")
STATE: Final = Text("状态", "State")
OUTCOME: Final = Text("办结", "Closed")
OUTCOME_IS: Final = Text("{outcome}，{by}，{at}", "{outcome}, by {by}, {at}")
VERIFIED_BY: Final = Text("核实方式", "How it was verified")
OBJECTED: Final = Text("本人异议", "Objected to")
AGREED: Final = Text("约定", "Agreed")
TAKEN_BACK: Final = Text(
    "已撤回：此前通知作废，不得据此处理本人", "taken back: the earlier notice is void and must not be used"
)
NO_PLACES: Final = Text(
    "本件不含位置：制作人无权查看，或不得显示。", "No places stand here: not for whoever made it, or not to be shown."
)

LEAVE: Final = Text("请假/销假单", "Leave slip")
LEAVE_LEAD: Final = Text("按登记簿制作，供签字存档。", "Made from the registers, to be signed and filed.")
LEAVE_ASKED: Final = Text("请假", "Leave")
LEAVE_BACK: Final = Text("销假", "Back from leave")
LEAVE_WHERE: Final = Text("去向", "Where to")
LEAVE_ANYWHERE: Final = Text("未登记去向", "no place was entered")
LEAVE_TRAVEL: Final = Text("路途（往返各）", "On the way, each time")
LEAVE_LIFTS: Final = Text("期间免除的规则", "Rules lifted meanwhile")
LEAVE_ALL: Final = Text("全部（禁入区除外）", "all but barred zones")
LEAVE_RETURNED: Final = Text("销假时间", "Reported back")
LEAVE_OPEN: Final = Text("截至制作时尚未销假", "not yet reported back when this was made")
LEAVE_EARLY: Final = Text("比批准的时间早 {lasted}", "{lasted} before the approved end")
LEAVE_LATE: Final = Text("比批准的时间晚 {lasted}", "{lasted} after the approved end")
LEAVE_DIFFERS: Final = Text("与批准时间相比", "Compared with the approved end")

PRINTED_PHRASES: Final[Mapping[str, Text]] = {
    "leave_none": Text(
        "{person} 在 {begun} 及以前没有登记的请假；登记用 registers leave",
        "{person} has no leave in the registers that begins at {begun} or before; registers leave enters one",
    ),
    "statement_long": Text(
        "轨迹情况说明最多 {most} 天；请缩短 --since 至 --until",
        "a statement covers {most} days at most: shorten --since to --until",
    ),
    "document_to_come": Text("--at {at} 还没有到", "--at {at} has not come yet"),
    "document_written": Text("已写入 {path}，摘要 {digest}", "{path} written, digest {digest}"),
}
"""Said by the command."""
