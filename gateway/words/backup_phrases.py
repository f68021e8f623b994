"""What is said of backups and of trying them, in Chinese and English."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gateway.words.texts import Text

if TYPE_CHECKING:
    from collections.abc import Mapping

BACKUP_PHRASES: Final[Mapping[str, Text]] = {
    "backup_exists": Text("{directory} 已存在；请另写一个目录", "{directory} is there already: name another directory"),
    "backup_failed": Text(
        "没有备份成 {directory}（{cause}）；请核对空间和权限，再试一次",
        "no backup was made in {directory} ({cause}): look at space and permissions, and try again",
    ),
    "backup_overtaken": Text(
        "备份期间有旧日志到期被删；请再试一次", "old days were removed during the backup: try again"
    ),
    "backup_done": Text(
        "{directory}：已备份，共 {entries} 条，从第 {begins} 条到第 {last} 条，哈希链未断。配置另行复制",
        "{directory}: backup of {entries} entries, from {begins} to {last}, chain unbroken."
        " Copy the configuration besides",
    ),
    "backup_unnoted": Text(
        "没能记下（{path}：{cause}），status 不会显示；请核对存储目录的权限",
        "this cannot be noted ({path}: {cause}), status will not show it: look at the storage directory's permissions",
    ),
    "backup_nowhere": Text("没有 {directory} 这个备份；请核对路径", "there is no backup {directory}: correct the path"),
    "backup_incomplete": Text(
        "{directory} 不是完整的备份：缺 {name}；不能用它恢复，请另作一份",
        "{directory} is no whole backup, {name} is missing: nothing can be restored from it, make another",
    ),
    "backup_short": Text(
        "日志缺最初几天，接不上快照", "its journal begins after its snapshots, days of it were removed"
    ),
    "backup_unfit": Text(
        "从 {directory} 不能恢复（{why}）；请用另一份备份再试，并立即另作一份",
        "{directory} cannot be restored ({why}): try another one, and make a new one at once",
    ),
    "backup_untried": Text(
        "没能试成 {directory}（{cause}）；请核对空间和权限，再试一次",
        "{directory} could not be tried ({cause}): look at space and permissions, and try again",
    ),
    "restore_full": Text(
        "{directory} 里已有数据；确要换成备份的，加 --replace（原有数据移到其中一个子目录，不删除）",
        "{directory} holds something: with --replace it is put aside in a folder there, and nothing is removed",
    ),
    "restore_failed": Text(
        "没有恢复到 {directory}（{cause}）；请核对空间和权限，再试一次",
        "nothing could be restored into {directory} ({cause}): look at space and permissions, and try again",
    ),
    "restore_unfinished": Text(
        "{directory} 上次恢复中断，不能启动；请再运行 bracelet-gateway restore 备份目录 --replace",
        "a restore into {directory} was broken off, nothing starts there: bracelet-gateway restore BACKUP --replace",
    ),
    "restored": Text(
        "{directory}：已由 {backup} 恢复，共 {entries} 条，到第 {last} 条，未办结报警 {unresolved} 条。"
        "配置另行放回，再启动服务",
        "{directory}: restored from {backup}, {entries} entries, to {last}, {unresolved} unresolved alarms. Put the"
        " configuration back besides, then start",
    ),
    "restore_aside": Text(
        "原有数据在 {aside}：内有位置，不再需要时请删去",
        "what was there is in {aside}: it holds places, remove it once nobody needs it",
    ),
    "backup_tried": Text(
        "{directory}：可以恢复。{entries} 条，到第 {last} 条，哈希链未断；由它重建的状态有未办结报警 {unresolved} 条",
        "{directory} can be restored: {entries} entries, to {last}, chain unbroken; the state made anew from it has"
        " {unresolved} unresolved alarms",
    ),
}
