"""JT/T 808 as the rest of the gateway sees it."""

from __future__ import annotations

from copy import copy
from functools import lru_cache, partial
from typing import TYPE_CHECKING

from protocols.family import ProfileFamily
from protocols.jt808.allowed import allowance
from protocols.jt808.clock import GMT8_SECONDS
from protocols.jt808.decode import decode, prepare
from protocols.jt808.describe import Describer
from protocols.jt808.fragments import PARTS
from protocols.jt808.orders import FORMS
from protocols.jt808.profiles import Profile, ProfileText, built, own_texts
from protocols.jt808.redact import keep
from protocols.jt808.seats import SEAT
from protocols.jt808.session import Session
from protocols.jt808.turns import answers, prepare_turns, read_turn
from protocols.jt808.wire import FLAG_BYTE
from protocols.session import Delivery

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from pydantic import BaseModel

    from protocols.jt808.manners import Manners
    from protocols.order import OrderForm
    from protocols.report import ReportBatch
    from protocols.session import Acquaintance, Fragments, FrameBatch


class Jt808(ProfileFamily[Profile]):
    """Implements ``Profiled``, ``Acquainted`` and ``Prepared`` of :mod:`protocols.session`."""

    name = "jt808"
    delivery = Delivery.END_TO_END
    signature: tuple[bytes, ...] = (FLAG_BYTE,)
    orders: Mapping[str, OrderForm] = FORMS
    allowance = staticmethod(allowance)
    fragments: Fragments | None = PARTS
    zone_seconds = GMT8_SECONDS

    profile_schema: type[BaseModel] = ProfileText
    seat_record = SEAT
    says_serials = True
    read_turn = staticmethod(read_turn)
    answers = staticmethod(answers)

    def __init__(self, own: Mapping[str, ProfileText], added: Sequence[ProfileText] = ()) -> None:
        super().__init__(built(own, added))
        self._own = own
        self._know: Callable[[str], Acquaintance | None] = lambda _identity: None
        self._knowing: dict[str, Callable[[str], Manners | None]] = {}

    def with_profiles(self, added: Sequence[BaseModel]) -> Jt808:
        """The same family with a customer's profiles (of ``profile_schema``) beside its own.

        Raises:
            ProfileFault: a name that is taken, or a profile to stand on that does not exist.
        """
        return Jt808(self._own, [text for text in added if isinstance(text, ProfileText)])

    def with_acquaintances(self, know: Callable[[str], Acquaintance | None]) -> Jt808:
        """The same family, whose sessions answer a terminal by its own profile, and in the edition it was known by."""
        family = copy(self)
        family._know, family._knowing = know, {}  # noqa: SLF001  its own
        return family

    def must_authenticate(self, profile: str) -> bool:
        """Whether terminals of a profile are not heard before they have."""
        return self._profiles[profile].authentication == "required"

    def clock_zone(self, profile: str) -> float | None:
        """Seconds ahead of UTC that the clocks of a profile's terminals show; None: it is found out."""
        return self._profiles[profile].zone_seconds

    def session(self, profile: str, *, strict_checksum: bool = True, identity: str = "") -> Session:
        """A fresh session for one connection; frames say themselves who speaks.

        Raises:
            KeyError: no such profile.
        """
        del identity
        manners, know = _manners(self._profiles[profile], ""), self._knowing.get(profile)
        if know is None:
            know = self._knowing[profile] = partial(self._known, profile)
        return Session(strict_checksum=strict_checksum, manners=manners, know=know)

    def _known(self, usual: str, identity: str) -> Manners | None:
        """A terminal's manners; ``usual`` is the profile of those that name none."""
        known = self._know(identity)
        return None if known is None else _manners(self._profiles[known.profile or usual], known.facts)

    def decode(self, frames: FrameBatch) -> ReportBatch:
        """All reports of a batch, as columns; see :func:`protocols.jt808.decode.decode`."""
        return decode(frames, self._profiles)

    def prepare(self) -> None:
        """Compile the loops that decode, or load what was compiled."""
        prepare(self._profiles)
        prepare_turns()

    def keep(self, raw: bytes, kept: Sequence[bool]) -> bytes:
        """The frame with only the reports that may be kept; see :func:`protocols.jt808.redact.keep`."""
        return keep(raw, kept)

    def describer(self, profile: str) -> Callable[[bytes, float], dict[str, object]]:
        """A function (frame, now) that describes frames of one session, one after the other.

        Raises:
            KeyError: no such profile.
        """
        return Describer(self._profiles[profile], self._profiles).describe


@lru_cache(maxsize=1024)
def _manners(profile: Profile, facts: str) -> Manners:
    """Made once for all sessions."""
    return profile.manners(facts)


FAMILY = Jt808(own_texts())
