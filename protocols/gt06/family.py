"""GT06 as the rest of the gateway sees it."""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING

from protocols.family import ProfileFamily
from protocols.gt06.allowed import allowance
from protocols.gt06.decode import decode, prepare
from protocols.gt06.describe import Describer
from protocols.gt06.orders import FORMS
from protocols.gt06.profiles import Profile, ProfileText, built, own_texts
from protocols.gt06.redact import keep
from protocols.gt06.seats import SEAT
from protocols.gt06.session import Session
from protocols.gt06.turns import answers, prepare_turns, read_turn
from protocols.gt06.wire import STARTS
from protocols.session import Delivery

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from pydantic import BaseModel

    from protocols.order import OrderForm
    from protocols.report import ReportBatch
    from protocols.session import Fragments, FrameBatch


class Gt06(ProfileFamily[Profile]):
    """Implements ``Profiled``, ``Identifying`` and ``Prepared`` of :mod:`protocols.session`."""

    name = "gt06"
    delivery = Delivery.END_TO_END
    signature: tuple[bytes, ...] = STARTS
    orders: Mapping[str, OrderForm] = FORMS
    allowance = staticmethod(allowance)
    fragments: Fragments | None = None
    profile_schema: type[BaseModel] = ProfileText
    seat_record = SEAT
    says_serials = False
    read_turn = staticmethod(read_turn)
    answers = staticmethod(answers)

    def __init__(self, texts: Mapping[str, ProfileText], added: Sequence[ProfileText] = ()) -> None:
        super().__init__(built(texts, added))
        self._texts = texts
        self._recall: Callable[[str], str] = lambda _identity: ""

    def with_profiles(self, added: Sequence[BaseModel]) -> Gt06:
        """The same family with a customer's profiles, :class:`ProfileText` each, beside its own.

        Raises:
            ProfileFault: see :func:`protocols.gt06.profiles.built`.
        """
        return Gt06(self._texts, [text for text in added if isinstance(text, ProfileText)])

    def with_memory(self, recall: Callable[[str], str]) -> Gt06:
        """The same family, whose sessions begin with what is known of their device: the zone its clock shows."""
        family = copy(self)
        family._recall = recall  # noqa: SLF001  its own
        return family

    def session(self, profile: str, *, strict_checksum: bool = True, identity: str = "") -> Session:
        """A fresh session for one connection; the login says who speaks, and ``identity`` until there is one.

        Raises:
            KeyError: no such profile.
        """
        chosen = self._profiles[profile]
        return Session(chosen, strict_checksum=strict_checksum, identity=identity, recall=self._recall)

    def decode(self, frames: FrameBatch) -> ReportBatch:
        """All reports of a batch, as columns; see :func:`protocols.gt06.decode.decode`."""
        return decode(frames, self._profiles)

    def prepare(self) -> None:
        """Compile the loops that decode, or load what was compiled."""
        prepare()
        prepare_turns()

    def keep(self, raw: bytes, kept: Sequence[bool]) -> bytes:
        """The frame if its report may be kept; see :func:`protocols.gt06.redact.keep`."""
        return keep(raw, kept, next(iter(self._profiles.values())))

    def describer(self, profile: str) -> Callable[[bytes, float], dict[str, object]]:
        """A function (frame, now) that describes frames of one session, one after the other.

        Raises:
            KeyError: no such profile.
        """
        return Describer(self._profiles[profile], self._profiles).describe


FAMILY = Gt06(own_texts())
