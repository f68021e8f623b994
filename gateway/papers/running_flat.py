"""Batteries that will be empty within the next shift by their own pace, and of which no alarm tells yet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from gateway.engine import flat_between
from gateway.journal.controls import PaperLine
from gateway.papers.register_lines import SHIFT
from gateway.papers.said import in_both, part

if TYPE_CHECKING:
    from gateway.papers.seen import Seen

OF_A_BATTERY: Final = frozenset({"battery_low", "battery_critical", "battery_dead", "charge_missed", "power_off"})


def running_flat(seen: Seen) -> list[PaperLine]:
    """Bracelets that are worn by their people, the first to be empty first."""
    told = {one.device for one in seen.episodes if not one.resolved and one.kind in OF_A_BATTERY}
    ends = flat_between(seen.state.levels, seen.until, seen.until + SHIFT)
    worn = [(end, device, _wearer(seen, device)) for device, end in ends.items() if device not in told]
    theirs = sorted(one for one in worn if one[2] and seen.is_theirs(one[2]))
    return [_flat(seen, device, person, end) for end, device, person in theirs]


def _wearer(seen: Seen, device: str) -> str:
    """Who wears a device now and may be located by it; empty: nobody."""
    policy, now = seen.policy, np.array([seen.now])
    if device not in policy.device_index:
        return ""
    wearing = policy.wearing_at(np.array([policy.device_index[device]]), now)
    return policy.wearings[int(wearing[0])][1] if policy.lawful(wearing, now)[0] else ""


def _flat(seen: Seen, device: str, person: str, end: float) -> PaperLine:
    zh, en = in_both(seen, lambda words: part(words, "flat_at", time=words.clock(end)))
    return PaperLine(f"battery-{device}", "worse", person, device=device, zh=zh, en=en, due=end)
