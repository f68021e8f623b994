"""What would have made an alarm otherwise, by kind of change: a setting, a boundary, leave, an authority."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from gateway.engine import WatchKind
from gateway.replay.flips import moved
from gateway.settings.absences import Leave

if TYPE_CHECKING:
    from collections.abc import Callable

    from gateway.replay.probes import Whose
    from gateway.settings.model import Configuration, Rule

DAY: Final = 86_400.0


@dataclass(frozen=True, slots=True)
class Knob:
    """A number of the configuration that may be turned.

    Attributes:
        what: as :class:`gateway.words.accounts.Turn` has it. ``source``: where it stands; ``unit``: of it.
        now: what it is. ``calmer``: as far as it is turned at most, each way, for there to be no alarm; ``graver``: for
            there to be one.
        turned: the configuration with another one.
    """

    what: str
    source: str
    unit: str
    now: Callable[[Configuration, Whose], float]
    calmer: tuple[float, ...]
    graver: tuple[float, ...]
    turned: Callable[[Configuration, Whose, float], Configuration]


def after_of(kind: str) -> Knob:
    """Seconds after which a kind is raised."""

    def turned(given: Configuration, whose: Whose, value: float) -> Configuration:
        del whose
        return replace(given, alarms={**given.alarms, kind: replace(given.alarms[kind], after_seconds=value)})

    def now(given: Configuration, whose: Whose) -> float:
        del whose
        return given.alarms[kind].after_seconds or 0.0

    return Knob("limit", f"alarms.{kind}.after_seconds", "s", now, (30 * DAY,), (1.0,), turned)


def by_level(kind: str) -> Knob:
    """Seconds after which a kind is raised, at each level."""

    def turned(given: Configuration, whose: Whose, value: float) -> Configuration:
        del whose
        return replace(given, alarms={**given.alarms, kind: replace(given.alarms[kind], by_level=(value,) * 3)})

    def now(given: Configuration, whose: Whose) -> float:
        levels = given.alarms[kind].by_level
        return (
            0.0 if levels is None else levels[("strict", "general", "lenient").index(given.people[whose.person].level)]
        )

    return Knob("limit", f"alarms.{kind}.by_level", "s", now, (30 * DAY,), (1.0,), turned)


def of_rule(name: str, part: str, unit: str, calmer: float, graver: float) -> Knob:
    """A number of the rule behind the alarm: ``Rule.name``, or of its part."""

    def turned(given: Configuration, whose: Whose, value: float) -> Configuration:
        def anew(rule: Rule) -> Rule:
            number = value if unit in {"s", "m"} else round(value)
            fields: dict[str, Any] = {name: replace(getattr(rule, name), **{part: number}) if part else number}
            return replace(rule, **fields)

        return replace(given, rules=tuple(anew(one) if one.id == whose.rule else one for one in given.rules))

    def now(given: Configuration, whose: Whose) -> float:
        found = next(getattr(one, name) for one in given.rules if one.id == whose.rule)
        return float(getattr(found, part) if part else found)

    return Knob("limit", f"rules.{name}{'.' if part else ''}{part}", unit, now, (calmer,), (graver,), turned)


def _boundary(given: Configuration, whose: Whose, metres: float) -> Configuration:
    return moved(given, (whose.person, f"{whose.rule}/{int(WatchKind.KEEP_OUT)}", whose.zone), round(metres))


BOUNDARY: Final = Knob("boundary", "zones", "m", lambda *_: 0.0, (-4096.0, 4096.0), (-4096.0, 4096.0), _boundary)
OUTWARDS: Final = Knob("boundary", "zones", "m", lambda *_: 0.0, (4096.0,), (), _boundary)
"""Of a zone that somebody is to be in."""


def _extended(given: Configuration, whose: Whose, days: float) -> Configuration:
    until = whose.fact("authority_until")
    return replace(given, authorities=tuple(
        replace(one, until=one.until + days * DAY) if (one.person, one.until) == (whose.person, until) else one
        for one in given.authorities
    ))  # fmt: skip


EXTENDED: Final = Knob("extended", "authorities", "days", lambda *_: 0.0, (400.0,), (), _extended)


def on_leave(given: Configuration, whose: Whose, since: float, until: float) -> Configuration:
    """A configuration with leave of a person, entered before."""
    return replace(given, leave=(*given.leave, Leave(whose.person, "", since, until, "")))
