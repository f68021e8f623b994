"""What is said of the way of alarms while it is not proven, in Chinese and English."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gateway.words.texts import Text

if TYPE_CHECKING:
    from collections.abc import Mapping

PATH_PHRASES: Final[Mapping[str, Text]] = {
    "path_late": Text(
        "已有 {minutes} 分钟没有证实报警能送到 {upstream}：{cause}",
        "for {minutes} min nothing has shown that alarms reach {upstream}: {cause}",
    ),
    "path_late_desk": Text(
        "已有 {minutes} 分钟没有证实报警能入账：{cause}",
        "for {minutes} min nothing has shown that alarms are committed: {cause}",
    ),
    "path_uncommitted": Text(
        "测试报警没有入账；请看 status 的 store 和 lag_seconds",
        "the test alarm is not committed: see store and lag_seconds of status",
    ),
    "path_owed": Text(
        "测试报警还没有发出；请看上级是否连上", "the test alarm has not gone out: see whether it is connected"
    ),
    "path_handed": Text("已发出，对方没有应答", "it was handed over, and nothing answers"),
    "path_taken": Text("对方已收下，没有收到回执", "its receiver took it, and it has not come back"),
    "path_aside": Text(
        "测试报警被搁置；查清原因后执行 bracelet-gateway resend",
        "the test alarm is set aside: find out why, then run bracelet-gateway resend",
    ),
}
"""By key, as :data:`gateway.words.phrases.PHRASES` has them."""
