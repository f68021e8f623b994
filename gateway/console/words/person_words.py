"""What stands on a person's page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gateway.words.texts import Text

if TYPE_CHECKING:
    from collections.abc import Mapping

PERSON: Final[Mapping[str, Text]] = {
    "person": Text("对象 {person}", "Person {person}"),
    "person_now": Text("现在", "Now"),
    "person_minor": Text("未成年人", "minor"),
    "person_no_place": Text("还没有位置。", "No place is known yet."),
    "person_at_home": Text("家中或家附近", "At or near home"),
    "person_away": Text("距家约{distance}（{way}）", "About {distance} {way} of home"),
    "person_no_home": Text("有位置，没有登记住处", "A place is known, no home is registered"),
    "person_how": Text("定位", "Fix"),
    "person_fixed": Text(
        "{time}（{age}前），{source}，误差约{radius}（95%）", "{time} ({age} ago), {source}, ±{radius} (95 %)"
    ),
    "person_map_place": Text("坐标", "Coordinates"),
    "person_degrees": Text("{datum} {longitude:.5f},{latitude:.5f}", "{datum} {longitude:.5f},{latitude:.5f}"),
    "person_duty": Text("此刻的义务", "Duty now"),
    "person_duty_home": Text("应在“{name}”：{since} 起判断在", 'due at "{name}": judged there since {since}'),
    "person_duty_not_home": Text("应在“{name}”：{since} 起判断不在", 'due at "{name}": judged away since {since}'),
    "person_duty_unknown": Text("应在“{name}”：{since} 起无法判断", 'due at "{name}": undetermined since {since}'),
    "person_silent": Text("{time}（{age}前），失联", "{time} ({age} ago), silent"),
    "person_heard": Text("最后联系", "Last contact"),
    "person_ago": Text("{time}（{age}前）", "{time} ({age} ago)"),
    "person_battery": Text("电量", "Battery"),
    "person_zone": Text("区域", "Zone"),
    "person_inside": Text(
        "判断在“{name}”内（在内的可能性{sure}，规则 {rule}）",
        'judged inside "{name}" ({sure} likely inside, rule {rule})',
    ),
    "person_outside": Text(
        "判断在“{name}”外（在内的可能性{sure}，规则 {rule}）",
        'judged outside "{name}" ({sure} likely inside, rule {rule})',
    ),
    "person_unknown": Text(
        "是否在“{name}”内无法判断（在内的可能性{sure}，规则 {rule}）",
        'inside "{name}" or not: undetermined ({sure} likely inside, rule {rule})',
    ),
    "person_standing": Text("依据和设备", "Authority and devices"),
    "person_authority": Text("定位依据", "Authority"),
    "person_authority_bracelet": Text(
        "电子定位 {document}，至 {until}（还有{days}天）", "bracelet, {document}, until {until} ({days} days left)"
    ),
    "person_authority_phone": Text(
        "手机定位 {document}，至 {until}（还有{days}天）", "phone, {document}, until {until} ({days} days left)"
    ),
    "person_term": Text("矫正期满", "Term ends"),
    "person_device": Text("设备", "Device"),
    "person_bracelet": Text("腕带 {device}，{since} 起佩戴", "bracelet {device}, worn since {since}"),
    "person_phone": Text("手机 {device}，{since} 起", "phone {device}, since {since}"),
    "person_leave": Text("请假", "Leave"),
    "person_leave_until": Text("至 {until}（{by} 批准）", "until {until} (approved by {by})"),
    "person_removal": Text("暂取腕带", "Bracelet off with leave"),
    "person_removal_hospital": Text("就医，至 {until}（{by} 批准）", "hospital, until {until} (approved by {by})"),
    "person_removal_examination": Text(
        "检查，至 {until}（{by} 批准）", "examination, until {until} (approved by {by})"
    ),
    "person_removal_repair": Text("维修，至 {until}（{by} 批准）", "repair, until {until} (approved by {by})"),
    "person_care": Text("注意代码", "Care codes"),
    "person_alarms": Text("未办结的报警", "Open alarms"),
    "person_no_alarms": Text("没有未办结的报警。", "No open alarm."),
    "person_past_alarms": Text("过去的报警", "Past alarms"),
    "person_no_past": Text("没有过去的报警。", "No past alarm."),
    "alarm_onset": Text("开始", "Began"),
    "alarm_kind": Text("类型", "Kind"),
    "alarm_stands": Text("状态", "State"),
    "person_track": Text("24 小时回放", "Playback of 24 hours"),
    "person_track_of": Text("{since} 至 {until}", "{since} to {until}"),
    "person_last_day": Text("最近 24 小时", "Last 24 hours"),
    "person_line": Text(
        "直线不是路线：两次定位之间走了哪里，没有数据；虚线处长时间没有数据。",
        "A straight line is no route: between fixes the way is not known; where it is dotted, nothing came for long.",
    ),
    "person_lead": Text("位置有误差，这是线索，不是认定。", "Places have errors: a lead, not a finding."),
    "play_first": Text("最早", "First"),
    "play_back": Text("后退", "Back"),
    "play_on": Text("前进", "On"),
    "play_last": Text("最新", "Last"),
    "play_slider": Text("时间", "Time"),
    "key_ends": Text("回放：最早、最新", "playback: first, last"),
    "key_steps": Text("回放：后退、前进", "playback: back, on"),
    "play_none": Text("这段时间没有定位。", "No fix in this time."),
    "play_step": Text("第 {at} / {all} 次：{words}", "{at} of {all}: {words}"),
    "person_day": Text("日期", "Day"),
    "person_show": Text("查看", "Show"),
    "day_none": Text("没有“{value}”这一天。", 'There is no day "{value}".'),
    "day_to_come": Text("{value} 还没有到。", "{value} has not come yet."),
    "day_gone": Text(
        "{value} 的轨迹已超过保存期（{days}天），已经删除。", "Tracks are kept {days} days: that of {value} is gone."
    ),
    "day_heading": Text("没有这一天的轨迹", "No track of that day"),
    "person_nights": Text("近 30 夜", "The last 30 nights"),
    "night_home": Text("在家", "home"),
    "night_not_home": Text("不在家", "not home"),
    "night_unknown": Text("无法判断", "undetermined"),
    "night_none": Text("无须在家", "no duty"),
    "night_short_home": Text("在", "in"),
    "night_short_not_home": Text("外", "out"),
    "night_short_unknown": Text("？", "?"),
    "night_short_none": Text("—", "–"),
    "night_said": Text(
        "{day} 夜：判断不在家 {not_home}，无法判断 {unknown}，在家 {home}",
        "night of {day}: judged away {not_home}, undetermined {unknown}, home {home}",
    ),
    "night_said_none": Text("{day} 夜：无须在家，或没有数据", "night of {day}: no duty, or nothing known"),
    "person_nights_lead": Text(
        "机器的判断，不是认定；每一夜可点开看轨迹。", "Judged by machine, no finding; each night leads to its track."
    ),
    "person_stays": Text("停留", "Stays"),
    "stay_from": Text("从", "From"),
    "stay_until": Text("到", "Until"),
    "stay_where": Text("哪里", "Where"),
    "stay_home": Text("家中或家附近，误差约{radius}", "at or near home, ±{radius}"),
    "stay_place": Text(
        "{datum} {longitude:.5f},{latitude:.5f}，误差约{radius}", "{datum} {longitude:.5f},{latitude:.5f}, ±{radius}"
    ),
    "stay_away": Text("距家约{distance}（{way}），{place}", "about {distance} {way} of home, {place}"),
    "stay_registered": Text(
        "{place}；范围内登记的场所：{names}（不能确定是哪一处）",
        "{place}; registered places inside the circle: {names} (which one is unknown)",
    ),
    "stay_none": Text("没有 10 分钟以上的停留。", "No stay of more than 10 minutes."),
    "person_curve": Text("判断的依据：可能性随时间的变化", "Evidence: probability over time"),
    "person_export": Text("导出所示轨迹", "Export what is shown"),
    "person_export_lead": Text(
        "导出要写明用途，记入审计；文件带水印。用后即删。",
        "An export needs a purpose and stands in the audit log; the file is watermarked. Delete it after use.",
    ),
    "person_export_format": Text("格式", "Format"),
    "person_export_words": Text("用途和文号", "Purpose and document"),
    "person_export_minor": Text("未成年人：确需导出", "A minor: the export is needed"),
    "person_export_go": Text("导出", "Export"),
    "export_who": Text(
        "只有本所工作人员和负责人可以导出轨迹。", "A leader, or an officer of the person's own office, exports tracks."
    ),
    "export_no_words": Text("请写明用途和文号。", "Say purpose and document."),
    "export_format": Text("没有这种格式。", "There is no such format."),
    "export_minor": Text(
        "未成年人的轨迹默认不导出：须由负责人确认。",
        "Tracks of minors are not exported by default: a leader confirms it.",
    ),
    "export_mark": Text(
        "{by} 于 {at} 导出，用途：{purpose}。位置有误差，是线索，不是认定；用后即删。",
        "exported by {by} at {at} for: {purpose}. Places have errors: a lead, not a finding; delete after use.",
    ),
    "hidden": Text("不显示位置", "No place is shown"),
    "hidden_protected": Text(
        "受保护人：位置不向任何人显示，本人求助时除外。",
        "Protected: that place is shown to nobody, but after a call for help.",
    ),
    "called": Text(
        "受保护人求助：报警未办结期间显示最后位置，供前往查看；每次查看记入审计。",
        "A protected person asks for help: the last place is shown until the alarm is closed, so that somebody can go"
        " there. Each look is audited.",
    ),
    "called_alarm": Text("求助报警", "The call for help"),
    "hidden_term": Text(
        "矫正期已满：不再判断、保存和显示位置。", "The term has ended: nothing is judged, stored or shown any more."
    ),
    "hidden_authority": Text(
        "没有生效的定位依据：不得查看位置。", "No authority is in force: places may not be looked at."
    ),
    "hidden_bare": Text("还没有佩戴过设备：没有位置可看。", "Nothing has been worn yet: there is no place to look at."),
    "purpose": Text("为什么查看？", "Why do you look?"),
    "purpose_lead": Text(
        "查看位置要有用途，记入审计。从报警打开时，报警就是用途。",
        "A look at a place needs a purpose, and stands in the audit log. From an alarm, the alarm is the purpose.",
    ),
    "purpose_verification": Text("核查", "verification"),
    "purpose_visit": Text("走访", "visit"),
    "purpose_search": Text("寻找", "search"),
    "purpose_other": Text("其他（须写明）", "other (say what)"),
    "purpose_words": Text("说明", "Words"),
    "purpose_go": Text("查看", "Look"),
    "purpose_missing": Text("请选择用途；“其他”须写明。", 'Choose a purpose; "other" needs words.'),
    "purpose_is": Text("查看用途：{purpose}（已记入审计）", "purpose of this look: {purpose} (in the audit log)"),
    "person_unread": Text(
        "网关没有应答，现在的位置读不到。", "The gateway does not answer: the place of now cannot be read."
    ),
}

PERSON_KEYS: Final[tuple[tuple[str, str], ...]] = (("[ ]", "key_ends"), (", .", "key_steps"))
"""Keys of a person's page, and what each does."""
