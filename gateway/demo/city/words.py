"""Words of the city's screen and of its count, in both languages."""

from __future__ import annotations

from typing import Final

from gateway.words.texts import Text

WORDS: Final = {
    "title": Text("一座城市在一台机器上", "a city on one machine"),
    "county": Text("县", "county"),
    "clock": Text("时间", "time"),
    "online": Text("在线", "on line"),
    "entries": Text("已入账", "journaled"),
    "forwarded": Text("已到市", "at the city"),
    "by_county": Text("县网关报警", "alarms by gateway"),
    "by_worker": Text("市级报警", "alarms by worker"),
    "true": Text("真实", "true so far"),
    "partition": Text("分区", "partition"),
    "owner": Text("处理者", "owner"),
    "standby": Text("待命", "standing by"),
    "behind": Text("待处理消息", "messages behind"),
    "leader": Text("流所在节点", "node that leads"),
    "processes": Text("进程号（可随意 kill -9）", "pids (kill -9 any)"),
    "down": Text("已停", "down"),
    "happened": Text("经过", "what happened"),
    "source": Text("来源", "source"),
    "expected": Text("应报", "expected"),
    "found": Text("已报中", "found"),
    "missing": Text("漏报", "missing"),
    "false": Text("误报", "false"),
    "doubled": Text("重复", "doubled"),
    "disordered": Text("乱序", "out of order"),
    "count": Text("与真实情况对照", "the count against the truth"),
    "of_county": Text("县网关", "gateway"),
    "of_worker": Text("市级", "worker"),
}
STARTING: Final = Text(
    "正在启动 3 个节点、3 个县、3 个处理进程（{bracelets} 只腕带）……",
    "Three nodes, three counties, three workers are starting, with {bracelets} bracelets ...",
)
BEGUN: Final = Text(
    "腕带开始报告；时间最多以 {speed:g} 倍速前进，{seconds} 秒后统计（Ctrl-C 提前结束）。下列进程都可以 kill -9："
    "{restart:g} 秒后重新启动。",
    "The bracelets report; time goes at most {speed:g} times as fast, after {seconds} s it is counted (Ctrl-C: before)."
    " Kill -9 any process below: each is started again after {restart:g} s.",
)
KILLING: Final = Text("演示自行 kill -9：{names}", "killed by the demo (kill -9): {names}")
CUT: Final = Text("{county} 的上行线路断开 {seconds:g} 秒", "the line of {county} is cut for {seconds:g} s")
SILENCED: Final = Text(
    "{county} 的上行线路 {seconds:g} 秒内无声无息（两端均未得知断开）",
    "nothing passes on the line of {county} for {seconds:g} s, and neither end is told",
)
ENDED: Final = Text("{name} 已停", "{name} has ended")
TAKEN: Final = Text(
    "{name} 停后 {seconds:.1f} 秒，{county}/{partition} 由 {who} 接着处理",
    "{county}/{partition} goes on {seconds:.1f} s after {name} ended, with {who}",
)
SETTLING: Final = Text(
    "时间停住，正在处理完已收到的一切……", "Time stands still until all that has come is worked through ..."
)
UNSETTLED: Final = Text(
    "{seconds:g} 秒内未处理完（{names}）：统计并不完整",
    "Not all was worked through in {seconds:g} s ({names}): the count is not complete",
)
TIMES: Final = Text(
    "接手 {count} 次（{role}）：中位数 {middle:.1f} 秒，95% 在 {most:.1f} 秒内，最长 {longest:.1f} 秒",
    "{count} takeovers ({role}): median {middle:.1f} s, 95 % within {most:.1f} s, longest {longest:.1f} s",
)
ROLES: Final = {
    "worker": Text("处理进程", "worker"), "node": Text("节点", "node"), "cluster": Text("多数节点", "most nodes"),
}  # fmt: skip
DEALT: Final = Text("已击 {count} 次：{kinds}", "{count} blows: {kinds}")
WAITED: Final = Text(
    "各县网关应答 {count} 次（按各县时间）：99% 在 {all_but_few:g} 秒内，99.9% 在 {most:g} 秒内",
    "{count} answers of the gateways, by their counties' time: 99 % within {all_but_few:g} s, 99.9 % within {most:g} s",
)
