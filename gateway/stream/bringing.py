"""Streams that were made with other limits, brought up to date: only where nothing that is there goes by it.

A server that is told of fewer messages a subject than there are removes the oldest, also of a stream that refuses what
is new when it is full (nats-server 2.15); so it is asked how many there are first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from gateway.errors import UserFault
from gateway.stream.faults import Full, NotThere
from gateway.stream.layout import EACH, MAX_BYTES, NO_LIMIT, REPLICAS, lay, look
from gateway.text import Text

if TYPE_CHECKING:
    from gateway.stream.connection import Connection
    from gateway.stream.layout import Layout

MOST_FULL: Final = 0.9
"""Of a new limit, what may be there already: more comes while we ask."""


async def bring(connection: Connection, layout: Layout) -> None:
    """Make a stream where there is none, and give one that is there its limits.

    Raises:
        UserFault: it differs in more than limits; it has more than they allow; the servers have no room for them.
        TransientFault: the server cannot be asked.
    """
    try:
        try:
            found = await look(connection, layout, (REPLICAS,))
        except NotThere:
            await lay(connection, layout)
        else:
            await _limit(connection, layout, found["config"])
    except Full as fault:
        raise _no_room(layout, str(fault)) from fault


async def _limit(connection: Connection, layout: Layout, config: dict[str, Any]) -> None:
    if all(config.get(key) == wanted for key, wanted in layout.limits.items()):
        return
    state = (await connection.ask(f"STREAM.INFO.{layout.name}", {"subjects_filter": ">"}))["state"]
    each = max((state.get("subjects") or {}).values(), default=0) if EACH in layout.limits else 0
    for key, there in ((EACH, each), (MAX_BYTES, int(state["bytes"]))):
        most = layout.limits.get(key, NO_LIMIT)
        if most != NO_LIMIT and there > MOST_FULL * most:
            raise _too_full(layout.name, key, there, most)
    await connection.ask(f"STREAM.UPDATE.{layout.name}", {**config, **layout.limits})


def _too_full(stream: str, key: str, there: int, most: int) -> UserFault:
    return UserFault(Text(
        f"流 {stream} 的 {key} 应为 {most}，而其中已有 {there}：没有改动任何内容，以免已有内容被删除或此后无处可存。"
        "请用 --bracelets 写明一县最多有多少只腕带，或等旧内容到期",
        f"stream {stream} is to have {key} {most}, and has {there} already: nothing was changed, so that nothing"
        " that is there goes and what comes still has room. Say by --bracelets how many a county has at most, or wait"
        " until older ones have gone",
    ))  # fmt: skip


def _no_room(layout: Layout, why: str) -> UserFault:
    size = f"{layout.limits[MAX_BYTES] / 1e9:.1f}"
    return UserFault(Text(
        f"服务器没有地方容纳流 {layout.name}，它最多会有 {size} GB（{why}）。请加磁盘，或用 --bracelets 写明一县最多有"
        "多少只腕带；其余的流不受影响",
        f"the servers have no room for stream {layout.name}, which may have {size} GB ({why}). Give them a larger disk,"
        " or say by --bracelets how many a county has at most; other streams are as they were",
    ))  # fmt: skip
