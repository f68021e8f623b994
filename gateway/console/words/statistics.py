"""How many alarms the desk gets, and from which rules."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gateway.words.texts import Text

if TYPE_CHECKING:
    from collections.abc import Mapping

STATISTICS: Final[Mapping[str, Text]] = {
    "statistics": Text("统计", "Statistics"),
    "statistics_day": Text("近一天的报警", "Alarms of the last day"),
    "statistics_within": Text(
        "近一天报警 {raised} 起；{operators} 名值班员、每人每天可处理 {each} 起，共可承受 {allowed} 起。",
        "{raised} alarms in the last day; {operators} at the desk who can look into {each} each: {allowed} can be"
        " borne.",
    ),
    "statistics_beyond": Text(
        "多出 {beyond} 起：看哪条规定报警最多，是否划得过宽。紧急报警从不因此压下。",
        "{beyond} too many: look which rule brings most, and whether it is drawn too wide. No critical alarm is ever"
        " held back for it.",
    ),
    "statistics_no_merit": Text(
        "这些数字说明规定和设备，不作考核，也不据此认定任何人。",
        "These figures are about rules and devices: no measure of merit, and no finding about anybody.",
    ),
    "statistics_by_rule": Text("按规定", "By rule"),
    "statistics_by_kind": Text("按种类", "By kind"),
    "statistics_rule": Text("规定", "Rule"),
    "statistics_document": Text("依据", "Document"),
    "statistics_kind": Text("种类", "Kind"),
    "statistics_count": Text("报警数", "Alarms"),
    "statistics_share": Text("占比", "Share"),
    "statistics_none": Text("没有", "None"),
    "statistics_other_rule": Text("（现行配置中已没有）", "(no rule in force any more)"),
}
