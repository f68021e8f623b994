"""What is said of an alarm while it is mild at first, in Chinese and English."""

from __future__ import annotations

from gateway.words.texts import Text

AT_FIRST = {
    "comms_lost": Text(
        "{silent}{before}{why}失联前在家，无其他异常，多为信号或设备问题，不表示已离开。到{tell_from}仍未恢复再请致电。",
        "{silent}{before}{why}At home before, and nothing else odd: mostly the network or the device; not proof of leaving. "
        "Nothing to do yet; call if it is not over by {tell_from}. ",
    ),
    "battery_low": Text(
        "电量低{battery}{lasts}。多数会自行充电；到{tell_from}仍未充电再请致电。",
        "battery low{battery}{lasts}. Most charge by themselves. Nothing to do yet; call if it is not charged by {tell_from}. ",
    ),
    "battery_critical": Text(
        "电量将尽{battery}{lasts}。多数会自行充电；到{tell_from}仍未充电再请致电。",
        "battery nearly flat{battery}{lasts}. Most charge by themselves. Nothing to do yet; call if it is not charged by"
        " {tell_from}. ",
    ),
}
"""By kind, instead of what is measured, while an alarm is mild at first."""
CHARGING = Text("{charging}起电量回升，应在充电。", "Its charge rises since {charging}: it is being charged. ")
WAITED = Text("到{waited}仍未恢复。", "Not over by {waited}. ")
