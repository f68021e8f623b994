"""The words of a statement of a track: what was received, how sure that is, on which basis."""

from __future__ import annotations

from typing import Final

from gateway.words.texts import Text

STATEMENT: Final = Text("轨迹情况说明", "Statement of a track")
LEAD: Final = Text(
    "本件只说明在下列时间内收到了什么数据、由此推算的位置和误差、没有数据的时段。位置有误差，是线索，不是认定；本件不作结论。",
    "What was received in the time below, the places worked out of it with their errors, and when nothing came. Places"
    " have errors: a lead, not a finding. No conclusion is drawn here.",
)
WINDOW: Final = Text("时间和数据", "Time and data")
DEVICES: Final = Text("佩戴的设备", "Devices worn")
WORN: Final = Text("{device}（{since} 至 {until}）", "{device} ({since} to {until})")
REPORTS: Final = Text("收到的定位", "Places received")
REPORTS_ARE: Final = Text(
    "{told} 次，其中 {used} 次用于推算；来源：{sources}", "{told}, of which {used} were used; sources: {sources}"
)
FIXES: Final = Text("推算的位置", "Places worked out")
FIXES_ARE: Final = Text("{count} 次，第一次 {first}，最后一次 {last}", "{count}, the first {first}, the last {last}")
CUT: Final = Text("数据过多，只含开头部分", "there was more than can be shown: the first part alone")
RADII: Final = Text("误差（95%）", "Error (95 %)")
RADII_ARE: Final = Text(
    "中位 {median}，95%的定位在 {wide} 以内，最大 {most}",
    "median {median}, 95 % of fixes within {wide}, at most {most}",
)
SURE: Final = Text("可靠程度", "How sure")
SURE_IS: Final = Text(
    "每个误差圆含真实位置的可能性约95%；圆内何处不能确定。数据迟到时可能更正。",
    "Each circle holds the true place in about 95 of 100 cases; where in it is not known. Data that come late may"
    " correct it.",
)
DATUM: Final = Text("坐标系", "Coordinates")
NOTHING: Final = Text("这段时间没有收到位置", "no place was received in this time")
DAYS: Final = Text("逐日收到的数据", "What was received, day by day")
DAY: Final = Text("日期", "Day")
TOLD: Final = Text("收到的定位", "Places")
MEDIAN: Final = Text("误差中位", "Median error")
FIRST: Final = Text("最早", "First")
LAST: Final = Text("最晚", "Last")
STAYS: Final = Text("停留（10分钟以上）", "Stays (10 minutes or more)")
WHERE: Final = Text("位置", "Place")
RADIUS: Final = Text("误差", "Error")
AT_HOME: Final = Text("家中或家附近", "at or near home")
AWAY: Final = Text("{place}，距家约{distance}（{way}）", "{place}, about {distance} {way} of home")
PLACE: Final = Text("{longitude:.5f}, {latitude:.5f}", "{longitude:.5f}, {latitude:.5f}")
REGISTERED: Final = Text(
    "{place}；误差圆内登记的场所：{names}（不能确定是哪一处）",
    "{place}; registered places inside the circle: {names} (which one is unknown)",
)
GAPS: Final = Text("没有位置的时段", "Times without a place")
REPORTED: Final = Text("其间上报（无位置）", "Reports without a place")
GAP_NOTE: Final = Text(
    "其间走了哪里、停在哪里，没有数据；没有数据不表示离开。",
    "Where the wearer was meanwhile is not known; no data is no proof of leaving.",
)
PRESENCE: Final = Text("应在规定地点的时间", "Time due at a place")
PRESENCE_NOTE: Final = Text("由位置推算的判断，不是认定。", "Judged from places, no finding.")
DUE: Final = Text("应在", "Due at")
JUDGED: Final = Text("判断", "Judged")
AUTHORITIES: Final = Text("定位依据", "Authority of the positioning")
RULES: Final = Text("涉及的规则", "Rules in force then")
BASIS_KIND: Final = Text("文书种类", "Kind of document")
MAP: Final = Text("位置图", "Drawn map")
