"""Pass: whether what bracelets and phones report can be true, and what is said of it.

A compiled loop holds each report against what it heard, and against what the wearer's last ones said (``credible``,
``unseen``). Fixes with which nothing was heard, of bracelets of which nothing is amiss, are noted all at once.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np

from formulas.formula import Loop
from gateway.engine.apart import watch_apart
from gateway.engine.credible import NOTHING, SIGN, held_against
from gateway.engine.implausible import tell_contradiction, watch_jumps
from gateway.engine.phones import is_phone
from gateway.engine.radio import end_former, tell_unseen
from gateway.engine.state import TRUST, fresh
from gateway.engine.unseen import goes_on, suppressed
from gateway.fusion.sigma import variance
from protocols.report import Flag, Source

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from gateway.engine.context import Context

_GNSS, _CELL, _NONE = np.uint8(Source.GNSS), np.uint8(Source.CELL), np.uint8(Source.NONE)
_JAMMING = np.uint64(Flag.JAMMING)
GNSS, NONE = int(Source.GNSS), int(Source.NONE)
END: Final = -1


def prepare() -> None:
    """Compile the pass."""
    _go_on(np.zeros(1, np.int64), np.empty(0, SIGN), fresh(TRUST, 0), 0.0)
    whole, real, is_so = np.empty(0, np.int64), np.empty(0), np.empty(0, np.bool_)
    _note_quiet(
        whole, whole, whole, is_so, np.empty(0, np.uint8), real, np.empty(0, np.uint64), real, real, real, real,
        np.empty(0, np.int16), is_so, whole, whole, whole, whole, fresh(TRUST, 0),
    )  # fmt: skip


def watch_integrity(context: Context, rows: NDArray[np.int64]) -> None:
    """Take whole reports of wearers (int64 rows, ascending), several a group, whose fixes are in the tracks."""
    reports, seats = context.reports, context.policy.groups.seats["trust"]
    former, is_quiet = _note_quiet(
        rows, reports.device, reports.wearing, reports.located, reports.source, reports.heard_sigma, reports.flags,
        reports.time, reports.speed_kmh, reports.x, reports.y, reports.heard_n, context.policy.phone,
        context.policy.group, seats.order, seats.first, seats.count, context.state.trust.records,
    )  # fmt: skip
    if former:
        end_former(context, rows)
    watch_jumps(context)
    if is_quiet:
        return
    phone = is_phone(context, rows)
    if phone.any():
        watch_apart(context, rows[phone])
        rows = rows[~phone]
    fixed = _is_fixed(context, rows)
    loud = _is_loud(context, rows, fixed)
    _note(context, rows[~loud])
    if not loud.any():
        return
    at, trusts = np.zeros(1, np.int64), context.state.trust.records
    signs = _signs(context, rows[loud], fixed[loud])
    while (what := _go_on(at, signs, trusts, context.policy.unseen_after)) != END:
        tell_contradiction(context, signs[at[0] - 1], what)
        tell_unseen(context, signs[at[0] - 1], what)


@Loop
def _note_quiet(  # noqa: PLR0913, PLR0917  columns
    rows: NDArray[np.int64], device: NDArray[np.int64], wearing: NDArray[np.int64], located: NDArray[np.bool_],
    source: NDArray[np.uint8], sigma: NDArray[np.float64], flags: NDArray[np.uint64], time: NDArray[np.float64],
    speed_kmh: NDArray[np.float64], x: NDArray[np.float64], y: NDArray[np.float64], number: NDArray[np.int16],
    phone: NDArray[np.bool_], group: NDArray[np.int64], order: NDArray[np.int64], first: NDArray[np.int64],
    count: NDArray[np.int64], trusts: NDArray[np.void],
) -> tuple[bool, bool]:  # fmt: skip
    """Whether something stands of wearings of these groups, and else whether all are fixes with which nothing is amiss.

    If so they are noted. ``order``, ``first``, ``count``: the wearings of each group.
    """
    is_quiet = True
    for row in rows:
        of = group[device[row]]
        for seat in range(first[of], first[of] + count[of]):
            one = trusts[order[seat]]
            if one.unseen or one.jammed or one.apart:
                return True, False
        is_fixed = located[row] and source[row] in (GNSS, NONE)
        says = not is_fixed or phone[device[row]] or math.isfinite(sigma[row]) or (flags[row] & _JAMMING) != 0
        is_quiet = is_quiet and not says and trusts[wearing[row]].dark_n <= 0
    if is_quiet:
        for row in rows:
            trust = trusts[wearing[row]]
            trust.lit_time, trust.lit_speed, trust.lit_n = time[row], speed_kmh[row] / 3.6, number[row]
            trust.lit_x, trust.lit_y = x[row], y[row]
    return False, is_quiet


def _is_fixed(context: Context, rows: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Those with a place by satellites."""
    source = context.reports.source[rows]
    fixed: NDArray[np.bool_] = context.reports.located[rows] & ((source == _GNSS) | (source == _NONE))
    return fixed


