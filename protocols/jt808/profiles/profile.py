"""A profile ready for use: bits as tables, readers in order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from protocols.jt808.manners import Manners
from protocols.jt808.readers import flags_of
from protocols.jt808.urgency import Urgency, urgency_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from protocols.jt808.habits import Habits
    from protocols.jt808.items import Item
    from protocols.jt808.profiles.text import Bits, ProfileText

_WORD_BITS = 32
_EDITIONS = 2
_Flags = dict[int, int]


@dataclass(frozen=True, slots=True, eq=False)
class Profile:
    """A profile ready for use; none is equal to another.

    Attributes:
        name: as in configurations.
        authentication: hint to intake: ``optional`` or ``required``.
        habits: how its terminals want to be spoken to.
        hexadecimal_imei: a six-byte address is an IMEI's first 14 digits in binary.
        words: uint64 (3, 2, 32): flags stated by each bit of the alarm word; those of them that the terminal takes back
            once it has been answered; flags stated by each bit of the status word. For headers before 2019 and of 2019.
        items: readers of all items that are known.
        readers: those of them that give a column something.
        bodies: readers of whole messages; ``status_messages`` are their ids.
        urgency: which messages are urgent.
        zone_seconds: as :attr:`protocols.jt808.profiles.text.ProfileText.zone_seconds`.
    """

    name: str
    authentication: str
    habits: Habits
    hexadecimal_imei: bool
    zone_seconds: float | None
    words: NDArray[np.uint64]
    items: tuple[Item, ...]
    readers: tuple[Item, ...]
    bodies: tuple[Item, ...]
    status_messages: frozenset[int]
    urgency: Urgency

    def manners(self, facts: str = "") -> Manners:
        """How a terminal of the model is spoken to of which an earlier session has found out ``facts``."""
        return Manners(self.habits, self.hexadecimal_imei, facts, self.urgency, self.bodies)


def build(text: ProfileText, standard: ProfileText) -> Profile:
    """A profile with the standard's flags and items beneath its own."""
    own = type(text)(name=text.name) if text is standard else text
    alarms = _alarms(own, standard)
    items, bodies = standard.items + own.items, standard.bodies + own.bodies
    momentary = _only(alarms, _cleared_by_answer(own, standard))
    words = np.stack([_by_bit(flags) for flags in (alarms, momentary, _statuses(own, standard))])
    return Profile(
        name=text.name,
        authentication=text.authentication,
        habits=text.habits,
        hexadecimal_imei=text.identity == "imei14",
        zone_seconds=text.zone_seconds,
        words=words,
        items=items,
        readers=tuple(reader for reader in items if not reader.is_silent),
        bodies=bodies,
        status_messages=frozenset(reader.id for reader in bodies),
        urgency=urgency_of(words, items, bodies),
    )


def _alarms(own: ProfileText, standard: ProfileText) -> tuple[_Flags, _Flags]:
    """Flags by alarm bit, before 2019 and of 2019."""
    since = standard.alarm_bits | standard.alarm_bits_2019 | own.alarm_bits_2019
    makers = {bit: own.alarm_bits.get(bit, name) for bit, name in (own.alarm_bits | own.alarm_bits_2019).items()}
    return _merged(standard.alarm_bits, own.alarm_bits), _merged(since, makers)


def _statuses(own: ProfileText, standard: ProfileText) -> tuple[_Flags, _Flags]:
    """Flags by status bit, before 2019 and of 2019."""
    since = _merged(standard.status_bits | standard.status_bits_2019, own.status_bits | own.status_bits_2019)
    return _merged(standard.status_bits, own.status_bits), since


def _cleared_by_answer(own: ProfileText, standard: ProfileText) -> tuple[frozenset[int], frozenset[int]]:
    always = standard.cleared_by_answer | own.cleared_by_answer
    before = standard.cleared_by_answer_2013 | own.cleared_by_answer_2013
    return always | before, always | standard.cleared_by_answer_2019 | own.cleared_by_answer_2019


def _merged(standard: Bits, own: Bits) -> _Flags:
    """The standard's flags with the profile's own added, bit by bit."""
    base, added = flags_of(standard), flags_of(own)
    return {bit: base.get(bit, 0) | added.get(bit, 0) for bit in base | added}


def _only(alarms: Iterable[_Flags], bits: Iterable[frozenset[int]]) -> tuple[_Flags, ...]:
    pairs = zip(alarms, bits, strict=True)
    return tuple({bit: flag for bit, flag in flags.items() if bit in chosen} for flags, chosen in pairs)


def _by_bit(editions: Iterable[_Flags]) -> NDArray[np.uint64]:
    """Flags by (edition, bit of the word)."""
    table = np.zeros((_EDITIONS, _WORD_BITS), np.uint64)
    for edition, bits in enumerate(editions):
        for bit, flag in bits.items():
            table[edition, bit] |= np.uint64(flag)
    return table
