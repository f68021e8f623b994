"""What stands in for messages of a journal's stream of which something was erased, and that are therefore gone.

It is in a stream of its own, the last one under each sequence's subject: the same headers, and the entries without what
was erased (``erasing.py``). A sequence that is missing and has none there is a hole.
"""

from __future__ import annotations

import asyncio
import json
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from gateway.stream import stored
from gateway.stream.faults import Away, NotThere
from gateway.stream.names import SEQUENCE, SUBJECT, erased_stream, erased_subject
from gateway.text import Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nats.aio.msg import Msg

    from gateway.stream.connection import Connection
    from gateway.stream.stored import Stored

MOST_MESSAGES: Final = 256
MOST_BYTES: Final = 4 << 20
"""That are asked for at once."""
LOOK_AGAIN: Final = 0.05
"""Seconds until a replica that does not have a message yet is asked once more."""


@dataclass(slots=True)
class Holes:
    """Those of the journal's stream of that name; in the connection's loop."""

    connection: Connection
    stream: str
    _state: dict[str, Any] = field(default_factory=dict)
    _known: list[int] = field(default_factory=list)

    async def sequences(self) -> list[int]:
        """Of all messages that something stands in for, ascending.

        Raises:
            TransientFault: it cannot be seen now.
        """
        try:
            state = (await self._info())["state"]
        except NotThere:
            return []
        state = {key: state[key] for key in ("messages", "last_seq")}
        if state != self._state:
            self._known, self._state = sorted(await self.counts()), state
        return self._known

    async def counts(self) -> dict[int, int]:
        """By sequence, how many stand under its subject: the last one counts.

        Raises:
            NotThere: nothing was ever erased. TransientFault: it cannot be seen now.
        """
        found: dict[str, int] = {}
        while True:
            said = await self._info({"subjects_filter": erased_subject(self.stream, "*"), "offset": len(found)})
            part = said["state"].get("subjects") or {}
            found |= part
            if not part or len(found) >= int(said.get("total", 0)):
                return {int(subject.rpartition(".")[2]): count for subject, count in found.items()}

    async def first(self, first: int) -> int:
        """Where a stream whose first message is ``first`` begins: erased messages before it are of it as well.

        Raises:
            TransientFault: it cannot be seen now.
        """
        known = await self.sequences() if first > 1 else []
        at = bisect_left(known, first)
        while at and known[at - 1] == first - 1:
            at, first = at - 1, first - 1
        return first

    async def filled(self, sequence: int, found: Sequence[Stored], most: int = MOST_MESSAGES) -> list[Stored]:
        """Messages from a sequence on with what stands in for those that are missing before the last one.

        The first ``most`` of them; what is missing and has nothing to stand in for it is not in the list.

        Raises:
            TransientFault: it cannot be read now.
            UserFault, OurFault: as ``stored.read``.
        """
        last = found[-1].tail.sequence
        if last - sequence + 1 == len(found):
            return list(found)
        known, there = await self.sequences(), {one.tail.sequence: one for one in found}
        gone = set(known[bisect_left(known, sequence) : bisect_right(known, last)]) - there.keys()
        wanted = sorted(there.keys() | gone)[:most]
        there |= {one.tail.sequence: one for _, one in await self.stand_ins([at for at in wanted if at in gone])}
        return [there[at] for at in wanted]

    async def stand_ins(self, sequences: Sequence[int]) -> list[tuple[int, Stored]]:
        """What stands in for messages that are known to have something, each with its own sequence there.

        Raises:
            Away: no replica has all of them.
            UserFault, OurFault: as ``stored.read``.
        """
        found: dict[int, tuple[int, Stored]] = {}
        for begin in range(0, len(sequences), MOST_MESSAGES):
            part = sequences[begin : begin + MOST_MESSAGES]
            deadline = self.connection.loop.time() + self.connection.wait
            while left := [at for at in part if at not in found]:
                given = await self._given(left)
                found |= given
                if not given and self.connection.loop.time() > deadline:
                    raise lagging(erased_subject(self.stream, left[0]))
                if not given:
                    await asyncio.sleep(LOOK_AGAIN)
        return [found[at] for at in sequences]

    async def oldest(self, subject: str) -> int:
        """Where the first message of a subject stands in the stream of the stand-ins, as its leader says.

        Raises:
            NotThere: there is none. TransientFault: it cannot be seen now.
        """
        wanted = {"seq": 1, "next_by_subj": subject}
        said = await self.connection.ask(f"STREAM.MSG.GET.{erased_stream(self.stream)}", wanted)
        return int(said["message"]["seq"])

    async def _given(self, sequences: Sequence[int]) -> dict[int, tuple[int, Stored]]:
        """As many as any replica gives at once."""
        subjects = [erased_subject(self.stream, at) for at in sequences]
        wanted = json.dumps({"multi_last": subjects, "max_bytes": MOST_BYTES}).encode()
        place = f"{self.connection.prefix}.DIRECT.GET.{erased_stream(self.stream)}"
        *found, _ = await self.connection.answers(place, wanted)
        return dict(self._taken(message) for message in found)

    def _taken(self, message: Msg) -> tuple[int, tuple[int, Stored]]:
        headers = message.headers or {}
        sequence = int(headers[SUBJECT].rpartition(".")[2])
        return sequence, (int(headers[SEQUENCE]), stored.read(self.stream, sequence, headers, message.data))

    async def _info(self, body: dict[str, Any] | None = None) -> dict[str, Any]:
        return await self.connection.ask(f"STREAM.INFO.{erased_stream(self.stream)}", body)


def lagging(place: str) -> Away:
    """What is known to be there is had of no replica."""
    return Away(Text(
        f"没有副本能给出 {place}：可能仍在追赶，会自动再试；如持续，则该处已丢失，请从备份恢复",
        f"no replica gives {place}: they may be catching up, it is tried again by itself; if that lasts it is lost:"
        " restore it from a backup",
    ))  # fmt: skip
