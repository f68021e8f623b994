"""The words of ``check`` for a county's own model profiles, Chinese and English."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

PROFILE_MESSAGES: Final[Mapping[str, tuple[str, str]]] = {
    "profile_folder": (
        "型号文件须放在 profiles/<协议>/ 下；可用自有型号的协议：{allowed}",
        "a model profile belongs into profiles/<protocol>/; protocols that take one: {allowed}",
    ),
    "profile_name": (
        "name 写的是“{value}”，文件名却是 {name}.yaml；两者须相同",
        "the name is “{value}” but the file is {name}.yaml; make them the same",
    ),
    "profile_unfit": (
        "此型号与其他型号不能并用：{detail}",
        "this profile cannot stand beside the others: {detail}",
    ),
    "flag_unknown": (
        "没有标志“{value}”；可写：{allowed}",
        "there is no flag “{value}”; write one of: {allowed}",
    ),
    "outside_item": (
        "从第 {offset} 字节起的 {width} 字节超出了长 {size} 字节的项；请改正 offset、width 或 size",
        "{width} bytes from {offset} lie outside an item of {size}; correct offset, width or size",
    ),
    "bit_beyond": (
        "这一项只有 {size} 位，没有第 {bit} 位；请改正位号或 width",
        "the field has {size} bits, there is no bit {bit}; correct the bit or the width",
    ),
    "cell_incomplete": (
        "基站还缺 {missing}；head 与 record 合起来须有 mcc、mnc、lac、cid",
        "a cell lacks {missing}; head and record together need mcc, mnc, lac and cid",
    ),
    "kind_unknown": (
        "没有这一种项；kind 可写：{allowed}",
        "there is no such kind of item; kind is one of: {allowed}",
    ),
    "kind_missing": (
        "此项缺少 kind；请补上 kind: …",
        "this item lacks its kind; add kind: …",
    ),
}
