"""How a person is reached."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gateway.words.texts import Text

if TYPE_CHECKING:
    from collections.abc import Mapping

CONTACT: Final[Mapping[str, Text]] = {
    "contact": Text("{person} 的联系方式", "How {person} is reached"),
    "contact_name": Text("姓名", "Name"),
    "contact_phone": Text("电话", "Telephone"),
    "contact_kin": Text("亲属电话", "Next of kin"),
    "contact_care": Text("关照代码", "Care codes"),
    "contact_office": Text("司法所", "Office"),
    "contact_minor": Text("未成年人", "Minor"),
    "contact_minor_what": Text("信息仅限本所、值班和领导", "for the office, duty and leaders alone"),
    "contact_platform": Text("联系方式", "Contacts"),
    "contact_open": Text("在平台上打开", "Open on the platform"),
    "contact_unknown": Text("未登记", "not entered"),
    "contact_none": Text("没有登记联系方式", "No contacts are entered"),
    "contact_faulty": Text(
        "联系方式文件有误，读不出此人；请技术人员运行 check --contacts",
        "The files of contacts have a fault, and this person is not among what can be read: have a technician run"
        " check --contacts",
    ),
    "contact_written": Text("本次查看已记录。", "This look has been written down."),
    "contact_purpose": Text("为何要看 {person} 的联系方式？", "Why do you want to see how {person} is reached?"),
    "contact_show": Text("查看", "Show"),
    "contact_purpose_short": Text("请写明事由（至少 4 个字符）。", "Say why, in 4 characters or more."),
    "contact_purpose_other": Text("该报警不是此人的。", "That alarm is somebody else's."),
}
