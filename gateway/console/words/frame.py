"""What stands around every page, and what stands on the page of help."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gateway.words.texts import Text

if TYPE_CHECKING:
    from collections.abc import Mapping

FRAME: Final[Mapping[str, Text]] = {
    "desk": Text("值班台", "Duty desk"),
    "title": Text("{page} · {desk}", "{page} · {desk}"),
    "drill": Text("演练，不是真实报警", "DRILL, not real alarms"),
    "skip": Text("跳到正文", "Skip to content"),
    "menu": Text("主菜单", "Main menu"),
    "help": Text("帮助", "Help"),
    "logout": Text("退出", "Log out"),
    "other_language": Text("English", "中文"),
    "away": Text(
        "网关没有应答：所见为已存的内容，可能不是最新的；操作暂不能提交，已填写的内容会保留。",
        "The gateway does not answer: what you see was stored and may be old. Nothing can be submitted now; what you"
        " have typed is kept.",
    ),
    "not_found": Text("没有这个页面", "There is no such page"),
    "not_found_what": Text("地址有误，或者内容已经删除。", "The address is wrong, or what stood here is gone."),
    "forbidden": Text("无权查看", "Not for you to see"),
    "forbidden_what": Text(
        "不在您的司法所，或者您的角色不能看。这次尝试已记入审计。",
        "Not of your office, or not for your role. The attempt stands in the audit log.",
    ),
    "failed": Text("出错了", "Something went wrong"),
    "failed_what": Text(
        "已记入日志。请再试一次；仍不行，请找技术人员。", "It is in the log. Try again; else ask a technician."
    ),
    "help_what": Text(
        "本值班台用于处理电子腕带和手机定位的报警：人在哪里、把握多大、什么时候、谁处理的、依据是什么。",
        "This desk is for alarms of bracelets and located phones: where, how sure, when, who dealt with it, on which"
        " basis.",
    ),
    "help_not": Text("本值班台不做什么", "What this desk is not for"),
    "help_not_what": Text(
        "调查评估、入矫解矫宣告、计分考核、警告训诫与收监的审批和文书、教育帮扶和心理矫治、音视频，都在省市平台办理，不在这里。",
        "Assessments, admission and release, scores, the approvals and papers of warnings and recall, education and"
        " counselling, sound and pictures stay with the platform.",
    ),
    "help_judge": Text(
        "机器不评价任何人：报警是线索，不是结论。只有人核实之后才能办结。",
        "No machine judges a person: an alarm is a lead, not a finding. Only a person who has verified it closes it.",
    ),
    "keys": Text("按键", "Keys"),
}
