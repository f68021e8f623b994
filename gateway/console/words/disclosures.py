"""Packages of one case at the desk: asked for, approved by a second person, taken."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gateway.words.evidence_words import PURPOSES, TO
from gateway.words.texts import Text

if TYPE_CHECKING:
    from collections.abc import Mapping

DISCLOSURES: Final[Mapping[str, Text]] = {
    "disclosures": Text("案件材料", "Case packages"),
    "disclosures_what": Text(
        "向公安、检察、法院、监狱逐案提供材料：一人申请，负责人（另一人）批准，一天内下载。每一步记入审计，每一页带水印；任何机关都没有长期查看权。",
        "Packages for police, procuratorate, court and prison, case by case: one person asks, a leader, who is another,"
        " approves, and it is taken within a day. Each step stands in the audit log, each page is watermarked; nobody"
        " has standing access.",
    ),
    "disclosures_ask": Text("申请", "Ask for one"),
    "disclosures_listed": Text("近 30 天的申请", "Asked for in the last 30 days"),
    "disclosures_none": Text("没有申请。", "None was asked for."),
    "disclosure_person": Text("对象编号", "Person"),
    "disclosure_since": Text("自", "From"),
    "disclosure_until": Text("至（不写为现在）", "Until (empty: now)"),
    "disclosure_times": Text("时间", "Time"),
    "disclosure_recipient": Text("接收机关", "Recipient"),
    "disclosure_purpose": Text("用途", "Purpose"),
    "disclosure_document": Text("文号", "Document"),
    "disclosure_places": Text("含位置和轨迹", "With places and tracks"),
    "disclosure_places_hint": Text(
        "给检察机关的，除非来文要求，不含位置。",
        "For the procuratorate without places, unless its document asks for them.",
    ),
    "disclosure_minor": Text("未成年人：移交理由", "Of a minor: why it is needed"),
    "disclosure_minor_hint": Text("本人不是未成年人的不填。", "Left empty where the person is none."),
    "disclosure_submit": Text("提交申请", "Ask"),
    "disclosure_asked": Text("已提交，等待负责人批准。", "Asked for; a leader, who is another person, approves it."),
    "disclosure_by": Text("申请人", "Asked by"),
    "disclosure_state": Text("状态", "State"),
    "disclosure_waits": Text("待批准", "waits for approval"),
    "disclosure_approved": Text("{by} 于 {at} 批准", "approved by {by} {at}"),
    "disclosure_refused": Text("{by} 于 {at} 不予批准", "refused by {by} {at}"),
    "disclosure_past": Text("，已过下载时限", "; its day is over"),
    "disclosure_approve": Text("批准", "Approve"),
    "disclosure_refuse": Text("不批准", "Refuse"),
    "disclosure_take": Text("下载", "Download"),
    "disclosure_with": Text("含位置", "with places"),
    "disclosure_without": Text("不含位置", "without places"),
    "recipient_city": Text("市级社区矫正机构（签名申请）", "the city's agency (signed request)"),
    "city_refused_asks": Text(
        "市级值班台的申请，自启动以来拒收：", "Requests of the city's desk refused since the start:"
    ),
    "city_ask_unsigned": Text("签名不对", "no right signature"),
    "city_ask_old": Text("不是五分钟以内签的", "not signed within these five minutes"),
    "city_ask_replayed": Text("重复发送", "sent before"),
    "city_ask_malformed": Text("格式不对", "not readable"),
    "city_ask_foreign": Text("问的是别的县", "asked of another county"),
    "city_ask_other_city": Text("不是本县登记的市", "of a city that is not this county's"),
    "city_ask_fault_times": Text(
        "时间有误：自早于至，不晚于现在，不早于位置的保存期。",
        "The times do not fit: from before until, not later than now, and no longer ago than places are kept.",
    ),
    "city_ask_fault_long": Text(
        "时间太长，超过本县允许的一次最长时间。", "Too long a time for this county to give at once."
    ),
    "city_ask_fault_purpose": Text("用途不在允许之列。", "Not a purpose for which a city may ask."),
    "city_ask_fault_letter": Text(
        "这名对象的材料不按申请提供，请发函向县里调取。",
        "Of this person nothing is given so: ask the county by letter.",
    ),
    "disclosure_fault_person": Text("没有这个对象编号。", "There is no such person."),
    "disclosure_fault_times": Text(
        "时间有误：写作 2026-11-02 22:30，自早于至，最多 31 天。",
        "The times do not fit: as 2026-11-02 22:30, from before until, 31 days at most.",
    ),
    "disclosure_fault_choice": Text("请选择接收机关和用途。", "Choose recipient and purpose."),
    "disclosure_fault_document": Text("请写明文号。", "Say the number of the document."),
    "disclosure_fault_decided": Text(
        "不能由申请人自己批准，或已经有人处理过。", "Nobody decides on his own, or somebody has decided it before."
    ),
    "disclosure_fault_gone": Text(
        "没有可下载的材料：未批准，或已过一天。", "There is nothing to be taken: not approved, or its day is over."
    ),
    **{f"recipient_{name}": said for name, said in TO.items()},
    **{f"case_{name}": said for name, said in PURPOSES.items()},
}
