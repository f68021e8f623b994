"""Step: a strap that opens is a cut, unless persons have found that this very bracelet's sensor opens by itself.

Two grades of one alarm. ``strap_cut`` is critical at once. ``strap_glitch_suspected`` is milder and never silent: it
needs a person's close as technical of an alarm of the same device, and nothing that speaks against a fault; it becomes
``strap_cut`` with the first report that still says open or shows more, or once the strap is not reported closed within
the longest time that its faults have lasted. So an opening that stays is graded down for one report at most. Why it was
graded so stands in its facts (``graded``).
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np

from gateway.engine.episode import CloseOutcome
from gateway.engine.families import FAMILIES, GLITCH
from gateway.engine.fuse import radii_of
from gateway.engine.given import given_since
from gateway.engine.removal import off_with_leave
from protocols.report import Flag

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

    from gateway.engine.context import Context
    from gateway.engine.episode import Episode, Fact
    from gateway.engine.ledger import At, Ledger
    from gateway.engine.policy import Policy
    from gateway.engine.state import EngineState

CUT: Final = "strap_cut"
OPEN: Final = np.uint64(Flag.STRAP_CUT)
SAYS_MORE: Final[Mapping[Flag, str]] = {
    Flag.OFF_BODY: "off_body", Flag.CASE_OPEN: "case_open", Flag.SOS: "sos", Flag.JAMMING: "jamming",
}  # fmt: skip
"""What else a device may say with an open strap; each speaks against a fault."""
ELSEWHERE: Final = frozenset({
    "exclusion_enter", "inclusion_exit", "curfew_late", "curfew_early_leave", "curfew_absent", "position_implausible",
    "phone_apart", "motion_no_gnss", "jam_gnss", "jam_cell", "off_body", "case_open",
})  # fmt: skip
"""Alarms of the wearer beside which no opening is taken for a fault."""
KEPT: Final = 30 * 86_400.0
"""Seconds for which a person's finding holds: a sensor is repaired, or worn out."""
SLACK: Final = 30.0
"""Seconds that a report's way may take."""
PLACED_WITHIN: Final = 1800.0
"""Seconds: an older place does not show that the wearer has stayed."""
PACE: Final = 1.0
"""Metres per second from which on somebody is under way."""
AWAY: Final = 100.0
"""Metres, beyond the place's own radius, from which on somebody has moved away."""


def grade(context: Context, row: int, *, late: bool = False) -> tuple[str, dict[str, Fact]]:
    """Of which kind the alarm of a report that says open is, and why. Its opening is followed from here on.

    Args:
        context: of the run.
        row: a report of somebody's bracelet.
        late: it came after newer ones.
    """
    state, device = context.state, int(context.reports.device[row])
    if not late:
        _begin(context, row, device)
    if not _is_found(state, device, float(context.reports.received[row])):
        return CUT, {"graded": "first"}
    bank = state.device
    known: dict[str, Fact] = {
        "faults": int(bank["fault_n"][device]), "fault_seconds": float(bank["fault_longest"][device]),
    }  # fmt: skip
    why = "late" if late else _against(context, row)
    if why:
        return CUT, {"graded": why, **known}
    due = float(context.reports.received[row]) + _allowed(state, context.policy, device)
    bank["strap_due"][device], state.rings = due, min(state.rings, due)
    return GLITCH, {"graded": "as_before", **known, "glitch_until": due}


def opens_again(context: Context, row: int, episode: Episode, *, late: bool = False) -> None:
    """A further opening while one is suspected: it is graded by itself, and said where it is a cut."""
    kind, facts = grade(context, row, late=late)
    if episode.device != context.device_key(row):
        kind, facts = CUT, {"graded": "other_device"}
    if kind == CUT:
        _to_cut(context.ledger, episode, context.at(row), facts)


def follow(context: Context, rows: NDArray[np.int64], flags: NDArray[np.uint64]) -> None:
    """Take one round's reports of wearers (at most one a device) with what is believed of their flags.

    An opening ends with a sound report that speaks of the strap, lastingly, and not of its being open.
    """
    running = np.flatnonzero(~np.isnan(context.state.device["strap_from"][context.reports.device[rows]]))
    for index in running.tolist():
        _follow(context, int(rows[index]), is_open=bool(flags[index] & OPEN))


