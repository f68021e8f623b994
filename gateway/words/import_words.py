"""What is said of another system's fixes as they are read and imported, in Chinese and English."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gateway.words.texts import Text

if TYPE_CHECKING:
    from collections.abc import Mapping

FIX_FAULTS: Final[Mapping[str, Text]] = {
    "unworn": Text(
        "设备 {device} 此时没有登记佩戴人（人员 {person}）；请在 assignments.csv 补登佩戴时间，或删去这一行",
        "nobody is known to have worn {device} then (person {person}): enter the wearing in assignments.csv, or leave"
        " the line out",
    ),
    "time_format": Text(
        "时间“{value}”不合 time_format“{written}”；请核对对应表",
        "time {value!r} is not of the form {written!r}: look at time_format of the mapping",
    ),
    "source": Text(
        "来源“{value}”没有对应；请写 {allowed} 之一，或在对应表 sources 中写明",
        "source {value!r} is not known: write one of {allowed}, or name it under sources of the mapping",
    ),
    "half": Text(
        "纬度、经度只写了一个；请都写，或都不写（没有定位）",
        "latitude without longitude, or the other way round: write both, or neither for a report without a position",
    ),
    "datum": Text(
        "坐标系“{value}”不认识；请写 WGS-84、GCJ-02 或 BD-09",
        "datum {value!r} is not known: write WGS-84, GCJ-02 or BD-09",
    ),
    "number": Text(
        "{name}“{value}”不是 {least} 到 {most} 之间的数；请用小数点，不带单位",
        "{name} {value!r} is no number from {least} to {most}: write digits and a point, without a unit",
    ),
    "form": Text(
        "{name}“{value}”的写法不对；请按说明书中定位表的写法",
        "{name} {value!r} is not of the form of the fixes table: see the guide",
    ),
    "authority": Text(
        "此时此人没有电子定位依据：不得保存；请核对 authorities.csv，确无依据的删去",
        "no authority covered the wearer then, so it may not be kept: look at the authorities, or leave the line out",
    ),
    "old": Text("早于 keep_days：不再保存", "older than keep_days: such places are not kept any more"),
    "future": Text("时间在将来；请核对时区", "the time lies in the future: look at the time zone"),
    "own": Text(
        "此时本网关已直接收到该设备的数据；以本网关所收为准",
        "the gateway itself had heard the device by then: what it received holds",
    ),
}
"""Why a line is not imported, and what to do."""
IMPORTS: Final[Mapping[str, Text]] = {
    "import_header": Text(
        "{path}:{line}：首行缺少列 {missing}；须有 time、latitude、longitude 及 device 或 person，"
        "名称不同的用 --mapping 写明",
        "{path}:{line}: missing columns: {missing}; needed are time, latitude, longitude and device or person; name"
        " others in the file of --mapping",
    ),
    "import_faults": Text(
        "{count} 行没有导入（见上）；改正后再运行一次，已导入的不会重复",
        "{count} lines were not imported, as told above: put them right and run it again, nothing comes twice",
    ),
    "import_done": Text(
        "{path}：导入 {taken} 条（{devices} 台设备，{since} 至 {until}），已有 {known} 条。不产生报警；sha256 {digest}",
        "{path}: {taken} fixes imported ({devices} devices, {since} to {until}), {known} known before. They raise no"
        " alarm; sha256 {digest}",
    ),
    "import_tried": Text(
        "{path}：可导入 {taken} 条（{devices} 台设备，{since} 至 {until}），已有 {known} 条；没有改动。sha256 {digest}",
        "{path}: {taken} fixes can be imported ({devices} devices, {since} to {until}), {known} are known; nothing was"
        " changed. sha256 {digest}",
    ),
    "import_document": Text("请写明依据文号 --document", "name the document that it rests on: --document"),
    "import_many": Text("一次最多 {most} 条；请分次", "{most} fixes at most at a time: send them in pieces"),
    "import_waits": Text(
        "已写入日志，尚未可查；请过一会儿再运行一次，不会重复",
        "it is in the journal and cannot be looked up yet: run it again in a while, nothing comes twice",
    ),
}
"""What is said of a file as a whole."""
