"""A new engine takes over from an older one: what that said stands, and is never decided again.

After a crash the stretch between the last snapshot and what had been committed is stepped once more, silently, to have
the state; a new engine may see other alarms in it than the old one said. What was said holds: ``adopt`` brings the
state's episodes, and the levels that open and end them, to it.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np

from gateway.engine.between import FAST, key_of
from gateway.engine.curfew import OPEN_KINDS, Phase
from gateway.engine.expiry import expect
from gateway.engine.families import FAMILIES, FLAG_KINDS, GLITCH
from gateway.engine.ledger import slot_of
from gateway.engine.outage import take_up
from gateway.engine.state import NO_DAY
from gateway.engine.taken_away import watch_of
from gateway.engine.watching import WatchKind
from gateway.engine.weigh import ZONE_KINDS
from protocols.report import Flag

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from gateway.engine.episode import Episode
    from gateway.engine.policy import Policy
    from gateway.engine.state import EngineState


def adopt(state: EngineState, policy: Policy, said: Iterable[Episode]) -> int:
    """Make the unresolved episodes those that were said; nothing changes where they are already.

    Args:
        state: changed in place; stepped up to what was committed, and no further.
        policy: the one in force.
        said: episodes as they were last said, unresolved ones.

    Returns:
        How many conditions the state held differently.
    """
    known, stands = dict(state.episodes), {episode.id: episode for episode in said}
    state.episodes = stands
    ongoing = [episode for episode in stands.values() if episode.is_ongoing]
    state.open = {slot_of(episode): episode.id for episode in ongoing if episode.kind not in FAMILIES}
    state.found, state.rings = {}, -math.inf
    for episode in ongoing:
        if episode.kind in FAMILIES:
            state.stand(episode)
    differing = [
        (episode, identity in stands and stands[identity].is_ongoing)
        for identity, episode in (known | stands).items()
        if _holds(known, identity) != _holds(stands, identity)
    ]
    for episode, holds in sorted(differing, key=lambda one: one[1]):
        LEVELS[episode.kind](state, policy, episode, holds)
    return len(differing)


def _holds(episodes: Mapping[str, Episode], identity: str) -> bool:
    return identity in episodes and episodes[identity].is_ongoing


def _device_level(column: str, bank: str = "device") -> Callable[[EngineState, Policy, Episode, bool], None]:
    """A condition of a device: a column says that it was told."""

    def hold(state: EngineState, policy: Policy, episode: Episode, holds: bool) -> None:  # noqa: FBT001  a column's value
        if episode.device in policy.device_index:
            state.banks[bank][column][policy.device_index[episode.device]] = holds

    return hold


def _silence_level(state: EngineState, policy: Policy, episode: Episode, holds: bool) -> None:  # noqa: FBT001  as above
    """Silence: told, and when."""
    _device_level("silent")(state, policy, episode, holds)
    if holds and episode.device in policy.device_index:
        state.device["silent_at"][policy.device_index[episode.device]] = episode.decided


def _locating_level(state: EngineState, policy: Policy, episode: Episode, holds: bool) -> None:  # noqa: FBT001  as above
    """A locating that nobody answered: its device's next place ends it."""
    del policy
    state.unanswered.pop(episode.device, None)
    if holds:
        state.unanswered[episode.device] = episode.id


def _flag_level(flag: int) -> Callable[[EngineState, Policy, Episode, bool], None]:
    """A flag: its level is held, so that the next report of it is no edge."""

    def hold(state: EngineState, policy: Policy, episode: Episode, holds: bool) -> None:  # noqa: FBT001  as above
        if episode.device in policy.device_index:
            at, held = policy.device_index[episode.device], state.levels["held"]
            held[at] = held[at] | np.uint64(flag) if holds else held[at] & ~np.uint64(flag)

    return hold


def _power_level(state: EngineState, policy: Policy, episode: Episode, holds: bool) -> None:  # noqa: FBT001  as above
    """Switched off: since when."""
    if episode.device in policy.device_index:
        state.levels["off_from"][policy.device_index[episode.device]] = episode.onset if holds else math.nan


def _zone_level(state: EngineState, policy: Policy, episode: Episode, holds: bool) -> None:  # noqa: FBT001  as above
    """An alarm of a zone: its watch has raised it."""
    for index, (person, rule_kind, zone) in enumerate(policy.watches.key):
        kind = ZONE_KINDS.get(WatchKind(int(policy.watches.kind[index])))
        mine = (kind, person, rule_kind.rsplit("/", 1)[0], zone)
        if mine == (episode.kind, episode.person, episode.rule, episode.zone):
            state.watch["raised"][index], state.watch["over"][index] = holds, False


def _near_level(state: EngineState, policy: Policy, episode: Episode, holds: bool) -> None:  # noqa: FBT001  as above
    """Near a boundary: its watch has said so."""
    key = watch_of(episode)
    if key in policy.watches.key:
        state.watch["near_raised"][policy.watches.key.index(key)] = holds


