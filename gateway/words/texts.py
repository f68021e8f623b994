"""The words of an alarm, in Chinese and English, as tables; ``gateway/words/alarm_text.py`` puts them together.

In this order: who, what, since when, how far, how sure, what else it may be, what to do by when, on which basis. A
lead, not a finding: no text says that somebody violated anything, none carries a name.
"""

from __future__ import annotations

from gateway.text import Text

__all__ = ["Text"]

SEVERITY = {
    "critical": Text("【紧急·待核实】", "URGENT, verify. "),
    "serious": Text("【重要·待核实】", "SERIOUS, verify. "),
    "warning": Text("【提醒】", "NOTICE. "),
    "info": Text("【信息】", "INFO. "),
}
CALL_FOR_HELP = Text("【紧急】", "URGENT. ")
"""A call for help is answered first and verified then."""
TO_THE_OPERATOR = {
    "critical": Text("【紧急·值班员】", "URGENT, to the operator. "),
    "serious": Text("【重要·值班员】", "SERIOUS, to the operator. "),
    "warning": Text("【提醒·值班员】", "NOTICE, to the operator. "),
    "info": Text("【信息·值班员】", "INFO, to the operator. "),
}
"""Of what is nobody's doing."""
WHO = Text("{who}", "{who}: ")
MEASURED = {
    "strap_cut": Text(
        "表带断开：腕带{onset_s}上报。{graded}{last}可能是拆除，也可能是卡扣或传感器故障。请立即致电；{deadline}"
        "设备自行恢复不算办结，须人工办结。",
        "strap reported open {onset_s}. {graded}{last}Removal, or a clasp or sensor fault. Call now; {deadline}"
        "A person must close it, even if the device heals.",
    ),
    "strap_glitch_suspected": Text(
        "表带疑似误报断开：腕带{onset_s}上报断开{closed_again}。{faults}此次未见移动，设备未报未贴身。{glitch_until}{last}"
        "可能是传感器故障，也可能是拆除。请致电核对佩戴；{deadline}须人工办结。",
        "strap perhaps open by a sensor fault: reported open {onset_s}{closed_again}. {faults}No movement and no loss of skin contact"
        " seen. {glitch_until}{last}A sensor fault, or removal. Call and have the fit checked; {deadline}A person must close it.",
    ),
    "strap_loose": Text(
        "表带松动：腕带{onset_s}上报。{last}可能是佩戴不当或传感器故障。请致电，核对佩戴情况。须人工办结。",
        "strap reported slack {onset_s}. {last}A poor fit or a sensor fault. Call and have the fit checked. A person must"
        " close it.",
    ),
    "case_open": Text(
        "外壳打开：腕带{onset_s}上报。{last}可能是拆动，也可能是磕碰或传感器故障。请立即致电；{deadline}须人工办结。",
        "case reported open {onset_s}. {last}Opened, or a knock or sensor fault. Call now; {deadline}A person must close it.",
    ),
    "off_body": Text(
        "未贴身：腕带{onset_s}上报。{last}可能是佩戴松或传感器故障。请致电，核对佩戴情况。须人工办结。",
        "no skin contact reported {onset_s}. {last}A loose fit or a sensor fault. Call and have the fit checked. A person"
        " must close it.",
    ),
    "sos": Text(
        "求助：{onset_s}按求助键。{last}{care}请立即回电；无人接请派员，危急时报110、120。可能误触，也须核实。须人工办结。",
        "emergency button pressed {onset_s}. {last}{care}Call back now; no answer: send someone, in danger call police or"
        " ambulance. May be a slip; verify. A person must close it.",
    ),
    "battery_low": Text(
        "电量低{battery}{lasts}。{told}请提醒充电。", "battery low{battery}{lasts}. {told}Remind to charge."
    ),
    "battery_critical": Text(
        "电量将尽{battery}{lasts_soon}，没电后不再有定位。{last}请立即致电，请其马上充电。",
        "battery nearly flat{battery}{lasts_soon}, and then there is no place any more. {last}Call now and"
        " ask to charge at once.",
    ),
    "battery_dead": Text(
        "多半已没电：{silent}此前设备报告电量将尽。{before}也可能无信号或故障，不表示已离开。请致电，请其充电；{deadline}",
        "battery probably flat: {silent}Before, it was nearly flat by its own report. {before}No signal or a fault is possible;"
        " not proof of leaving. Call and ask to charge; {deadline}",
    ),
    "power_off": Text(
        "腕带报告关机：{onset}上报。{last}可能是本人关机、误触，或没电自动关机；不表示已离开。请致电，请其开机；{deadline}",
        "the bracelet reports that it is being switched off {onset}. {last}By the wearer, by a slip, or by itself for want of charge;"
        " not proof of leaving. Call and ask to switch it on; {deadline}",
    ),
    "identity_changed": Text(
        "设备报告换了SIM卡：{onset}上报。{last}可能是维修换卡、卡松动重插或设备误报，也可能被人换过。请核对登记的号码和卡，必要时查看设备。须人工办结。",
        "the device reports another SIM card since {onset}. {last}A repair, a card put in anew, a false report, or somebody changed"
        " it. Compare number and card with the registers, and look at the device. A person must close it.",
    ),
    "restart": Text(
        "重新开机：{onset}恢复上报，此前（{off_from}）报告关机。其间没有数据。请留意，必要时问明原因。",
        "came up again {onset}, after it had reported ({off_from}) that it was being switched off. Nothing is known of the time"
        " between. Take note; ask why where that matters.",
    ),
    "comms_lost": Text(
        "{silent}{before}{why}可能没电、无信号或故障，不表示已离开。{told}请致电；{deadline}",
        "{silent}{before}{why}Flat, no signal or a fault; not proof of leaving. {told}Call; {deadline}",
    ),
    "shielding": Text(
        "疑似被屏蔽：{onset}起卫星和基站信号在几分钟内一起消失，随后失联{likely}；当时电量足够，此处平时有信号。可能是被包裹、进入没有信号的地方、"
        "被干扰，或基站故障；不表示已离开。{last}请致电；{deadline}",
        "perhaps shielded: satellites and cells faded together within minutes from {onset} on, and then it fell silent{likely};"
        " the battery was good, and the place usually has coverage. Wrapped, gone where nothing is heard, jammed, or a mast that"
        " failed; not proof of leaving. {last}Call; {deadline}",
    ),
    "location_lost": Text(
        "无法定位：{onset}起有数据{heard}，但{lasted}没有可用定位。{cells}{last}多在室内、地下或被遮挡，也可能被屏蔽或故障，不表示已离开。"
        "请致电核实所在，请其到窗边或室外。",
        "no usable place for {lasted}, though data come (since {onset}{heard}). {cells}{last}Mostly indoors, below ground or covered;"
        " shielded or a fault is possible; not proof of leaving. Call and ask where, and to go to a window or outside.",
    ),
    "clock_fault": Text(
        "设备时钟有误：{onset}起，已{lasted}。其间定位不可用，其余按收到时间计。{last}可能是故障或电池断电。请检修或更换设备。",
        "device clock wrong for {lasted} (since {onset}): its places cannot be used, all else goes by receipt. {last}A fault"
        " or a battery that ran out. Have the device repaired or replaced.",
    ),
    "phone_off": Text(
        "手机联系不上：运营商自{onset}起{answers}报关机或不在服务区，已{lasted}。{last}可能没电、欠费或无信号，不表示已离开；"
        "手机也不一定在本人身上。请换方式联系（家属、司法所）。",
        "phone unreachable: the carrier reports it off or out of reach{answers} since {onset} ({lasted}). {last}Flat, no credit or no"
        " signal; not proof of leaving, and the phone need not be with the person. Use another way.",
    ),
    "region_unauthorised": Text(
        "手机疑似在“{zone}”以外：{onset}起，{fixes}次运营商定位{far}{radius}{likely}。手机不一定在本人身上，基站定位也会有偏差。"
        "{leave}请先致电。",
        'phone probably outside "{zone}" since {onset}: {fixes} carrier answers{far}{radius}{likely}. The phone need not be with'
        " the person, and masts mislead. {leave}Call first.",
    ),
    "test": Text(
        "测试报警：{onset}由工作人员发出，用来核对报警能否送达。不涉及本人情况，不用处理。",
        "test alarm, sent {onset} by staff to see that alarms arrive. It says nothing of the wearer; nothing is to be done.",
    ),
    "drill": Text(
        "演练 DRILL：{onset}发出的报警演练，不是真实报警，不涉及任何人。请像真实报警一样接收，答复时间会记下。",
        "DRILL 演练: sent {onset}, no real alarm, about nobody. Acknowledge it as you would a real one; how soon you answer"
        " is kept.",
    ),
    "locate_timeout": Text(
        "立即定位（{onset}下达）无结果：{undelivered}。{last}可能没电、无信号或故障，不表示已离开。请致电。",
        "locate order of {onset} without result: {undelivered}. {last}Flat, no signal or a fault; not proof of leaving."
        " Call.",
    ),
    "mass_outage": Text(
        "{onset}起{silent_n}台同时失联（平时至多{usual}台）{silent_who}，多在{where}。可能是运营商、停电或本机网络，不是个人行为；不逐条报警。"
        "其间异常：{odd}。请检查线路和供电，联系运营商。",
        "{silent_n} silent at once since {onset} (usually {usual} at most){silent_who}, mostly {where}. Carrier, power or our own"
        " line, not the persons; not raised one by one. Odd ones among them: {odd}. Check line and power, ask the carrier.",
    ),
    "boundary_near": Text(
        "接近{boundary}“{zone}”的边界：{onset}起，距边界约{to_boundary}{radius}{likely}。没有越界，供参考。",
        'near the boundary of {boundary} "{zone}" since {onset}: about {to_boundary} from it{radius}{likely}. Nothing is crossed; for'
        " information.",
    ),
    "appointment_missed": Text(
        "{attendance}：应于{from}至{until}到“{zone}”{grace}{far}{radius}{likely}。可能是定位偏差、急事或改期。{leave}请核对签到记录并致电问明，须人工办结。",
        '{attendance}: due at "{zone}" {from}-{until}{grace}{far}{radius}{likely}. Position error, an emergency or another date is'
        " possible. {leave}Look at the visitors' book and call; a person must close it.",
    ),
    "protected_near": Text(
        "疑似{approach}受保护人{with}（禁止接近{within}以内）：{onset}起{likely}，双方位置的误差和时差均已计入。可能是路过、偶遇或定位偏差。"
        "请立即致电本人，并联系受保护人；{deadline}本报警不含双方位置，查看本人位置须在值班台按权限进行。",
        "probably {approach} protected {with} (barred within {within}) since {onset}{likely}, errors and ages of both places granted."
        " Passing by, chance or position error is possible. Call now, and call who is protected; {deadline}This notice has nobody's"
        " place: look the wearer's up at the desk.",
    ),
    "nights_out": Text(
        "疑似昼伏夜出：近{of}天有{nights}天夜间（22:00至6:00）半数以上时间判断在外、白天（8:00至18:00）半数以上时间判断在家（{hours}）；此前能判断的"
        "{usual_of}天中有{usual_nights}天如此，与平时不同。无法判断的时段不计。可能是夜班、照料家人、就医或定位偏差，不可据此认定。请了解情况，须人工办结。",
        "probably out by night and in by day on {nights} of the last {of} days: judged away for half of the night (22:00-06:00) or"
        " more and at home for half of the day (08:00-18:00) or more ({hours}); of the {usual_of} days before that could be judged"
        " {usual_nights} were so, so that it is unusual. Hours that nobody knows of do not count. A night shift, care for somebody, a"
        " hospital or position error is possible; not a finding. Find out; a person must close it.",
    ),
    "no_motion": Text(
        "腕带久未移动：{onset}起没有移动，其中白天（8:00至22:00）{still}，{still_by}。{last}可能是卧病、静养、设备放置未佩戴或传感器故障，不可据此认定。"
        "请致电问候，了解情况。",
        "bracelet not moved since {onset}, {still} of it in waking hours (08:00-22:00): {still_by}. {last}Illness, rest, a bracelet that"
        " lies somewhere or a faulty sensor is possible; not a finding. Call, ask how the wearer is, and find out.",
    ),
    "charge_missed": Text(
        "未按约充电：应在{until}前充到{least_percent}%，此前24小时内没有充电{battery}。{told}可能是停电、充电器故障或外出。请提醒充电。",
        "not charged as agreed: due at {least_percent} % by {until}, and not charged in the 24 hours before{battery}. {told}A power"
        " cut, a faulty charger or a day out is possible. Remind to charge.",
    ),
    "wearers_together": Text(
        "与{with}疑似在一起：{onset}起相距在{within}以内，已{lasted}{likely}，双方位置的误差和时差均已计入。可能是偶遇、同处一栋楼或定位偏差，"
        "不可据此认定。请了解情况。本报警不含双方位置。",
        "probably together with {with}: within {within} of each other since {onset} ({lasted}){likely}, errors and ages of both"
        " places granted. A chance meeting, one building or position error is possible; not a finding. Find out. This notice has"
        " nobody's place.",
    ),
    "authority_expiring": Text(
        "{authority}{document}于{last_day}到期（还有{days}天）。{review}请评估：不需要则及时解除；确需延长须另行批准。到期自动停止。",
        "{authority} {document} ends with {last_day} ({days} days). {review}Assess: lift it if not needed; an extension needs its"
        " own approval. It stops by itself.",
    ),
    "authority_ended": Text(
        "{authority}{document}已于{last_day}到期，定位已自动停止，而登记上设备仍由本人使用。请尽快取下并登记；确需继续须另行批准。须人工办结。",
        "{authority} {document} ended with {last_day}, and positioning has stopped by itself; by the registers the device is"
        " still in use. Take it off and register that; going on needs an approval of its own. A person must close it.",
    ),
    "entry_skipped": Text(
        "收到的一条数据网关未能处理（流水号{offset}）：原样保存，未据此作出任何判断；此后可能少一条报警。"
        "请技术人员查看；有疑问请致电本人。须人工办结。",
        "the gateway could not process one entry of its journal (offset {offset}). It is kept as it came and nothing was"
        " judged from it, so an alarm may be missing: have the log looked at, and call the wearer when in doubt. A person"
        " must close it.",
    ),
    "inclusion_exit": Text(
        "疑似离开“{zone}”：{onset}起{far}{trend}{radius}{likely}。{leave}可能是定位偏差或急事。请先致电；{deadline}",
        'probably outside "{zone}" since {onset}{far}{trend}{radius}{likely}. {leave}May be position error or an emergency.'
        " Call first; {deadline}",
    ),
    "exclusion_enter": Text(
        "疑似在禁入区“{zone}”：{onset}起，已{lasted}，{fixes}次定位{radius}{likely}。{home_near}可能是路过或在隔壁。"
        "请立即致电；{deadline}",
        'probably inside barred "{zone}" since {onset} ({lasted}): {fixes} fixes{radius}{likely}. {home_near}May be passing'
        " or next door. Call now; {deadline}",
    ),
    "exclusion_crossed": Text(
        "疑似穿过禁入区“{zone}”：{from}在一侧，{until}在另一侧，都不在区内。{no_way_round}{crossed}可能是乘车或步行路过，没有见到停留。"
        "{last}请询问去向和事由，不可据此认定。须人工办结。",
        'probably passed through barred "{zone}": on one side at {from}, on the other at {until}, at neither time inside.'
        " {no_way_round}{crossed}May be passing by road or on foot; no stay was seen. {last}Ask where to and why; not a"
        " finding. A person must close it.",
    ),
    "curfew_late": Text(
        "未按时在{zone}：{from}至{until}应在{zone}{grace}，{decided}判断不在{likely_}{last_in}。{now}{leave}可能是定位偏差或急事。"
        "请致电问明何时到；{deadline}",
        "due at {zone} {from}-{until}{grace}; judged away at {decided}{likely_}{last_in}. {now}{leave}May be position error or"
        " an emergency. Call and ask when; {deadline}",
    ),
    "curfew_early_leave": Text(
        "疑似夜间离开{zone}：{from}至{until}应在{zone}{last_in}，{onset}起判断不在{likely_}。{now}{leave}可能是急病或定位偏差。"
        "请致电；{deadline}",
        "probably left {zone} in the night: due there {from}-{until}{last_in}; judged away since {onset}{likely_}. {now}{leave}Illness or"
        " position error possible. Call; {deadline}",
    ),
    "curfew_absent": Text(
        "整夜未见在{zone}：{from}至{until}应在{zone}。判断不在{out}（{out_from}至{out_until}间），在{zone}{in}，无法判断{unknown}。"
        "{leave}{tried}可能是急病或定位偏差。请今日上午核实去向和原因，须人工办结。",
        "not seen at {zone} all night ({from}-{until}): away {out} (within {out_from}-{out_until}), there {in}, undetermined"
        " {unknown}. {leave}{tried}Illness or position error possible. Ask this morning; a person must close it.",
    ),
    "position_implausible": Text(
        "位置不可信：{onset}起{implausible}{likely}。可能是卫星信号受欺骗、接收机故障，或基站位置资料有误；这段时间的位置不能作为依据。"
        "{false_cell}{last}请致电核实所在，并检查设备。须人工办结。",
        "position not believable since {onset}: {implausible}{likely}. A false satellite signal, a faulty receiver, or a wrong"
        " entry in the table of cells; places of this time are no evidence. {false_cell}{last}Call and ask where, and have the"
        " device looked at. A person must close it.",
    ),
    "motion_no_gnss": Text(
        "移动中没有卫星定位：{onset}起{unseen}{likely}。可能是车内、隧道等遮挡，设备故障，也可能被干扰或包裹；不表示已离开。{false_cell}{last}"
        "请致电，请其到室外；仍无定位则检查设备。",
        "moving without satellite fixes since {onset}: {unseen}{likely}. A vehicle or tunnel, a fault, or a device that is jammed"
        " or wrapped; not proof of leaving. {false_cell}{last}Call and ask to go outside; still no fix: have the device looked at.",
    ),
    "jam_gnss": Text(
        "设备报告受到信号干扰：{onset}上报{likely}。可能是附近有干扰器，也可能是环境干扰或误报；其间位置可能缺失或不准。{false_cell}{last}"
        "请致电核实所在；{deadline}",
        "device reports jamming {onset}{likely}. A jammer near by, other interference or a false report; places of this time may"
        " be missing or wrong. {false_cell}{last}Call and ask where; {deadline}",
    ),
    "jam_cell": Text(
        "设备报告受到信号干扰，有卫星定位而听不到基站：{onset}上报{likely}。可能是附近有干扰器，也可能是无信号地区或误报。{false_cell}{last}"
        "请致电核实；{deadline}",
        "device reports jamming {onset}, with satellite fixes and no cell heard{likely}. A jammer near by, a place without"
        " coverage or a false report. {false_cell}{last}Call and verify; {deadline}",
    ),
    "phone_apart": Text(
        "手机与腕带疑似不在一处：{onset}起运营商{answers}把手机定位在腕带以外的地方{apart}{likely}，两者误差均已计入。可能是手机或腕带不在本人身上，"
        "也可能是基站定位偏差。{last}请致电本人，无人接再联系家属。",
        "phone and bracelet probably apart since {onset}: the carrier has placed the phone elsewhere than the"
        " bracelet{answers}{apart}{likely}, both errors granted. Either may not be with the person, or a mast misleads. {last}Call; no answer:"
        " ask the family.",
    ),
    "repeated_place": Text(
        "多夜停留同一处：近{of}夜有{nights}夜（{hours}）。{coordinates}{radius}。{registered}该处是什么场所未知，范围内有几处时也不能确定是哪一处。"
        "请白天实地核查，不可据此认定。须人工办结。",
        "same place {nights} of the last {of} nights ({hours}). {coordinates}{radius}. {registered}What the place is, and which one of"
        " several inside the circle, is unknown. Check on site by day; not a finding. A person must close it.",
    ),
}
CANARY = Text(
    "测试报警：{onset}由无人佩戴的设备自动发出，用来证明报警能够送达。不涉及任何人，不用处理。",
    "test alarm, sent {onset} by itself from a device that nobody wears, to show that alarms arrive. It is about nobody;"
    " nothing is to be done.",
)
LEAVE_PLACE = Text(
    "请假期间疑似不在请假地点“{zone}”：{onset}起{far}{trend}{radius}{likely}。{leave}可能在途、定位偏差或有急事。"
    "请先致电问明行程；{deadline}",
    'on leave, and probably not at "{zone}", for which it was given, since {onset}{far}{trend}{radius}{likely}. {leave}May'
    " be on the way, position error or an emergency. Call first and ask; {deadline}",
)
"""Of who is on leave and away from its place, instead of the kind's."""
OTHER = Text("于{onset}上报。请核实。", "reported at {onset}. Verify.")
FRAGMENTS = {
    "lasted_long": Text("{hours}小时{minutes:02d}分", "{hours} h {minutes:02d} min"),
    "lasted": Text("{minutes}分钟", "{minutes} min"),
    "lasted_short": Text("不到1分钟", "less than 1 min"),
    "metres": Text("{metres}米", "{metres} m"),
    "kilometres": Text("{kilometres}公里", "{kilometres} km"),
    "percent": Text("{percent}%", "{percent} %"),
    "most": Text("99%以上", "over 99 %"),
    "likely": Text("，可能性{percent}", ", {percent} likely"),
    "likely_": Text("（可能性{percent}）", " ({percent} likely)"),
    "battery": Text("（电量{percent}%）", " ({percent} %)"),
    "radius": Text("，误差约{metres}", ", ±{metres}"),
    "registered": Text("范围内登记的场所：{names}。", "Registered places inside the circle: {names}. "),
    "registered_kinds": Text(
        "范围内登记的场所：{counts}（{names}）。", "Registered places inside the circle: {counts} ({names}). "
    ),
    "deadline": Text("{time}前未核实请派员。", "send someone if not verified by {time}. "),
    "deadline_none": Text("联系不上请派员查看。", "no answer: send someone. "),
    "lasts": Text("，预计可用到{until}，上次充电到{charged}", ", lasts until about {until}, last charged until {charged}"),
    "lasts_soon": Text("，可能半小时内没电", ": it may last for half an hour"),
    "last": Text("最后位置：{place}{age}{radius}{battery}。", "Last place: {place}{age}{radius}{battery}. "),
    "last_none": Text("此前没有位置记录{battery}。", "No place known{battery}. "),
    "before": Text("失联前：{place}{age}{radius}{battery}。", "Before: {place}{age}{radius}{battery}. "),
    "before_none": Text("此前没有位置记录{battery}。", "No place known before{battery}. "),
    "called": Text(
        "受保护人求助：位置不写入报警，办结前可在值班台或用 where {person} 查看{battery}。",
        "A protected person asks for help: no place in this notice; until it is closed, the desk and where {person} have it{battery}. ",
    ),
    "erased": Text("位置已依令删除{battery}。", "Place erased by order{battery}. "),
    "place_erased": Text("位置已依令删除", "place erased by order"),
    "hidden": Text("位置不向本角色显示{battery}。", "The place is not for this role{battery}. "),
    "place_hidden": Text("位置不向本角色显示", "place not for this role"),
    "battery_then": Text("，电量{percent}%", ", battery {percent} %"),
    "age": Text("，{age}前定位", ", fix {age} old"),
    "age_now": Text("，刚定位", ", fix just taken"),
    "age_before": Text("，失联前{age}定位", ", fix {age} before"),
    "age_now_before": Text("，失联时刚定位", ", fix of that moment"),
    "at_home": Text("家中或家附近", "at or near home"),
    "from_home": Text("距家约{distance}（{way}）", "about {distance} {way} of home"),
    "outside": Text("疑似在“{zone}”外，", 'probably outside "{zone}", '),
    "inside": Text("疑似在禁入区“{zone}”内，", 'probably inside barred "{zone}", '),
    "far": Text("，在界外约{distance}（{way}）", ", about {distance} {way} of it"),
    "now": Text("现距{zone}约{distance}（{way}）{age}{radius}。", "Now about {distance} {way} of {zone}{age}{radius}. "),
    "away": Text("，正在远离", ", moving away"),
    "back": Text("，正在靠近", ", coming back"),
    "still": Text("，无明显移动", ", not moving away"),
    "tried": Text("已联系{count}次，最近一次{time}（{whom}，{result}）。", "Tried {count} times, last {time} ({whom}, {result}). "),
    "told": Text("已通知本人（{time}，{how}）。", "Wearer told {time}, {how}. "),
    "tried_none": Text("尚无联系记录。", "Nobody has been tried. "),
    "leave_none": Text("未登记请假。", "No leave registered. "),
    "leave_to_come": Text("已登记请假，{start}至{until}，尚未开始。", "Leave registered for {start}-{until}, not begun yet. "),
    "leave_late": Text("补录请假{start}至{until}，不撤回本报警。", "Leave {start}-{until} was entered afterwards and takes nothing back. "),
    "leave_place": Text("准假{start}至{until}，期间应在此处。", "On leave {start}-{until}, to be there meanwhile. "),
    "leave_beside": Text("请假{start}至{until}不含本规则。", "The leave {start}-{until} does not lift this rule. "),
    "leave_ended": Text("请假已于{time}结束。", "Leave ended {time}. "),
    "home_inside": Text("其住处在该处范围内。", "The home lies within it. "),
    "no_way_round": Text(
        "两次定位误差各按{error}算，这段时间里怎么走都要进到区内{depth}以上。",
        "With an error of {error} granted to both, whatever way there was in that time leads {depth} or more into it. ",
    ),
    "crossed": Text("此后又有{count}次，最近{time}。", "So it was {count} times more, last at {time}. "),
    "home_near": Text("其住处距该处约{distance}。", "The home is about {distance} from it. "),
    "grace": Text("，宽限{time}已过", ", grace {time} over"),
    "last_in": Text("；最后确认在{zone}是{time}", "; last there {time}"),
    "last_in_none": Text("；当晚未确认到过", "; not seen there tonight"),
    "was_in": Text("，{time}还在", ", there until {time}"),
    "silent": Text("失联{lasted}（{onset}后无数据）。", "silent {lasted} (nothing since {onset}). "),
    "never": Text(
        "自{time}发放以来从未上报，请核对设备。", "has not reported since it was assigned {time}; check the device. "
    ),
    "care": Text("照护代码：{codes}。", "Care: {codes}. "),
    "heard": Text("（最近{time}上报）", ", last {time}"),
    "cells_same": Text("其间基站片区未变。", "The network's area has stayed the same. "),
    "cells_other": Text("其间基站片区已变，可能已移动。", "The network's area has changed since: it may have moved. "),
    "expired": Text("指令未送达（设备不在线）", "not delivered, device off line"),
    "no_answer": Text(
        "指令已送达设备连接，{lasted}未回应", "delivered to the device's connection, no answer for {lasted}"
    ),
    "GCJ-02": Text("高德坐标（GCJ-02）{longitude},{latitude}", "GCJ-02 {longitude},{latitude}"),
    "BD-09": Text("百度坐标（BD-09）{longitude},{latitude}", "BD-09 {longitude},{latitude}"),
    "WGS-84": Text("GPS坐标（WGS-84）{longitude},{latitude}", "WGS-84 {longitude},{latitude}"),
    "and": Text("；", "; "),
    "was_kind": Text("原报“{before}”，现为“{now}”", 'now "{now}", before "{before}"'),
    "was_onset": Text("开始时间由{before}改为{now}", "it began {now}, not {before}"),
    "was_ended": Text("结束时间由{before}改为{now}", "it ended {now}, not {before}"),
    "not_ended": Text("原报{before}结束，实际尚未结束", "it is not over, though {before} was said"),
    "home": Text("家", "home"),
    "zone": Text("“{zone}”", '"{zone}"'),
    "gateway": Text("网关", "gateway"),
    "answers": Text("{count}次", " {count} times"),
    "apart": Text("，相距约{distance}", ", about {distance} away"),
    "implausible_heard": Text(
        "定位与同时听到的基站相距约{distance}（基站定位误差约{radius}）",
        "fixes lie about {distance} from where the cells heard with them put the bracelet (cells ±{radius})",
    ),
    "implausible_leap": Text(
        "定位突跳约{distance}，人到不了，而听到的基站没有变", "fixes leapt about {distance}, as nobody moves, and the cells heard stayed"
    ),
    "implausible_left": Text(
        "定位停在原处，而听到的基站已换到约{distance}以外",
        "fixes stay where they were, and the cells heard have gone about {distance} away",
    ),
    "implausible_jumps": Text(
        "出现{count}次人到不了的跳点（最远{distance}）", "{count} jumps that nobody can make (up to {distance})"
    ),
    "implausible": Text("所报位置互相矛盾", "the places reported contradict each other"),
    "why_flat": Text("电量已很低，多半是没电。", "The battery was nearly flat, which is the likely reason. "),
    "why_off": Text("失联前设备报告关机。", "Before, the bracelet reported that it was being switched off. "),
    "why_shielded": Text(
        "失联前卫星和基站信号一起消失，而此处平时有信号：也可能被屏蔽。",
        "Satellites and cells faded together before, where there usually is coverage: it may be shielded. ",
    ),
    "why_coverage": Text(
        "失联前卫星和基站信号一起消失；此处是否平时有信号还不清楚，可能只是进了没有信号的地方。",
        "Satellites and cells faded together before; whether the place has coverage is not known, it may lie where nothing is"
        " heard. ",
    ),
    "unseen": Text("一直没有卫星定位", "no fix in all that time"),
    "unseen_heard": Text(
        "一直没有卫星定位，而听到的基站已换到约{distance}以外", "no fix, while the cells heard have moved about {distance}"
    ),
    "unseen_unheard": Text(
        "卫星和基站都收不到，再次定位时已在约{distance}以外",
        "neither satellites nor cells, and the next fix was about {distance} away",
    ),
    "in_carrier": Text("{carrier}（{name}）", "carrier {carrier} ({name})"),
    "in_area": Text("{carrier}基站片区（{name}）", "network area {name} of {carrier}"),
    "in_office": Text("{name}", "office {name}"),
    "in_all": Text("各处", "everywhere"),
    "odd_one": Text("{person}（{word}）", "{person} ({word})"),
    "odd_more": Text("等{count}人", " and others, {count} in all"),
    "odd_none": Text("无", "none"),
    "silent_who": Text("：{people}", ": {people}"),
    "silent_run": Text("{first}至{last}", "{first} to {last}"),
    "listed": Text("、", ", "),
    "false_cell": Text("设备还报告附近有伪基站。", "The device also reports a false base station. "),
    "attendance_missed": Text("未见按约到场", "not seen at an appointment"),
    "attendance_undetermined": Text(
        "无法判断是否按约到场（其中{unknown}没有可用位置，不计为未到）",
        "not known whether at an appointment (no usable place for {unknown}; not counted as missed)",
    ),
    "still_by_word": Text(
        "平时会上报移动的设备其间没有上报", "the device, which tells of movement as a rule, has told of none"
    ),
    "still_by_scatter": Text("各次定位几乎没有差别", "its fixes hardly differ"),
    "still_by": Text("没有移动迹象", "no sign of movement"),
    "attendance": Text("按约到场情况不明", "an appointment"),
    "boundary_allowed": Text("允许范围", "the allowed area"),
    "boundary_barred": Text("禁入区", "the barred"),
    "boundary": Text("区域", "the area"),
    "approach_near": Text("已接近", "near"),
    "approach_coming": Text("正接近", "coming towards"),
    "approach_fast": Text("正快速接近", "coming fast towards"),
    "approach": Text("接近", "near"),
    "authority_consent": Text("受保护人的同意书", "consent to be located"),
    "authority_bracelet": Text("电子定位依据", "authority for the bracelet"),
    "authority_phone_check": Text("手机核查依据", "authority for phone checks"),
    "authority": Text("定位依据", "authority"),
    "review": Text("每30天复核，最近一次应于{day}完成。", "Each 30 days it is reviewed, last due {day}. "),
    "unknown": Text("未知", "unknown"),
}  # fmt: skip
CLOSER = Text(
    "（{closer_reports}已要求腕带缩短上报间隔）", " (The bracelet was asked at {closer_reports} to report more often.)"
)
RETROSPECTIVE = Text("（补传：{onset}的情况，{received}才收到）", " (Late data: of {onset}, received {received}.)")
AGAIN = Text("又上报，共{times}次，最近{again}。", "Reported again, {times} times in all, last {again}. ")
BASIS = Text("依据：{basis}。", " Basis: {basis}.")
LATE_LEAVE = Text(
    "{leave_entered}补录请假，报警发生时未登记：不撤回本报警，须由负责人核实。",
    "Leave was entered at {leave_entered}, after the alarm had begun: it takes nothing back, and a leader has to look at it. ",
)
REMOVED = Text(
    "经批准取下腕带（{removal}），至{removal_until}；到时未戴回再报警。",
    "The bracelet is off with leave ({removal}) until {removal_until}; if it is not back by then it is an alarm. ",
)
BACK_ON = Text(
    "取下已于{removal_over}到期，腕带已戴回，不再报告该情况。",
    "The leave to take it off ended {removal_over}; the bracelet says so no more. ",
)
NOT_BACK = Text(
    "经批准取下已于{removal_over}到期，腕带仍未戴回。",
    "The leave to take it off ended {removal_over}, and the bracelet is not back. ",
)


REMOVALS = {
    "hospital": Text("住院", "hospital"), "examination": Text("检查", "examination"), "repair": Text("维修", "repair"),
}  # fmt: skip
CARE = {"female_officer": Text("需女工作人员", "female officer"), "guardian": Text("有监护人", "guardian")}
"""Care codes that have a meaning here; the others are shown as they are."""
