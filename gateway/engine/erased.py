"""Step: a person's places are erased by order. What the state knows of where somebody was goes; the alarms stay.

Nothing is decided by it, and nothing said: alarms of the person that may still be decided anew are let go of, so that a
past without its reports takes none of them back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec
import numpy as np

from gateway.engine.fragments import drop_of
from gateway.engine.groups import Lifted
from gateway.engine.marks import Mark
from gateway.engine.records import Erased
from gateway.engine.state import BANKS, fresh

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from gateway.engine.episode import Episode, Fact
    from gateway.engine.ledger import At, Ledger
    from gateway.engine.notice import About
    from gateway.engine.state import EngineState
    from gateway.journal.controls import Erasing

WHERE: Final = frozenset({
    "home_m", "home_deg", "away_m", "away_deg", "away_ms", "placed", "source", "outside", "inside", "place", "places",
    "registered", "home_to_zone_m", "boundary_m", "depth_m", "error_m", "apart_m", "heard_radius_m", "jump_m",
    "moved_m", "scatter_m",
})  # fmt: skip
"""Facts of an alarm that say where somebody was, or how far from what."""
PLACES_ERASED: Final = "places_erased"
"""The fact that an alarm's place was erased: when, receive time."""
PLACES_HIDDEN: Final = "places_hidden"
"""The fact that an alarm's place is not for whoever reads this."""
_PLACED: Final = ("track", "trust", "watch", "curfew", "presence", "pair", "met", "habit", "still")
"""Banks whose rows tell where somebody is, was, or is used to be."""
_ENDS: Final = "ends"
"""Of a watch, when its wearing ends: that is the registers'."""


def hear_erasure(ledger: Ledger, said: Erasing, at: At) -> None:
    """An ERASURE entry: once confirmed, the state forgets the person's places; once done, it knows that it is."""
    state = ledger.state
    if said.do == "confirmed":
        state.erasures[said.id] = Erased(said, at.time, at.offset)
        _forget(state, said, at.time)
    elif said.do == "done" and said.id in state.erasures:
        known = state.erasures[said.id]
        state.erasures[said.id] = msgspec.structs.replace(known, done=at.time, counts=said.counts)


def without_place(episode: Episode, time: float) -> Episode:
    """A copy of an alarm that says nothing of where anybody was, and that this was erased at a time."""
    kept = placeless(episode.facts) | {PLACES_ERASED: time}
    return msgspec.structs.replace(episode, latitude=None, longitude=None, radius_m=None, facts=kept)


def place_hidden(episode: Episode) -> Episode:
    """A copy of an alarm for who may not see where anybody was."""
    kept = placeless(episode.facts) | {PLACES_HIDDEN: 1}
    return msgspec.structs.replace(episode, latitude=None, longitude=None, radius_m=None, facts=kept)


def placeless(facts: Mapping[str, Fact]) -> dict[str, Fact]:
    """Of facts those that do not say where somebody was."""
    return {name: fact for name, fact in facts.items() if name not in WHERE}


def _forget(state: EngineState, said: Erasing, time: float) -> None:
    person = said.person
    for name in _PLACED:
        bank = state.banks[name]
        bank.records[:] = _reset(name, bank.keys, bank.records, person)
    state.marks = {group: [_unmarked(mark, person) for mark in marks] for group, marks in state.marks.items()}
    state.nights = {key: nights for key, nights in state.nights.items() if not _is_of(key, person)}
    state.found.pop(person, None)
    state.settled = {key: one for key, one in state.settled.items() if one.person != person}
    state.episodes = {
        key: without_place(one, time) if one.person == person else one for key, one in state.episodes.items()
    }  # fmt: skip
    # What is closed is remembered by place where that is what tells alarms of a kind apart.
    state.closes = {
        key: times for key, times in state.closes.items() if not key.startswith(f"repeated_place/{person}/")
    }
    _forget_told(state, person)
    _forget_devices(state, said)


def _forget_told(state: EngineState, person: str) -> None:
    """What people are still to be told, and what is held back."""
    for ladder in state.ladders.values():
        ladder.about = _about(ladder.about, person)
    for key, record in state.notices.items():
        notice = msgspec.structs.replace(record.notice, about=_about(record.notice.about, person))
        state.notices[key] = msgspec.structs.replace(record, notice=notice)
    for held in state.held.values():
        if held.person == person:
            held.latitude = held.longitude = held.radius_m = None
            held.facts = placeless(held.facts)


def _about(about: About, person: str) -> About:
    return msgspec.structs.replace(about, facts=placeless(about.facts)) if about.person == person else about


def _forget_devices(state: EngineState, said: Erasing) -> None:
    """Where a strap was opened, and what was sent of a message."""
    bank, seats = state.device, {key: seat for seat, key in enumerate(state.device.keys)}
    for device, spans in said.spans.items():
        for begin, until in spans:
            drop_of(state, device, begin, until)
            seat = seats.get(device, -1)
            if seat >= 0 and not (bank["strap_from"][seat] < begin or bank["strap_from"][seat] > until):
                bank["strap_x"][seat] = bank["strap_y"][seat] = np.nan


def _unmarked(mark: Mark, person: str) -> Mark:
    """A mark without what it knows of a person's places; a mark is never changed, for a snapshot may share it."""
    if not any(person in key for keys in mark.keys for key in keys):
        return mark
    lifted = Lifted(
        {bank: (keys, _reset(bank, keys, records, person)) for bank, (keys, records) in mark.rows.items()},
        tuple(one for one in mark.found if one.person != person),
        {key: number for key, number in mark.nights.items() if not _is_of(key, person)},
    )
    found = Mark(mark.time, lifted)
    found.pack()
    return found


def _reset(bank: str, keys: Sequence[str], records: NDArray[np.void], person: str) -> NDArray[np.void]:
    """Records of which those of a person have their initial values; the others as they are."""
    mine = np.array([_is_of(key, person) for key in keys], np.bool_)
    if bank not in _PLACED or not mine.any():
        return records
    kept, ends = records.copy(), records[_ENDS][mine] if bank == "watch" else None
    kept[mine] = fresh(BANKS[bank], 1)[0]
    if ends is not None:
        kept[_ENDS][mine] = ends
    return kept


def _is_of(key: str, person: str) -> bool:
    """Whether a row's key names a person, beside devices, rules and zones."""
    return person in key.split("/")
