"""The zones in force, and the page on which one is drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gateway.words.texts import Text

if TYPE_CHECKING:
    from collections.abc import Mapping

ZONES: Final[Mapping[str, Text]] = {
    "zones": Text("区域", "Zones"),
    "zones_who": Text(
        "区域由值班员、司法所、领导和技术员查看和绘制。",
        "Zones are for duty, offices, leaders and technicians to see and draw.",
    ),
    "zones_lead": Text(
        "现行的区域和规定。画出的草图对任何人都不生效：先检查，再用近 90 天试算，一人提出、另一人（leader）确认，"
        "才写入配置文件并生效。",
        "Zones and rules as they are in force. What is drawn holds for nobody: it is checked and tried on the last 90"
        " days, one proposes it and another (leader) confirms it; only then is it written into the files and in force.",
    ),
    "zones_in_force": Text("现行区域", "Zones in force"),
    "zones_drafts": Text("草图", "Drafts"),
    "zones_no_drafts": Text("没有草图。", "There are no drafts."),
    "zones_zone": Text("区域", "Zone"),
    "zones_kind": Text("性质", "Kind"),
    "zones_file": Text("文件", "File"),
    "zones_rules": Text("规定和依据", "Rules and documents"),
    "zones_people": Text("涉及人数", "People"),
    "zones_area": Text("面积", "Area"),
    "zones_by": Text("最后改动", "Changed by"),
    "zones_state": Text("进度", "How it stands"),
    "zones_redraw": Text("重画", "Draw anew"),
    "zones_redraw_of": Text("重画 {zone}", "Draw anew: {zone}"),
    "zones_new": Text("画新区域", "Draw a new zone"),
    "zones_new_id": Text("区域编号（字母、数字、_ . -）", "Id of the zone (letters, digits, _ . -)"),
    "zones_new_name": Text("名称（写在报警中）", "Name (it stands in alarms)"),
    "zones_begin": Text("开始画", "Begin"),
    "zones_no_rule": Text("没有规定涉及", "no rule speaks of it"),
    "zones_barred": Text("禁入区", "barred"),
    "zones_allowed": Text("允许范围", "allowed area"),
    "zones_duty": Text("按时应在", "to be in at times"),
    "zones_drawn": Text("草图", "draft"),
    "map_drawn": Text("草图", "draft"),
    # one draft
    "draw": Text("画区域 {zone}", "Draw zone {zone}"),
    "draw_datum": Text(
        "地图和所画的坐标都是 {datum}；写入文件时注明 {datum}。输入别的坐标系时在“增加一点”处选择，会换算。",
        "The map, and what is drawn on it, is {datum}; the file will say so. Coordinates in another datum are converted"
        " where you add a point.",
    ),
    "draw_datum_file": Text(
        "文件的坐标系是 {datum}（由导入的人选定）；地图是 {map}，显示时已换算。",
        "The file is in {datum}, as whoever imported it said; the map is {map}: it is shown converted.",
    ),
    "draw_in_force": Text(
        "这个区域现行有效；只改画法，缓冲、类别、期限和规定不变。",
        "This zone is in force; only how it is drawn changes, not its buffer, category, days or rules.",
    ),
    "draw_rivals": Text(
        "同一区域另有草图：{drafts}。先确认的生效，后确认的会被拒绝。",
        "Other drafts of the same zone: {drafts}. The first that is confirmed holds; the next is refused.",
    ),
    "draw_name": Text("名称", "Name"),
    "draw_form": Text("画法", "Form"),
    "draw_circle": Text("圆", "circle"),
    "draw_polygon": Text("多边形", "polygon"),
    "draw_corridor": Text("走廊（沿线）", "corridor along a line"),
    "draw_file": Text("GeoJSON 文件", "GeoJSON file"),
    "draw_radius_m": Text("半径（米）", "Radius (m)"),
    "draw_width_m": Text("总宽（米）", "Width from side to side (m)"),
    "draw_points": Text(
        "各点（{datum}）：点地图增加，拖动移动；键盘用各行按钮，每次 10 米",
        "Points ({datum}): click the map to add, drag to move; by keyboard each row's buttons move by 10 m",
    ),
    "draw_point": Text("点", "Point"),
    "draw_longitude": Text("经度", "Longitude"),
    "draw_latitude": Text("纬度", "Latitude"),
    "draw_longitude_of": Text("第 {number} 点经度", "Longitude of point {number}"),
    "draw_latitude_of": Text("第 {number} 点纬度", "Latitude of point {number}"),
    "draw_moves": Text("移动", "Move"),
    "draw_north": Text("第 {number} 点向北 10 米", "Point {number} 10 m north"),
    "draw_south": Text("第 {number} 点向南 10 米", "Point {number} 10 m south"),
    "draw_east": Text("第 {number} 点向东 10 米", "Point {number} 10 m east"),
    "draw_west": Text("第 {number} 点向西 10 米", "Point {number} 10 m west"),
    "draw_split": Text("在第 {number} 点之后加一点", "Add a point after point {number}"),
    "draw_remove": Text("删去第 {number} 点", "Take out point {number}"),
    "draw_add": Text("增加一点", "Add a point"),
    "draw_add_datum": Text("所输坐标系", "Datum of what you type"),
    "draw_few": Text("还不够：至少 {least} 个点。", "Not drawn yet: {least} points at least."),
    "draw_no_file": Text("还没有导入文件。", "No file was imported yet."),
    "draw_rule": Text("规定", "Rule"),
    "draw_does": Text("要求", "What it asks"),
    "draw_no_rule": Text("不新增规定", "no new rule"),
    "draw_keep_out": Text("不得进入", "keep out"),
    "draw_stay_inside": Text("不得离开", "stay inside"),
    "draw_rule_id": Text("规定编号", "Id of the rule"),
    "draw_people": Text(
        "人员：编号（空格分开）、all、strict、general 或 lenient",
        "People: ids with blanks between, all, strict, general or lenient",
    ),
    "draw_basis": Text("依据文书", "Document that it rests on"),
    "draw_basis_kind": Text("文书种类", "Kind of document"),
    "draw_not_said": Text("未注明", "not said"),
    "draw_court_order": Text("法院文书", "court order"),
    "draw_statute": Text("法律规定", "statute"),
    "draw_approval": Text("审批", "approval"),
    "draw_office_rule": Text("本机关规定", "rule of the office"),
    "draw_start": Text("第一天（如 2026-11-02；可空）", "First day (2026-11-02; may be empty)"),
    "draw_until": Text("最后一天（可空）", "Last day (may be empty)"),
    "draw_save": Text("保存并检查", "Save and check"),
    "draw_check": Text("检查", "Check"),
    "draw_well": Text("没有问题。", "No faults."),
    "draw_faults": Text("有问题，改好才能提出：", "Faults; they have to go before it can be proposed:"),
    "draw_warnings": Text("请注意：", "Please note:"),
    "draw_size": Text(
        "面积 {area}，周长 {around}，共 {places} 处（含缓冲）。",
        "{area}, {around} around; places: {places} (buffer included).",
    ),
    "draw_spoken_of": Text("涉及的规定：{rules}", "Rules that speak of it: {rules}"),
    "draw_homes": Text("住处与边界", "Homes and the edge"),
    "draw_no_homes": Text(
        "涉及的人没有登记住处，或不归您查看。", "Nobody whom it binds has a home that is for you to see."
    ),
    "draw_hidden": Text("另有 {count} 处住处不归您查看。", "{count} more homes are not for you to see."),
    "draw_import": Text("导入 GeoJSON", "Import GeoJSON"),
    "draw_import_file": Text(
        "文件（RFC 7946：经度在前；高程不用；多个图形算同一区域）",
        "File (RFC 7946: longitude first; heights are left out; several features are one zone)",
    ),
    "draw_import_datum": Text("文件的坐标系（没有默认值）", "Datum of the file (there is no default)"),
    "draw_choose": Text("请选择", "choose"),
    "draw_import_do": Text("导入，代替所画", "Import in place of what is drawn"),
    "draw_again": Text("改为手画", "Draw by hand instead"),
    "draw_trial": Text("用近 90 天试算", "The last 90 days"),
    "draw_trial_lead": Text(
        "用这份草图和现行规定各判断一遍近 90 天；只计数，不涉及姓名。试算不生效，也不影响报警。",
        "The last 90 days are judged once with this draft and once as it is now; counted, of nobody in particular. It"
        " holds for nobody and raises nothing.",
    ),
    "draw_try": Text("试算", "Try it"),
    "draw_trying": Text("正在试算：{percent}%", "Being tried: {percent}%"),
    "draw_untried": Text("这样画还没有试算过。", "What is drawn was not tried yet."),
    "draw_stale": Text(
        "试算之后配置或登记变过；有关系时请再试算一次。",
        "Rules or registers have changed since it was tried: try it again if that matters.",
    ),
    "draw_stopped": Text("试算中断了，请再试一次。", "It stopped before its end: try again."),
    "draw_days": Text("按日", "By day"),
    "draw_day": Text("日期", "Day"),
    "draw_comes": Text("会报警", "Would come"),
    "draw_lost": Text("不再报警", "Would not any more"),
    "draw_second": Text("提出和确认", "Propose and confirm"),
    "draw_propose": Text("提出", "Propose"),
    "draw_confirm": Text("确认并生效", "Confirm and put in force"),
    "draw_wait_long": Text(
        "读取配置并生效要几秒到几分钟，请等待。", "Reading the files takes seconds to minutes: please wait."
    ),
    "draw_drop": Text("删去草图", "Drop the draft"),
    "draw_back": Text("回到区域", "Back to the zones"),
    "draw_done": Text("区域 {zone} 已生效", "Zone {zone} is in force"),
    "draw_done_files": Text("已写入：{files}", "Written into: {files}"),
    "draw_done_changes": Text("变化", "What changed"),
}
