"""What whoever imports tables of cells and access points is told, in Chinese and English."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gateway.words.texts import Text

if TYPE_CHECKING:
    from collections.abc import Mapping

TOWER_REASONS: Final[Mapping[str, Text]] = {
    "columns": Text("列数不对", "number of columns"),
    "radio": Text("制式", "radio"),
    "network": Text("国家码或网络码", "MCC or MNC"),
    "area": Text("LAC 或 TAC", "LAC or TAC"),
    "cell": Text("小区号", "cell id"),
    "bssid": Text("BSSID", "BSSID"),
    "bssid_group": Text("组播地址", "group addresses"),
    "bssid_local": Text("本地管理地址", "locally administered addresses"),
    "place": Text("经纬度不是数", "no coordinates"),
    "nowhere": Text("位置为 0, 0", "place 0, 0"),
    "swapped": Text("经纬度颠倒", "latitude and longitude swapped"),
    "outside": Text("位置出界", "place out of bounds"),
    "range": Text("覆盖半径", "range"),
    "accuracy": Text("精度", "accuracy"),
    "samples": Text("样本数", "samples"),
    "updated": Text("更新时间", "time of the update"),
    "contradiction": Text("自相矛盾", "contradictions"),
}
"""Why a row cannot be used, by the name under which it is counted."""

TOWER_PHRASES: Final[Mapping[str, Text]] = {
    # a row
    "tower_columns": Text("有 {count} 列，应为 {width} 列", "{count} columns instead of {width}"),
    "tower_radio": Text("制式“{value}”不认识；有：{allowed}", "radio {value!r} is not known: one of {allowed}"),
    "tower_network": Text(
        "{name}“{value}”应是 {least} 到 {most} 的整数", "{name} {value!r} is no whole number from {least} to {most}"
    ),
    "tower_area": Text(
        "area“{value}”应是 {least} 到 {most} 的整数（LAC、TAC）",
        "area {value!r} is no LAC or TAC, a whole number from {least} to {most}",
    ),
    "tower_cell": Text(
        "cell“{value}”应是 {least} 到 {most} 的整数（该制式的小区号）",
        "cell {value!r} is no cell id of its radio, a whole number from {least} to {most}",
    ),
    "tower_bssid": Text(
        "bssid“{value}”不是 BSSID，应如 00:00:5e:00:53:01", "bssid {value!r} is no BSSID, for example 00:00:5e:00:53:01"
    ),
    "tower_bssid_group": Text(
        "bssid“{value}”是组播地址，不是热点", "bssid {value!r} is a group address and no access point"
    ),
    "tower_bssid_local": Text(
        "bssid“{value}”是本地管理地址（手机热点之类自编的），会变，不用",
        "bssid {value!r} is locally administered, as phones make them up: it does not stay, and is not used",
    ),
    "tower_place": Text("lat“{lat}”、lon“{lon}”不是度数", "lat {lat!r}, lon {lon!r} are no degrees"),
    "tower_nowhere": Text("lat {lat}、lon {lon} 在海上，不是位置", "lat {lat}, lon {lon} is in the sea and no place"),
    "tower_swapped": Text(
        "lat {lat}、lon {lon}：经纬度写反了", "lat {lat}, lon {lon}: latitude and longitude are swapped"
    ),
    "tower_outside": Text(
        "lat {lat}、lon {lon}：不在地球上，或不在国家码 {mcc} 的境内",
        "lat {lat}, lon {lon} is not on the earth, or not in the country of mcc {mcc}",
    ),
    "point_outside": Text("lat {lat}、lon {lon}：不在地球上", "lat {lat}, lon {lon} is not on the earth"),
    "tower_range": Text("range“{value}”应是 0 到 {most} 米", "range {value!r} is not 0 to {most} metres"),
    "tower_accuracy": Text("accuracy_m“{value}”应是 0 到 {most} 米", "accuracy_m {value!r} is not 0 to {most} metres"),
    "tower_samples": Text("samples“{value}”应是整数", "samples {value!r} is no whole number"),
    "tower_updated": Text("updated“{value}”应是 epoch 秒", "updated {value!r} are no epoch seconds"),
    "point_updated": Text(
        "updated“{value}”应是 epoch 秒或日期，如 2026-11-29",
        "updated {value!r} is neither epoch seconds nor a day, for example 2026-11-29",
    ),
    "tower_contradiction": Text(
        "与第 {earlier} 行相同，却相距 {away}：两行都不用",
        "the same as in line {earlier}, {away} away from there: neither is used",
    ),
    # a file
    "towers_unreadable": Text("{path}：读不了（{cause}）", "{path}: cannot be read: {cause}"),
    "towers_empty": Text("{path}：文件是空的", "{path}: the file is empty"),
    "towers_no_rows": Text("{path}：只有列名，没有数据行", "{path}: it names its columns and has no row"),
    "towers_columns": Text(
        "{path}：不是基站表，缺少列：{missing}", "{path}: no table of cell towers, for it has no column {missing}"
    ),
    "towers_survey_columns": Text(
        "{path}：不是热点表，缺少列：{missing}", "{path}: no survey of access points, for it has no column {missing}"
    ),
    "towers_foreign": Text(
        "{path}：不是基站表。OpenCelliD 和 MLS 的列为 {columns}，热点表的列为 {points}；文本或 .gz",
        "{path}: no table of cell towers or access points. OpenCelliD and MLS have the columns {columns}, a survey of"
        " access points {points}; as text or .gz",
    ),
    "towers_cut": Text(
        "{path}:{line}：此行之后读不下去（{cause}），文件不完整，一行也未取用，仍用原来的版本；请重新下载，再导入",
        "{path}:{line}: it cannot be read on behind this line ({cause}), the file is not whole. Nothing of it is"
        " taken and the version of before stays in use: fetch the file again, then import it",
    ),
    "towers_nothing": Text(
        "{path}：{rows} 行中没有一行可用，其中不合格 {broken} 行",
        "{path}: of {rows} rows none can be used; {broken} of them are broken",
    ),
    "towers_no_country": Text(
        "{path}：{rows} 行中没有 --mcc {mccs} 的", "{path}: of {rows} rows none is of --mcc {mccs}"
    ),
    # what became of it
    "towers_file": Text(
        "{path}：{rows} 行，可用 {good} 行（新增 {new} 个，有更新的 {changed} 个）；按 --mcc 未取 {other_country} 行，CDMA 未取"
        " {other_radio} 行，不合格 {broken} 行",
        "{path}: {rows} rows, {good} of use ({new} are new, {changed} changed); left out by --mcc: {other_country},"
        " CDMA: {other_radio}, broken: {broken}",
    ),
    "towers_file_known": Text(
        "{path}：以前已导入，未再读；当时：", "{path}: imported before and not read again; it was then:"
    ),
    "towers_reason": Text("  {reason.zh}：{count} 行", "  {reason.en}: {count}"),
    "towers_more": Text("{path}：不合格的还有 {count} 行未列出", "{path}: {count} more broken rows are not shown"),
    "towers_version": Text(
        "基站版本 {digest}：{cells} 个小区，{made} 生成（{days} 天前），数据最新到 {newest}",
        "towers, version {digest}: {cells} cells, made {made} ({days} days ago), newest row {newest}",
    ),
    "towers_counted": Text("  {radio} {mcc}：{cells}", "  {radio} {mcc}: {cells}"),
    "towers_points": Text("  WiFi 热点：{points} 个", "  WiFi access points: {points}"),
    "towers_learnt": Text(
        "  本县自学：小区 {cells} 个，WiFi 热点 {points} 个，{devices} 台设备的接收特性；取自 {since} 至 {until} 的 {reports} 条中的"
        " {taught} 条",
        "  learnt here: {cells} cells, {points} access points, how {devices} devices hear; of {taught} out of {reports}"
        " reports from {since} to {until}",
    ),
    "towers_none": Text(
        "还没有导入基站表；用 bracelet-gateway towers import 文件",
        "no towers have been imported: bracelet-gateway towers import FILE",
    ),
    "towers_mcc": Text(
        "--mcc“{value}”应是国家码，几个用逗号隔开，例如 460,461",
        "--mcc {value!r}: write country codes, several with commas between, for example 460,461",
    ),
    # what is stored
    "towers_busy": Text(
        "另一个导入正在 {directory} 中进行；请等它完成",
        "somebody else is importing into {directory}: wait until that is done",
    ),
    "towers_newer": Text(
        "{path} 是更新的版本写的（格式 {found}，本版本为 {known}）：请装回那个版本",
        "{path} has version {found}, this gateway knows {known}: install a newer one",
    ),
    "towers_damaged": Text(
        "{path} 已损坏（{cause}）：请删除它，再导入一次；在用的版本不受影响",
        "{path} is damaged ({cause}): remove it and import again; the version in use is not touched by that",
    ),
    "towers_version_damaged": Text(
        "{path} 不在或已损坏（{cause}）：请从备份恢复；没有备份则删除 towers 目录，再导入一次",
        "{path} is missing or damaged ({cause}): restore it from the backup; where there is none, remove the directory"
        " towers and import again",
    ),
}