def _night_level(state: EngineState, policy: Policy, episode: Episode, holds: bool) -> None:  # noqa: FBT001  as above
    """A curfew's night: its phase."""
    phases = {kind: phase for phase, kind in OPEN_KINDS.items()}
    for index, watch in enumerate(policy.curfews.watch):
        mine = policy.watches.key[watch][0] == episode.person and policy.curfews.rule[index].id == episode.rule
        if mine and state.curfew["start"][index] == episode.facts.get("from"):
            state.curfew["phase"][index] = phases[episode.kind] if holds else Phase.WELL


def _trust_level(column: str) -> Callable[[EngineState, Policy, Episode, bool], None]:
    """What speaks against a wearing's reports: a column says that it was told."""

    def hold(state: EngineState, policy: Policy, episode: Episode, holds: bool) -> None:  # noqa: FBT001  as above
        if (episode.device, episode.person) in policy.wearings:
            state.trust[column][policy.wearings.index((episode.device, episode.person))] = holds

    return hold


def _outage_level(state: EngineState, policy: Policy, episode: Episode, holds: bool) -> None:  # noqa: FBT001  as above
    """An outage: that it lasts."""
    take_up(state, policy, episode.id, holds=holds)


def _grant_level(state: EngineState, policy: Policy, episode: Episode, holds: bool) -> None:  # noqa: FBT001  as above
    """An authority that ends soon: what is told of it next."""
    key = tuple(episode.facts.get(name) for name in ("authority", "authority_until"))
    if (episode.person, *key) in policy.grants.key:
        state.banks["grant"]["told"][policy.grants.key.index((episode.person, *key))] = holds
        expect(state, policy)


def _pair_level(state: EngineState, policy: Policy, episode: Episode, holds: bool) -> None:  # noqa: FBT001  as above
    """Two who are together: it was told."""
    key, bank = key_of(episode), state.banks["pair"]
    if key in policy.pairs.key:
        row = policy.pairs.key.index(key)
        bank["raised"][row], bank["said_near"][row] = holds, holds and episode.facts.get("approach") != FAST


def _habit_level(state: EngineState, policy: Policy, episode: Episode, holds: bool) -> None:  # noqa: FBT001  as above
    """Out by night: the day at whose end it was told."""
    for row, one in enumerate(policy.habits):
        if (one.person, one.rule) == (episode.person, episode.rule):
            state.banks["habit"]["raised"][row] = policy.days.over_at(episode.decided) if holds else NO_DAY


def _still_level(state: EngineState, policy: Policy, episode: Episode, holds: bool) -> None:  # noqa: FBT001  as above
    """A bracelet that is not moved: it was told."""
    for row, one in enumerate(policy.stills):
        if (one.device, one.person, one.rule) == (episode.device, episode.person, episode.rule):
            state.banks["still"]["raised"][row] = holds


def _charging_level(state: EngineState, policy: Policy, episode: Episode, holds: bool) -> None:  # noqa: FBT001  as above
    """Not charged as agreed: by when."""
    for row, one in enumerate(policy.chargings):
        if (one.person, one.rule) == (episode.person, episode.rule):
            state.banks["charging"]["missed"][row] = episode.onset if holds else math.nan


def _no_level(state: EngineState, policy: Policy, episode: Episode, holds: bool) -> None:  # noqa: FBT001  as above
    """Kinds that nothing but their episode tells."""
    del state, policy, episode, holds


LEVELS: Final[Mapping[str, Callable[[EngineState, Policy, Episode, bool], None]]] = {
    **{kind: _flag_level(int(flag)) for flag, kind in FLAG_KINDS.items()},
    GLITCH: _flag_level(int(Flag.STRAP_CUT)),
    **dict.fromkeys(ZONE_KINDS.values(), _zone_level),
    **dict.fromkeys(OPEN_KINDS.values(), _night_level),
    "comms_lost": _silence_level,
    "battery_dead": _silence_level,
    "shielding": _no_level,
    "phone_off": _device_level("off"),
    "location_lost": _device_level("unplaced"),
    "clock_fault": _device_level("clockless"),
    "battery_low": _device_level("low", "levels"),
    "battery_critical": _device_level("critical", "levels"),
    "power_off": _power_level,
    "restart": _no_level,
    "identity_changed": _no_level,
    "locate_timeout": _locating_level,
    "curfew_absent": _no_level,
    "repeated_place": _no_level,
    "exclusion_crossed": _no_level,
    "position_implausible": _no_level,
    "phone_apart": _trust_level("apart"),
    "motion_no_gnss": _trust_level("unseen"),
    "jam_gnss": _trust_level("jammed"),
    "jam_cell": _trust_level("jammed"),
    "entry_skipped": _no_level,
    "mass_outage": _outage_level,
    "authority_expiring": _grant_level,
    "authority_ended": _no_level,
    "nights_out": _habit_level,
    "no_motion": _still_level,
    "charge_missed": _charging_level,
    "wearers_together": _pair_level,
    "protected_near": _pair_level,
    "appointment_missed": _no_level,
    "boundary_near": _near_level,
}
"""By kind: what of the state says that its alarm was raised."""
