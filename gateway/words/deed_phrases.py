"""What is said of deeds on the registers, in Chinese and English."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gateway.words.texts import Text

if TYPE_CHECKING:
    from collections.abc import Mapping

DEED_PHRASES: Final[Mapping[str, Text]] = {
    "deed_empty": Text("没有写要登记什么", "nothing was said to be entered"),
    "deed_id": Text("登记的编号“{value}”无效", "{value!r} is no id of a deed: letters, digits and _ . -, at most 64"),
    "deed_done": Text("已登记，立即生效。{deed}", "Entered; it holds now. {deed}"),
    "deed_reviews": Text(
        "须在这些日期前评估是否仍有必要：{days}", "Whether it is still necessary is to be asked by: {days}"
    ),
    "deeds_written": Text(
        "已写回 {count} 条登记（{files}）；尚未写回 {left} 条", "{count} deeds written back ({files}); {left} not yet"
    ),
    "file_unwritten": Text(
        "写不了 {path}（{cause}）；登记仍有效", "{path} cannot be written ({cause}); the deeds hold all the same"
    ),
    "fitting_none": Text("“{person}”现在没有依法佩戴的腕带", "{person!r} wears no bracelet under an authority now"),
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
        "登记已写入文件，但文件在别处也改过，与现行配置不同：请运行 bracelet-gateway reload，全部生效",
        "what was entered is in the files, but they were changed elsewhere, too, and say otherwise than what holds now:"
        " run bracelet-gateway reload, and all of it holds",
    ),
}
