"""Step: a configuration takes a rule away, its zone, or whom it watches. What stands of that ends then, and says so.

From there on nobody judges it any more: that is no return, and what only a person ends stays for a person. A past that
is decided anew ends it at the same device time, where the rules of before end (``redecide``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gateway.engine.curfew import break_off
from gateway.engine.ledger import At
from gateway.engine.marks import remember_ends
from gateway.engine.nearing import BOUNDARIES
from gateway.engine.watching import WatchKind
from gateway.engine.weigh import NEAR, ZONE_KINDS, end_episode

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from gateway.engine.context import Context
    from gateway.engine.episode import Episode, Fact
    from gateway.engine.policy import Policy

SHOWN = 12
"""Digits of a configuration's digest that an alarm quotes."""
BY_KIND: Mapping[str, WatchKind] = {
    **{name: kind for kind, name in ZONE_KINDS.items()},
    "curfew_late": WatchKind.BE_THERE, "curfew_early_leave": WatchKind.BE_THERE,
}  # fmt: skip
"""What watches for the kinds of alarm that a watch ends."""
BARRIERS = {word: kind for kind, word in BOUNDARIES.items()}
BY_DEVICE = frozenset({
    "comms_lost", "phone_off", "location_lost", "clock_fault", "locate_timeout", "shielding", "phone_apart",
    "motion_no_gnss", "jam_gnss", "jam_cell", "battery_critical", "battery_dead", "power_off",
})  # fmt: skip
"""Kinds that a device ends by what it sends."""


def lost_watches(before: Policy, after: Policy) -> NDArray[np.int64]:
    """Watches of a policy that another does not have."""
    if before.watches.key == after.watches.key:
        return np.empty(0, np.int64)
    kept = set(after.watches.key)
    return np.array([row for row, key in enumerate(before.watches.key) if key not in kept], np.int64)


def lost_of_group(before: Policy, after: Policy, group: int) -> NDArray[np.int64]:
    """The same of one group, that is one in both."""
    kept, rows = (
        {each.watches.key[row]: row for row in each.groups.seats["watch"].rows(group).tolist()}
        for each in (after, before)
    )
    return np.array([row for key, row in rows.items() if key not in kept], np.int64)


def watch_of(episode: Episode) -> tuple[str, str, str] | None:
    """The key of the watch that ends an alarm; None: none does."""
    kind = BARRIERS.get(str(episode.facts.get("boundary"))) if episode.kind == NEAR else BY_KIND.get(episode.kind)
    return None if kind is None else (episode.person, f"{episode.rule}/{int(kind)}", episode.zone)


def end_watches(context: Context, lost: NDArray[np.int64], time: float, digest: str) -> None:
    """What these watches hold ends, as the configuration ``digest`` comes: ``time``, device time in its order.

    What was over before, as a wearing or a night, ended then. A group's state of before is marked: a past that is
    decided anew needs the evidence of what is taken away here.
    """
    bank, policy = context.state.watch, context.policy
    groups = {policy.groups.of_person.get(policy.watches.key[watch][0], -1) for watch in lost.tolist()} - {-1}
    remember_ends(context, np.array(sorted(groups), np.int64), time)
    at = At(context.first, 1, time, "", time)
    for watch in lost.tolist():
        until = float(np.fmax(time, bank["seen"][watch]))
        worn = float(bank["ends"][watch])
        if worn <= until:
            _end(context, watch, worn, at, {"handed_over": worn})
        else:
            _end(context, watch, until, at, _facts(until, digest))


def _end(context: Context, watch: int, ended: float, at: At, facts: Mapping[str, Fact]) -> None:
    night = int(context.policy.curfews.by_watch[watch])
    if night < 0:
        end_episode(context, watch, ended, at, facts)
        return
    break_off(context, night, ended, at, facts)
    # The rule may have another place from now on: its night begins there.
    context.state.curfew.reset(np.array([night]))


def end_orphans(context: Context, after: Policy, time: float, digest: str) -> None:
    """What stands though nothing can end it: a version before this one left it, or its device is no longer entered."""
    state, at, facts = context.state, At(context.first, 1, time, "", time), _facts(time, digest)
    found = [each for held in state.found.values() for each in held.values()]
    others = [state.episodes[identity] for identity in state.open.values() if identity in state.episodes]
    kept = set(after.watches.key) if found else set()
    orphans = [each for each in found if (key := watch_of(each)) is not None and key not in kept]
    orphans += [each for each in found + others if each.kind in BY_DEVICE and each.device not in after.device_index]
    for episode in sorted(orphans, key=lambda each: each.id):
        context.ledger.clear(episode, max(time, episode.onset), at, facts)


def _facts(time: float, digest: str) -> dict[str, Fact]:
    return {"taken_away": time, "configuration": digest[:SHOWN]}
