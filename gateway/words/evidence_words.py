"""The words of an evidence file, in Chinese and English: its headings, and what it says of itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gateway.words.texts import Text

if TYPE_CHECKING:
    from collections.abc import Mapping

TITLE: Final = Text("报警 {alarm} 的证据", "Evidence of alarm {alarm}")
MARK: Final = Text(
    "只供{to}：{purpose}。文号 {document}；{by} 制作，{approved_by} 批准；截至 {at}。不得转交，用后即删。",
    "For {to} alone: {purpose}. Document {document}; made by {by}, approved by {approved_by}, as of {at}. Not to be"
    " handed on, to be deleted after use.",
)
LEAD: Final = Text(
    "这是线索，不是认定：位置有误差，由人核实、由机关认定。原始记录、链的证明、制作时的数据都在本文件内。",
    "A lead, not a finding: places have errors, persons verify, authorities decide. The entries as they came, the proof"
    " by the chain and all data are in this file.",
)
CHECK: Final = Text(
    "核验：python verify.py 本文件；可加 --head（网关心跳中上报的链）、--digest（移交时的总摘要）。轨迹和可能性由原始记录推算，"
    "可用网关的 replay、explain 重算。",
    "To check it: python verify.py FILE, with --head (the chain as the gateway's heartbeat told it) and --digest (as handed"
    " over). Track and likelihood follow from the entries, and are worked out anew by the gateway's replay and explain.",
)
OTHERS: Final = Text(
    "不含他人的记录；涉及他人的内容只留摘要。人员只用编号。",
    "Nobody else's entries are in it; of what concerns others the digest alone. People are ids.",
)
SOMEBODY: Final = "（另一人 somebody else）"
"""In place of another person's id."""
TO: Final[Mapping[str, Text]] = {
    "police": Text("公安机关", "the police"), "procuratorate": Text("检察机关", "the procuratorate"),
    "court": Text("人民法院", "the court"), "prison": Text("监狱", "the prison"),
}  # fmt: skip
PURPOSES: Final[Mapping[str, Text]] = {
    "search": Text("查找本人", "to find the wearer"),
    "penalty": Text("提请处罚或收监执行", "to propose a penalty or a recall"),
    "supervision": Text("检察监督", "procuratorial supervision"),
}
CASE_TO: Final[Mapping[str, Text]] = {**TO, "city": Text("市级社区矫正机构", "the city's agency")}
"""Who gets a package of one case: those whom a county hands it to, and the city, which asks for it."""
ASKED_FOR: Final = ("search", "penalty")
"""Of the purposes those for which a city asks: a case of its own doing."""
EXPORT_TO: Final[Mapping[str, Text]] = {**TO, "wearer": Text("本人", "the wearer")}
EXPORT_PURPOSES: Final[Mapping[str, Text]] = {
    **PURPOSES,
    "own_record": Text("查阅本人记录", "a copy of one's own record"),
}
DATABASE_TO: Final[Mapping[str, Text]] = {
    "auditor": Text("审计", "the auditor"), "procuratorate": TO["procuratorate"],
    "statistics": Text("统计", "statistics"),
}  # fmt: skip
DATABASE_PURPOSES: Final[Mapping[str, Text]] = {
    "audit": Text("审计", "an audit"), "supervision": PURPOSES["supervision"], "statistics": Text("统计", "statistics"),
}  # fmt: skip
TABLES: Final[Mapping[str, Text]] = {
    "made": Text("移交", "Handing over"),
    "alarm": Text("报警", "The alarm"),
    "text": Text("报警内容", "What the alarm says"),
    "map": Text("位置图", "Drawn map"),
    "history": Text("处理过程", "What was done"),
    "acts": Text("处理（有原始记录证明）", "Acts, each with its entry"),
    "versions": Text("当时生效的版本", "Versions in force then"),
    "explained": Text("判断的依据，逐次定位", "The evidence, fix by fix"),
    "curve_zh": Text("可能性曲线", "Likelihood, in Chinese"),
    "curve_en": Text("可能性曲线（英文）", "Likelihood, in English"),
    "track": Text("融合轨迹", "Fused track"),
    "decoded": Text("报文解码", "Frames decoded"),
    "presence": Text("是否在规定地点", "Presence where it was due"),
}
NOTES: Final[Mapping[str, Text]] = {
    "track": Text(
        "坐标系 {datum}；误差内含真实位置的可能性约95%。",
        "Coordinates {datum}; the error holds the true place in about 95 of 100 cases.",
    ),
    "decoded": Text(
        "坐标系 WGS-84；“推算”是由基站、WiFi 推算的位置。",
        "Coordinates WGS-84; heard: the place reckoned from masts and WiFi.",
    ),
}
HEADS: Final[Mapping[str, Text]] = {
    "item": Text("项目", "item"), "value": Text("内容", "value"), "entry": Text("序号", "entry"),
    "time": Text("时间", "time"), "by": Text("谁", "by"), "what": Text("做什么", "what"), "note": Text("说明", "note"),
    "outcome": Text("结论", "outcome"), "verified": Text("如何核实", "verified by"), "zh": Text("中文", "Chinese"),
    "en": Text("英文", "English"), "kind": Text("种类", "kind"), "version": Text("版本", "version"),
    "device": Text("设备", "device"), "longitude": Text("经度", "longitude"), "latitude": Text("纬度", "latitude"),
    "radius": Text("误差（米）", "error, m"), "speed": Text("速度（公里/时）", "speed, km/h"),
    "source": Text("来源", "source"), "judged": Text("判断", "judged"), "received": Text("收到", "received"),
    "accuracy": Text("自报精度（米）", "accuracy it states, m"), "satellites": Text("卫星数", "satellites"),
    "battery": Text("电量%", "battery %"), "flags": Text("标志", "flags"), "heard": Text("推算", "heard"),
    "rule": Text("规则", "rule"), "zone": Text("区域", "zone"), "from": Text("自", "from"), "until": Text("至", "until"),
    "state": Text("状态", "state"),
}  # fmt: skip
ITEMS: Final[Mapping[str, Text]] = {
    "to": Text("接收机关", "recipient"), "purpose": Text("用途", "purpose"), "document": Text("文号", "document"),
    "by": Text("制作人", "made by"), "approved_by": Text("批准人", "approved by"), "at": Text("截至", "as of"),
    "county": Text("县", "county"), "window": Text("所含时段", "time that it covers"),
    "engine": Text("制作所用的判断版本", "engine that worked it out"),
    "id": Text("报警编号", "alarm"), "kind": Text("种类", "kind"), "person": Text("对象编号", "person"),
    "device": Text("设备", "device"), "office": Text("司法所", "office"), "rule": Text("规则", "rule"),
    "basis": Text("依据", "Basis"), "authority": Text("定位授权文书", "authority"), "zone": Text("区域", "zone"),
    "onset": Text("开始", "began"), "decided": Text("判断", "decided"), "received": Text("收到", "received"),
    "ended": Text("结束", "ended"), "place": Text("位置", "place"), "likelihood": Text("可能性", "likely"),
    "closed": Text("办结", "closed"), "outcome": Text("结论", "outcome"),
}  # fmt: skip
PRESENCE: Final[Mapping[str, Text]] = {
    "home": Text("在", "there"), "not_home": Text("判断不在", "judged away"), "unknown": Text("无法判断", "undetermined"),
}  # fmt: skip
VERSIONS: Final[Mapping[str, Text]] = {
    "start": Text("网关", "the gateway"), "configuration": Text("规则和登记（摘要）", "rules and registers, by digest"),
    "towers": Text("基站库（摘要）", "table of masts, by digest"),
}  # fmt: skip
"""By kind of entry."""
EVIDENCE_PHRASES: Final[Mapping[str, Text]] = {
    "evidence_written": Text(
        "已写入 {path}（{entries} 条记录）。总摘要（请写进移交文书）：{digest} {whole}",
        "{path} written, {entries} entries. The digest over all parts, to be written on the document that it goes with:"
        " {digest} {whole}",
    ),
    "evidence_exists": Text(
        "{path} 已存在；证据文件不覆盖，请换一个名字",
        "{path} is there already, and is not written over: take another name",
    ),
    "evidence_unwritable": Text("写不了 {path}（{cause}）", "{path} cannot be written: {cause}"),
    "evidence_closed": Text(
        "账号 {account} 不能读 {path}；请用网关的账号运行（sudo -u bracelet-gateway）",
        "account {account} may not read {path}: run it under the gateway's own (sudo -u bracelet-gateway)",
    ),
    "evidence_nobody": Text(
        "报警 {alarm} 不是某一个人的（{kind}），没有可移交的证据；请用 alarms show",
        "alarm {alarm} ({kind}) is of no one person: there is no evidence to hand over; see alarms show",
    ),
    "evidence_choice": Text("{option} “{value}”不在可选之列：{allowed}", "{option} {value!r} is none of {allowed}"),
    "evidence_words": Text("{option} 不能空着", "{option} has to say something"),
    "evidence_approver": Text(
        "批准人 {number} 须是另一人，并在 staff 中有 leader 角色",
        "{number} may not approve it: another person, of role leader",
    ),
    "evidence_minor": Text(
        "{person} 是未成年人，默认不移交；确有必要时加 --minor",
        "{person} is a minor, of whom nothing is handed over by default: with --minor where it is needed",
    ),
    "evidence_protected": Text(
        "{person} 是受保护人，位置不移交", "{person} is protected, and no place of theirs is shown"
    ),
    "evidence_over": Text(
        "{person} 矫正期已满，位置不再显示；案件需要保存的，须有 holds 中的文书",
        "the term of {person} is over, and nothing is shown any more; for a case that is kept for, holds names its document",
    ),
    "evidence_early": Text(
        "--at {at} 早于报警的最后一次变化（{last}）；请写更晚的时间，或不写",
        "--at {at} lies before the alarm's last change ({last}): give a later time, or none",
    ),
    "export_written": Text(
        "已写入 {path}（{fixes} 次定位，{alarms} 条报警）", "{path} written (fixes: {fixes}, alarms: {alarms})"
    ),
    "database_written": Text(
        "{path}：{alarms} 条报警及其处理、统计；受保护人、未成年人等未列入的 {left} 条",
        "{path}: {alarms} alarms with acts and counts; {left} of protected people and minors were left out",
    ),
    "database_office": Text(
        "{number} 只能看本所的人员；全县的由领导、审计或检察人员导出",
        "{number} sees the people of an office alone: a leader, auditor or procurator exports the county's",
    ),
    "database_places": Text(
        "--places（位置）只能给 {allowed}，不能给 {to}；请去掉 --places",
        "--places is for {allowed} alone, not for {to}: leave it out",
    ),
    "export_form": Text("{path}：文件名须以 {allowed} 之一结尾", "{path}: the name has to end in one of {allowed}"),
    "export_times": Text(
        "从 {since} 到 {until} 没有可导出的时间", "there is no time from {since} to {until} to be exported"
    ),
    "evidence_gone": Text(
        "报警 {alarm} 的原始记录已过保存期限，不在日志中",
        "the entries of alarm {alarm} are past their days, and gone from the journal",
    ),
}
"""Said by the command."""
