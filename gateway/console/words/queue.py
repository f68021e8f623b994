"""The queue: its rows, its filters, its keys."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gateway.words.texts import Text

if TYPE_CHECKING:
    from collections.abc import Mapping

QUEUE: Final[Mapping[str, Text]] = {
    "queue": Text("报警", "Alarms"),
    "queue_count": Text("未办结 {count}", "Unresolved: {count}"),
    "queue_count_part": Text("未办结 {count}，显示其中 {shown}", "Unresolved: {count}, of which {shown} shown"),
    "queue_empty": Text(
        "没有未办结的报警。新报警会自动出现在这里。", "Nothing is unresolved. A new alarm appears here by itself."
    ),
    "row_silent": Text("{count}台{who}{odd}", "{count} devices{who}{odd}"),
    "row_odd": Text("；其间异常：{odd}", "; odd among them: {odd}"),
    "queue_empty_part": Text("所选范围内没有未办结的报警。", "Nothing is unresolved among what is chosen."),
    "queue_not_yours": Text(
        "您的角色不处理报警。设备和网关的工作请用上面的菜单。",
        "Your role answers no alarms. For devices and the gateway use the menu above.",
    ),
    "queue_unreadable": Text("暂时读不到报警：{why}", "The alarms cannot be read now: {why}"),
    "severity_critical": Text("紧急", "Urgent"),
    "severity_serious": Text("重要", "Serious"),
    "severity_warning": Text("提醒", "Notice"),
    "severity_info": Text("信息", "Info"),
    "level_strict": Text("严管", "strict"),
    "level_general": Text("普管", "general"),
    "level_lenient": Text("宽管", "lenient"),
    "row_office": Text("（{office}）", " ({office})"),
    "row_since": Text("{time}起", "since {time}"),
    "row_age": Text("已{age}", "for {age}"),
    "row_left": Text("核实时限还有{left}", "{left} left to verify"),
    "row_over": Text("核实时限已超过{left}", "{left} past the time to verify"),
    "row_taken": Text("{by} 已接收", "Taken by {by}"),
    "row_open": Text("未接收", "Not taken"),
    "row_assigned": Text("交办 {to}", "Given to {to}"),
    "row_new": Text("新", "New"),
    "row_changed": Text("有更新", "Changed"),
    "row_disputed": Text("本人有异议 {time}，由领导复核", "Wearer objected {time}, for a leader"),
    "row_cleared": Text("已恢复 {time}，仍须办结", "Ended {time}, still to be closed"),
    "row_unobserved": Text("不再观测 {time}，仍须办结", "No longer observed {time}, still to be closed"),
    "row_no_longer_judged": Text("不再判断 {time}，仍须办结", "No longer judged {time}, still to be closed"),
    "row_on_leave": Text("因请假解除 {time}，仍须办结", "Lifted by leave {time}, still to be closed"),
    "row_night_over": Text(
        "宵禁时段结束 {time}，未见返回，仍须办结", "Curfew over {time}, not seen back, still to be closed"
    ),
    "row_no_place": Text("没有位置记录", "No place known"),
    "row_at_home": Text("在家中或家附近", "at or near home"),
    "row_from_home": Text("距家约{distance}（{way}）", "about {distance} {way} of home"),
    "row_radius": Text("误差约{distance}", "±{distance}"),
    "row_fixed": Text("{age}前定位", "fix {age} old"),
    "row_fixed_now": Text("刚定位", "fix just taken"),
    "row_battery": Text("电量{percent}%", "battery {percent} %"),
    "row_told_no": Text("尚未联系本人", "Wearer not called yet"),
    "row_told_tried": Text("{time} 联系本人：未接", "Wearer called {time}: no answer"),
    "row_told_yes": Text("{time} 已联系到本人", "Wearer reached {time}"),
    "row_told_refused": Text("{time} 本人接通但拒绝配合", "Wearer refused {time}"),
    "due": Text("约定时间已到，{found}", "The agreed time is here: {found}"),
    "due_unchecked": Text("约定时间已到，正在核对", "The agreed time is here: being looked at"),
    "filter": Text("筛选", "Filter"),
    "filter_office": Text("司法所", "Office"),
    "filter_level": Text("监管级别", "Supervision"),
    "filter_kind": Text("类别", "Kind"),
    "filter_person": Text("人员编号", "Person id"),
    "filter_all": Text("全部", "all"),
    "filter_clear": Text("取消筛选", "Show all"),
    "tools": Text("对当前或所选报警的操作", "What to do with the current or the chosen alarms"),
    "pick": Text("选择 {who} {kind}", "Choose {who}, {kind}"),
    "pick_alone": Text(
        "紧急的和须人工办结的报警要逐条处理", "Urgent alarms, and those that only a person ends, go one by one"
    ),
    "picked": Text("已选 {count} 条", "{count} chosen"),
    "key_down": Text("下一条", "Next"),
    "key_up": Text("上一条", "Previous"),
    "key_open": Text("打开", "Open"),
    "key_pick": Text("选择", "Choose"),
    "key_seen": Text("全部标为已看", "Mark all as seen"),
    "key_mute": Text("静音", "Mute"),
    "key_unmute": Text("取消静音", "Sound on again"),
    "key_sound": Text("打开声音", "Turn sound on"),
    "key_search": Text("查找人员编号", "Find a person id"),
    "key_help": Text("帮助", "Help"),
    "key_number": Text("姓名和电话", "Name and number"),
    "key_locate": Text("立即定位", "Locate now"),
    "keys_several": Text(
        "选择几条之后，接收、备注、交办、办结对所选各条生效；紧急的和须人工办结的报警不能成批处理。",
        "With several chosen, acknowledge, note, assign and close go to each of them; urgent alarms, and those that"
        " only a person ends, are never done in a batch.",
    ),
    "keys_sound": Text(
        "没人接收的紧急报警每20秒响一次，直到有人接收。",
        "An urgent alarm that nobody has taken sounds every 20 seconds until somebody does.",
    ),
    "keys_mute": Text(
        "静音只停声音，报警照常出现；此选择会被记住。",
        "A mute stops the sound alone: alarms appear as ever. It is remembered.",
    ),
    "sound_off": Text(
        "声音未打开：浏览器要求先按一次按钮。", "Sound is off: the browser wants a button pressed first."
    ),
    "sound_muted": Text("已静音", "Muted"),
    "arrived_row": Text("新报警：{what}", "New alarm: {what}"),
    "tick_hours": Text("{h}小时{m}分", "{h} h {m} min"),
    "tick_minutes": Text("{m}分钟", "{m} min"),
    "tick_short": Text("不到1分钟", "less than 1 min"),
    "batch_done": Text("已处理 {count} 条。", "{count} done."),
    "batch_not": Text("{who}：{why}", "{who}: {why}"),
    "batch_alone": Text(
        "紧急的和须人工办结的报警不能成批处理，请逐条打开", "not in a batch, for it is urgent or only a person ends it"
    ),
    "batch_gone": Text("没有这条未办结的报警", "there is no such unresolved alarm"),
    "batch_none": Text("没有选择报警。", "No alarm is chosen."),
}

KEYS: Final[tuple[tuple[str, str], ...]] = (
    ("J ↓", "key_down"), ("K ↑", "key_up"), ("Enter", "key_open"), ("A", "do_acknowledge"), ("N", "do_note"),
    ("T", "key_number"), ("O", "do_attempt"), ("F", "do_follow_up"), ("G", "do_assign"), ("R", "do_arrived"),
    ("C", "do_close"), ("L", "key_locate"), ("X", "key_pick"), ("Z", "key_seen"), ("M", "key_mute"),
    ("B", "alarm_back"), ("P", "alarm_person"), ("/", "key_search"), ("?", "key_help"),
)  # fmt: skip
"""Keys of the queue and of an alarm's page, and what each does."""
