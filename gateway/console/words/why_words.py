"""What stands on the page that says why no alarm was raised."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gateway.words.texts import Text

if TYPE_CHECKING:
    from collections.abc import Mapping

WHY: Final[Mapping[str, Text]] = {
    "why": Text("{person}：为什么没有报警", "{person}: why no alarm?"),
    "why_link": Text("为什么没有报警", "Why no alarm?"),
    "why_lead": Text(
        "按当时的规定和到那时为止收到的定位，逐条重新计算。",
        "Worked out anew, rule by rule: by the rules of then, with the fixes that had come by then.",
    ),
    "why_at": Text("时间", "Time"),
    "why_rule": Text("规定", "Rule"),
    "why_all": Text("全部", "all"),
    "why_ask": Text("查看", "Show"),
    "why_no_time": Text("没有这个时间：{value}", "There is no such time: {value}"),
    "why_none": Text(
        "当时没有针对其位置的规定。", "No rule asked anything of this person's places then."
    ),
    "why_failed": Text("暂时算不出来：{why}", "It cannot be worked out now: {why}"),
    "why_rule_is": Text("规定 {rule} · {zone}", "Rule {rule} · {zone}"),
    "why_basis": Text("{text}（依据 {basis}）", "{text} (basis {basis})"),
    "why_raised": Text("在“{zone}”内的可能性达到 {percent} 才报警", 'raised from {percent} likely inside "{zone}" on'),
    "why_raised_below": Text(
        "在“{zone}”内的可能性低到 {percent} 才报警", 'raised from {percent} likely inside "{zone}" down'
    ),
    "why_curve": Text("在“{zone}”内的可能性，{since} 至 {until}", 'Likely inside "{zone}", {since} to {until}'),
    "why_threshold": Text("报警门限", "threshold"),
    "why_fixes": Text("逐次定位（{count} 次）", "Fix by fix ({count})"),
    "why_fixes_part": Text("逐次定位（最近 {count} 次）", "Fix by fix (the last {count})"),
    "why_time": Text("时间", "Time"),
    "why_beyond": Text("距边界", "From the border"),
    "why_in_by": Text("内侧 {metres} 米", "{metres} m inside"),
    "why_out_by": Text("外侧 {metres} 米", "{metres} m outside"),
    "why_error": Text("误差（95%）", "Error (95 %)"),
    "why_says": Text("单次", "By itself"),
    "why_in_all": Text("累计", "In all"),
    "why_verdict": Text("判断", "Verdict"),
    "why_else": Text(
        "以下任何一项都会使结果相反（逐项试算过）", "Each of these would have made it otherwise (each was tried)"
    ),
}  # fmt: skip
