"""Numbers of the engine's state that decide alarms, one function each: what is held against a limit, at one moment."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from fencing.verdict import posterior
from gateway.engine.credible import ENOUGH, JUMPS
from gateway.engine.implausible import CASES
from gateway.engine.strap import SLACK
from gateway.engine.usual import LEAST, TIMES
from gateway.engine.weigh import RAISE_AT

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from gateway.engine import EngineState, Policy

    Probe = Callable[["Moment"], float]

DAY: Final = 86_400.0
SURE: Final = float(posterior(RAISE_AT))
"""Probability from which on, with enough places, it is raised."""


class Whose(NamedTuple):
    """Whose alarm it is: person, device, kind, rule and zone, each empty where it has none; ``facts`` of the alarm."""

    person: str
    device: str
    kind: str
    rule: str
    zone: str
    facts: Mapping[str, object]

    def fact(self, name: str) -> float:
        """A number of the alarm; NaN: it has none."""
        found = self.facts.get(name)
        return float(found) if isinstance(found, int | float) else math.nan


class Moment(NamedTuple):
    """A state at a receive time, with what the last report of the device says.

    ``flags``, ``battery``: of it (-1: not told). ``time``: of the county, receive time. ``place``: of it, latitude and
    longitude; None: it has none.
    """

    state: EngineState
    policy: Policy
    whose: Whose
    time: float
    flags: int
    battery: int
    place: tuple[float, float] | None

    def of_device(self, name: str) -> float:
        """A number of the device bank."""
        return float(self.state.device[name][self.policy.device_index[self.whose.device]])

    @property
    def wearing(self) -> int:
        """Index of the wearing."""
        return self.policy.wearings.index((self.whose.device, self.whose.person))

    def trust(self, name: str) -> float:
        """A number of the trust bank."""
        return float(self.state.trust[name][self.wearing])


def silent_for(moment: Moment) -> float:
    """Seconds since the device was heard, without our own downtime."""
    return moment.time - moment.of_device("heard") - moment.of_device("missed")


def allowed_silence(moment: Moment) -> float:
    """Seconds that a device may be silent."""
    return moment.policy.silence_after


def battery(moment: Moment) -> float:
    """Percent that a report tells."""
    return float(moment.battery) if moment.battery >= 0 else math.nan


def said(flag: int) -> Probe:
    """Whether a report states a flag: 1, or 0."""
    return lambda moment: float(bool(moment.flags & flag))


def off_for(moment: Moment) -> float:
    """Seconds since the device said that it is being switched off."""
    bank = moment.state.levels["off_from"]
    return moment.time - float(bank[moment.policy.device_index[moment.whose.device]])


def open_for(moment: Moment) -> float:
    """Seconds since the strap opened."""
    return moment.time - moment.of_device("strap_from")


def faults_last(moment: Moment) -> float:
    """Seconds that this device's faults have lasted at the longest, and what a report's way may take."""
    return moment.of_device("fault_longest") + SLACK


def lasting(start: str, missed: str) -> Probe:
    """Seconds for which a condition of the device bank has lasted."""
    return lambda moment: moment.time - moment.of_device(start) - moment.of_device(missed)


def deadline(kind: str) -> Probe:
    """Seconds that a kind allows at the wearer's level."""
    return lambda moment: float(moment.policy.deadlines[kind][moment.wearing])


def dark_for(moment: Moment) -> float:
    """Seconds since the bracelet, unseen since, was heard to leave a place; 0: it has been seen."""
    return moment.time - moment.trust("dark_left") if moment.trust("dark_n") else 0.0


def carried(moment: Moment) -> float:
    """Metres from where the bracelet was seen last to where it came to light."""
    return moment.trust("dark_m")


def carried_at_least(moment: Moment) -> float:
    """Metres beyond which it was carried unseen: what it may have gone before and after is left aside."""
    return moment.trust("dark_least")


def against_place(moment: Moment) -> float:
    """How much speaks against the places told: jumps that nobody can have made, or the weight of what was heard."""
    jumps = moment.whose.fact("jumps")
    return max(moment.trust(name) for name in CASES.values()) if math.isnan(jumps) else jumps


def enough_against(moment: Moment) -> float:
    """So much of it makes a place false."""
    return ENOUGH if math.isnan(moment.whose.fact("jumps")) else JUMPS


def answers_apart(moment: Moment) -> float:
    """A carrier's answers in a row that put the phone elsewhere than the bracelet."""
    return moment.trust("apart_n")


def still_for(moment: Moment) -> float:
    """Waking seconds in which the bracelet was not moved."""
    whose = moment.whose
    rows = [(one.device, one.person, one.rule) for one in moment.policy.stills]
    return float(moment.state.banks["still"]["still_s"][rows.index((whose.device, whose.person, whose.rule))])


def near_boundary(moment: Moment) -> float:
    """Probability that somebody is within the rule's metres of a boundary."""
    rows = [at for at, key in enumerate(moment.policy.watches.key) if _is_of(key, moment.whose)]
    return max((float(posterior(moment.state.watch["near_odds"][at])) for at in rows), default=math.nan)


def _is_of(key: tuple[str, str, str], whose: Whose) -> bool:
    person, rule, zone = key
    return (person, rule.rpartition("/")[0]) == (whose.person, whose.rule) and whose.zone in {"", zone}


def near_somebody(moment: Moment) -> float:
    """Probability that two are nearer than the rule allows: of accomplices, or of one who is protected."""
    other, pairs = str(moment.whose.facts.get("with", "")), moment.policy.pairs
    rows = [
        at for at, (rule, *both) in enumerate(pairs.key)
        if rule == moment.whose.rule and moment.whose.person in both and other in {"", *both}
    ]  # fmt: skip
    return max((float(posterior(moment.state.banks["pair"]["log_odds"][at])) for at in rows), default=math.nan)


def outside(moment: Moment) -> float:
    """Metres by which a report's place lies outside of the appointment's zone, negative inside."""
    if moment.place is None or moment.whose.zone not in moment.policy.zone_ids:
        return math.nan
    x, y = moment.policy.plane.forward(*(np.array([each]) for each in moment.place))
    zone = np.array([moment.policy.zone_ids.index(moment.whose.zone)])
    return -float(moment.policy.zones.signed_distance(zone, x, y, np.array([math.inf]))[0][0])


def days_left(moment: Moment) -> float:
    """Days until the authority ends that an alarm is about."""
    until = moment.whose.fact("authority_until")
    return (until - moment.time) / DAY


def fact(name: str) -> Probe:
    """A number that the engine has put into the alarm."""
    return lambda moment: moment.whose.fact(name)


def waited(moment: Moment) -> float:
    """Seconds between the two places on either side of a zone."""
    return moment.whose.fact("until") - moment.whose.fact("from")


def too_many(moment: Moment) -> float:
    """So many that fall silent together are a mass: by number, and by what was usual in that hour."""
    return float(max(LEAST, math.floor(TIMES * moment.whose.fact("usual")) + 1))


def always(value: float) -> Probe:
    """A limit that no setting moves."""
    return lambda _: value


def asked(name: str, part: str = "") -> Probe:
    """A number of the rule behind the alarm: ``Rule.name``, or of its part."""

    def found(moment: Moment) -> float:
        rule = moment.policy.rules.get(moment.whose.rule)
        of = getattr(rule, name, None)
        value = getattr(of, part, None) if part else of
        return math.nan if value is None else float(value)

    return found
