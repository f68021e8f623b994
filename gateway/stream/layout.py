"""The streams and buckets as they have to be: made where they are missing, compared where they are there.

All are files, refuse what is new when they are full (so that nothing that was acknowledged makes room), and wait for
the disk as their server does (``sync_interval: always`` on single nodes and leaves; three replicas in the city).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from gateway.errors import UserFault
from gateway.stream import names
from gateway.stream.faults import NotThere
from gateway.text import Text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gateway.stream.connection import Connection

SECOND: Final = 1_000_000_000
"""The server counts nanoseconds."""
DAY: Final = 86_400
JOURNAL_WINDOW: Final = 0.1
"""Seconds, the least that the server takes: a journal's messages are fenced by sequence, and have no ids."""
ALARM_WINDOW: Final = 1 * DAY
"""Seconds within which a late worker's events are known to be there already."""
REPLICAS, MAX_BYTES = "num_replicas", "max_bytes"
OF_THE_MAKER: Final = (REPLICAS, MAX_BYTES)
"""What a reader need not know, nor a writer who finds the stream made."""


@dataclass(frozen=True, slots=True)
class Layout:
    """A stream as it has to be.

    Attributes:
        name: the stream's.
        config: of the server's stream configuration, in its own words.
        metadata: of it, what must be the same.
    """

    name: str
    config: Mapping[str, Any]
    metadata: Mapping[str, str]


def journal(partition: names.Partition, *, replicas: int = 1, max_bytes: int = -1) -> Layout:
    """The stream of a county's partition; only who retires entries removes any."""
    return _layout(
        names.journal_stream(partition.code, partition.number),
        [names.journal_subject(partition.code, partition.number)], replicas, window=JOURNAL_WINDOW,
        metadata={names.PARTITIONS_KEY: str(partition.of)}, max_bytes=max_bytes, allow_atomic=True,
    )  # fmt: skip


def erased(stream: str, *, replicas: int = 1) -> Layout:
    """What stands in for messages of a journal's stream: the last one under each of their subjects."""
    subjects = [names.erased_subject(stream, "*")]
    return _layout(names.erased_stream(stream), subjects, replicas, window=JOURNAL_WINDOW)


def alarms(*, replicas: int = 1, days: int = 30, max_bytes: int = -1) -> Layout:
    """Alarm events of all counties; each county has its own besides, for as long as the law wants."""
    return _layout(
        names.ALARMS, [names.ALARM_SUBJECTS], replicas, window=ALARM_WINDOW, max_age=days * DAY * SECOND,
        max_bytes=max_bytes,
    )  # fmt: skip


def life(*, replicas: int = 1) -> Layout:
    """The last sign of life of each source."""
    return _layout(names.LIFE, [names.LIFE_SUBJECTS], replicas, window=JOURNAL_WINDOW, max_msgs_per_subject=1)


def acts(*, replicas: int = 1, days: int = 30, max_bytes: int = -1) -> Layout:
    """Officers' acts on their way to the counties."""
    return _layout(
        names.ACTS, [names.ACT_SUBJECTS], replicas, window=ALARM_WINDOW, max_age=days * DAY * SECOND,
        max_bytes=max_bytes,
    )  # fmt: skip


def signs(code: str, *, replicas: int = 1, days: int = 7) -> Layout:
    """What a county's partitions hand on to the second step, which keeps snapshots of its own."""
    return _layout(
        names.signs_stream(code), [names.signs_subject(code)], replicas, window=ALARM_WINDOW,
        max_age=days * DAY * SECOND,
    )  # fmt: skip


def objects(bucket: str, *, replicas: int = 1, max_bytes: int = -1) -> Layout:
    """An object bucket, as clients of NATS read one."""
    subjects = [f"$O.{bucket}.C.>", f"$O.{bucket}.M.>"]
    return _layout(
        f"OBJ_{bucket}", subjects, replicas, window=JOURNAL_WINDOW, max_bytes=max_bytes, allow_rollup_hdrs=True
    )


def keys(bucket: str, *, replicas: int = 1) -> Layout:
    """A bucket of keys, as clients of NATS read one: the last text under each key stays."""
    return _layout(
        f"KV_{bucket}", [f"$KV.{bucket}.>"], replicas, window=JOURNAL_WINDOW, max_msgs_per_subject=1,
        allow_rollup_hdrs=True, deny_delete=True,
    )  # fmt: skip


async def lay(connection: Connection, layout: Layout, besides: tuple[str, ...] = OF_THE_MAKER) -> dict[str, Any]:
    """Make a stream where there is none; returns what the server says of it.

    ``besides``: of :data:`OF_THE_MAKER`, what is compared where one is there.

    Raises:
        UserFault: one is there and differs: which of it, and what to do.
        TransientFault: the server cannot be asked.
    """
    try:
        return await look(connection, layout, besides)
    except NotThere:
        await connection.ask(f"STREAM.CREATE.{layout.name}", {**layout.config, "metadata": layout.metadata})
        return await look(connection, layout, besides)


async def look(connection: Connection, layout: Layout, besides: tuple[str, ...] = ()) -> dict[str, Any]:
    """Compare a stream with what it has to be; returns what the server says of it.

    Args:
        connection: to the server.
        layout: what it has to be.
        besides: of :data:`OF_THE_MAKER`, what is compared, too.

    Raises:
        NotThere: there is none.
        UserFault: it differs.
    """
    found = await connection.ask(f"STREAM.INFO.{layout.name}")
    config, metadata = found["config"], found["config"].get("metadata", {})
    passed = [key for key in OF_THE_MAKER if key not in besides]
    pairs = [(key, wanted, config.get(key)) for key, wanted in layout.config.items() if key not in passed]
    pairs += [(key, wanted, metadata.get(key)) for key, wanted in layout.metadata.items()]
    for key, wanted, is_there in pairs:
        if is_there != wanted:
            raise _unlike(layout.name, key, wanted, is_there)
    return found


def _layout(
    name: str, subjects: list[str], replicas: int, *, window: float, metadata: Mapping[str, str] | None = None,
    **more: object,
) -> Layout:  # fmt: skip
    config = {
        "name": name, "subjects": subjects, "retention": "limits", "storage": "file", "discard": "new",
        "num_replicas": replicas, "max_msgs": -1, "max_bytes": -1, "max_age": 0, "max_msgs_per_subject": -1,
        "duplicate_window": int(window * SECOND), "allow_direct": True, **more,
    }  # fmt: skip
    return Layout(name, config, {names.SCHEMA_KEY: names.SCHEMA, **(metadata or {})})


def _unlike(stream: str, key: str, wanted: object, found: object) -> UserFault:
    advice = _ADVICE.get(key, _ADVICE[""])
    return UserFault(Text(
        f"流 {stream} 的 {key} 为 {found}，应为 {wanted}：没有读写任何内容。{advice.zh}",
        f"stream {stream} has {key} {found}, and it has to be {wanted}: nothing was read or written. {advice.en}",
    ))  # fmt: skip


_ADVICE: Final[Mapping[str, Text]] = {
    names.SCHEMA_KEY: Text(
        "它由另一个版本建立：请安装那个版本，或换一个域",
        "Another version made it: install that one, or name another domain",
    ),
    names.PARTITIONS_KEY: Text(
        "分区数在建流后不能更改：请改回原数，或清空后由各县日志重新转发",
        "The number of partitions cannot change once streams are there: set it back, or remove them and forward the"
        " counties' journals anew",
    ),
    "": Text(
        "请用 nats stream edit 改过来，或确认这个名字没有被别的程序使用",
        "Set it by nats stream edit, or see whether another program uses this name",
    ),
}
