"""Messages behind the end of a journal's stream: all of a batch or none, each once, by one writer."""

from __future__ import annotations

from secrets import token_bytes
from typing import TYPE_CHECKING, Final
from uuid import uuid4

from gateway.errors import OurFault
from gateway.stream import stored
from gateway.stream.faults import Away, WrongLast
from gateway.stream.names import BATCH_END, BATCH_ID, BATCH_PLACE, EXPECTED_LAST, EXPECTED_STREAM
from gateway.text import Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gateway.journal.entries import EntryBatch
    from gateway.stream.reading import Reader
    from gateway.stream.stored import Stored, Tail

DONE: Final = "1"


class Writer:
    """The one writer of a stream; in the connection's loop.

    ``end``: where the journal ends, as far as it was acknowledged to us.
    """

    def __init__(self, reader: Reader, subject: str, end: Tail) -> None:
        self._reader, self._subject, self.end = reader, subject, end
        self._secret = token_bytes(32)
        self._tried: list[Stored] = []
        """What was to be stored when no answer came."""

    async def append(self, batch: EntryBatch, source: int | None) -> int:
        """Store a batch; returns the offset of its first entry.

        Raises:
            TransientFault: the same batch may be tried again.
            OurFault: somebody else writes, an entry is too large, or another batch was stored though no answer came.
        """
        room = self._reader.connection.max_payload
        return await self._store(list(stored.written(self._reader.stream, batch, self.end, source, room, self._secret)))

    async def move(self, source: int) -> None:
        """Store how far the county's journal is covered, and nothing else.

        Raises:
            TransientFault, OurFault: as :meth:`append`.
        """
        await self._store([stored.moved(self._reader.stream, self.end, source, self._secret)])

    async def _store(self, messages: list[Stored]) -> int:
        is_doubtful = bool(self._tried)
        if not (is_doubtful and await self._is_stored()):
            await self._try(messages, is_doubtful=is_doubtful)
        tried, self._tried = self._tried, []
        self.end = tried[-1].tail
        if self.end != messages[-1].tail:
            raise self._another()
        return messages[0].first

    async def _try(self, messages: list[Stored], *, is_doubtful: bool) -> None:
        """``is_doubtful``: something that was tried before may still be on its way."""
        before, self._tried = self._tried, messages
        try:
            await self._publish(messages)
        except WrongLast:
            if not (is_doubtful and await self._is_stored()):
                raise
        except Away:
            self._tried = before
            raise

    async def _is_stored(self) -> bool:
        """Whether the stream ends with what was tried.

        Raises:
            TransientFault: it cannot be told now.
        """
        return await self._reader.tail() == self._tried[-1].tail

    async def _publish(self, messages: Sequence[Stored]) -> None:
        connection, headers = self._reader.connection, [stored.headers(one) for one in messages]
        headers[0] |= {EXPECTED_LAST: str(self.end.sequence), EXPECTED_STREAM: self._reader.stream}
        if len(messages) > 1:
            batch = uuid4().hex
            for place, each in enumerate(headers, 1):
                each |= {BATCH_ID: batch, BATCH_PLACE: str(place)}
            headers[-1][BATCH_END] = DONE
        for one, each in zip(messages[:-1], headers, strict=False):
            # What is wrong with it is said of the last one.
            await connection.request(self._subject, one.body, each)
        await connection.publish(self._subject, messages[-1].body, headers[-1])

    def _another(self) -> OurFault:
        stream, end = self._reader.stream, self.end.offset
        return OurFault(Text(
            f"流 {stream} 中已存入上次未得到回答的那批（至第 {end} 条前），现在要存入的是另一批："
            "没有改动任何内容，请从流的末尾重新开始",
            f"stream {stream} has the batch that was not answered (up to offset {end}), and now another one is to be"
            " stored: nothing was changed. Begin anew from where the stream ends",
        ))  # fmt: skip
