"""The parts of a score. ``as_json`` writes them under these very names, which stay as they are.

Times are seconds, lengths metres, shares 0 to 1; None: nothing to take it from. Rates are per device-month (one device
for 30 days) with the exact two-sided 95 % Poisson interval: the upper bound of no alarm in a device-month is 3.689;
``at_most95`` is the one-sided upper bound of 95 %, of no alarm 2.996.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Rate:
    """A count, per device-month and with its 95 % interval."""

    count: int
    per_device_month: float
    lower95: float
    upper95: float
    at_most95: float


@dataclass(frozen=True, slots=True)
class Latency:
    """Decision after true onset, of all that was found by an alarm of its own; negative: decided before it.

    ``quantiles_s``: 0, 1 ... 100 %.
    """

    count: int
    p50_s: float | None
    p95_s: float | None
    max_s: float | None
    quantiles_s: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Judged:
    """Alarms of one sort: ``true`` + ``false`` = ``alarms``, and ``false`` is the sum of ``reasons``.

    ``false_lines``: lines in the file of alarms, by reason.
    """

    alarms: int
    true: int
    false: int
    reasons: Mapping[str, int]
    false_lines: Mapping[str, tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class Found:
    """``found`` + ``missed`` = ``happened``. ``spanned``: found only because an earlier alarm still stood."""

    happened: int
    found: int
    missed: int
    spanned: int


@dataclass(frozen=True, slots=True)
class Tier:
    """Breaches of a true depth from ``least_m`` to below ``below_m`` (None: any), with usable signal or without."""

    least_m: float
    below_m: float | None
    usable: bool
    found: Found


@dataclass(frozen=True, slots=True)
class Breaches:
    """Breaches. ``counted`` leaves out the excused and the short ones, which stand beside it.

    ``late``: those counted whose signal came, but too late to be usable. ``missed_lines``: lines of the missed ones in
    the truth file.
    """

    counted: Found
    short: Found
    excused: int
    late: Found
    families: Mapping[str, Found]
    tiers: tuple[Tier, ...]
    missed_lines: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class SceneCount:
    """What began in a scene of the true track: zone alarms, and counted breaches. ``device_months`` spent in it."""

    device_months: float
    alarms: Judged
    breaches: Found


@dataclass(frozen=True, slots=True)
class Told:
    """What the ladder tells people, each text to each person counted.

    ``answered``: where whoever is told answers in time; ``unanswered``: where nobody ever does, and all goes up.
    ``by_rung``: wearer, staff at once, next rung, leaders, void, reminder. ``by_kind``: of those answered.
    """

    answered: Rate
    unanswered: Rate
    by_rung: Mapping[str, Rate]
    by_kind: Mapping[str, Rate]


@dataclass(frozen=True, slots=True)
class Events:
    """Device events of a kind, or repeated places, and the alarms of them."""

    happened: Found
    judged: Judged
    latency: Latency


@dataclass(frozen=True, slots=True)
class Gathered:
    """Silences in outages: ``gathered`` in the outage's one notice, told ``singly``, or not at all."""

    silences: int
    gathered: int
    singly: int


@dataclass(frozen=True, slots=True)
class Share:
    """``count`` of ``of``, with the two-sided 95 % interval of Wilson; None: of nothing."""

    count: int
    of: int
    share: float | None
    lower95: float | None
    upper95: float | None


@dataclass(frozen=True, slots=True)
class Approaches:
    """Those who came within what is barred around somebody protected, from beyond the buffer.

    ``before_buffer``: warned of before the buffer was reached; ``could``: of the way to which a report had come in by
    then, so that it could be known; ``before_barred``: warned of before what is barred was reached. ``false``: alarms
    of who was not within the buffer, a rate per pair and 30 days (``pair_months``); None: no pairs.
    """

    before_buffer: Share
    could: Share
    before_barred: Share
    pair_months: float
    false: Rate | None


@dataclass(frozen=True, slots=True)
class Strap:
    """Alarms of open straps that came to be ``strap_cut``, and beside them those that stayed suspected glitches.

    ``false_rate``: share of the former without a true cut near; ``missed``: cuts without one. ``suspected_at_cut``: of
    the suspected ones those near a true cut. ``latest_s``: the longest time from a true cut to a critical alarm of it.
    """

    alarms: int
    without_cut: int
    false_rate: float | None
    missed: int
    suspected: int
    suspected_at_cut: int
    latest_s: float | None


@dataclass(frozen=True, slots=True)
class Bin:
    """Zone alarms whose stated probability is from ``least`` to below ``below`` (the last bin has 1 too)."""

    least: float
    below: float
    alarms: int
    stated: float | None
    true: float | None


@dataclass(frozen=True, slots=True)
class Calibration:
    """Mean stated probability and true share by bin; ``brier``: mean squared difference. ``unstated``: without one."""

    alarms: int
    unstated: int
    brier: float | None
    bins: tuple[Bin, ...]
