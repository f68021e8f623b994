"""Roll calls: who is asked, what comes of it, and the signature."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gateway.words.texts import Text

if TYPE_CHECKING:
    from collections.abc import Mapping

ROLL_CALL: Final[Mapping[str, Text]] = {
    "roll_call": Text("点验", "Roll call"),
    "roll_call_what": Text(
        "向所选的人一并发出定位指令，看各人是否在位。没有有效依据的人不询问；请假、住院、维修的人不询问，但列在名单里。",
        "Locate orders go out to the people chosen, and each then stands in a list. Nobody is asked without an"
        " authority; who is on leave, in hospital or whose bracelet is in repair is not asked, and listed.",
    ),
    "roll_call_level": Text("监管等级", "Level"),
    "roll_call_office": Text("司法所", "Office"),
    "roll_call_any": Text("全部", "any"),
    "roll_call_percent": Text("随机抽取的比例（%）", "Share drawn at random (%)"),
    "roll_call_percent_hint": Text(
        "不填为全部；全县超过 {share}% 与全体点验一样，须第二人确认",
        "empty: everybody; above {share}% of the whole county it takes a second person, as a roll call of all",
    ),
    "roll_call_purpose_field": Text("目的（必填）", "Purpose (required)"),
    "roll_call_look": Text("预览", "Look"),
    "roll_call_earlier": Text("点验记录", "Roll calls"),
    "roll_call_time": Text("时间", "Time"),
    "roll_call_by": Text("发起人", "By"),
    "roll_call_scope": Text("对象", "Of whom"),
    "roll_call_count": Text("询问人数", "Asked"),
    "roll_call_purpose_head": Text("目的", "Purpose"),
    "roll_call_state": Text("状态", "State"),
    "roll_call_empty": Text("还没有点验。", "No roll call yet."),
    "roll_call_state_waits": Text("等待第二人确认", "waits for a second person"),
    "roll_call_state_going": Text("进行中", "goes on"),
    "roll_call_state_complete": Text("已问完", "complete"),
    "roll_call_state_signed": Text("已签署", "signed"),
    "roll_call_will": Text("将发出 {orders} 条定位指令", "{orders} locate orders will go out"),
    "roll_call_of": Text("对象：{scope}，共 {people} 人", "Of: {scope}, {people} people"),
    "roll_call_not_asked": Text("不询问的人：", "Not asked:"),
    "roll_call_seed_shown": Text(
        "随机种子 {seed}：记入日志，任何人可据此重新抽出同样的人。",
        "Seed {seed}: it is journaled, and by it anybody draws the same people again.",
    ),
    "roll_call_needs_second": Text(
        "这是全体点验：须另一人确认，两人中须有一名 leader。",
        "This is a roll call of all: another person confirms it, and one of the two is a leader.",
    ),
    "roll_call_go": Text("发出", "Send"),
    "roll_call_propose": Text("提请第二人确认", "Ask a second person"),
    "roll_call_back": Text("重新选择", "Choose again"),
    "roll_call_confirm_it": Text("确认并发出", "Confirm and send"),
    "roll_call_waits_for": Text(
        "{by} 提出，等待第二人确认；15 分钟后失效。",
        "{by} asked for it; it waits for a second person and lapses after 15 minutes.",
    ),
    "roll_call_progress": Text("已发出 {orders} 条指令，{owed} 条尚无结果", "{orders} orders are out, {owed} to come"),
    "roll_call_finished": Text("已于 {time} 问完，用时 {lasted}", "complete at {time}, after {lasted}"),
    "roll_call_begun_by": Text("{time} 由 {by} 发起", "Begun {time} by {by}"),
    "roll_call_confirmed_by": Text("由 {by} 确认", "confirmed by {by}"),
    "roll_call_person": Text("人员", "Person"),
    "roll_call_reason": Text("原因", "Reason"),
    "roll_call_since": Text("起于", "Since"),
    "roll_call_age": Text("多久以前", "How long ago"),
    "roll_call_last_place": Text("最近一次定位", "Last place"),
    "roll_call_nobody_here": Text("没有人", "nobody"),
    "roll_call_minors_left": Text(
        "打印时不含未成年人（{count} 人）。", "Minors are left out of what is printed ({count})."
    ),
    "roll_call_minors_printed": Text("打印时包括未成年人（{count} 人）。", "Minors are printed as well ({count})."),
    "roll_call_leave_minors": Text("打印时不含", "Leave them out"),
    "roll_call_print_minors": Text("打印时包括", "Include them"),
    "roll_call_print": Text("打印", "Print"),
    "roll_call_sign": Text("签署当前名单", "Sign the lists as they are"),
    "roll_call_signed_by": Text("{by} 于 {time} 签署；校验值 {digest}", "Signed by {by}, {time}; digest {digest}"),
    "roll_call_frozen": Text("名单已封存，不再变化。", "The lists are frozen and change no more."),
    "roll_call_signature": Text("签名：", "Signature:"),
}
