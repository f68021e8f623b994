"""The page of what ends."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gateway.words.texts import Text

if TYPE_CHECKING:
    from collections.abc import Mapping

DATES: Final[Mapping[str, Text]] = {
    "dates": Text("期限", "Dates"),
    "dates_what": Text(
        "四种期限分开列：定位依据、解矫日、禁止令或规则、请假；最早到期的在前。到期前30、14、7、3、1天各提醒一次，列入任务单。"
        "延长定位依据须先有评估文书。",
        "Four kinds of ends, each by itself: authority of positioning, term, order or rule, leave; the soonest first."
        " Reminders come 30, 14, 7, 3 and 1 days before, as lines of the task sheet. An authority is extended by its"
        " assessment document.",
    ),
    "dates_filter": Text("筛选期限", "Filter"),
    "dates_kind": Text("种类", "Kind"),
    "dates_office": Text("司法所", "Office"),
    "dates_all": Text("全部", "all"),
    "dates_show": Text("显示", "Show"),
    "dates_extend": Text("延长", "extend"),
    "dates_tasks": Text("任务单", "Task sheet"),
    "dates_minors_left": Text("打印时不含未成年人（{count} 行）。", "Minors are not printed ({count} lines)."),
    "dates_minors_printed": Text("打印时包括未成年人（{count} 行）。", "Minors are printed as well ({count} lines)."),
    "dates_print_minors": Text("也打印未成年人", "Print them, too"),
    "dates_leave_minors": Text("不打印未成年人", "Leave them out"),
}
