"""What is said of deeds on the registers, in Chinese and English."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gateway.words.texts import Text

if TYPE_CHECKING:
    from collections.abc import Mapping

DEED_PHRASES: Final[Mapping[str, Text]] = {
    "deed_empty": Text("没有写要登记什么", "nothing was said to be entered"),
    "deed_id": Text("登记的编号“{value}”无效", "{value!r} is no id of a deed: letters, digits and _ . -, at most 64"),
    "deed_nothing": Text("登记簿上已是这样，未作改动", "the registers say so already: nothing was changed"),
    "deeds_many": Text(
        "未写回文件的登记已有 {most} 条；请先运行 bracelet-gateway registers write-back",
        "{most} deeds stand above the files: write them back first (bracelet-gateway registers write-back)",
    ),
    "files_nowhere": Text(
        "网关不知道配置文件在哪里，不能写回",
        "the gateway has no files of its configuration: nothing can be written back",
    ),
    "files_differ": Text(
        "配置文件与现行登记不同，登记保留；请运行 bracelet-gateway check 查看，改正后再试",
        "the files say otherwise than the registers in force: the deeds stay above them. Look with bracelet-gateway"
        " check, correct the files, and try again",
    ),
}
