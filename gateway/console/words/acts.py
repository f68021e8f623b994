"""Acts on an alarm: buttons, forms, and the lines that tell what was done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gateway.words.texts import OUTCOMES, Text

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
    "whom_wearer": Text("本人", "the wearer"),
    "whom_family": Text("家属", "the family"),
    "whom_office": Text("司法所", "the office"),
    "whom_police": Text("公安", "the police"),
    "whom_other": Text("其他人", "somebody else"),
    "result_no_answer": Text("未接", "no answer"),
    "result_reached": Text("接通", "reached"),
    "result_promised": Text("接通并答应", "reached, and promised"),
    "result_refused": Text("接通但拒绝配合", "reached, and refused"),
    "expects_home": Text("到家", "home"),
    "expects_reports": Text("恢复上报", "data come again"),
    "expects_calls": Text("回电", "calls back"),
    "expects_visit": Text("上门走访", "site visit"),
    "verified_call": Text("电话", "by call"),
    "verified_visit": Text("走访", "by visit"),
    "verified_document": Text("文书", "by document"),
    "verified_police": Text("公安", "by the police"),
    **{f"outcome_{outcome}": said for outcome, said in OUTCOMES.items()},
    "line_acknowledge": Text("{by} 已接收", "{by} acknowledged"),
    "line_take_over": Text("{by} 接手", "{by} took over"),
    "line_note": Text("{by} 备注", "{by} noted"),
    "line_attempt": Text("{by} 联系{whom}：{result}", "{by} contacted {whom}: {result}"),
    "line_follow_up": Text("{by} 约定{due} {expects}", "{by} agreed {due}: {expects}"),
    "line_assign": Text("{by} 交办 {to}", "{by} gave it to {to}"),
    "line_arrived": Text("{by} 到场", "{by}: somebody has arrived"),
    "line_close": Text("{by} 办结：{outcome}{verified_by}", "{by} closed it: {outcome}{verified_by}"),
    "line_verified": Text("（核实方式：{how}）", " (verified {how})"),
    "line_said": Text("{line}：{note}", "{line}: {note}"),
    "line_checked": Text("机器核对：{verdict}", "Looked at by the gateway: {verdict}"),
}
