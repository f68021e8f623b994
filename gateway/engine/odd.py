"""What of the time before a bracelet fell silent speaks against a mere want of a network."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from fencing.verdict import OUT
from gateway.engine.families import FLAG_KINDS
from gateway.engine.given import levels_of
from gateway.engine.shapes import HOME
from gateway.engine.watching import WatchKind
from gateway.engine.whereabouts import seen_from
from gateway.engine.why_silent import COVERAGE, WHY

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gateway.engine.context import Context
    from gateway.engine.episode import Episode, Fact
    from gateway.engine.policy import Policy
    from gateway.engine.state import EngineState

BEFORE: Final = 3600.0
"""Seconds before somebody fell silent within which a barred zone is odd."""
GOING: Final = 1.0
"""Metres per second further from home from which on somebody was on his way."""
FRESH: Final = 1800.0
"""Seconds before the last contact within which a place says that somebody was at home."""
LAST: Final = 300.0
"""Seconds before the last contact within which a fix is of it."""
STRAP: Final = "strap"
LATELY: Final = 86_400.0
"""Seconds after which an alarm of a strap that the device reports closed, and that nobody has closed, is no sign of the
hour any more: it has been told, and stands on the list."""
TAMPER: Final = frozenset({"strap_cut", "strap_loose", "case_open", "off_body"})


def odd(context: Context, wearing: int, device: int, due: float) -> tuple[str, ...]:
    """Words for it, the gravest first; none: nothing does. ``due``: receive time at which it is missed."""
    state, policy = context.state, context.policy
    found = {
        STRAP: bool(_tampers(state, *policy.wearings[wearing])),
        "barred": _was_out(state, policy, wearing, WatchKind.KEEP_OUT, due),
        "outside": _was_out(state, policy, wearing, WatchKind.STAY_INSIDE, due),
        "battery": bool(levels_of(state, policy, device, due)["low"]),
        "moving": _goes_away(state, policy, wearing, float(state.device["heard"][device])),
    }
    return tuple(word for word, is_so in found.items() if is_so)


def is_calm(context: Context, wearing: int, device: int, due: float, known: Mapping[str, Fact]) -> bool:
    """Whether somebody was at home at the last contact, and nothing of it is odd.

    Args:
        context: of the run.
        wearing: whose.
        device: of which bracelet.
        due: receive time at which it is missed.
        known: what the alarm of its silence says.
    """
    heard, home = float(context.state.device["heard"][device]), known.get("home_m")
    was_home = isinstance(home, int | float) and home <= 0.0
    is_fresh = heard - float(str(known.get("placed", "nan"))) <= FRESH
    explained = "assigned" in known or known.get(WHY, COVERAGE) != COVERAGE
    words = set(odd(context, wearing, device, due))
    if STRAP in words and not _is_tampered_now(context, wearing, device, due):
        words.remove(STRAP)
    return was_home and is_fresh and not explained and not words


def _tampers(state: EngineState, device: str, person: str) -> list[Episode]:
    """Alarms of the strap or the case that stand and that nobody has closed."""
    alarms = [one for who in (person, device) for one in state.found.get(who, {}).values()]
    return [one for one in alarms if one.kind in TAMPER and one.closed is None]


def _is_tampered_now(context: Context, wearing: int, device: int, due: float) -> bool:
    """Whether any of them is of the last day, or the device still says so."""
    state, said = context.state, int(levels_of(context.state, context.policy, device, due)["held"])
    says = any(said & int(flag) for flag, kind in FLAG_KINDS.items() if kind in TAMPER)
    return says or any(one.onset >= due - LATELY for one in _tampers(state, *context.policy.wearings[wearing]))


def _was_out(state: EngineState, policy: Policy, wearing: int, kind: WatchKind, due: float) -> bool:
    """Whether somebody is judged where he is not to be, or of a barred zone has only just left it."""
    person, watches, bank = int(policy.wearing_person[wearing]), policy.watches, state.watch
    mine = np.arange(watches.first[person], watches.first[person] + watches.count[person])
    mine = mine[watches.kind[mine] == kind]
    is_out = bank["verdict"][mine] == OUT
    if kind is WatchKind.KEEP_OUT:
        lately = bank["turned"][mine] >= due - BEFORE
        is_out |= ~np.isnan(bank["breach_since"][mine]) & (bank["leans"][mine] < 0) & lately
    return bool(is_out.any())


def _goes_away(state: EngineState, policy: Policy, wearing: int, heard: float) -> bool:
    """Whether the last fix, of that last contact, was on the way from home."""
    home = f"{HOME}:{policy.wearings[wearing][1]}"
    if home not in policy.zone_ids or not heard - state.track["time"][wearing] < LAST:
        return False
    seen = seen_from(state, policy, wearing, policy.zone_ids.index(home))
    return float(str(seen.get("away_ms", 0.0))) >= GOING
