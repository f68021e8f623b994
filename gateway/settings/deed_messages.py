"""The words of ``check`` about what was done at the desk, and about files that say otherwise."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

DEED_MESSAGES: Final[Mapping[str, tuple[str, str]]] = {
    "deeds_damaged": (
        "值班台的登记读不出（{cause}）；请重启网关，它会由日志重写",
        "what was done at the desk cannot be read ({cause}); restart the gateway, which has it from the journal",
    ),
    "deeds_unread": (
        "注意：本账号读不了值班台的登记，未与之核对",
        "note: this account may not read what was done at the desk: the files are not held against it",
    ),
    "deed_unknown": (
        "没有“{value}”这种登记；可用：{allowed}",
        "there is no such thing to do as “{value}”; there are: {allowed}",
    ),
    "deed_lacks": ("缺 {key}；请写上", "{key} is missing; write it"),
    "deed_useless": ("这种登记没有 {key} 一项；可用：{allowed}", "this has no {key}; there are: {allowed}"),
    "deed_half_device": (
        "新设备须同时写 protocol 和 identity",
        "a new device needs both: protocol and identity",
    ),
    "deed_other_device": (
        "设备“{value}”的协议或号码与 {other} 不同；请核对设备标签",
        "the device “{value}” has another protocol or number than in {other}; look at its label",
    ),
    "deed_unworn": (
        "当时没有人佩戴“{value}”；请核对设备编号、人员和时间",
        "nobody wears “{value}” then; look at device, person and time",
    ),
    "deed_contradicted": (
        "本行与值班台的登记矛盾：{deed}；请照登记改正本行（登记有误时，先恢复本行、写回登记，再改文件）",
        (
            "this line and what was done at the desk contradict each other: {deed}; write in it what was done (where "
            "that was wrong: put the line back, write back what was done, then change the file)"
        ),
    ),
    "deed_no_leave": (
        "“{value}”当时没有请假；请核对人员和时间",
        "“{value}” was on no leave that had begun by then; look at person and time",
    ),
    "deed_nothing_extended": (
        "“{value}”没有可延长的 {kind} 依据；第一条依据请写入 authorities",
        "“{value}” has no authority of kind {kind} to be extended; the first one is written under authorities",
    ),
    "put_away_worn": (
        "设备已收回（put_away），而 {other} 还有人佩戴；请先登记取下",
        "the device is put away, and somebody wears it by {other}; take it off first",
    ),
}
