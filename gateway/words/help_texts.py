"""Chinese of what `--help` says, by its English."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gateway.words.texts import Text

if TYPE_CHECKING:
    from collections.abc import Mapping

PANELS: Final[Mapping[str, Text]] = {
    "argument": Text("参数", "Arguments"),
    "option": Text("选项", "Options"),
    "command": Text("命令", "Commands"),
}
CHINESE: Final[Mapping[str, str]] = {
    # commands
    "Write a commented small county to start from.": "写出一个带注释的小县，由此开始配置。",
    "Validate a configuration; every fault as file:line:column: message.": "检查配置；每处错误写明 文件:行:列 和应写的内容。",
    "Run the daemon until it is told to stop.": "运行网关，直到被要求停止。",
    "Frames in, a hexadecimal line each; JSON out, a line each. Never dies of a frame.": "输入数据帧，每行一帧（十六进制）；输出 JSON，每行一条。任何帧都不会使它中断。",
    "Run history through the same engine: a journal, a capture of frames, or a table of fixes.": "用历史数据再走一遍同样的判断：日志、抓取的数据帧或定位表。",
    "After damage that no backup mends: keep what can be read, say what is lost, make state.db anew.": "损坏又没有备份时：保留读得出的，写明丢失的，重建 state.db。",
    "Walk the journal's hash chain; the first bad entry is named by its offset, and the exit code is 1.": "核对日志的哈希链；指出第一条不符的，退出码 1。",
    "Show what is stored: tables of state.db and of the journal, their rows, sizes, versions; nothing is changed.": "查看存储的内容：state.db 和日志各文件的表、行数、大小、版本；不改动任何文件。",
    "Copy journal, state.db and secret while the gateway runs, and walk the copy's hash chain.": "网关运行时复制日志、state.db 和 secret，并核对副本的哈希链。",
    "What the running daemon says of itself; exit code 3 while something is broken.": "网关的运行情况；有故障时退出码 3。",
    "Gateway, 60 bundled bracelets and a local broker in one command.": "一条命令演示：网关、60 只模拟腕带和本机消息服务器。",
    "Give a device an order: locate, interval, text and others, as its protocol has them.": "给设备下指令：locate、interval、text 等，依其协议而定。",
    "Show where a person was last found: place, radius, age, source, and which zones it is in.": "查看一个人的最后位置：地点、误差、多久以前、来源、在哪些区域内。",
    "As in people.csv.": "与 people.csv 中相同。",
    "Show where a person was, worked out anew from the journal; a table unless a format is asked for.": "查看一个人去过哪里，由日志重新算出；不指定格式时显示表格。",
    "Local time of the county, for example 2026-11-02 08:00.": "本县当地时间，例如 2026-11-02 08:00。",
    "The same; default: now.": "同上；不写即到现在。",
    "A line a fix, in the datum of the county's maps.": "每次定位一行，坐标系与本县地图相同。",
    "GPX 1.1, WGS-84.": "GPX 1.1，坐标系为 WGS-84。",
    "GeoJSON, WGS-84.": "GeoJSON，坐标系为 WGS-84。",
    "One page with a drawn map.": "一个带地图的页面。",
    "Show all of an alarm: what it says, its place, the notes, and where its evidence stands.": "查看一条报警的全部内容：文字、位置、备注、证据所在。",
    "Who does it, by staff number; default: whom the account belongs to.": "操作人的工号；不写即账号所属的人。",
    "Of maintenance: why; a second person confirms it.": "维护类指令的原因；须由另一人确认。",
    "Confirm maintenance that somebody else has asked for.": "确认别人申请的维护类指令。",
    "As the one who gave it was told.": "与下达时显示的编号相同。",
    "Do not ask again.": "不再询问。",
    "List alarms, oldest first.": "列出报警，最早的在前。",
    "Acknowledge an alarm: somebody is looking into it.": "接收报警：有人在处理。",
    "Close an alarm with an outcome and a note: the only finding there is.": "办结报警，须有结果和说明：只有它才是结论。",
    "Add a note to an alarm.": "给报警加备注。",
    "Send again the messages that are set aside (see status).": "再次发送搁置的消息（见 status）。",
    "List orders that have not ended, oldest first.": "列出尚未结束的指令，最早的在前。",
    "Cancel an order; what has gone out to the device cannot be called back.": "取消指令；已发给设备的收不回来。",
    "List unknown terminals that knocked since the start, each with the line that enrols it.": "列出启动以来连上来而未登记的终端，并给出登记它要写的一行。",
    # arguments and options
    "Show this message and exit.": "显示本说明。",
    "Show the version and exit.": "显示版本。",
    "gateway.yaml, or the directory that holds it.": "gateway.yaml，或它所在的目录。",
    "zh or en; default: the county's.": "zh 或 en；默认用本县的语言。",
    "zh or en": "zh 或 en",
    "JSON, for scripts.": "JSON，供脚本使用。",
    "Who does it; default: the login name.": "谁办的；默认为登录名。",
    "As in devices.csv.": "照 devices.csv 写。",
    "For example locate; without it: what the device can be told.": "例如 locate；不写则列出该设备能接受的指令。",
    "Not sent after this time: 90s, 15m, 2h, 1d.": "过了这段时间就不再发：90s、15m、2h、1d。",
    "Wait up to 30 s for the device's answer.": "最多等设备回应 30 秒。",
    "For example jt808.": "例如 jt808。",
    "Model profile.": "型号。",
    "Rules to judge by; default: those of the journal.": "依据哪套规则；默认用日志里的。",
    "A table of state.db, a FILE, or FILE/TABLE.": "state.db 的表名、文件名或 文件名/表名。",
    "Rows at most, the newest.": "最多几行，取最新的。",
    "A journal directory.": "日志目录。",
    "A journal directory, not the county's.": "别处的日志目录。",
    "A CSV of fixes.": "定位表（CSV）。",
    "A capture of frames (a directory).": "抓取的数据帧（目录）。",
    "Write alarms here, a CloudEvents JSON a line.": "报警写到此文件，每行一条 CloudEvents JSON。",
    "Write the fused track here, CSV.": "轨迹写到此文件（CSV）。",
    "Stop at this time, ISO 8601 or epoch seconds.": "到此时刻为止，ISO 8601 或纪元秒。",
    "Step the entries that were passed over: to see the fault again.": "连跳过的条目也处理，以重现故障。",
    "Is made; a new one each time.": "新建的目录，每次另写一个。",
    "End after so many seconds with a summary.": "到这么多秒结束并给出小结。",
    "Keep everything here.": "全部文件保存在此。",
    "Only those nobody has closed.": "只列未办结的。",
    "As listed; its beginning is enough.": "照列表写，写开头几位即可。",
    "confirmed, excused, technical, false or unverifiable": "confirmed（属实）、excused（有正当理由）、technical（设备原因）、false（误报）或 unverifiable（无法核实）",
    "What was found.": "查明的情况。",
    "Only those to this device.": "只列给这台设备的。",
    "Those that have ended, too.": "连已结束的也列。",
}