def _is_loud(context: Context, rows: NDArray[np.int64], fixed: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """All but fixes with which nothing was heard, of wearers of whom nothing is amiss, in this stretch or before."""
    reports, trust = context.reports, context.state.trust.records
    wearing = reports.wearing[rows]
    says = ~fixed | np.isfinite(reports.heard_sigma[rows]) | (reports.flags[rows] & _JAMMING != 0)
    says |= (trust["dark_n"][wearing] > 0) | trust["jammed"][wearing]
    loud: NDArray[np.bool_] = np.isin(wearing, wearing[says]) if says.any() else says
    return loud


def _note(context: Context, rows: NDArray[np.int64]) -> None:
    """Fixes that nothing speaks against: where the last one of each wearer lay."""
    if not len(rows):
        return
    reports, trust = context.reports, context.state.trust.records
    wearing = reports.wearing[rows]
    trust["lit_time"][wearing], trust["lit_speed"][wearing] = reports.time[rows], reports.speed_kmh[rows] / 3.6
    trust["lit_x"][wearing], trust["lit_y"][wearing] = reports.x[rows], reports.y[rows]
    trust["lit_n"][wearing] = reports.heard_n[rows]


def _signs(context: Context, rows: NDArray[np.int64], fixed: NDArray[np.bool_]) -> NDArray[np.void]:
    """What reports say of their own truth: ``credible.SIGN`` (n,)."""
    reports, signs = context.reports, np.empty(len(rows), SIGN)
    for name in ("wearing", "time", "offset"):
        signs[name] = getattr(reports, name)[rows]
    signs["row"], signs["variance"], signs["speed"] = rows, 0.0, reports.speed_kmh[rows] / 3.6
    signs["x"], signs["y"] = (np.where(fixed, axis[rows], np.nan) for axis in (reports.x, reports.y))
    for name, column in (("hx", "heard_x"), ("hy", "heard_y"), ("sigma", "heard_sigma"), ("n", "heard_n")):
        signs[name] = getattr(reports, column)[rows]
    known = reports.located[rows] & ~reports.inferred[rows] & (reports.source[rows] != _CELL)
    signs["other"] = known & ~fixed
    signs["jam"] = reports.flags[rows] & _JAMMING != 0
    signs["ends_jam"] = reports.stated[rows] & ~reports.momentary[rows] & _JAMMING != 0
    held = np.flatnonzero(fixed & np.isfinite(signs["sigma"]))
    at = rows[held]
    signs["variance"][held] = variance(reports.source[at], reports.accuracy_m[at], reports.satellites[at])
    return signs


@Loop
def _go_on(at: NDArray[np.int64], signs: NDArray[np.void], trusts: NDArray[np.void], allowed: float) -> int:
    """From sign ``at`` on to behind the next of which something is to be said: bits of ``credible`` and ``unseen``."""
    while at[0] < len(signs):
        sign = signs[at[0]]
        trust = trusts[sign.wearing]
        at[0] += 1
        what = held_against(trust, sign) | goes_on(trust, sign, allowed) | suppressed(trust, sign)
        if what != NOTHING:
            return what
    return END
