"""Sheets of the office: the list of them, one of them, and their forms."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gateway.words.texts import Text

if TYPE_CHECKING:
    from collections.abc import Mapping

SHEETS: Final[Mapping[str, Text]] = {
    "sheets": Text("交接和表单", "Hand-over and sheets"),
    "sheets_what": Text(
        "表由网关生成，由工作人员核对、补充、更正，签署后封存。表上只有人员编号，没有姓名，也没有位置。",
        "The gateway makes a sheet; staff look it through, add and correct, and sign; then it is closed. It has ids of"
        " persons, never a name, never a place.",
    ),
    "sheets_forms": Text("哪种表单", "Which form"),
    "sheets_begin": Text("生成{form}", "Make a {form}"),
    "sheets_since": Text("自何时起", "Since when"),
    "sheets_since_hint": Text(
        "接着上一张签完的表；可以改，写作 2026-11-27 21:45。",
        "Goes on where the last one that was signed ended; may be changed, written 2026-11-27 21:45.",
    ),
    "sheets_none": Text("还没有这种表。", "There is none yet."),
    "sheets_span": Text("起止", "Time"),
    "sheets_office": Text("范围", "Of whom"),
    "sheets_county": Text("全县", "whole county"),
    "sheets_made": Text("生成", "Made"),
    "sheets_lines": Text("行数", "Lines"),
    "sheets_signed": Text("签署", "Signed"),
    "sheets_state": Text("状态", "State"),
    "sheets_open": Text("未签完", "not signed by all"),
    "sheets_frozen": Text("已封存", "closed"),
    "sheets_not_signed": Text("未签", "nobody"),
    "sheets_forbidden": Text(
        "您的角色不看交接班单和表单；需要的请找值班员或领导。",
        "Hand-overs and sheets are not for your role: ask the officer on duty or a leader.",
    ),
    "sheet_by_at": Text("{by} {at}", "{by} {at}"),
    "sheet_from_to": Text("{since} 至 {until}", "{since} to {until}"),
    "sheet_digest": Text("校验值（SHA-256）", "Digest (SHA-256)"),
    "sheet_frozen": Text("{at} 签完封存，内容不再改。", "Signed by all and closed {at}: nothing on it changes."),
    "sheet_held": Text(
        "{by} 已签署，内容不能再改；要改须写明原因重新打开，签名随之作废。",
        "{by} has signed: nothing on it changes unless somebody reopens it and says why; the signature is void then.",
    ),
    "sheet_voided": Text(
        "{by} 的签名作废：{who} {at} 重新打开：{note}", "Signature of {by} void: reopened by {who} {at}: {note}"
    ),
    "sheet_leaves": Text("各页", "Pages of the sheet"),
    "sheet_leaf": Text("第 {number} 页，共 {count} 页", "page {number} of {count}"),
    "sheet_empty": Text("没有要列的内容。", "Nothing is to be listed."),
    "sheet_whom": Text("对象", "Of whom"),
    "sheet_says": Text("内容", "What"),
    "sheet_since": Text("起", "Since"),
    "sheet_due": Text("时限", "Due"),
    "sheet_last": Text("最近处置", "Last act"),
    "sheet_owner": Text("负责", "With"),
    "sheet_do": Text("操作", "To do"),
    "sheet_alarm": Text("报警", "alarm"),
    "sheet_added": Text("{by} {at} 补充", "added by {by} {at}"),
    "sheet_corrected": Text("{by} {at} 更正，原为：{was}", "corrected by {by} {at}; it was: {was}"),
    "sheet_ticked": Text("{by} {at} 已查", "looked at by {by} {at}"),
    "sheet_ticked_task": Text("{by} {at} 已办", "done by {by} {at}"),
    "sheet_struck": Text("{by} {at} 划去", "struck out by {by} {at}"),
    "sheet_noted": Text("：{note}", ": {note}"),
    "sheet_line_open": Text("更正或划去", "correct or strike"),
    "sheet_line_shut": Text("收起", "close"),
    "sheet_line_of": Text("{what}：{who}", "{what}: {who}"),
    "sheet_do_add": Text("加一行", "Add a line"),
    "sheet_do_correct": Text("更正", "Correct"),
    "sheet_do_strike": Text("划去", "Strike out"),
    "sheet_do_tick": Text("已查", "Looked at"),
    "sheet_do_tick_note": Text("已查，附说明", "Looked at, with a note"),
    "sheet_do_tick_task": Text("已办", "Done"),
    "sheet_do_tick_note_task": Text("已办，附说明", "Done, with a note"),
    "sheet_do_sign": Text("签署（校验值 {digest}…）", "Sign (digest {digest}...)"),
    "sheet_do_sign_sure": Text("确认签署", "Sign it"),
    "sheet_do_sign_not": Text("先不签", "Not yet"),
    "sheet_do_reopen": Text("重新打开", "Reopen"),
    "sheet_sign_ask": Text(
        "您以 {by} 签署这张表，校验值 {digest}…。签署后内容不能再改。确认吗？",
        "You sign this sheet as {by}, digest {digest}... Nothing on it changes after that. Are you sure?",
    ),
    "sheet_unticked": Text("还有 {count} 行没有标“已查”。", "{count} lines are not ticked yet."),
    "sheet_unticked_task": Text(
        "还有 {count} 项未办；签署后转入下一张。", "{count} tasks are left; what is left goes over to the next sheet."
    ),
    "sheet_print": Text("打印版（A4）", "For print (A4)"),
    "sheet_field_section": Text("归在", "Under"),
    "sheet_field_said": Text("内容", "What it says"),
    "sheet_field_person": Text("人员编号（没有可不填）", "Person id (may be left out)"),
    "sheet_field_due": Text(
        "时限（08:30 或 2026-11-28 08:30，可不填）", "Due (08:30 or 2026-11-28 08:30; may be left out)"
    ),
    "sheet_field_owner": Text("负责（工号或司法所，可不填）", "With (staff number or office; may be left out)"),
    "sheet_field_note": Text("说明（可不填）", "Note (may be left out)"),
    "sheet_field_why": Text("原因", "Why"),
    "sheet_kept": Text(
        "没有记上。您填写的还在，看过现在的表以后可以再提交。",
        "It was not taken. What you typed is still there: look at the sheet as it is now, and submit it again.",
    ),
    "sheet_kept_words": Text("您填写的", "What you typed"),
    "sheet_form_unknown": Text("这个表单不完整；请重新打开本页再做。", "The form is not whole: open the page anew."),
    "sheet_moment_wrong": Text("时间请写成 08:30 或 2026-11-28 08:30", "Write a time as 08:30 or 2026-11-28 08:30"),
    "sheet_said_missing": Text("请写内容", "Write what it says"),
    "sheet_signer": Text("签名", "Signature"),
    "sheet_signer_hand_over_0": Text("交班", "Handing over"),
    "sheet_signer_hand_over_1": Text("接班", "Taking over"),
    "sheet_signed_elsewhere": Text(
        "这种表在它自己的页面上签署，签的是当时的名单。",
        "Such a sheet is signed on its own page, with its lists as they are then.",
    ),
    "sheet_to_come": Text("待签", "to be signed"),
    "sheet_foot": Text(
        "工作用表：列出要办的事，不是对任何人的认定。", "For work: what is to be done, no finding about anybody."
    ),
    "shift_signed": Text("上班次 {by} 已签 {at}", "Last shift: signed by {by} {at}"),
    "shift_taken": Text("，{by} 接班已签 {at}", ", taken over by {by} {at}"),
    "shift_unsigned": Text("上班次交接班单还没有签", "The last shift's hand-over is not signed yet"),
}
