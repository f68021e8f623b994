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
    "updated": Text("【更新】", "UPDATED. "),
}  # fmt: skip
ACT = Text("{act}。", "{act}. ")
FOLLOWED = Text("{followed}。", "{followed}. ")
VERIFIED = Text("{verified}。", "{verified}. ")
NOTE = Text("备注（{note_by}）：{note}。", "Note ({note_by}): {note}. ")
BRIEF = Text("{kind}（{onset}起）。", "{kind} (since {onset}). ")
REPORTED = Text("{kind}（原报{onset}起）。", "{kind} (reported since {onset}). ")
STILL_OPEN = Text("仍须办结。", "Still to be closed by a person. ")
