"""Kinds of alarm by the names that people read, in Chinese and English."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gateway.words.texts import Text

if TYPE_CHECKING:
    from collections.abc import Mapping

KIND_NAMES: Final[Mapping[str, Text]] = {
    "strap_cut": Text("表带断开", "strap open"),
    "strap_glitch_suspected": Text("表带疑似误报断开", "strap perhaps open by a fault"),
    "strap_loose": Text("表带松动", "strap slack"),
    "case_open": Text("外壳打开", "case open"),
    "off_body": Text("未贴身", "no skin contact"),
    "phone_apart": Text("人机分离", "apart from the phone"),
    "phone_unpaired": Text("与手机解除配对", "unpaired from the phone"),
    "beacon_tamper": Text("信标被动过", "home beacon moved"),
    "exclusion_enter": Text("疑似进入禁入区", "probably in a barred zone"),
    "exclusion_crossed": Text("疑似穿过禁入区", "probably crossed a barred zone"),
    "inclusion_exit": Text("疑似离开允许范围", "probably outside the allowed area"),
    "region_unauthorised": Text("手机在允许范围外", "phone outside the allowed area"),
    "boundary_near": Text("接近边界", "near a boundary"),
    "protected_near": Text("接近受保护人", "near a protected person"),
    "curfew_late": Text("未按时在家", "not home in time"),
    "curfew_early_leave": Text("疑似夜间离家", "probably left home in the night"),
    "curfew_absent": Text("整夜未见在家", "not seen at home all night"),
    "appointment_missed": Text("未按约报到", "appointment missed"),
    "repeated_place": Text("多夜停留同一处", "same place night after night"),
    "nights_out": Text("疑似昼伏夜出", "probably out by night, in by day"),
    "wearers_together": Text("佩戴人同行", "wearers together"),
    "battery_low": Text("电量低", "battery low"),
    "charge_missed": Text("未按时充电", "not charged"),
    "battery_critical": Text("电量将尽", "battery nearly flat"),
    "battery_dead": Text("没电", "battery flat"),
    "power_off": Text("关机", "switched off"),
    "restart": Text("重新开机", "restarted"),
    "identity_changed": Text("号码或机身号变了", "SIM or IMEI changed"),
    "comms_lost": Text("失联", "silent"),
    "phone_off": Text("手机关机或无信号", "phone off or out of reach"),
    "location_lost": Text("无法定位", "no usable place"),
    "motion_no_gnss": Text("在动而无卫星定位", "moving without satellites"),
    "no_motion": Text("腕带久未移动", "bracelet not moved for long"),
    "jam_gnss": Text("卫星信号受干扰", "satellites jammed"),
    "jam_cell": Text("移动信号受干扰", "mobile network jammed"),
    "shielding": Text("疑似被屏蔽", "perhaps shielded"),
    "position_implausible": Text("位置不可信", "position not believable"),
    "clock_fault": Text("设备时钟有误", "device clock wrong"),
    "sos": Text("求助", "emergency button"),
    "locate_timeout": Text("立即定位无回应", "no answer to a locate order"),
    "test": Text("测试报警", "test alarm"),
    "drill": Text("演练 DRILL", "DRILL 演练"),
    "mass_outage": Text("大面积失联", "mass outage"),
    "entry_skipped": Text("网关未能处理的数据", "data the gateway could not process"),
    "authority_expiring": Text("依据将到期", "authority ends soon"),
    "authority_ended": Text("依据已到期", "authority has ended"),
}


def kind_name(kind: str, language: str) -> str:
    """A kind in words; one that has none stays as it is."""
    return KIND_NAMES[kind].of(language) if kind in KIND_NAMES else kind
