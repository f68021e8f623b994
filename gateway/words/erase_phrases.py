"""What is said of orders to erase a person's places, in Chinese and English."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gateway.words.texts import Text

if TYPE_CHECKING:
    from collections.abc import Mapping

ERASE_PHRASES: Final[Mapping[str, Text]] = {
    # why not
    "erase_unknown": Text(
        "没有“{person}”这个人，或登记中没有其佩戴记录，无从知道哪些设备的数据属于他；请核对编号，或先把人员和佩戴起止登记回来",
        "there is no {person!r}, or no wearing of theirs is entered, so that nobody can say which devices' data are theirs:"
        " check the id, or enter the person and the wearing, with its end, again",
    ),
    "erase_says": Text(
        "删除须写明文书（--document）和理由（--why）", "an erasure names its document (--document) and its reason (--why)"
    ),
    "erase_long": Text("--document 和 --why 各至多 {most} 字", "--document and --why have {most} characters at most each"),
    "erase_held": Text(
        "{person} 的数据因法律保全（{document}）不得删除；保全解除后再办",
        "a legal hold ({document}) keeps what there is of {person}: erase once it is lifted",
    ),
    "erase_open": Text(
        "{person} 还有 {count} 条未办结报警（{alarms}），位置是其依据；请先办结",
        "{count} alarms of {person} are not resolved ({alarms}), and places are their evidence: close them first",
    ),
    "erase_term": Text(
        "{person} 的监管期到 {until}，尚未届满；期满或提前解除并登记后再办",
        "the term of {person} ends {until} and is not over: erase once it has ended, or was lifted and that is entered",
    ),
    "erase_authority": Text(
        "对 {person} 的定位依据（{document}）到 {until} 才到期；解除并登记后再办",
        "positioning of {person} is authorised until {until} ({document}): erase once that has ended, or was lifted and"
        " that is entered",
    ),
    "erase_owed": Text(
        "{person} 的报警还有 {count} 条消息没有送达（{upstreams}）；送达，或设为搁置之后再办",
        "{count} messages about alarms of {person} have not been delivered ({upstreams}): erase once they have, or were"
        " set aside",
    ),
    "erase_goes_on": Text(
        "{person} 的位置正在删除（{order}，文书 {document}），做完为止；进展：bracelet-gateway status",
        "the places of {person} are being erased ({order}, document {document}) and will be to the end; how far:"
        " bracelet-gateway status",
    ),
    "erase_order_unknown": Text(
        "没有等待确认的删除“{order}”：编号不对，已确认，或网关重启过；请先运行 bracelet-gateway erase",
        "no erasure {order!r} waits to be confirmed: wrong number, confirmed already, or the gateway was restarted. Run"
        " bracelet-gateway erase first",
    ),
    "erase_second": Text(
        "删除由 {number} 提出，须由另一人（leader）确认", "{number} ordered this: somebody else (leader) has to confirm it"
    ),
    "erase_leader": Text(
        "“{number}”不是 staff 表中的 leader，不能确认删除", "{number} is no leader of the table of staff and cannot confirm this"
    ),
    "erase_options": Text(
        "--confirm、--dry-run、--proof 三者只能用一个，且不与 --document、--why 同用",
        "--confirm, --dry-run and --proof exclude each other, and --document and --why",
    ),
    "erase_none": Text(
        "日志中没有 {person} 的删除记录", "the journal has no erasure of places of {person}"
    ),
    # how it stands
    "erase_found": Text(
        "{person}：日志条目 {entries}（{files} 天），其中与他人共用 {shared}；报警 {alarms}、消息 {messages}，只去掉位置；在位记录 {presence}。",
        "{person}: {entries} journal entries ({files} days), {shared} of them shared with others; {alarms} alarms and"
        " {messages} messages, which lose their places alone; {presence} intervals of presence.",
    ),
    "erase_older": Text(
        "另有 {older} 条由旧版本写入，整行一体，不能单独删除；保存期（keep_days）满后随整天文件删除。",
        "{older} more were written by an older version in rows of one piece and cannot be erased alone; they go with their"
        " day's file after keep_days.",
    ),
    "erase_would": Text("以上是将要删除的；尚未删除。", "That is what would go; nothing has."),
    "erase_waits": Text(
        "由 {by} 提出，尚未删除：须由另一人（leader）确认：bracelet-gateway erase {person} --confirm {order}",
        "Ordered by {by}; nothing has gone: it takes a second person (leader), who runs bracelet-gateway erase {person}"
        " --confirm {order}",
    ),
    "erase_confirmed": Text(
        "已确认（{order}），正在删除，不可撤回；中断后自动续做。做完后：bracelet-gateway erase {person} --proof 文件",
        "Confirmed ({order}) and being carried through; it cannot be taken back, and goes on by itself after whatever breaks"
        " it off. Then: bracelet-gateway erase {person} --proof FILE",
    ),
    "erase_proved": Text(
        "已写入 {path}：{count} 次删除，哈希链核验通过", "written to {path}: {count} erasures; the hash chain verifies"
    ),
    # the status
    "erasure_done": Text(
        "{at} 已删除（{order}，文书 {document}）", "erased by {at} ({order}, document {document})"
    ),
    "erasure_waits": Text(
        "由 {by} 提出（{order}，文书 {document}），等待另一人确认",
        "ordered by {by} ({order}, document {document}), waits for a second person",
    ),
    "erasure_goes_on": Text(
        "正在删除（{order}，文书 {document}）", "being erased ({order}, document {document})"
    ),
}  # fmt: skip
