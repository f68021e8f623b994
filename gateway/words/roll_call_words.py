"""A roll call in Chinese and English: its lists, why somebody stands in one, and what is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gateway.words.texts import Text

if TYPE_CHECKING:
    from collections.abc import Mapping

LISTS: Final[Mapping[str, Text]] = {
    "odd": Text("位置异常", "odd place"),
    "no_answer": Text("未回应", "no answer"),
    "not_located": Text("不能定位", "cannot be located"),
    "no_authority": Text("定位依据已到期或没有", "authority ended, or none"),
    "in_place": Text("在位", "in place"),
}
"""By :class:`gateway.rollcall.reasons.Listed`, in the order in which they are read."""
REASONS: Final[Mapping[str, Text]] = {
    "within": Text("在规定允许的地方", "where the rules allow"),
    "barred": Text("在禁止进入的区域内", "in a barred zone"),
    "outside": Text("不在规定的范围内", "outside the allowed area"),
    "not_home": Text("规定时段不在规定地点", "not where the hours ask for"),
    "strap": Text("表带开着", "strap open"),
    "unsure": Text("离边界太近或误差太大，说不准", "too near a boundary, or too badly known, to say"),
    "no_place": Text("设备已回应，没有带回位置", "answered, without a place"),
    "waiting": Text("等待回应", "no answer yet"),
    "unanswered": Text("已送达，没有回应", "sent, and nothing came"),
    "unreached": Text("到期前联系不上设备", "the device could not be reached"),
    "declined": Text("设备或运营商未能定位", "the device, or the carrier, could not"),
    "cancelled": Text("指令已取消或没有发出", "the order was cancelled, or not given"),
    "silent": Text("已发出，该设备从不回应", "sent; this device never answers"),
    "often": Text("今天点验次数已满，未再询问", "not asked: asked often enough today"),
    "quota": Text("运营商配额不足，未询问", "not asked: the carrier's quota is used up"),
    "unable": Text("该设备不能接受定位指令，未询问", "not asked: the device takes no such order"),
    "leave": Text("请假外出", "on leave"),
    "hospital": Text("住院，腕带经批准取下", "hospital, bracelet off with leave"),
    "examination": Text("体检，腕带经批准取下", "examination, bracelet off with leave"),
    "repair": Text("腕带维修", "bracelet in repair"),
    "no_device": Text("没有佩戴设备", "wears no device"),
    "ended": Text("定位依据已到期", "authority ended"),
    "not_begun": Text("定位依据尚未开始", "authority has not begun"),
    "other_basis": Text("定位依据不含所戴设备", "authority does not cover this kind of device"),
    "none": Text("没有定位依据", "no authority"),
}
"""By :class:`gateway.rollcall.reasons.Reason`."""
ROLL_CALL_PHRASES: Final[Mapping[str, Text]] = {
    # why not
    "roll_call_selection": Text(
        "点验的对象写错了：等级为 strict、general 或 lenient（严管、普管、宽管），比例为 1 到 100",
        "nobody can be meant by that: a level is strict, general or lenient, a share 1 to 100",
    ),
    "roll_call_purpose": Text(
        "点验须写明目的，至多 {most} 字", "a roll call says what it is for, in {most} characters at most"
    ),
    "roll_call_offer": Text(
        "没有这次点验的预览：已经发起、超过 {minutes:.0f} 分钟或网关重启过；请重新预览",
        "no such roll call was looked at: it was begun, is older than {minutes:.0f} minutes, or the gateway was"
        " restarted; look again",
    ),
    "roll_call_nobody": Text("没有人符合所选的等级、司法所和比例", "nobody is of that level, office and share"),
    "roll_call_unlawful": Text(
        "不能点验：所选 {people} 人都没有有效的定位依据", "refused: no authority covers any of these {people} people"
    ),
    "roll_call_none": Text(
        "所选 {people} 人现在都不能询问（{cause}）",
        "none of these {people} people can be asked now ({cause})",
    ),
    "roll_call_quiet": Text(
        "{start} 到 {until} 不点验；确有需要，由 leader 发起",
        "no roll call from {start} to {until}: if there has to be one, a leader asks for it",
    ),
    "roll_call_twice": Text(
        "{by} 于 {time} 发起的点验 {id} 还没有结束，对象中有 {count} 人相同；请等它结束，或先看它的结果",
        "the roll call {id} that {by} began at {time} goes on, and {count} of these people are in it: wait for its end,"
        " or look at it",
    ),
    "roll_call_waits": Text(
        "{by} 于 {time} 提出的点验 {id} 正等待第二人确认；请先确认，或等它失效",
        "the roll call {id} that {by} asked for at {time} waits for a second person: confirm it, or wait until it lapses",
    ),
    "roll_call_unknown": Text(
        "没有点验“{value}”；请运行 bracelet-gateway roll-call list",
        "no roll call {value!r}: see bracelet-gateway roll-call list",
    ),
    "roll_call_unconfirmed_unknown": Text(
        "没有等待确认的点验“{value}”：编号不对、已确认、已失效，或网关重启过",
        "no roll call {value!r} waits to be confirmed: wrong number, confirmed already, lapsed, or the gateway was restarted",
    ),
    "roll_call_second": Text(
        "点验由 {number} 提出，须由另一人确认", "{number} asked for this roll call: somebody else has to confirm it"
    ),
    "roll_call_second_role": Text(
        "全体点验由值班人员提出须由 leader 确认，由 leader 提出须由另一值班人员或 leader 确认；“{number}”不能确认",
        "a roll call of all takes a leader and one more on duty, in either order: {number} cannot confirm this one",
    ),
    "roll_call_changed": Text(
        "名单刚刚变了；请看过新的名单再签", "the lists have just changed: look at them, then sign"
    ),
    # what was done, on a command line
    "roll_call_offered": Text(
        "将向 {orders} 人发出定位指令（所选 {people} 人）", "{orders} locate orders will go out ({people} people meant)"
    ),
    "roll_call_seed": Text("随机种子：{seed}", "seed: {seed}"),
    "roll_call_left": Text("不询问：{reason} {count} 人", "not asked: {count}, {reason}"),
    "roll_call_asks_second": Text("全体点验，须第二人确认", "a roll call of all: a second person confirms it"),
    "roll_call_begun": Text(
        "点验 {id} 已开始，已发出 {orders} 条定位指令", "roll call {id}: {orders} locate orders are out"
    ),
    "roll_call_to_confirm": Text(
        "点验 {id} 等待第二人确认：bracelet-gateway roll-call confirm {id}",
        "roll call {id} waits for a second person: bracelet-gateway roll-call confirm {id}",
    ),
    "roll_call_line": Text(
        "{id}  {time}  {by}  {scope}  {orders} 人  {state}  {purpose}",
        "{id}  {time}  {by}  {scope}  {orders} asked  {state}  {purpose}",
    ),
    "roll_call_no_calls": Text("没有点验", "no roll calls"),
    "roll_call_all": Text("全体", "all"),
    "roll_call_share": Text("随机 {percent}%", "{percent}% at random"),
    "roll_call_is_signed": Text("已签署", "signed"),
    "roll_call_is_complete": Text("已问完", "complete"),
    "roll_call_goes_on": Text("尚有 {owed} 人未答", "{owed} to come"),
    "roll_call_is_waiting": Text("等待第二人", "waits for a second person"),
    "roll_call_to_sign": Text(
        "签署此名单：bracelet-gateway roll-call sign {id} --digest {digest}",
        "to sign these lists: bracelet-gateway roll-call sign {id} --digest {digest}",
    ),
    "roll_call_now_signed": Text("点验 {id} 已签署，校验值 {digest}", "roll call {id} is signed, digest {digest}"),
}
