"""The desk of a city over its counties."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gateway.words.texts import Text

if TYPE_CHECKING:
    from collections.abc import Mapping

CITY: Final[Mapping[str, Text]] = {
    "city_desk": Text("市级总览", "City desk"),
    "city_counties": Text("各县", "Counties"),
    "city_counties_of": Text("{city}：各县报警", "{city}: alarms by county"),
    "city_tree": Text("机构", "Organisation"),
    "city_county": Text("县（市、区）", "County"),
    "city_untaken": Text("未接收", "Not taken"),
    "city_oldest": Text("最早未办结", "Oldest"),
    "city_closed_today": Text("今日办结", "Closed today"),
    "city_false": Text("本月误报", "False this month"),
    "city_data": Text("数据", "Data"),
    "city_unknown": Text("不明", "unknown"),
    "city_unknown_yet": Text("从未收到数据，有没有报警不明", "Nothing was ever received: there may be alarms"),
    "city_none": Text("无", "none"),
    "city_none_closed": Text("本月无办结", "none closed"),
    "city_share": Text(
        "{false}/{closed} {percent}% [{lower}, {upper}]", "{false}/{closed} {percent}% [{lower}, {upper}]"
    ),
    "city_few": Text("样本少", "few cases"),
    "city_never": Text("从未收到数据", "never received"),
    "city_cut": Text("数据中断 {age}", "cut off for {age}"),
    "city_stopped": Text("（该县网关已停机）", "(its gateway was stopped)"),
    "city_as_of": Text("以下为 {time} 所报", "figures as of {time}"),
    "city_heard_since": Text(
        "自 {time} 起接收：此前已办结的报警不在其中。",
        "Received since {time}: alarms that were resolved before are not among them.",
    ),
    "city_age": Text("{age}前", "{age} ago"),
    "city_unwell": Text("该县网关有故障", "its gateway has a fault"),
    "city_what": Text(
        "只有各县网关报来的报警和处置，没有位置和轨迹。灰色的县现在情况不明，所列是中断前报来的，不是现状，更不是没有报警。",
        "Alarms and what was done about them, as the counties' gateways tell; no places, no tracks. Of a grey county"
        " nothing is known now: its figures are those before it was cut off, and do not say that there is no alarm.",
    ),
    "city_not_what": Text(
        "各县按固定顺序排列，不排名；数字说明工作和设备，不作考核，也不评价任何社区矫正对象。",
        "Counties stand in a fixed order and are not ranked; the figures are about work and devices, no measure of"
        " merit and no finding about anybody.",
    ),
    "city_desk_of": Text("打开该县值班台", "Open its duty desk"),
    "city_refused": Text("自启动以来拒收：", "Refused since the start:"),
    "city_refused_unsigned": Text("签名不对", "no right signature"),
    "city_refused_foreign": Text("冒用其他县", "in another county's name"),
    "city_refused_malformed": Text("格式不对", "not readable"),
    "city_refused_too_long": Text("过长", "too long"),
    "city_unresolved": Text("未办结 {count} 条", "{count} unresolved"),
    "city_closed_month": Text("本月办结 {count} 条（最多列 {most} 条）", "{count} closed this month (the last {most})"),
    "city_severity": Text("级别", "Severity"),
    "city_since": Text("起于", "Since"),
    "city_state": Text("状态", "State"),
    "city_done": Text("处置", "Acts"),
    "city_acts": Text("{count} 次", "{count}"),
    "city_ended": Text("情形已结束 {time}", "over since {time}"),
    "city_no_places": Text(
        "这里没有位置。要看轨迹，点对象编号，写明事由和文书，到该县值班台查看；两边都记入日志。",
        "There are no places here. For a track choose the person's id, say why and by which document, and look at it on"
        " the county's desk: both write it down.",
    ),
    "records": Text("向县里申请的案卷", "Packages asked of counties"),
    "records_what": Text(
        "申请由本市签名发给县里，县里的领导批准或不批准；批准后一天内由申请人本人下载，市里不保存。每一步在两边都按同一申请号记下。",
        "A request goes to the county signed by this city; a leader there approves or refuses it. Approved, it is taken"
        " by whoever asked, within a day, and the city keeps none. Each step is written down on both sides under its"
        " number.",
    ),
    "record_number": Text("申请号", "Request"),
    "record_ask": Text("向{county}申请 {person} 的案卷", "Ask {county} for a package about {person}"),
    "record_ask_lead": Text(
        "案卷有这段时间的轨迹、报警和处置。写明用途和文号；县里的领导决定。",
        "A package has track, alarms and acts of that time. Say for what and by which document; a leader of the county"
        " decides.",
    ),
    "record_ask_go": Text("签名发送", "Send it signed"),
    "record_instead": Text(
        "或申请案卷：由县里的领导批准，在这里下载",
        "Or ask for a package: a leader of the county approves it, and it is taken here",
    ),
    "record_fault": Text("请选择用途，写明文号。", "Choose a purpose and say the number of the document."),
    "record_not_yours": Text("只给申请人本人。", "It is for whoever asked for it alone."),
    "record_unsent": Text("还不知道县里是否收到", "not known to have arrived"),
    "record_waits": Text("等县里决定", "waits for the county"),
    "record_approved": Text("已批准（{by}）", "approved by {by}"),
    "record_refused": Text("不批准（{by}）", "refused by {by}"),
    "record_past": Text("已批准（{by}），一天已过", "approved by {by}, its day is over"),
    "record_rejected": Text("县里没有受理：", "not taken by the county:"),
    "city_ask": Text("向{county}调阅 {person} 的轨迹", "Ask {county} for the track of {person}"),
    "city_ask_of": Text("调阅 {person} 的轨迹", "Ask for the track of {person}"),
    "city_ask_lead": Text(
        "轨迹在县里，市里不存。写明事由和文书号后记入本市日志，再到该县值班台登录查看，那里也会记录。",
        "Tracks are the county's; the city keeps none. Why and by which document is written down here; then you log in"
        " at the county's desk, which writes down the look.",
    ),
    "city_ask_purpose": Text("事由", "Why"),
    "city_ask_document": Text("文书号", "Document"),
    "city_ask_missing": Text(
        "请写明事由（至少 4 个字符）和文书号。", "Say why, in 4 characters or more, and by which document."
    ),
    "city_ask_go": Text("记录并继续", "Write down and go on"),
    "city_asked": Text("已记入日志：{words}", "Written down: {words}"),
    "city_asked_go": Text("到该县值班台查看", "Look at it on the county's desk"),
    "city_asked_there": Text(
        "在新标签页打开，用您在该县的工号登录；事由已填好，由您在那里确认。",
        "It opens in a tab of its own: log in with your number of that county. The purpose is filled in, for you to"
        " confirm there.",
    ),
    "city_asked_phone": Text("没有该县值班台的地址，请电话联系。", "The address of its desk is not known: call."),
    "city_act": Text("督办", "Act"),
    "city_act_of": Text("督办 {person} 的{kind}", "Act on {kind} of {person}"),
    "city_act_title": Text("{county}：{kind}（{person}）", "{county}: {kind} ({person})"),
    "city_act_lead": Text(
        "送到该县网关，以您的市局工号（{who}）记入该县日志；该县回报后才算办成。位置和轨迹仍在县里。",
        "It goes to the county's gateway, which journals it with your number ({who}); it is done once the county says"
        " so. Places and tracks stay there.",
    ),
    "city_act_what": Text("操作", "What"),
    "city_act_note": Text("说明（督办、备注须写）", "Words (of an urging and a note)"),
    "city_act_missing": Text("请选择操作；督办和备注请写明内容。", "Choose what, and write what is urged or noted."),
    "city_act_none": Text(
        "该县不经消息流上报，或没有它的 act_key，不能从这里操作：请打电话，或用该县的工号登录其值班台。",
        "This county does not report by streams, or its act_key is not known: nothing can be done from here. Call, or"
        " log in at its desk with a number of that county.",
    ),
    "city_act_resolved": Text("该报警已办结，不再操作。", "This alarm is resolved: nothing is done about it any more."),
    "city_act_go": Text("记录并发送", "Write down and send"),
    "do_urge": Text("督办", "Urge"),
    "city_act_waiting": Text("待发送", "not sent yet"),
    "city_act_pending": Text("已发送，待该县回报", "sent, the county has not said so yet"),
    "city_act_done": Text("该县已记录", "the county has it"),
    "city_act_missed": Text("该县一直未回报，请打电话", "the county has not said so: call"),
    "city_back": Text("回到{county}", "Back to {county}"),
    "audit_kept": Text(
        "登录、账号和每次向县里调阅轨迹，都先记入日志的哈希链再继续；一直保存，不能删，改动必被发现。",
        "Logins, accounts and each track that was asked of a county stand in the journal's hash chain before anything"
        " goes on; kept for good, deleted by nobody, changed by nobody unseen.",
    ),
}
