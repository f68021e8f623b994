"""Every kind of fault that the machine below us may have: by what it is known, what it is, what to do, what goes on.

``status``, probes, log, ``doctor`` and the command line say a fault in the words of its row; docs/reliability.md has
the same table.
"""

from __future__ import annotations

import errno
import sqlite3
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from gateway.text import Text

if TYPE_CHECKING:
    from collections.abc import Mapping

DATATYPE: Final = 3091
"""SQLITE_CONSTRAINT_DATATYPE, which the module does not name: a value that a STRICT table does not take."""


class Answered(StrEnum):
    """Which devices are answered while a fault lasts."""

    NONE = "none"
    CONNECTED = "connected"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class FaultKind:
    """A row of the table.

    Attributes:
        said: what it is.
        advice: what to do.
        codes: SQLite's result codes; an extended one goes before the primary one that it refines.
        errnos: the operating system's.
        passes: the same may succeed later with nothing changed but the cause: it is tried again by itself.
        answered: who is, where it is the journal's or state.db's; for what is derived of them, all are.
    """

    said: Text
    advice: Text
    codes: tuple[int, ...] = ()
    errnos: tuple[int, ...] = ()
    passes: bool = True
    answered: Answered = Answered.NONE

    def told(self, words: object = "") -> Text:
        """What it is, in the system's words too where there are any, and what to do."""
        zh, en = (f"（{words}）", f" ({words})") if words else ("", "")
        return Text(f"{self.said.zh}{zh}；{self.advice.zh}", f"{self.said.en}{en}. {self.advice.en}")


FAULTS: Final[Mapping[str, FaultKind]] = {
    "full": FaultKind(
        Text("磁盘已满", "the disk is full"),
        Text(
            "请腾出空间（旧备份、别的程序的文件）或换大盘；有空间后自行恢复",
            "Make room (old backups, other programs' files) or take a larger disk; it goes on by itself",
        ),
        (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_SHMSIZE),
        (errno.ENOSPC, errno.EDQUOT, errno.EFBIG),
    ),
    "read_only": FaultKind(
        Text("文件系统只读", "the file system is read-only"),
        Text(
            "多半是磁盘出错后系统改成了只读：请看内核日志（dmesg），修好后重新挂载为可写；随后自行恢复",
            "Most often the system has made it so after an error of the disk: see the kernel's log (dmesg), mend it and"
            " mount it writable; it goes on by itself",
        ),
        (sqlite3.SQLITE_READONLY,),
        (errno.EROFS,),
    ),
    "io": FaultKind(
        Text("磁盘读写出错", "the disk fails to read or write"),
        Text(
            "请看内核日志（dmesg）、smartctl 和磁盘配额，先备份，再换盘；能读写后自行恢复",
            "See the kernel's log (dmesg), smartctl and quotas, back up, change the disk; it goes on by itself",
        ),
        (sqlite3.SQLITE_IOERR,),
        (errno.EIO,),
    ),
    "locked": FaultKind(
        Text("文件被别的程序占用", "another program holds the file"),
        Text(
            "请停掉占着它的备份或查看程序；放开后自行恢复",
            "End the backup or viewer that holds it; it goes on by itself",
        ),
        (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL),
        (errno.EAGAIN,),
    ),
    "denied": FaultKind(
        Text("没有权限", "permission is denied"),
        Text(
            "请把存储目录及其中文件的属主改回网关的账号（chown -R bracelet:bracelet）；随后自行恢复",
            "Give the storage directory back to the gateway's account (chown -R bracelet:bracelet); it goes on by"
            " itself",
        ),
        (sqlite3.SQLITE_PERM, sqlite3.SQLITE_AUTH),
        (errno.EACCES, errno.EPERM),
    ),
    "unopened": FaultKind(
        Text("文件打不开", "the file cannot be opened"),
        Text(
            "请看存储目录是否还在、是否挂载、属主是否网关的账号；恢复原样后自行恢复",
            "See whether the storage directory is there, mounted and the gateway's own; it goes on by itself",
        ),
        (sqlite3.SQLITE_CANTOPEN,),
        (errno.ENOENT, errno.ENOTDIR, errno.EISDIR, errno.EEXIST, errno.ENODEV, errno.ENXIO),
    ),
    "descriptors": FaultKind(
        Text("打开的文件数到了上限", "no more files may be opened"),
        Text(
            "请调大 LimitNOFILE 后重启；已连上的设备照常应答，新来的要等有设备断开",
            "Raise LimitNOFILE and start again; connected devices are answered, new ones wait until others leave",
        ),
        (),
        (errno.EMFILE, errno.ENFILE),
        answered=Answered.CONNECTED,
    ),
    "memory": FaultKind(
        Text("内存不够", "there is not enough memory"),
        Text(
            "请看别的程序占了多少，调大 MemoryMax；随后自行恢复",
            "See what else runs, or raise MemoryMax; it goes on by itself",
        ),
        (sqlite3.SQLITE_NOMEM,),
        (errno.ENOMEM,),
    ),
    "damaged": FaultKind(
        Text("文件已损坏", "the file is damaged"),
        Text(
            "请从备份恢复；没有备份，就停掉网关，运行 bracelet-gateway rebuild",
            "Restore it from the backup; where there is none, stop the gateway and run bracelet-gateway rebuild",
        ),
        (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB),
        passes=False,
    ),
    "hole": FaultKind(
        Text("有一天的日志文件丢失或损坏", "a day's file of the journal is missing or damaged"),
        Text(
            "请从备份恢复；没有备份，就停掉网关，运行 bracelet-gateway rebuild：损坏处前后的都会读到，缺了哪些会说明",
            "Restore it from the backup; where there is none, stop the gateway and run bracelet-gateway rebuild: what"
            " stands before and behind the damage is read, and what is lost is said",
        ),
        passes=False,
        answered=Answered.ALL,
    ),
    "contradiction": FaultKind(
        Text("与已存的内容矛盾，是程序的错误", "it contradicts what is stored"),
        Text("程序已停下，不再应答；请把日志报告给开发方", "That is a bug; nothing more is acknowledged"),
        (
            sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY, sqlite3.SQLITE_CONSTRAINT_ROWID,
            sqlite3.SQLITE_CONSTRAINT_NOTNULL, sqlite3.SQLITE_CONSTRAINT_CHECK,
            sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY, DATATYPE,
        ),
        passes=False,
    ),
    "clock": FaultKind(
        Text("时钟没有与授时源同步：判断宵禁会偏", "nothing keeps the clock right, and curfews go by it"),
        Text(
            "请启用 chrony 或 systemd-timesyncd，并核对授时服务器",
            "Enable chrony or systemd-timesyncd, and see that its server answers",
        ),
        answered=Answered.ALL,
    ),
    "other": FaultKind(
        Text("存储出错", "the store fails"),
        Text("请看日志；能用后自行恢复", "See the log; it goes on by itself"),
    ),
}  # fmt: skip
