"""The words of reports, in Chinese and English."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gateway.words.texts import Text

if TYPE_CHECKING:
    from collections.abc import Mapping

TEXTS: Final[Mapping[str, Text]] = {
    "month": Text("月报", "Monthly report"),
    "necessity": Text("必要性", "Necessity"),
    "appraisal": Text("考评", "Appraisal"),
    "noise": Text("报警量", "Alarm load"),
    "foot": Text("本表考评工作，不评价社区矫正对象", "This table is about work. It judges no person under supervision"),
    "standing_future": Text("{month} 还没有开始，没有数字。", "{month} has not begun: there are no figures."),
    "standing_cut": Text(
        "报警只保存 {days} 天，{month} 的报警已删除或已不全，不作统计。这不是零。",
        "Alarms are kept for {days} days: those of {month} are removed, or not all there. No figures; this is no zero.",
    ),
    "standing_none": Text(
        "没有 {month} 的记录（最早的记录：{since}），不作统计。这不是零。",
        "There are no records of {month} (the oldest: {since}). No figures; this is no zero.",
    ),
    "standing_begun": Text(
        "记录自 {since} 开始，此前的不在内。", "Records begin on {since}: what was before is not in it."
    ),
    "standing_running": Text("本期未结束，截至 {now}。", "It goes on: up to {now}."),
    "standing_kept": Text(
        "只统计自 {start} 起的报警：更早的没有记录，或已按保存天数删除。",
        "Alarms from {start} on: older ones were not recorded, or are removed.",
    ),
    "nothing_ever": Text("无", "none"),
    "offices_as_raised": Text(
        "报警计入产生时对象所属的司法所；以后调整隶属或改所，不改已计的数。试验报警不计。",
        "An alarm counts for the office that had the person when it was raised; what moves afterwards moves no figure."
        " Test alarms do not count.",
    ),
    "alarms": Text("报警", "Alarms"),
    "alarms_count": Text("{count}条", "{count}"),
    "device_month": Text("每设备月报警", "Alarms per device-month"),
    "device_month_rate": Text("{rate}条", "{rate}"),
    "device_days": Text("设备日（有依据的佩戴）", "Device-days (worn with authority)"),
    "false_share": Text("误报率（95%区间）", "False share (95% interval)"),
    "in_time": Text("{within}内接收（95%区间）", "Acknowledged within {within} (95% interval)"),
    "to_acknowledge": Text("接收用时（中位数，九成以内）", "Time to acknowledge (median, 90%)"),
    "to_close": Text("办结用时（中位数，九成以内）", "Time to close (median, 90%)"),
    "minors_alarms": Text("有报警的未成年人", "Minors with an alarm"),
    "minors_worn": Text("佩戴设备的未成年人", "Minors with a device"),
    "few": Text("样本少，不排名", "few cases, not ranked"),
    "together": Text("不分先后", "no order"),
    "alone": Text("只有一个可比，不排名", "nobody to compare with, not ranked"),
    "office": Text("司法所", "Office"),
    "county": Text("全县", "County"),
    "no_office": Text("（不属任何司法所）", "(of no office)"),
    "kind": Text("种类", "Kind"),
    "hour": Text("时段", "Hour"),
    "cause": Text("误报原因", "Cause"),
    "late": Text("超时接收", "Late"),
    "overview": Text("概况", "Overview"),
    "by_office": Text("按司法所", "By office"),
    "by_kind": Text("按种类", "By kind"),
    "by_hour": Text("按发生时刻", "By hour of onset"),
    "by_cause": Text("误报和设备原因的根源", "Causes of false and technical alarms"),
    "figure": Text("项目", "Figure"),
    "value": Text("数值", "Value"),
    "count": Text("报警数", "Alarms"),
    "standing_confirmed": Text("属实", "Confirmed"),
    "standing_excused": Text("有正当理由", "Excused"),
    "standing_technical": Text("设备原因", "Technical"),
    "standing_false": Text("误报", "False"),
    "standing_unverifiable": Text("无法核实", "Unverifiable"),
    "standing_own": Text("自行恢复", "Ended by itself"),
    "standing_open": Text("未办结", "Open"),
    "standing_retracted": Text("已撤回", "Taken back"),
    "unmarked": Text("未标记", "Not marked"),
    "extended": Text("延长的依据", "Authorities extended"),
    "lifted": Text("提前解除", "Lifted early"),
    "expired": Text("到期", "Ran out"),
    "long": Text("建议评估是否解除", "Assess whether to lift"),
    "necessity_counts": Text("数目", "Counts"),
    "number": Text("件（人）数", "Number"),
    "no_assessment": Text("（未写评估文书）", "(no assessment named)"),
    "document": Text("依据文号", "Authority"),
    "assessment": Text("评估文书", "Assessment"),
    "since": Text("自", "From"),
    "on": Text("日期", "On"),
    "last_day": Text("末日", "Last day"),
    "days_left": Text("当时剩余天数", "Days it still had"),
    "person": Text("对象编号", "Person"),
    "days_worn": Text("已佩戴天数", "Days worn"),
    "long_is": Text(
        "佩戴超过60天，保存的报警中从未有属实的。仅提示评估，不含处理意见；未成年人不在此列出，由司法所逐人评估。",
        "Worn for more than 60 days, and no alarm that is kept was ever confirmed. A prompt to assess, no"
        " recommendation. Minors are not listed here: their office assesses each.",
    ),
    "lifted_is": Text("提前解除是好的工作。", "Lifting early is good work."),
    "score": Text("得分（区间）", "Score (interval)"),
    "place": Text("名次", "Place"),
    "cases": Text("须处理的报警", "Alarms to deal with"),
    "measure_acknowledged": Text("{within}内接收", "Acknowledged within {within}"),
    "measure_closed": Text("{within}内办结", "Closed within {within}"),
    "measure_contacted": Text("联系或到场后才认定", "Called or visited before a finding"),
    "measure_early": Text("提前解除", "Lifted early"),
    "weight": Text("{measure}（{weight}分）", "{measure} (weight {weight})"),
    "score_table": Text("本年累计", "Year to date"),
    "score_is": Text(
        "各项为比例及其95%区间；得分按权重合计，没有可计的项不计权重。得分区间重叠的不分先后，不足10条的不排名；按代码排列，"
        "顺序不是名次。在位率、佩戴数、报警数从不计分。",
        "Shares with their 95% intervals, weighted; what has no case has no weight. Where intervals of the score"
        " overlap there is no order, and with fewer than 10 cases no place. Rows stand by code. Shares of people"
        " located, bracelets worn and numbers of alarms never score.",
    ),
    "load": Text("值班负荷", "Load of the desk"),
    "operator_day": Text("每名值班员每天报警", "Alarms per operator-day"),
    "ten_minutes": Text("每名值班员每10分钟报警（平均）", "Alarms per operator in ten minutes (average)"),
    "peak": Text("10分钟内最多（全台）", "Most in ten minutes (whole desk)"),
    "floods": Text("超过每人10条的10分钟", "Ten minutes with more than 10 each"),
    "worst": Text("报警最多的十个来源", "The ten sources of most alarms"),
    "rule": Text("规定", "Rule"),
    "zone": Text("区域", "Zone"),
    "stale": Text("超过一天未办结", "Open for more than a day"),
    "chattering": Text("一小时内三次以上", "Three or more within an hour"),
    "load_is": Text(
        "按 ISA-18.2（IEC 62682）。供负责人改规定、修设备；不作考核，不在值班员页面显示。",
        "By ISA-18.2 (IEC 62682). For the leader, to mend rules and devices: no measure of merit, and on no officer's"
        " screen.",
    ),
    "drills": Text("报警演练", "Drills"),
    "drills_month": Text("报警演练（次数；被通知的人中有答复的）", "Drills (how many; of those told, who answered)"),
    "drills_held": Text("演练", "Drills"),
    "drill_is": Text(
        "演练按真实特急报警逐级通知值班人员，文字均注明“演练”；不算报警，不进入统计、考评和市级数字。"
        "有未办结的特急报警时不演练；演练中来了真实的，即中止。",
        "A drill tells people on duty as a critical alarm does, each text marked; it is no alarm, and in no statistics,"
        " appraisal or city's figures. There is none while something critical is unresolved, and a real one calls it"
        " off.",
    ),
    "drill_answers": Text("答复", "Answers"),
    "drill_at": Text("演练时间", "Drill"),
    "drill_like": Text("参照", "As"),
    "drill_by": Text("由谁发起、为什么", "By whom, why"),
    "drill_calendar": Text("按期", "by the calendar"),
    "drill_answered": Text("有答复（95%区间）", "Answered (95% interval)"),
    "drill_median": Text("答复用时（中位数）", "Time to answer (median)"),
    "drill_missing": Text("没有答复", "No answer from"),
    "drill_state": Text("结果", "Result"),
    "drill_over": Text("已结束", "over"),
    "drill_called_off": Text("中止：有真实特急报警", "called off: something critical came"),
    "drill_going": Text("进行中", "under way"),
    "drill_staff": Text("工号", "Staff"),
    "drill_told": Text("通知时间", "Told"),
    "drill_reached": Text("通知情况", "Notice"),
    "drill_after": Text("答复用时", "Answered after"),
    "drill_no_answer": Text("没有答复", "no answer"),
    "drill_at_desk": Text("没有通知，在值班台答复", "not told, answered at the desk"),
    "drill_seconds": Text("{minutes}分{seconds}秒", "{minutes} min {seconds} s"),
    "drill_notice_owed": Text("待发", "to be sent"),
    "drill_notice_sent": Text("已发出", "sent"),
    "drill_notice_delivered": Text("已送达", "delivered"),
    "drill_notice_failed": Text("未送达", "failed"),
    "drill_notice_expired": Text("过时未发", "not sent in time"),
    "drill_notice_unreachable": Text("没有号码", "no number"),
    "nothing": Text("没有", "None"),
}


def said(key: str, language: str, **values: object) -> str:
    """A text in ``zh`` or ``en``, filled."""
    return TEXTS[key].of(language).format_map(values)
