"""R16H as the rest of the gateway sees it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocols.account import Fields, blank_account, reports_of
from protocols.allowance import harmless_only
from protocols.errors import PeerFault
from protocols.family import ProfileFamily
from protocols.r16h.orders import ORDERS
from protocols.r16h.profiles import Profile, load_profiles
from protocols.r16h.sentences import BEGIN, END, Sentence, form_of, read_sentence, report_of
from protocols.r16h.session import Session
from protocols.rows import batch_of, raws_of
from protocols.session import Delivery

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from protocols.order import OrderForm
    from protocols.report import ReportBatch
    from protocols.session import Family, Fragments, FrameBatch


class R16h(ProfileFamily[Profile]):
    """Implements :class:`protocols.session.Family`."""

    name = "r16h"
    delivery = Delivery.NONE
    signature: tuple[bytes, ...] = (BEGIN,)
    orders: Mapping[str, OrderForm] = ORDERS
    allowance = staticmethod(harmless_only(frozenset({"locate", "interval", "parameters"})))
    fragments: Fragments | None = None

    def session(self, profile: str, *, strict_checksum: bool = True, identity: str = "") -> Session:
        """A fresh session; sentences say themselves who speaks and have no checksum.

        Raises:
            KeyError: no such profile.
        """
        del strict_checksum, identity
        return Session(self._profiles[profile])

    def decode(self, frames: FrameBatch) -> ReportBatch:
        """The report of every GPSD and LBSD, as columns; a profile that is gone is read as the first."""
        first = next(iter(self._profiles.values()))
        rows = (
            report_of(_sentence(raw), index, self._profiles.get(profile, first))
            for index, raw, profile in raws_of(frames)
        )
        return batch_of([row for row in rows if row is not None])

    def keep(self, raw: bytes, kept: Sequence[bool]) -> bytes:
        """The sentence, or nothing of it: it holds one report at most.

        Raises:
            ValueError: ``kept`` has not as many values as the sentence has reports.
        """
        reports = form_of(_sentence(raw).name).report is not None
        if len(kept) != reports:
            raise ValueError(f"{len(kept)} decisions for {int(reports)} reports")
        return raw if all(kept) else b""

    def describer(self, profile: str) -> Callable[[bytes, float], Fields]:
        """A function (sentence, now) that describes one sentence; its end may be missing.

        Raises:
            KeyError: no such profile.
        """
        chosen = self._profiles[profile]
        return lambda line, _now: self._describe(line, profile, chosen)

    def _describe(self, line: bytes, name: str, profile: Profile) -> Fields:
        account = blank_account(self.name, name)
        try:
            sentence = read_sentence(_content(line))
        except PeerFault as fault:
            return account | {"error": str(fault)}
        row = report_of(sentence, 0, profile)
        return account | {
            "message": sentence.name,
            "message_id": sentence.name,
            "device": sentence.identity,
            "reports": reports_of(batch_of([] if row is None else [row])),
        }


def _sentence(raw: bytes) -> Sentence:
    """A journaled sentence; what a session would not have given is one without fields."""
    try:
        return read_sentence(raw[1:-1])
    except PeerFault:
        return Sentence("", "0", [])


def _content(line: bytes) -> bytes:
    """What stands between ``@`` and ``$``, of a line that may have lost its end.

    Raises:
        PeerFault: ``no_flags``, ``several_frames``.
    """
    text = line.strip().removesuffix(END)
    if not text.startswith(BEGIN):
        raise PeerFault("no_flags", "a sentence begins with @")
    if BEGIN in text[1:] or END in text:
        raise PeerFault("several_frames", "give one sentence a line")
    return text[1:]


FAMILY: Family = R16h(load_profiles())
