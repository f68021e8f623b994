"""The streams and buckets as they have to be: made where they are missing, compared where they are there.

All are files, refuse what is new when they are full (so that nothing that was acknowledged makes room), and wait for
the disk as their server does (``sync_interval: always`` on single nodes and leaves; three replicas in the city).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from gateway.errors import UserFault
from gateway.stream import names, shares
from gateway.stream.faults import NotThere
from gateway.text import Text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from gateway.stream.connection import Connection
    from gateway.stream.shares import Share

SECOND: Final = 1_000_000_000
"""The server counts nanoseconds."""
DAY: Final = 86_400
NO_LIMIT: Final = -1
JOURNAL_WINDOW: Final = 0.1
"""Seconds, the least that the server takes: a journal's messages are fenced by sequence, and have no ids."""
ALARM_WINDOW: Final = 1 * DAY
"""Seconds within which a late worker's events are known to be there already."""
REPLICAS, MAX_BYTES = "num_replicas", "max_bytes"
EACH, EACH_REFUSES, LARGEST = "max_msgs_per_subject", "discard_new_per_subject", "max_msg_size"
"""Limits: what whoever makes a stream says, and a reader need not know, nor a writer who finds it made."""


@dataclass(frozen=True, slots=True)
class Layout:
    """A stream as it has to be.

    Attributes:
        name: the stream's.
        config: of the server's stream configuration, in its own words, what must be the same for all.
        limits: of the same, what is for whoever makes it to say.
        metadata: of it, what must be the same.
    """

    name: str
    config: Mapping[str, Any]
    limits: Mapping[str, Any]
    metadata: Mapping[str, str]

    @property
    def whole(self) -> dict[str, Any]:
        """As the server is asked to make it."""
        return {**self.config, **self.limits, "metadata": self.metadata}


def journal(partition: names.Partition, *, replicas: int = 1, max_bytes: int = NO_LIMIT) -> Layout:
    """The stream of a county's partition; only who retires entries removes any."""
    return _layout(
        names.journal_stream(partition.code, partition.number),
        [names.journal_subject(partition.code, partition.number)], _limits(replicas, max_bytes), window=JOURNAL_WINDOW,
        metadata={names.PARTITIONS_KEY: str(partition.of)}, allow_atomic=True,
    )  # fmt: skip


def erased(stream: str, *, replicas: int = 1) -> Layout:
    """What stands in for messages of a journal's stream: the last one under each of their subjects."""
    subjects = [names.erased_subject(stream, "*")]
    return _layout(names.erased_stream(stream), subjects, _limits(replicas, NO_LIMIT), window=JOURNAL_WINDOW)


def alarms(*, replicas: int = 1, days: int = 30, each: int = NO_LIMIT, max_bytes: int = NO_LIMIT) -> Layout:
    """Alarm events of all counties, at most ``each`` of a county's gateway, and of its worker.

    Each county has its own besides, for as long as the law wants.
    """
    return _layout(
        names.ALARMS, [names.ALARM_SUBJECTS], _shared(replicas, max_bytes, each, shares.ALARM_SIZE),
        window=ALARM_WINDOW, max_age=days * DAY * SECOND,
    )  # fmt: skip


def life(*, replicas: int = 1) -> Layout:
    """The last sign of life of each source."""
    limits = {REPLICAS: replicas, MAX_BYTES: NO_LIMIT, LARGEST: shares.LIFE_SIZE}
    return _layout(names.LIFE, [names.LIFE_SUBJECTS], limits, window=JOURNAL_WINDOW, max_msgs_per_subject=1)


def acts(*, replicas: int = 1, days: int = 30, max_bytes: int = NO_LIMIT) -> Layout:
    """Officers' acts on their way to the counties."""
    return _layout(
        names.ACTS, [names.ACT_SUBJECTS], _shared(replicas, max_bytes, shares.ACTS, shares.ACT_SIZE),
        window=ALARM_WINDOW, max_age=days * DAY * SECOND,
    )  # fmt: skip


def signs(code: str, *, replicas: int = 1, days: int = 7, max_bytes: int = NO_LIMIT) -> Layout:
    """What a county's partitions hand on to the second step, which keeps snapshots of its own."""
    return _layout(
        names.signs_stream(code), [names.signs_subject(code)], _limits(replicas, max_bytes), window=ALARM_WINDOW,
        max_age=days * DAY * SECOND,
    )  # fmt: skip


