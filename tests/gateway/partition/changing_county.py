"""A county of random registers that change while its bracelets report: bracelets pass from hand to hand, and some
reports come late."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from operator import itemgetter
from typing import TYPE_CHECKING

import numpy as np
from timeline import (
    ABROAD,
    AWAY,
    CAFE,
    FOREVER,
    HOME,
    HOUR,
    MINUTE,
    QUIET,
    RULES,
    Timeline,
    alarm_policies,
    at,
    authority,
    county,
    leave,
    person,
    record,
)  # fmt: skip

from firmware_sim.firmware.messages import Alarm
from gateway.engine.policy import compile_policy
from gateway.journal.controls import Configured
from gateway.journal.entries import EntryKind
from gateway.settings.meetings import Appointment, KeepAwayRule, NotTogetherRule
from gateway.settings.model import Assignment, Device, Rule

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.random import Generator

    from gateway.journal.entries import EntryBatch
    from gateway.settings.model import Configuration

PEOPLE = tuple(f"P{n:04d}" for n in range(1, 9))
DEVICES = tuple(f"B{n:04d}" for n in range(1, 9))
PROTECTED = "P0008"
HOMES = {name: (-4000.0 + 900.0 * n, 500.0 * (n % 3)) for n, name in enumerate(PEOPLE)} | {"P0001": HOME}
PLACES = (CAFE, AWAY, ABROAD)
BEGINS, HOURS, BLOCK = at(0, 12), 16, 40 * MINUTE
ENDS = BEGINS + (HOURS + 1) * HOUR
"""A tick after the last report: until then what partitions have heard since the tick before is not complete."""
SUPERVISED = PEOPLE[:-1]
COUNTY_RULES = (
    replace(RULES["stay"], people=SUPERVISED), replace(RULES["cafes"], people=PEOPLE[:4]),
    replace(RULES["nights"], people=PEOPLE[2:6]),
    Rule("company", PEOPLE[:5], "order 7", not_together=NotTogetherRule(100.0, 15 * MINUTE)),
    Rule("away", PEOPLE[3:6], "order 8", keep_away=KeepAwayRule(PROTECTED, 200.0, 300.0)),
)  # fmt: skip


def registers(**changes: object) -> Configuration:
    """The county: eight bracelets, eight people of whom one is protected, two offices."""
    people = {name: replace(person(name, HOMES[name]), office=f"S{n % 2}") for n, name in enumerate(PEOPLE)}
    people[PROTECTED] = replace(people[PROTECTED], protected=True)
    base = {
        "people": people, "devices": {key: Device(key, "jt808", str(13_900_000_000 + int(key[1:])), "g10ls")
                                      for key in DEVICES},
        "assignments": tuple(Assignment(*pair, at(-30, 0), FOREVER) for pair in zip(DEVICES, PEOPLE, strict=True)),
        "authorities": tuple(authority(name) for name in PEOPLE), "rules": COUNTY_RULES,
        "alarms": alarm_policies(40 * MINUTE),
        "appointments": (Appointment("P0005", "cafes", at(0, 14), at(0, 15), "order 9", 0.0),),
    }  # fmt: skip
    return county(**(base | changes))


def changed(before: Configuration, time: float, chance: Generator, *, at_once: bool) -> Configuration:
    """Registers of a moment later: bracelets change hands, one goes on leave, one moves, a rule may be lifted.

    ``at_once``: two swap theirs in that moment; else two hand theirs in, and who has none gets another's.
    """
    names = chance.permutation(SUPERVISED).tolist()
    worn = {each.person: each for each in before.assignments if each.until == FOREVER}
    ended = [worn[name] for name in names if name in worn][:2]
    bare = [name for name in SUPERVISED if name not in worn]
    kept = [replace(each, until=time) if each in ended else each for each in before.assignments]
    given = (
        zip([each.device for each in ended], [each.person for each in ended][::-1], strict=True)
        if at_once
        else zip(sorted(set(DEVICES) - {each.device for each in worn.values()}), bare[::-1], strict=True)
    )
    crossed = [Assignment(device, name, time, FOREVER) for device, name in given]
    moved = replace(before.people[names[2]], home=person("", (float(chance.integers(-3000, 3000)), 700.0)).home)
    return replace(
        before, assignments=(*kept, *crossed), people={**before.people, names[2]: moved},
        rules=tuple(rule for rule in before.rules if chance.random() < 0.9),
        leave=(*before.leave, replace(leave(time + HOUR, time + 5 * HOUR), person=names[3])),
        digest=f"{before.digest}+",
    )  # fmt: skip


def history(
    seed: int, changes: int = 5, *, at_once: bool = False, afterwards: bool = False, former: bool = False
) -> tuple[EntryBatch, dict[str, Configuration]]:
    """A log of sixteen hours, with the configurations that it names: reports every five minutes, some of them late.

    Bracelets change hands as they are: with batteries that run low, open straps, silent for hours. ``afterwards``: most
    hand-overs are entered when they are over, and no reports come late. ``former``: in another time everybody wore the
    bracelet of the next one.
    """
    wore = zip(DEVICES, (*PEOPLE[1:], PEOPLE[0]), strict=True) if former else ()
    earlier = tuple(Assignment(*pair, at(-90, 0), at(-50, 0)) for pair in wore)
    first = registers(assignments=(*earlier, *registers().assignments))
    chance, told = np.random.default_rng(seed), Timeline(compile_policy(first))
    configurations = [first]
    moments = [BEGINS + HOURS * HOUR * (number + 1) / (changes + 1) for number in range(changes)]
    since = chance.choice((0.0, 7 * MINUTE, HOUR), changes) if afterwards else np.zeros(changes)
    for moment, seconds in zip(moments, since.tolist(), strict=True):
        configurations.append(changed(configurations[-1], moment - seconds, chance, at_once=at_once))
    told.start(BEGINS)
    doings = [
        *_reports(told, chance, is_late=not afterwards),
        *((time, partial(told.tick, time)) for time in np.arange(BEGINS, ENDS + 1.0, MINUTE).tolist()),
        *(
            (moment, partial(told.control, EntryKind.CONFIGURATION, moment, Configured(one.digest)))
            for moment, one in zip(moments, configurations[1:], strict=True)
        ),
    ]  # fmt: skip
    for _, do in sorted(doings, key=itemgetter(0)):
        do()
    return told.waiting.batch(), {one.digest: one for one in configurations}


def _reports(
    told: Timeline, chance: Generator, *, is_late: bool
) -> Iterator[tuple[float, Callable[[], None]]]:  # fmt: skip
    """(When it is received, what writes it down) of each bracelet, place by place."""
    for number, device in enumerate(DEVICES):
        battery, alarm = 60, QUIET
        for begin in np.arange(BEGINS, BEGINS + HOURS * HOUR, BLOCK).tolist():
            place = (list(HOMES.values())[number], *PLACES)[chance.choice(4, p=(0.4, 0.3, 0.15, 0.15))]
            times = (begin + np.arange(chance.uniform(0.0, 240.0), BLOCK, 5 * MINUTE)).tolist()
            alarm = alarm if chance.random() < 0.7 else (QUIET, QUIET, Alarm.REMOVAL)[chance.integers(3)]
            battery = 60 if chance.random() < 0.15 else max(battery - int(chance.integers(3, 15)), 2)
            records = [record(time, place, battery, alarm) for time in times]
            way = chance.choice(4, p=(0.6, 0.15, 0.1, 0.15))
            if way == 1 and is_late:
                late = begin + BLOCK + chance.uniform(0.0, 900.0)
                yield late, partial(told.stored, late, records, device)
            for time, body in zip(times, records, strict=True):
                if way == 0 or (way == 2 and time < begin + BLOCK / 2):
                    yield time + 2.0, partial(told.frame, 0x0200, body, time + 2.0, device)
