"""The offices and their links."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gateway.words.texts import Text

if TYPE_CHECKING:
    from collections.abc import Mapping

OFFICES: Final[Mapping[str, Text]] = {
    "offices": Text("司法所", "Offices"),
    "offices_name": Text("名称", "Name"),
    "offices_code": Text("代码", "Code"),
    "offices_phone": Text("电话", "Telephone"),
    "offices_links": Text("摄像头和会议室", "Cameras and meeting rooms"),
    "offices_what": Text(
        "摄像头和会议室只属于司法所或县级，不对着对象；链接在新标签页打开，音视频由省市平台提供。",
        "Cameras and meeting rooms are an office's or a county's, never a person's. Links open in a new tab; sound and"
        " pictures are the platform's.",
    ),
    "offices_open": Text("未办结", "Unresolved"),
    "offices_none": Text(
        "没有 offices.yaml：司法所只显示代码。", "There is no offices.yaml: offices are shown by their codes."
    ),
    "offices_faulty": Text(
        "联系方式或司法所的文件有误，所列可能不全；请技术人员运行 check --contacts。",
        "The files of contacts or offices have a fault, and something may be missing here: have a technician run check"
        " --contacts.",
    ),
}