def objects(bucket: str, *, replicas: int = 1, max_bytes: int = NO_LIMIT) -> Layout:
    """An object bucket, as clients of NATS read one."""
    return _layout(
        f"OBJ_{bucket}", [f"$O.{bucket}.C.>", f"$O.{bucket}.M.>"], _limits(replicas, max_bytes), window=JOURNAL_WINDOW,
        allow_rollup_hdrs=True,
    )  # fmt: skip


def keys(bucket: str, *, replicas: int = 1) -> Layout:
    """A bucket of keys, as clients of NATS read one: the last text under each key stays."""
    return _layout(
        f"KV_{bucket}", [f"$KV.{bucket}.>"], _limits(replicas, NO_LIMIT), window=JOURNAL_WINDOW,
        allow_rollup_hdrs=True, deny_delete=True, max_msgs_per_subject=1,
    )  # fmt: skip


def of_city(counties: Sequence[str], partitions: int, replicas: int, share: Share) -> list[Layout]:
    """All that a city's counties need, each of which has its share; ``counties``: their codes."""
    found = [
        alarms(replicas=replicas, each=share.alarms, max_bytes=len(counties) * share.alarm_bytes),
        life(replicas=replicas),
        acts(replicas=replicas, max_bytes=len(counties) * share.act_bytes),
    ]
    for code in counties:
        found += [
            journal(names.Partition(code, at, partitions), replicas=replicas, max_bytes=share.journal(partitions))
            for at in range(partitions)
        ]
        found.append(objects(names.configurations_bucket(code), replicas=replicas, max_bytes=share.configurations))
        if partitions > 1:
            found.append(signs(code, replicas=replicas, max_bytes=share.signs(partitions)))
    return found


async def lay(connection: Connection, layout: Layout, besides: tuple[str, ...] = (REPLICAS,)) -> dict[str, Any]:
    """Make a stream where there is none; returns what the server says of it.

    ``besides``: which of its limits are compared where one is there.

    Raises:
        UserFault: one is there and differs: which of it, and what to do.
        TransientFault: the server cannot be asked.
    """
    try:
        return await look(connection, layout, besides)
    except NotThere:
        await connection.ask(f"STREAM.CREATE.{layout.name}", layout.whole)
        return await look(connection, layout, besides)


async def look(connection: Connection, layout: Layout, besides: tuple[str, ...] = ()) -> dict[str, Any]:
    """Compare a stream with what it has to be; returns what the server says of it.

    Args:
        connection: to the server.
        layout: what it has to be.
        besides: which of its limits are compared, too.

    Raises:
        NotThere: there is none.
        UserFault: it differs.
    """
    found = await connection.ask(f"STREAM.INFO.{layout.name}")
    config, metadata = found["config"], found["config"].get("metadata", {})
    pairs = [(key, wanted, config.get(key)) for key, wanted in layout.config.items()]
    pairs += [(key, layout.limits[key], config.get(key)) for key in besides]
    pairs += [(key, wanted, metadata.get(key)) for key, wanted in layout.metadata.items()]
    for key, wanted, is_there in pairs:
        if is_there != wanted:
            raise _unlike(layout.name, key, wanted, is_there)
    return found


def _layout(
    name: str, subjects: list[str], limits: Mapping[str, Any], *, window: float,
    metadata: Mapping[str, str] | None = None, **more: object,
) -> Layout:  # fmt: skip
    config = {
        "name": name, "subjects": subjects, "retention": "limits", "storage": "file", "discard": "new",
        "max_msgs": NO_LIMIT, "max_age": 0, "duplicate_window": int(window * SECOND), "allow_direct": True, **more,
    }  # fmt: skip
    if EACH not in limits:
        config.setdefault(EACH, NO_LIMIT)
    return Layout(name, config, limits, {names.SCHEMA_KEY: names.SCHEMA, **(metadata or {})})


def _limits(replicas: int, max_bytes: int) -> dict[str, Any]:
    return {REPLICAS: replicas, MAX_BYTES: max_bytes}


def _shared(replicas: int, max_bytes: int, each: int, largest: int) -> dict[str, Any]:
    """Of a stream that many counties share: whose subject has as many as it may is refused, and nobody else."""
    return {**_limits(replicas, max_bytes), EACH: each, EACH_REFUSES: each != NO_LIMIT, LARGEST: largest}


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
