"""Figures as short texts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from firmware_sim.score.poisson import ONE_SIDED, bounds

if TYPE_CHECKING:
    from firmware_sim.score.figures import Events, Found, Latency, Rate, SceneCount, Share, Tier

NOTHING = "–"
SIGNAL = {True: "usable signal", False: "little signal"}


def share(value: float | None) -> str:
    """A share in percent."""
    return NOTHING if value is None else f"{100.0 * value:.1f} %"


def score(value: float | None) -> str:
    """A Brier score."""
    return NOTHING if value is None else f"{value:.4f}"


def length(value: float | None) -> str:
    """Metres."""
    return NOTHING if value is None else f"{value:.1f}"


def duration(seconds: float | None) -> str:
    """Seconds as minutes and seconds, or hours and minutes from two hours on."""
    if seconds is None:
        return NOTHING
    sign, whole = ("-" if seconds < 0.0 else ""), round(abs(seconds))
    if whole >= 7200:  # noqa: PLR2004  two hours, as the docstring says
        return f"{sign}{whole // 3600} h {whole % 3600 // 60:02d} min"
    return f"{sign}{whole // 60}:{whole % 60:02d}"


def rate(value: Rate) -> str:
    """A rate, its interval and its count."""
    return f"{value.per_device_month:.3g} [{value.lower95:.3g}, {value.upper95:.3g}] ({value.count:,})"


def scene(value: SceneCount | None) -> str:
    """Zone alarms and breaches of a scene."""
    if value is None:
        return NOTHING
    judged, months = value.alarms, value.device_months
    most = f" ({bounds(judged.false, ONE_SIDED)[1] / months:.3g})" if months > 0.0 else ""
    return f"{judged.true:,} / {judged.false:,}{most}; {found(value.breaches)}"


def plain_rate(value: Rate | None) -> str:
    """A rate alone."""
    return NOTHING if value is None else f"{value.per_device_month:.3g}"


def counted_share(value: Share) -> str:
    """A share, its interval and its count."""
    if value.share is None or value.lower95 is None or value.upper95 is None:
        return NOTHING
    bounds = f"{100.0 * value.lower95:.1f}, {100.0 * value.upper95:.1f}"
    return f"{100.0 * value.share:.1f} % [{bounds}] ({value.count:,} of {value.of:,})"


def found(value: Found) -> str:
    """What was found of what happened."""
    return f"{value.found:,} of {value.happened:,}" if value.happened else NOTHING


def latency(value: Latency) -> str:
    """Half, 95 % and all of what was found."""
    return " / ".join(map(duration, (value.p50_s, value.p95_s, value.max_s))) if value.count else NOTHING


def events(value: Events | None) -> str:
    """Found, and how many of the alarms are false."""
    if value is None:
        return NOTHING
    return f"{found(value.happened)}; {value.judged.false:,} of {value.judged.alarms:,}"


def tier(value: Tier) -> str:
    """Depth and signal."""
    upper = f"{value.least_m:.0f} m and more" if value.below_m is None else f"{value.least_m:.0f}-{value.below_m:.0f} m"
    return f"{upper}, {SIGNAL[value.usable]}"
