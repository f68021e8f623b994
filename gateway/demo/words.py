"""Words of the demo's screen, in both languages."""

from __future__ import annotations

from gateway.words.texts import Text

WORDS = {
    "title": Text("电子腕带网关 · 演示", "bracelet-gateway · demo"),
    "unresolved": Text("未办结报警", "unresolved alarms"),
    "platform": Text("市平台收到", "received by the platform"),
    "more": Text("……另有 {count} 条", "... and {count} more"),
    "clock": Text("时间", "time"),
    "connected": Text("在线腕带", "on line"),
    "silent": Text("失联", "silent"),
    "journaled": Text("已入账帧", "frames journaled"),
    "journaled_reports": Text("已入账报告（去重）", "reports journaled, each once"),
    "desk": Text("值班台", "duty desk"),
    "raised": Text("本网关报警", "our alarms"),
    "true": Text("真实事件", "true events"),
    "naive": Text("若按原始定位点判断会报", "naive point-in-polygon would raise"),
    "device_bit": Text("设备状态位", "device bits"),
    "down": Text("（网关未运行）", "(gateway down)"),
    "summary": Text("统计", "summary"),
    "made": Text("腕带产生的报告", "reports made by the bracelets"),
    "sent": Text("发出（含重发）", "sent, repeats included"),
    "acknowledged": Text("已确认", "acknowledged"),
    "kept": Text("尚存于腕带", "still kept by the bracelets"),
    "expected": Text("应报", "alarms expected"),
    "found": Text("已报中", "found"),
    "received": Text("平台收到的报警", "alarms received by the platform"),
    "missing": Text("漏报", "missing"),
    "false": Text("误报", "false"),
    "doubled": Text("重复", "doubled"),
    "not_occurred": Text("未出现的种类", "kinds that did not occur"),
}
CHANGES = {
    "raised": Text("新报警", "raised"),
    "updated": Text("更新", "updated"),
    "cleared": Text("恢复", "cleared"),
    "acknowledged": Text("接收", "acknowledged"),
    "closed": Text("办结", "closed"),
    "disputed": Text("有异议", "objected to"),
    "examined": Text("标记原因", "cause marked"),
    "retracted": Text("撤回", "taken back"),
}
"""What became of an alarm, as the last part of a message's type says it."""
