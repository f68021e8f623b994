"""Words of the demo's screen, in both languages."""

from __future__ import annotations

WORDS = {
    "zh": {
        "title": "电子腕带网关 · 演示", "unresolved": "未办结报警", "platform": "市平台收到", "clock": "时间",
        "connected": "在线腕带", "silent": "失联", "journaled": "已入账帧", "journaled_reports": "已入账报告（去重）", "raised": "本网关报警", "true": "真实事件",
        "naive": "若按原始定位点判断会报", "down": "（网关未运行）", "summary": "统计", "made": "腕带产生的报告",
        "sent": "发出（含重发）", "acknowledged": "已确认", "kept": "尚存于腕带", "expected": "应报", "found": "已报中",
        "received": "平台收到的报警", "missing": "漏报", "false": "误报", "doubled": "重复", "not_occurred": "未出现的种类",
    },
    "en": {
        "title": "bracelet-gateway · demo", "unresolved": "unresolved alarms", "platform": "received by the platform",
        "clock": "time", "connected": "bracelets on line", "silent": "silent", "journaled": "frames journaled",
        "journaled_reports": "reports journaled, each once",
        "raised": "our alarms", "true": "true events", "naive": "naive point-in-polygon would raise", "down": "(gateway down)",
        "summary": "summary", "made": "reports made by the bracelets", "sent": "sent, repeats included",
        "acknowledged": "acknowledged", "kept": "still kept by the bracelets", "expected": "alarms expected",
        "found": "found", "received": "alarms received by the platform", "missing": "missing", "false": "false",
        "doubled": "doubled", "not_occurred": "kinds that did not occur",
    },
}  # fmt: skip
