"""The words of the notice to a wearer: what is collected, how long, by whom, and what the wearer may ask for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gateway.words.texts import Text

if TYPE_CHECKING:
    from collections.abc import Mapping

NOTICE: Final = Text("电子定位告知书", "Notice of electronic positioning")
LEAD: Final = Text(
    "本件告知您：依据什么对您进行电子定位，收集哪些数据，由谁保存多久，以及您的权利。",
    "This tells you on which basis you are located electronically, what is collected, by whom and how long it is kept,"
    " and what you may ask for.",
)
WHY: Final = Text("依据", "On which basis")
GROUND: Final = Text("情形", "Ground")
INFORMED: Final = Text("告知日期", "Informed")
NO_AUTHORITY: Final = Text(
    "目前没有生效的定位依据：不收集、不判断、不显示位置。",
    "No authority is in force now: no place is collected, judged or shown.",
)
ENDS: Final = Text(
    "到期自动停止；延长须另行评估和批准，并再次告知。矫正期满后不再判断、保存和显示。",
    "It ends by itself. An extension needs its own assessment and approval, and you are told again. After your term"
    " nothing is judged, kept or shown.",
)
TERM: Final = Text("矫正期满", "Your term ends")
WHAT: Final = Text("收集什么", "What is collected")
COLLECTED: Final[Mapping[str, Text]] = {
    "bracelet": Text(
        "腕带：位置（卫星、WiFi、基站）及误差、时间、速度、电量、表带和外壳状态、求助键、SIM 卡是否更换。",
        "By the bracelet: place (satellites, WiFi, masts) and its error, time, speed, battery, state of strap and case,"
        " the emergency button, whether the SIM card was changed.",
    ),
    "phone_check": Text(
        "手机：运营商按规定的间隔告知的大致位置，以及是否关机。",
        "Of the phone: the rough place that the carrier gives at set intervals, and whether it is off.",
    ),
}
"""By kind of authority."""
NEVER: Final = Text(
    "不听音、不录音、不拍照；不收集心率、体温等健康数据，设备送来的也不保存。",
    "Nobody listens, records sound or takes pictures. Heart rate, temperature and the like are not collected, and not"
    " kept where a device sends them.",
)
WAYS: Final = Text("数据经由：{ways}", "Data come by: {ways}")
WAY: Final[Mapping[str, Text]] = {
    "tcp": Text("移动网络（TCP）", "mobile network (TCP)"), "udp": Text("移动网络（UDP）", "mobile network (UDP)"),
    "mqtt": Text("消息服务器（MQTT）", "message broker (MQTT)"), "serial": Text("串口线", "serial line"),
    "carrier": Text("运营商", "carrier"),
}  # fmt: skip
DUTIES: Final = Text("要求您遵守的规则", "Rules that bind you")
LONG: Final = Text("保存多久", "How long it is kept")
PLACES_KEPT: Final = Text("位置和轨迹", "Places and tracks")
ALARMS_KEPT: Final = Text("报警和处理记录", "Alarms and what was done")
AUDIT_KEPT: Final = Text("谁查看过您的位置或电话", "Who looked at your place or number")
DAYS: Final = Text("{days} 天", "{days} days")
NOT_SAID: Final = Text("本机关尚未规定", "not yet laid down by this office")
HELD: Final = Text("因案保存", "Kept for a case")
HELD_UNTIL: Final = Text("依据 {document}，至 {until}", "by {document}, until {until}")
WHO: Final = Text("由谁收集和查看", "By whom")
COUNTY: Final = Text("县", "County")
SEEN_BY: Final = Text(
    "值班员、您所在司法所的工作人员和负责人，为核实报警或有记录的用途；每次查看都有记录，不能删除。",
    "By duty officers, your office and its leaders, to verify an alarm or for a stated purpose. Each look is written"
    " down, and nobody can delete that.",
)
PASSED_ON: Final = Text(
    "报警送往上级平台。公安、检察、法院、监狱须凭文号和负责人批准，逐案取得。",
    "Alarms go to the superior platform. Police, procuratorate, court and prison get data case by case, with a document"
    " and a leader's approval.",
)
RIGHTS: Final = Text("您的权利", "What you may ask for")
RIGHT: Final = (
    Text("查阅并取得本人记录的副本。", "To read your own record, and get a copy of it."),
    Text(
        "对报警的办结结论提出异议：报警重新打开，由负责人复核。",
        "To object to how an alarm was closed: it is opened again, and a leader looks at it.",
    ),
    Text(
        "机器不作结论：报警须由人员核实；您可以说明情况、提交材料。",
        "No machine decides: a person verifies an alarm. You may explain, and hand in papers.",
    ),
    Text("询问谁、为什么查看过您的位置。", "To ask who looked at your place, and why."),
    Text(
        "因就医、检查、维修需要取下腕带的，可申请暂时取下。",
        "To ask for the bracelet to be taken off for hospital, an examination or a repair.",
    ),
    Text(
        "向人民检察院申诉、控告。", "To complain to the procuratorate."
    ),
    Text(
        "短信用语文明；22:00 至 7:00 不打扰，涉及安全和当晚要求的除外。",
        "Messages are courteous, and silent from 22:00 to 07:00 but for safety or tonight's duty.",
    ),
)  # fmt: skip
READ: Final = Text("本人已阅读（已向本人宣读）并领取一份", "Read by the wearer (or read out), one copy received")
