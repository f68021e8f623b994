"""Headings and notes of the page of a comparison with another system, in Chinese and English."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gateway.words.texts import Text
from gateway.words.track_page import PAGE_STYLE

if TYPE_CHECKING:
    from collections.abc import Mapping

STYLE: Final = (
    PAGE_STYLE + "td{vertical-align:top;white-space:pre-line}table{display:block;overflow-x:auto}"
    "span[lang=en]{color:#555;display:block}h2{margin-top:2em}"
)
TITLE: Final = Text("试运行对照 {since} 至 {until}", "Shadow run, {since} to {until}")
LEAD: Final = (
    Text(
        "两套系统同一时段的报警逐条对照。不同不等于谁错：是否属实由人核实。报警多少不是任何人的成绩，也不评价任何人。",
        "The alarms of two systems over the same time, one by one. A difference does not say who is"
        " wrong: persons verify."
        " How many alarms there are is nobody's merit, and says nothing of anybody.",
    ),
    Text(
        "本页不含位置、距离和姓名，但写明当时所知的情况，查看已记入审计；只用于所写文号的对照，用后即删。",
        "No place, distance or name is on this page; it tells what was known of people then, and the"
        " audit log has that it"
        " was looked at. For the comparison of this document alone, to be deleted after use.",
    ),
)
FIX_TITLE: Final = Text("定位对照 {since} 至 {until}", "Positions compared, {since} to {until}")
FIX_LEAD: Final = (
    Text(
        "对方导出的定位按本系统的规则另行推算（不影响运行），与本系统同一时段的比较。相差不说明谁错，也不评价任何人。",
        "Another system's positions put through our rules aside from what runs, beside ours of the same time."
        " That two are apart does not say which is wrong, and says nothing of anybody.",
    ),
    Text(
        "本页只有相距多少米，没有位置和姓名；查看已记入审计；只用于所写文号的对照，用后即删。",
        "It has how many metres apart, no place and no name; the audit log has that it was looked at."
        " For the comparison of this document alone, to be deleted after use.",
    ),
)
HEADINGS: Final[Mapping[str, Text]] = {
    "read": Text("对照的范围", "What was compared"),
    "refused": Text("未计入的行", "Lines that were not counted"),
    "shares": Text("相互覆盖", "What each has of the other"),
    "load": Text("每名值班人员每天的报警", "Alarms an operator and day"),
    "lag": Text("双方都有的：本系统早还是晚", "Of both: how much earlier or later ours is"),
    "by_kind": Text("按种类", "By kind"),
    "by_person": Text("按人员（编号顺序）", "By person, in the order of ids"),
    "by_day": Text("按日", "By day"),
    "closed": Text("本系统报警的办结", "How officers closed ours"),
    "only_theirs": Text("只有对方的，及本系统当时所知", "Only theirs, and what was known here then"),
    "only_ours": Text("只有本系统的", "Only ours"),
    "both": Text("双方都有的", "Both have them"),
    "outages": Text("大面积失联期间对方逐台报的", "Theirs, one by one, while many were silent at once"),
    "apart_by_day": Text("位置相差，按日", "How far apart, by day"),
    "apart_by_person": Text(
        "位置相差，按人员和日（编号顺序）", "How far apart, by person and day, in the order of ids"
    ),
    "would_by_kind": Text("按对方定位应有的报警，按种类", "Alarms that would have stood by their positions, by kind"),
    "would_alone": Text("按对方定位应有、本系统没有的", "By their positions alone"),
    "ours_alone": Text("只有本系统的", "Only ours"),
    "would_both": Text("双方都有的", "Both have them"),
}
NOTES: Final[Mapping[str, Text]] = {
    "shares": Text(
        "括号内为 95% 区间（威尔逊）；一方持续中另一方重复报的，算作都有。",
        "In brackets the Wilson interval of 95 %; a repetition while the other's lasts counts as had.",
    ),
    "load": Text("信息级只作记录，不惊动人，单列。", "What is info is recorded and calls nobody: it stands apart."),
    "lag": Text(
        "分钟；负数为本系统更早。“开始”比较双方所写的开始，“判断”比较本系统作出判断的时间与对方的开始。",
        "Minutes, below zero where ours is earlier: the beginnings that both state, and when ours was"
        " decided against their"
        " beginning.",
    ),
    "by_kind": Text(
        "只有对方的，按最可能对应的种类计。", "What only theirs has is counted under the likeliest of our kinds."
    ),
    "closed": Text(
        "所占为已办结中的；属实与否只由人认定。", "Shares are of those closed; only a person finds whether it was so."
    ),
    "outages": Text(
        "这些报警都计入上面各表；下面逐条列出并查看当时所知的，每次失联最多所写条数。",
        "All of them are counted above; listed one by one below, with what was known, are no more of each than this.",
    ),
    "apart_by_day": Text(
        "对方每个定位与本系统轨迹中 2.5 分钟以内最近的一个比较；“超出”：相距大于双方误差半径（95%）之和。",
        "Each of their positions beside the nearest of our track within 2.5 minutes; beyond: farther apart than both"
        " radii of 95 % together.",
    ),
    "would_by_kind": Text(
        "只比较由位置判断的种类。“对方”为按对方定位推算的，“本系统”为实际报过的。",
        "Kinds that places decide alone. Theirs is what follows from their positions, ours what was said.",
    ),
    "only_theirs": Text(
        "所知截至对方报警的中途（最多其开始后所写分钟数），此后到的数据不算。",
        "As of half through their alarm (at most the minutes above after its beginning): what came"
        " later does not count.",
    ),
}
NO_ROWS: Final = Text("无", "none")
AWAY: Final = Text("不足 3 条", "fewer than 3")
WITHHELD: Final[Mapping[str, Text]] = {
    "minor": Text("未成年人的报警，未计入", "alarms of minors, not counted"),
    "protected": Text("受保护人的报警，未计入", "alarms of protected people, not counted"),
    "over": Text("矫正期已满的人的报警，未计入", "alarms of people whose term is over, not counted"),
}
WITHHELD_FIXES: Final[Mapping[str, Text]] = {
    "minor": Text("未成年人的定位，未比较", "positions of minors, not compared"),
    "protected": Text("受保护人的定位，未比较", "positions of protected people, not compared"),
    "over": Text("矫正期已满的人的定位，未比较", "positions of people whose term is over, not compared"),
}
GROUPS: Final[Mapping[str, Text]] = {
    "both": Text("双方都有", "both"),
    "again": Text("本系统重复", "ours again"),
    "only_ours": Text("只有本系统", "only ours"),
}
LAGS: Final[Mapping[str, Text]] = {
    "onset": Text("开始", "beginning"),
    "told": Text("判断", "decided"),
}
ITEMS: Final[Mapping[str, Text]] = {
    "item": Text("项目", "item"),
    "value": Text("数值", "value"),
    "file": Text("对方导出文件", "their export"),
    "document": Text("文号", "document"),
    "by": Text("查看人", "asked for by"),
    "days": Text("天数", "days"),
    "begins": Text("本系统日志开始于", "our journal begins at"),
    "within": Text("相同报警最多相差（分钟）", "the same alarm lies apart at most, minutes"),
    "refused": Text("有错未计入的行", "lines with faults, not counted"),
    "outside": Text("不在此时段的行", "lines outside of this time"),
    "passed": Text("写明不比较的行", "lines of kinds not to be compared"),
    "unheard": Text("对方没有的种类", "kinds that theirs does not have"),
    "covered": Text("对方的报警，本系统也有", "of theirs, ours has too"),
    "known": Text("本系统的报警，对方也有", "of ours, theirs has too"),
    "system": Text("系统", "system"),
    "alarms": Text("报警", "alarms"),
    "each": Text("每人每天", "an operator and day"),
    "theirs": Text("对方", "theirs"),
    "ours": Text("本系统（信息级除外）", "ours, above info"),
    "info": Text("本系统信息级", "ours, info"),
    "earlier": Text("更早", "earlier"),
    "later": Text("更晚", "later"),
    "middle": Text("中位数", "median"),
    "kind": Text("种类", "kind"),
    "person": Text("人员", "person"),
    "day": Text("日期", "day"),
    "both": Text("都有", "both"),
    "theirs_again": Text("对方重复", "theirs again"),
    "ours_again": Text("本系统重复", "ours again"),
    "only_theirs": Text("只有对方", "only theirs"),
    "only_ours": Text("只有本系统", "only ours"),
    "theirs_had": Text("对方的，本系统有", "of theirs, ours has"),
    "ours_had": Text("本系统的，对方有", "of ours, theirs has"),
    "group": Text("范围", "which"),
    "outcome": Text("办结", "outcome"),
    "open": Text("未办结", "not closed"),
    "line": Text("行", "line"),
    "why": Text("原因和办法", "why, and what to do"),
    "who": Text("人员、设备", "person, device"),
    "said": Text("对方的种类", "their kind"),
    "from": Text("开始", "from"),
    "until": Text("结束", "until"),
    "known_then": Text("当时所知", "what was known here"),
    "alarm": Text("编号", "alarm"),
    "severity": Text("级别", "severity"),
    "decided": Text("判断", "decided"),
    "fixes": Text("对方的定位", "their positions"),
    "unlawful": Text("当时或现在没有依据的行，未比较", "lines of times, or people, without an authority, not compared"),
    "met": Text("本系统同时也有", "with ours beside it"),
    "apart_median": Text("相距中位数（米）", "apart, median, m"),
    "apart_p95": Text("95% 在此以内（米）", "95 % are within, m"),
    "beyond": Text("超出", "beyond"),
    "listed": Text("列出", "listed"),
    "onset_lag": Text("开始相差", "beginning, minutes"),
    "told_lag": Text("判断相差", "decided, minutes"),
}
