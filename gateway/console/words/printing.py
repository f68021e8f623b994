"""What leads to documents for paper."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gateway.words.texts import Text

if TYPE_CHECKING:
    from collections.abc import Mapping

PRINTING: Final[Mapping[str, Text]] = {
    "print": Text("打印", "Print"),
    "print_record": Text("打印处置记录", "Print the record"),
    "print_statement": Text("打印情况说明", "Print a statement"),
    "print_leave": Text("请假/销假单", "Leave slip"),
    "print_notice": Text("告知书", "Notice to the wearer"),
    "print_lead": Text(
        "打开供打印的页面（A4）：Ctrl+P 打印，签字存档。查看记入审计。",
        "Opens a page to be printed (A4) with Ctrl+P, signed and filed. The look stands in the audit log.",
    ),
    "print_person": Text("对象", "Person"),
    "print_no_leave": Text("{person} 没有登记的请假。", "{person} has no leave in the registers."),
}
