"""What is said of sheets of the office, in Chinese and English."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gateway.words.texts import Text

if TYPE_CHECKING:
    from collections.abc import Mapping

PAPER_PHRASES: Final[Mapping[str, Text]] = {
    "paper_frozen": Text(
        "本表已签署封存（校验值 {digest}…），不能再改；有新情况请另做一张",
        "the sheet is signed and closed (digest {digest}...): nothing on it changes; make another for what is new",
    ),
    "paper_changed": Text(
        "本表刚被别人改过；请重新打开，看过后再做一次",
        "somebody has changed the sheet meanwhile: open it again, look, and do it once more",
    ),
    "paper_long": Text("文字太长，最多 {most} 字", "too long: {most} characters at most"),
    "paper_signed": Text(
        "{by} 已签署，内容不能再改；确需更改请先写明原因重新打开，已有签名作废",
        "{by} has signed, so the sheet stays as it is; to change it reopen it and say why: the signature is void then",
    ),
    "paper_line_twice": Text("本表已有“{key}”这一行", "the sheet has a line {key} already"),
    "paper_line_unknown": Text("本表没有“{key}”这一行", "the sheet has no line {key}"),
    "paper_one_line": Text("一次只能加一行或改一行", "one line at a time is added or corrected"),
    "paper_full": Text("本表已有 {most} 行，不能再加", "the sheet has {most} lines and takes no more"),
    "paper_why": Text("请写明原因", "say why"),
    "paper_bare": Text("这一类只标做了没有，不写内容", "here it is only said that it was done: without a note"),
    "paper_unsigned": Text("本表还没有人签署，可以直接改", "nobody has signed the sheet: change it as it is"),
    "paper_signer": Text("这一处签名要由 {roles} 来签", "this signature is for one of: {roles}"),
    "paper_second": Text(
        "您已签过；另一处签名要由另一人来签", "you have signed: the other signature is somebody else's"
    ),
    "paper_unticked": Text(
        "还有 {count} 行没有标“已查”；请逐行查过再签", "{count} lines are not ticked yet: look at each, then sign"
    ),
    "paper_signed_elsewhere": Text(
        "这种表单在它自己的页面上签署，签的是当时的名单",
        "such a sheet is signed on its own page, with its lists as they are then",
    ),
    "paper_unknown": Text("没有表单 {value}", "there is no sheet {value}"),
    "paper_elsewhere": Text("表单 {value} 不是本所的", "the sheet {value} is not your office's"),
    "paper_form": Text(
        "不能生成“{value}”这种表单；可用：{known}", "no sheet of the form {value} can be made; there are: {known}"
    ),
    "paper_maker": Text("这种表单要由 {roles} 来做", "a sheet of this form is made by one of: {roles}"),
    "paper_open": Text(
        "已有一张还没有签完：{value}；请先签完那张", "there is one that is not signed yet: {value}; sign that one first"
    ),
    "paper_times": Text(
        "起止时间不对：起要早于止，止不能晚于现在", "the times do not fit: from lies before to, and to not after now"
    ),
    "paper_unstored": Text(
        "现在存不下（磁盘或日志有故障）；请稍后打开本表看是否已记上，没有再做一次",
        "it cannot be stored now (disk or journal): open the sheet in a moment, and do it again if it is not there",
    ),
    "paper_person": Text(
        "登记的人员中没有“{value}”，或不是本所的；表上只写人员编号，不写姓名",
        "nobody is registered as {value!r}, or not of your office; a sheet has ids of persons, never names",
    ),
    "sheet_nothing_corrected": Text(
        "没有要更正的：请写 --text、--due 或 --owner", "nothing is to be corrected: give --text, --due or --owner"
    ),
    "sheet_digest": Text(
        "校验值“{given}”不是这张表现在的（{digest}…），或不足 {least} 位；请先用 sheets show 看过再签",
        "{given!r} is not the digest of the sheet as it is now ({digest}...), or has fewer than {least} digits: look at"
        " it with sheets show, then sign",
    ),
    "sheet_signed": Text(
        "已签署，校验值 {digest}；还有签名待签", "signed, digest {digest}; another signature is to come"
    ),
    "sheet_closed": Text("已签完封存，校验值 {digest}", "signed by all and closed, digest {digest}"),
    "paper_doing": Text("对表单不能做“{value}”", "{value!r} is nothing that can be done to a sheet"),
}
