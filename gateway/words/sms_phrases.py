"""The words of an SMS, in Chinese and English. English ones have characters of the GSM alphabet alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gateway.words.texts import CALL_FOR_HELP, SEVERITY, Text

if TYPE_CHECKING:
    from collections.abc import Mapping

HEADS: Final[Mapping[str, Text]] = {**SEVERITY, "sos": CALL_FOR_HELP}
"""By severity, and of a call for help."""
LINE: Final = Text("{head}{who} {at}报{kind}。{parts}", "{head}{who} {at} {kind}. {parts}")
DRILL_LINE: Final = Text(
    "【演练 DRILL】{at}报警演练，非真实报警。{parts}", "DRILL, no real alarm ({at}). Answer as to a real one. {parts}"
)
MINOR: Final = Text("有情况", "alarm")
"""Instead of the kind."""
CODE: Final = Text("接收回“收 {code}”", "Reply: ACK {code}")
VOID: Final = Text(
    "【撤回】{who} {at}“{kind}”的通知作废，不得据此处理本人。",
    "TAKEN BACK. The notice of {who} {at} {kind} is void: do not act on it.",
)
ASK: Final[Mapping[str, Text]] = {
    "critical": Text("请立即致电。", "Call now. "),
    "serious": Text("请致电核实。", "Call and verify. "),
}
LASTS: Final = Text("低，只能用到{until}左右", "low, it lasts until about {until}")
"""Of a battery, in place of a percentage that is of an earlier hour."""
PARTS: Final[Mapping[str, Text]] = {
    "deadline": Text("{time}前未核实请派员。", "Send someone if not verified by {time}. "),
    "late": Text("已过时限无人接收。", "Nobody has answered in time. "),
    "home": Text("此前在家。", "Before: at home. "),
    "near": Text("此前在家附近。", "Before: near home. "),
    "away": Text("此前距家约{distance}。", "Before: about {distance} from home. "),
    "battery": Text("电量{percent}%。", "Battery {percent}%. "),
}
FOR_WEARER: Final[Mapping[str, Text]] = {
    "sos": Text(
        "您好，已收到您的求助，工作人员会尽快与您联系。危急时请拨打110或120。",
        "Your call for help has arrived; staff will call you soon. In danger call the police or an ambulance.",
    ),
    "curfew_late": Text(
        "您好，按约定您应在{from}前到家。请尽快回家；有特殊情况请联系工作人员。谢谢配合。",
        "Hello, you were to be home by {from}. Please go home soon, or call staff if something prevents you. Thank you.",
    ),
    "curfew_early_leave": Text(
        "您好，现在应在家，系统显示您可能已外出。请尽快回家；有急事请联系工作人员。谢谢配合。",
        "Hello, you seem to have left home. Please return soon, or call staff if it is urgent. Thank you.",
    ),
    "inclusion_exit": Text(
        "您好，系统显示您可能已到约定范围以外。请尽快返回；有特殊情况请联系工作人员。谢谢配合。",
        "Hello, you seem to be outside the agreed area. Please return soon, or call staff. Thank you.",
    ),
    "battery_low": Text(
        "您好，设备电量{charge}，请尽快充电。谢谢配合。", "Hello, battery {charge}: please charge soon. Thank you."
    ),
    "charge_missed": Text("您好，设备该充电了，请尽快充电。谢谢配合。", "Hello, it is time to charge. Thank you."),
    "battery_critical": Text(
        "您好，设备电量{charge}，即将没电，请马上充电。谢谢配合。",
        "Hello, battery {charge}, nearly flat: please charge now. Thank you.",
    ),
    "comms_lost": Text(
        "您好，设备有一段时间没有数据了。请看看电量，到窗边或室外走一走；有问题请联系工作人员。谢谢配合。",
        "Hello, nothing has come from the device for a while. Please look at the battery and go to a window or outside.",
    ),
    "location_lost": Text(
        "您好，设备暂时定位不到。请到窗边或室外停留几分钟；有问题请联系工作人员。谢谢配合。",
        "Hello, the device has no position. Please go to a window or outside for some minutes. Thank you.",
    ),
}
"""By kind: courteous, without a word of why somebody wears a device."""
REMINDER: Final = Text(
    "您好，按约定您应在{from}前到家，现在距家约{distance}。请留出路上的时间。谢谢配合。",
    "Hello, you are to be home by {from} and are about {distance} away. Please allow time for the way. Thank you.",
)
OTHER_FOR_WEARER: Final = Text(
    "您好，请尽快联系工作人员，核对设备情况。谢谢配合。",
    "Hello, please call staff soon to check the device. Thank you.",
)
NOTICE_STATES: Final[Mapping[str, Text]] = {
    "owed": Text("待发", "waiting"),
    "sent": Text("已发出，未收到回执", "sent, no report yet"),
    "delivered": Text("已送达", "delivered"),
    "failed": Text("未送达", "not delivered"),
    "expired": Text("未能及时发出", "could not be sent in time"),
    "unreachable": Text("没有可用号码", "no number known"),
    "withdrawn": Text("未发，已不需要", "not sent, needed no more"),
}
"""How a notice stands."""
NOTICE_LINE: Final = Text("通知 {to}：{how}", "{to} told: {how}")
"""In the lines of an alarm."""
NOTICE_WEARER: Final = Text("本人", "Wearer")