def due_of(state: EngineState, policy: Policy, episode: Episode) -> float:
    """By which receive time a strap has to be reported closed; inf: it was, or nothing is suspected."""
    if episode.kind != GLITCH:
        return math.inf
    seat = policy.device_index.get(episode.device)
    if seat is None:
        return math.inf if "strap_closed" in episode.facts else -math.inf
    return float(state.device["strap_due"][seat])


def not_closed(ledger: Ledger, alarm: str, at: At) -> None:
    """The time is over within which the strap should have been reported closed."""
    episode = ledger.state.episodes.get(alarm)
    if episode is not None and episode.kind == GLITCH:
        _to_cut(ledger, episode, at, {"graded": "not_closed"})


def learn(ledger: Ledger, episode: Episode, at: At) -> None:
    """A person closes an alarm of a strap. As technical it teaches how long this device's faults last, if they ended.

    As confirmed it takes back what was learnt: that strap was opened.
    """
    seat = ledger.policy.device_index.get(episode.device)
    if FAMILIES.get(episode.kind) != CUT or seat is None:
        return
    since = given_since(ledger.state, ledger.policy, np.array([seat]), np.array([at.time]))[0]
    if episode.onset < since:
        return  # of a former wearer: with the next one its strap is fitted anew
    bank = ledger.state.device
    if episode.outcome == CloseOutcome.TECHNICAL and bank["strap_longest"][seat] > 0.0:
        bank["fault_longest"][seat] = np.fmax(bank["fault_longest"][seat], bank["strap_longest"][seat])
        bank["fault_n"][seat] += 1
        bank["fault_at"][seat] = at.time
    elif episode.outcome == CloseOutcome.CONFIRMED:
        bank["fault_longest"][seat], bank["fault_n"][seat], bank["fault_at"][seat] = np.nan, 0, np.nan
    bank["strap_longest"][seat], bank["strap_due"][seat] = 0.0, np.inf


