"""What is said of changed files of the county, in Chinese and English."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gateway.words.texts import Text

if TYPE_CHECKING:
    from collections.abc import Mapping

RELOAD_PHRASES: Final[Mapping[str, Text]] = {
    # why not
    "reload_long": Text(
        "读配置文件超过 {seconds} 秒，已放弃，一切照旧；请稍后再试",
        "the files took longer than {seconds} s to read and were given up; all stays as it was: try again later",
    ),
    "reload_failed": Text("配置文件没有读成，一切照旧；原因见日志", "the files were not read: see the log"),
    "reload_restart_first": Text(
        "这些部分不能在运行中改变：{parts}；请改回去再试，或重启网关（systemctl restart bracelet-gateway），全部生效",
        "these cannot change while the gateway runs: {parts}. Put them back and try again, or restart the gateway"
        " (systemctl restart bracelet-gateway), and all of it holds",
    ),
    "reload_unknown": Text(
        "没有等待确认的配置“{value}”：摘要不对（至少写 8 位），已确认，或网关重启过；请先运行 bracelet-gateway reload",
        "no files {value!r} wait to be confirmed: wrong digest (8 digits at least), confirmed already, or the gateway"
        " was restarted. Run bracelet-gateway reload first",
    ),
    "reload_changed": Text(
        "提出（{digest}）之后配置文件又改过：不生效；请重新运行 bracelet-gateway reload，再由另一人确认",
        "the files were changed since {digest} was proposed: nothing is taken. Run bracelet-gateway reload again, and"
        " have a second person confirm that",
    ),
    "reload_second": Text(
        "配置由 {number} 提出，须由另一人（leader）确认",
        "{number} proposed these files: somebody else (leader) has to confirm them",
    ),
    "reload_leader": Text(
        "“{number}”不是 staff 表中的 leader，不能确认配置",
        "{number} is no leader of the table of staff and cannot confirm files",
    ),
    "reload_unconfirmed": Text(
        "收到信号，但没有经第二人确认、等待生效的配置；请运行 bracelet-gateway reload",
        "a signal came, and no files that a second person confirmed wait for it: run bracelet-gateway reload",
    ),
    "reload_options": Text(
        "--later 须与 --confirm 同用；--dry-run 不能与 --confirm 同用",
        "--later goes with --confirm, and --dry-run does not",
    ),
    # how it stands
    "reload_same": Text("配置文件与现行一致，无须改变。", "The files say what is in force: nothing is to change."),
    "reload_would": Text("以上是将有的变化；尚未生效。", "That is what would change; nothing has."),
    "reload_waits": Text(
        "以上变化由 {by} 提出，尚未生效：涉及规定，须由另一人（leader）确认：bracelet-gateway reload --confirm {files}",
        "{by} has proposed that; nothing of it holds yet: it takes a second person (leader), who runs"
        " bracelet-gateway reload --confirm {files}",
    ),
    "reload_confirmed": Text(
        "已确认；systemctl reload bracelet-gateway（SIGHUP）后生效，其间文件不得再改。",
        "Confirmed; it holds after systemctl reload bracelet-gateway (SIGHUP), if the files are not changed before.",
    ),
    "reload_in_force": Text("以上变化已生效。", "All of that holds now."),
    "reload_restart": Text(
        "须重启才生效：{parts}（systemctl restart bracelet-gateway；console 须重启 bracelet-gateway-console）",
        "Needs a restart: {parts} (systemctl restart bracelet-gateway; for console, bracelet-gateway-console)",
    ),
    # the status
    "files_same": Text("与现行一致", "as in force"),
    "files_changed": Text(
        "与现行不同：{names}；有何变化：bracelet-gateway reload --dry-run",
        "differ from what is in force: {names}; what would change: bracelet-gateway reload --dry-run",
    ),
    "files_proposed": Text(
        "{files} 由 {by} 提出，等待另一人确认", "{files}, proposed by {by}, waits for a second person"
    ),
    "files_confirmed": Text("{files} 已确认，等待 SIGHUP", "{files} is confirmed and waits for SIGHUP"),
    "files_alone": Text(
        "上次启动时未经第二人确认而改变：{parts}", "changed by the last start without a second person: {parts}"
    ),
    "files_restart": Text("须重启才生效：{parts}", "needs a restart: {parts}"),
}
