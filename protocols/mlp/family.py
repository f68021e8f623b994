"""MLP as the rest of the gateway sees it: a frame is one ``pos``, a profile is a reading."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from protocols.account import blank_account, reports_of
from protocols.allowance import harmless_only
from protocols.errors import PeerFault
from protocols.mlp.answer import read_answer
from protocols.mlp.position import read_position
from protocols.mlp.reading import NAMES, reading_of
from protocols.mlp.results import OK, result_of
from protocols.mlp.session import LOCATE, Session
from protocols.order import OrderForm
from protocols.rows import Row, batch_of
from protocols.session import Delivery, Frame, FrameBatch, Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from protocols.mlp.reading import Reading
    from protocols.report import ReportBatch
    from protocols.session import Fragments


class Mlp:
    """Implements :class:`protocols.session.Family`."""

    name = "mlp"
    delivery = Delivery.REQUEST_ANSWER
    signature: tuple[bytes, ...] = ()
    orders: Mapping[str, OrderForm] = {LOCATE: OrderForm("Ask the carrier where the phone is, before all others.")}
    allowance = staticmethod(harmless_only(frozenset({LOCATE})))
    fragments: Fragments | None = None

    @property
    def profiles(self) -> Sequence[str]:
        """Names of the readings."""
        return NAMES

    def session(self, profile: str, *, strict_checksum: bool = True, identity: str = "") -> Session:
        """A session; with an ``identity`` only that number is taken.

        Raises:
            KeyError: no such reading.
        """
        del strict_checksum
        return Session(reading_of(profile), (identity,) if identity else ())

    def decode(self, frames: FrameBatch) -> ReportBatch:
        """A row a position, in order. Asked for a few thousand times an hour, so one at a time will do."""
        rows = (_row(frames, index) for index in range(len(frames)))
        return batch_of([row for row in rows if row is not None])

    def keep(self, raw: bytes, kept: Sequence[bool]) -> bytes:
        """A frame holds one report: it is kept whole, or not at all."""
        return raw if all(kept) else b""

    def describer(self, profile: str) -> Callable[[bytes, float], dict[str, object]]:
        """A function (answer or position, now) that describes it.

        Raises:
            KeyError: no such reading.
        """
        reading = reading_of(profile)
        return lambda frame, now: _describe(frame, now, reading)

    def describe(self, lines: Sequence[bytes], profile: str) -> list[dict[str, object]]:
        """Account of whole answers. Nothing of them is in the future."""
        describe = self.describer(profile)
        return [describe(line, float("inf")) for line in lines]


def _row(frames: FrameBatch, index: int) -> Row | None:
    start = int(frames.start[index])
    raw = frames.payload[start : start + int(frames.length[index])].tobytes()
    try:
        reading = reading_of(frames.profile[int(frames.profile_index[index])])
        (node,) = read_answer(raw).positions
        return replace(read_position(node, reading).row, frame=index)
    except (PeerFault, KeyError, ValueError):
        return None  # the journal holds only what a session has read: this is another version's frame


def _describe(frame: bytes, now: float, reading: Reading) -> dict[str, object]:
    account = blank_account(FAMILY.name, reading.name)
    session = Session(reading)
    events = session.feed(frame, now)
    taken = [event for event in events if isinstance(event, Frame)]
    refused = Counter(event.reason for event in events if isinstance(event, Refused))
    if not refused or taken:
        answer = read_answer(frame)
        account |= {"version": answer.version or None, "message": answer.service, "message_id": answer.result}
    if taken:
        batch = FAMILY.decode(FrameBatch.of([one.raw for one in taken], reading.name))
        account |= {"device": taken[0].identity, "reports": reports_of(batch)}
    account["error"] = _error(session, taken, refused)
    return account


def _error(session: Session, taken: Sequence[Frame], refused: Counter[str]) -> str | None:
    """What was refused, or what the server says instead of a place."""
    if refused:
        return ", ".join(f"{reason}: {count} refused" for reason, count in refused.items())
    codes = [session.whole, *(frame.message for frame in taken)]
    said = [f"{result_of(code).name}: the server answers {code}" for code in codes if code != OK]
    return "; ".join(said) or None


FAMILY = Mlp()