def opens_in_run(context: Context, root: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Reports of a run, of groups of which a device with known faults says open in it: each is looked at by itself.

    bool (n,); ``root``: the group of each. What begins in the run may have to be ended in it.
    """
    reports = context.reports
    says = (context.state.device["fault_n"][reports.device] > 0) & (reports.flags & OPEN != 0)
    found: NDArray[np.bool_] = np.isin(root, root[says]) if says.any() else says
    return found


def shift(state: EngineState, seconds: float) -> None:
    """Receive time was set: what had elapsed stays elapsed."""
    state.device["strap_due"][:] += seconds


def _begin(context: Context, row: int, device: int) -> None:
    bank, place = context.state.device, _place(context, row)
    bank["strap_from"][device], bank["strap_due"][device] = context.reports.time[row], np.inf
    bank["strap_x"][device], bank["strap_y"][device] = (np.nan, np.nan) if place is None else place[:2]


def _is_found(state: EngineState, device: int, now: float) -> bool:
    """Whether a person has found this sensor at fault, lately."""
    return bool(state.device["fault_n"][device] > 0) and now - float(state.device["fault_at"][device]) <= KEPT


def _allowed(state: EngineState, policy: Policy, device: int) -> float:
    """Seconds for which an opening may be a fault: as long as this device's have lasted, and never beyond a silence."""
    after = policy.configuration.alarms[GLITCH].after_seconds
    longest = float(state.device["fault_longest"][device]) + SLACK
    return min(longest, policy.silence_after, math.inf if after is None else after)


def _against(context: Context, row: int) -> str:
    """What speaks against a fault at its opening; empty: nothing."""
    return next((word for word in (look(context, row) for look in LOOKS) if word), "")


def _stored(context: Context, row: int) -> str:
    """What the device had kept is known too late."""
    reports = context.reports
    is_old = reports.stored[row] or reports.received[row] - reports.time[row] > SLACK
    return "stored" if is_old else ""


def _says_more(context: Context, row: int) -> str:
    """What else the device says of itself."""
    held = context.state.levels["held"][context.reports.device[row]]
    said = int(context.reports.flags[row] | held)
    return next((word for flag, word in SAYS_MORE.items() if said & int(flag)), "")


def _stands_elsewhere(context: Context, row: int) -> str:
    """Another alarm of the wearer's place or body stands."""
    held = context.state.found.get(context.person(row), {}).values()
    return "beside" if any(one.kind in ELSEWHERE and one.is_ongoing for one in held) else ""


def _moves(context: Context, row: int) -> str:
    """Whether the wearer is under way, or nobody can tell."""
    place, speed = _place(context, row), float(context.reports.speed_kmh[row]) / 3.6
    if place is None:
        return "no_place"
    return "moving" if place[2] > PACE or speed > PACE else ""


def _off_with_leave(context: Context, row: int) -> str:
    """A bracelet that is off with leave is told as that."""
    reports = context.reports
    times = float(reports.time[row]), float(reports.received[row])
    return "removal" if off_with_leave(context.policy, CUT, context.person(row), times, late=False) else ""


LOOKS: Final[tuple[Callable[[Context, int], str], ...]] = (
    _off_with_leave, _stored, _says_more, _stands_elsewhere, _moves,
)  # fmt: skip
"""What may speak against a fault at its opening, in this order."""


def _place(context: Context, row: int) -> tuple[float, float, float, float] | None:
    """Where the wearer is just after a report: x, y, metres per second, 95 % radius; None: not known well enough."""
    wearing = int(context.reports.wearing[row])
    with context.then(row):
        track = context.state.track
        if wearing < 0 or not context.reports.time[row] - track["time"][wearing] <= PLACED_WITHIN:
            return None
        x, y, vx, vy = (float(track[name][wearing]) for name in ("x", "y", "vx", "vy"))
        return x, y, math.hypot(vx, vy), float(radii_of(context.state, np.array([wearing]))["r95"][0])


def _follow(context: Context, row: int, *, is_open: bool) -> None:
    bank, device = context.state.device, int(context.reports.device[row])
    here = np.array([device]), context.reports.time[row : row + 1]
    if given_since(context.state, context.policy, *here)[0] > bank["strap_from"][device]:
        bank["strap_from"][device] = np.nan  # another wearing; what was suspected of the last ends by its time
        return
    closed = not is_open and _is_closed(context, row)
    lasted = float(context.reports.time[row] - bank["strap_from"][device])
    why = "still_open" if is_open else _since(context, row, device, lasted)
    if closed:
        bank["strap_longest"][device] = max(bank["strap_longest"][device], lasted)
        bank["strap_from"][device] = np.nan
    episode = _suspected(context.ledger, context.device_key(row)) if bank["strap_due"][device] < np.inf else None
    if episode is not None:
        _tell(context, row, episode, why, lasted if closed else math.nan)


def _tell(context: Context, row: int, episode: Episode, why: str, lasted: float) -> None:
    """What a report makes of one that is suspected: a cut, or a strap that has closed again, said once."""
    if why:
        _to_cut(context.ledger, episode, context.at(row), {"graded": why})
    elif not math.isnan(lasted):
        context.state.device["strap_due"][context.reports.device[row]] = np.inf
        if "strap_closed" not in episode.facts:
            closed: dict[str, Fact] = {"strap_closed": float(context.reports.time[row]), "open_seconds": lasted}
            context.ledger.revise(episode, context.at(row), closed)


def _is_closed(context: Context, row: int) -> bool:
    reports = context.reports
    return bool(reports.sound[row] and (reports.stated[row] & ~reports.momentary[row]) & OPEN)


def _since(context: Context, row: int, device: int, lasted: float) -> str:
    """What speaks against a fault since its opening; empty: nothing."""
    bank, place = context.state.device, _place(context, row)
    if more := _says_more(context, row):
        return more
    if lasted > bank["fault_longest"][device] + SLACK:
        return "longer"
    if place is None or math.isnan(bank["strap_x"][device]):
        return ""
    moved = math.hypot(place[0] - bank["strap_x"][device], place[1] - bank["strap_y"][device])
    return "moved" if moved > AWAY + place[3] else ""


def _suspected(ledger: Ledger, device: str) -> Episode | None:
    return next((one for one in ledger.of_device(GLITCH, device) if one.is_ongoing), None)


def _to_cut(ledger: Ledger, episode: Episode, at: At, facts: Mapping[str, Fact]) -> None:
    """It is a cut as any, from now on."""
    seat = ledger.policy.device_index.get(episode.device)
    if seat is not None:
        ledger.state.device["strap_due"][seat] = np.inf
    ledger.revise(episode, at, facts, CUT)
