"""The words of what became of an alarm: how it was closed, what is told of each change, what officers did."""

from __future__ import annotations

from gateway.words.texts import Text

OUTCOMES = {
    "confirmed": Text("属实", "confirmed"), "excused": Text("有正当理由", "excused"), "technical": Text("设备原因", "technical"),
    "false": Text("误报", "false"), "unverifiable": Text("无法核实", "unverifiable"),
}  # fmt: skip
CHANGES = {
    "cleared": Text("【已恢复 {ended}，历时{held}】", "ENDED {ended} after {held}. "),
    "unobserved": Text("【不再观测 {ended}】", "NO LONGER OBSERVED {ended}. "),
    "no_longer_judged": Text("【不再判断 {ended}】", "NO LONGER JUDGED {ended}. "),
    "rule_over": Text("【规则期满 {ended}，不再判断】", "RULE OVER {ended}, no longer judged. "),
    "zone_over": Text("【区域有效期满 {ended}，不再判断】", "ZONE OVER {ended}, no longer judged. "),
    "place_over": Text("【请假地点不再核对 {ended}】", "PLACE OF LEAVE NO LONGER JUDGED {ended}. "),
    "on_leave": Text("【因请假解除 {ended}】", "LIFTED BY LEAVE {ended}. "),
    "authority_over": Text("【依据到期 {ended}】", "AUTHORITY OVER {ended}. "),
    "extended_until": Text("【依据已延长，{ended}】", "AUTHORITY EXTENDED {ended}. "),
    "night_over": Text("【宵禁时段结束 {ended}，未见返回】", "CURFEW OVER {ended}, not seen back. "),
    "retracted": Text("【撤回】", "TAKEN BACK. "),
    "acknowledged": Text("【已接收 {acknowledged_by} {acknowledged}】", "ACKNOWLEDGED by {acknowledged_by} {acknowledged}. "),
    "closed": Text("【已办结·{outcome} {closed_by} {closed}】", "CLOSED ({outcome}) by {closed_by} {closed}. "),
    "disputed": Text("【本人有异议 {disputed}，由领导复核】", "OBJECTED TO {disputed}, for a leader to look at again. "),
    "examined": Text("【已标记原因：{cause}】", "CAUSE MARKED: {cause}. "),
    "updated": Text("【更新】", "UPDATED. "),
}  # fmt: skip
ACT = Text("{act}。", "{act}. ")
FOLLOWED = Text("{followed}。", "{followed}. ")
VERIFIED = Text("{verified}。", "{verified}. ")
NOTE = Text("备注（{note_by}）：{note}。", "Note ({note_by}): {note}. ")
BRIEF = Text("{kind}（{onset}起）。", "{kind} (since {onset}). ")
REPORTED = Text("{kind}（原报{onset}起）。", "{kind} (reported since {onset}). ")
STILL_OPEN = Text("仍须办结。", "Still to be closed by a person. ")
HANDED_OVER = Text(
    "设备已于{handed_over}移交或停用，此后不再观测，不表示已离开。",
    "The device was handed over or taken off at {handed_over}: nothing observed since, no proof that it is over. ",
)
RULE_TAKEN_AWAY = Text(
    "自{taken_away}起配置（{configuration}）已不含所依据的规则、区域或对此人的要求，此后不再判断，不表示已返回。",
    "Since {taken_away} the configuration ({configuration}) has no such rule, zone or duty of this person: nothing"
    " judged since, no proof of a return. ",
)
DEVICE_TAKEN_AWAY = Text(
    "自{taken_away}起配置（{configuration}）已不含该设备，此后不再观测，不表示已恢复。",
    "Since {taken_away} the configuration ({configuration}) has no such device: nothing observed since, no proof that it"
    " is over. ",
)
NOT_FOUND = Text(
    "原因：加入后到的数据重新判断，该情况不成立。", "Reason: judged anew with data that came later, it does not hold. "
)
MERGED = Text(
    "原因：与另一条报警是同一情况，以那条为准（编号{merged_into}）。",
    "Reason: it is part of another alarm, which stands ({merged_into}). ",
)
LATER_DATA = {
    "supports": Text(
        "办结后到的数据与此相符：仅供复核，不是认定。",
        "Data that came after the close agrees with it: for review, not a finding. ",
    ),
    "contradicts": Text(
        "办结后到的数据中未见该情况：仅供复核，不是认定。",
        "Data that came after the close shows nothing of it: for review, not a finding. ",
    ),
}
CORRECTED = Text("按后到的数据更正：{corrections}。", "By data that came later: {corrections}. ")
VOID = Text("此前通知作废，不得据此处理本人。", "The earlier notice is void and must not be used against the person. ")
ERASED_TEXT = Text(
    "（本人位置已依令删除，原文不再保存。）", "(The person's places were erased by order; the text is not kept.)"
)
"""Instead of the text of a message whose person's places were erased."""
