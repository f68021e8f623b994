"""What has to be read at the desk, by language: patterns, for figures are computed and no copies."""

WORDS = {
    "zh": {
        "none": "未办结 0", "taken": "D01 已接收", "late": "未按时在家", "far": r"距家约3\.[1-3]公里（东南）",
        "no_leave": "未登记请假", "left": "核实时限还有",
        "no_answer": "D01 联系本人：未接", "reached": "D01 联系本人：接通", "agreed": "约定22:45 到家",
        "not_met": "约定时间已到，判断仍不在家", "given": "交办 S01",
        "strap": "表带断开", "at_home": "在家中或家附近", "radius": r"误差约\d+米", "age": r"刚定位|分钟前定位",
        "table": "地图内容的文字表格", "gap": "没有数据", "audit": "查看记录", "number": "联系方式", "place": "位置",
        "refused": "已拒绝", "forbidden": "无权查看",
        "repeated": "多夜停留同一处",
        "need_note": "不能空着",
        "visit": "约定08:30 上门", "silent": "失联", "flat": "不表示已离开", "battery": "电量8%",
        "back": "已恢复 07:12，仍须办结", "data_came": "约定时间已到，设备已上报",
        "night": "整夜未见在家", "finding": "不可据此认定", "three": "近5夜有3夜",
    },
    "en": {
        "none": "Unresolved: 0", "taken": "Taken by D01", "late": "not home in time",
        "far": r"about 3\.[1-3] km south-east",
        "no_leave": "No leave registered", "left": "left to verify",
        "no_answer": "D01 tried the wearer: no answer", "reached": "D01 tried the wearer: reached",
        "agreed": "agreed for 22:45: home", "not_met": "still judged away from home", "given": "S01",
        "strap": "strap open", "at_home": "at or near home", "radius": r"±\d+ m", "age": r"fix just taken|min old",
        "table": "What the map shows, as a table", "gap": "no data for",
        "audit": "Who looked at what", "number": "Telephone number", "place": "Place",
        "refused": "refused", "forbidden": "Not for you to see",
        "repeated": "same place night after night",
        "need_note": "note", "visit": "agreed for 08:30: a visit", "silent": "silent", "flat": "not proof of leaving",
        "battery": "battery 8 %", "back": "Ended 07:12, still to be closed", "data_came": "the device has reported",
        "night": "not seen at home all night", "finding": "not a finding", "three": "3 of the last 5 nights",
    },
}  # fmt: skip
