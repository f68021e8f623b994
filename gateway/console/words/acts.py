"""Acts on an alarm: buttons, forms, and the lines that tell what was done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gateway.words.texts import Text

if TYPE_CHECKING:
    from collections.abc import Mapping

ACTS: Final[Mapping[str, Text]] = {
    "do_acknowledge": Text("接收", "Acknowledge"),
    "do_take_over": Text("接手", "Take over"),
    "do_note": Text("备注", "Note"),
    "do_attempt": Text("联系", "Contact"),
    "do_follow_up": Text("约定", "Follow-up"),
    "do_assign": Text("交办", "Assign"),
    "do_arrived": Text("到场", "Arrived"),
    "do_close": Text("办结", "Close"),
    "do_dispute": Text("本人有异议", "Wearer objects"),
    "do_cause": Text("误报原因", "Cause"),
    "cause_ask": Text(
        "标记这条报警为什么不成立。办结和结论不变。",
        "Mark why this alarm was none. Its close and outcome stay as they are.",
    ),
    "field_cause": Text("原因", "Cause"),
    "dispute_ask": Text(
        "报警将重新打开，由领导复核后办结。请照本人所说写明对什么有异议。",
        "The alarm opens again, and a leader closes it. Write what the wearer objects to, in the wearer's words.",
    ),
    "take_over_ask": Text(
        "{owner} 已接收这条报警。由您接手吗？", "{owner} has taken this alarm. Do you want to take it over?"
    ),
    "arrived_ask": Text("有人已到场见到本人。", "Somebody has reached the wearer in person."),
    "field_note": Text("备注", "Note"),
    "field_words": Text("说了什么、看到什么", "What was said or seen"),
    "field_whom": Text("联系谁", "Whom"),
    "field_result": Text("结果", "Result"),
    "field_time": Text("时间", "Time"),
    "field_expects": Text("到时应当", "What is to be so then"),
    "field_to": Text("交给（工号或司法所代码）", "To (staff number or office code)"),
    "field_outcome": Text("核实结果", "What was found"),
    "field_verified_by": Text("怎样核实的（结果为属实时必填）", "How it was verified (needed where confirmed)"),
    "field_choose": Text("请选择", "choose"),
    "form_submit": Text("提交", "Submit"),
    "form_cancel": Text("取消", "Cancel"),
    "form_kept": Text(
        "已填写的内容保留在这里，可以再次提交。", "What you have typed is kept here and can be submitted again."
    ),
    "form_failed": Text("没有成功，请再试一次。", "It did not work: try again."),
    "form_unsent": Text(
        "没有送到：请稍后再提交。已填写的内容会保留。",
        "It was not delivered: submit it again later. What you have typed is kept.",
    ),
    "form_over": Text(
        "这条报警已经办结或撤回，不能再操作。", "This alarm is closed or taken back: nothing more can be done with it."
    ),
    "form_time_wrong": Text("时间请写成 时:分，例如 22:45", "Write the time as HH:MM, such as 22:45"),
    "form_times": Text("时间按{zone}，已过的时刻为明天。", "Times of {zone}; one that has passed is tomorrow's."),
    "form_many": Text("对所选的 {count} 条报警", "For the {count} alarms that are chosen"),
    "line_checked": Text("机器核对：{verdict}", "Looked at by the gateway: {verdict}"),
}
