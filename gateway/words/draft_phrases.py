"""What is said of zones drawn at the desk, in Chinese and English."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gateway.words.texts import Text

if TYPE_CHECKING:
    from collections.abc import Mapping

DRAFTS: Final[Mapping[str, Text]] = {
    # why not
    "draft_unknown": Text(
        "没有草图“{value}”；可能已删去或已生效", "there is no draft {value!r}; it may have been dropped, or hold by now"
    ),
    "draft_zone_id": Text(
        "区域编号“{value}”不能用：只用字母、数字和 _ . -，最多 64 个，以字母或数字开头",
        "a zone cannot have the id {value!r}: letters, digits and _ . - alone, 64 at most, a letter or digit first",
    ),
    "draft_large": Text(
        "草图过大：手工最多 {points} 个点，GeoJSON 最多 {kilobytes} KB；请先简化边界",
        "the draft is too large: {points} points by hand, {kilobytes} KB of GeoJSON at most. Simplify the outline",
    ),
    "draft_system": Text(
        "文件写明了别的坐标系（crs：{value}）；请先转换为经纬度再导入，并删去 crs",
        "the file names another system of coordinates (crs: {value}): convert it to longitude and latitude in degrees,"
        " take crs out, and import it again",
    ),
    "draft_datum": Text(
        "请选择文件的坐标系：没有默认值，选错会偏 500 米",
        "say which datum the file is in: there is no default, and a wrong one is 500 m off",
    ),
    "draft_number": Text("“{value}”不是数字", "{value!r} is no number"),
    "draft_many": Text(
        "已有 {most} 份草图；请先删去不用的", "there are {most} drafts already: drop those that nobody needs"
    ),
    "draft_changed": Text(
        "{by} 刚改过这份草图；请重新打开，在新的上面改",
        "{by} has changed this draft meanwhile: open it again, and change that",
    ),
    "draft_damaged": Text("草图文件 {path} 已损坏；请删去后重画", "draft {path} is damaged: drop it and draw it anew"),
    "draft_unread": Text(
        "草图没有核对成（{cause}），一切照旧；请再试一次",
        "the draft was not looked at ({cause}); all stays as it was: try again",
    ),
    "draft_by_hand": Text(
        "这份草图会牵动区域“{zone}”以外的内容；请由技术员直接改配置文件",
        "more than the zone {zone!r} would change: have a technician edit the files by hand",
    ),
    "draft_no_journal": Text(
        "{directory} 中还没有日志：没有可试算的历史", "there is no journal in {directory} yet, and nothing to try it on"
    ),
    "draft_unfinished": Text("还没有画成：点不够", "it is not drawn yet: points are missing"),
    "draft_faulty": Text("草图还有问题，不能提出：{faults}", "the draft has faults and cannot be proposed: {faults}"),
    "draft_untried": Text(
        "改动之后还没有试算过近 90 天；请先试算，再提出",
        "it was not tried on the past since it was changed: do that first",
    ),
    "draft_not_same": Text(
        "草图与您看到的已不同；请重新打开，看过再办",
        "the draft is not what you were shown any more: open it again first",
    ),
    "draft_within": Text(
        "这个区域涉及其他司法所的人员；请由县局的人员提出",
        "people of other offices are concerned: somebody of the county's own has to propose it",
    ),
    "draft_base": Text(
        "草图动笔之后，区域“{zone}”已经改过（base changed）；请在现行的区域上重画",
        "the zone {zone!r} was changed since this draft was begun (base changed): draw it anew over what holds now",
    ),
    "draft_not_proposed": Text("还没有人提出这份草图", "nobody has proposed this draft"),
    "draft_second": Text(
        "由 {number} 提出，须由另一人（leader）确认", "{number} proposed it: somebody else (leader) has to confirm it"
    ),
    "draft_leader": Text(
        "“{number}”不是 staff 表中的 leader，不能确认",
        "{number} is no leader of the table of staff and cannot confirm it",
    ),
    "draft_files_differ": Text(
        "配置文件与现行的不同；请先用 bracelet-gateway reload 使其一致，再确认",
        "the county's files differ from what is in force: bring these in first (bracelet-gateway reload)",
    ),
    "draft_not_confirmed": Text("还没有第二人确认，不能写入", "no second person has confirmed it: nothing is written"),
    "draft_not_written": Text(
        "配置文件中还没有这份草图；请以 root 运行 bracelet-gateway draft write",
        "the county's files do not say it yet: as root, run bracelet-gateway draft write",
    ),
    "draft_unreadable": Text(
        "{account} 打不开 {path}；请以 root 或网关账号运行",
        "{account} may not look into {path}: run it as root or as the gateway's account",
    ),
    # how it stands
    "draft_in_force": Text("已确认，写入 {files}，已生效。", "Confirmed, written into {files}, in force."),
    "draft_confirmed": Text(
        "已确认，尚未生效：网关不能写配置文件（{cause}）。请技术员以 root 运行 bracelet-gateway draft write {id}",
        "Confirmed, not in force yet: the gateway may not write the county's files ({cause}). A technician runs, as"
        " root: bracelet-gateway draft write {id}",
    ),
    "draft_proposed": Text(
        "已由 {by} 提出，等待另一人（leader）确认", "proposed by {by}; waits for a second person (leader)"
    ),
    "draft_open": Text("草图，未提出", "a draft, not proposed"),
    "draft_waits_for_files": Text(
        "已由 {by} 提出、{second} 确认，等待写入：bracelet-gateway draft write {id}",
        "proposed by {by}, confirmed by {second}, waits to be written: bracelet-gateway draft write {id}",
    ),
    "draft_dropped": Text("已删去草图 {id}", "draft {id} is dropped"),
    "draft_none": Text("没有草图", "There are no drafts"),
    "draft_well": Text("检查：没有问题", "check: no faults"),
    # the preview
    "draft_no_history": Text(
        "没有可试算的历史：日志里没有收到过报文。", "No history to try it on: the journal has no frames."
    ),
    "draft_would": Text(
        "近 {days} 天（{since} 至 {until}）按此会报警 {count} 起{closed}；其中 {fresh} 起现在不报。",
        "On the last {days} days ({since} to {until}) it would have raised {count}{closed}; {fresh} of them are not"
        " raised as it is now.",
    ),
    "draft_lost": Text(
        "现在会报、按此不再报的 {count} 起{closed}。", "{count} that are raised now would not be{closed}."
    ),
    "draft_others": Text("其他报警有 {count} 起会不同。", "{count} alarms of everything else would differ."),
    "draft_closed_as": Text("{count} 起按“{outcome}”办结", "{count} closed as {outcome}"),
    "draft_closed": Text("（{parts}）", ", of which {parts}"),
    "draft_edge": Text(
        "{person} 的住处距边界 {metres} 米，在区域{where}", "home of {person}: {metres} m from the edge, {where}"
    ),
    "draft_inside": Text("内", "inside"),
    "draft_outside": Text("外", "outside"),
}
