"""A busy morning: one wearer in ten calls for help or opens the strap, one after the other, in a fleet of any size."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from firmware_sim.clock import DAY
from firmware_sim.schedule import Story
from firmware_sim.stories.daily import Stage
from firmware_sim.stories.drill import ordinary, sos, strap
from firmware_sim.world import build_world

if TYPE_CHECKING:
    from firmware_sim.schedule import Expected, Schedule

EACH: Final = 10
"""Of so many wearers one has a part."""
FIRST, LAST, STEP = 3, 117, 7
"""Minutes between which the parts begin, and from one to the next, round and round: each minute once."""


def busy(epoch: float, days: int, devices: int, seed: int) -> Story:
    """Calls for help and straps, spread over two hours from the story's first minutes on."""
    stage = Stage(build_world(seed, devices), seed, epoch, days)
    told = [_part(stage, index, epoch) for index in range(devices)]
    homes = tuple((schedule.wearings[0].person, schedule.home) for schedule, _ in told)
    expected = tuple(alarm for _, alarms in told for alarm in alarms)
    until = epoch + days * DAY
    return Story("busy", seed, epoch, until, stage.world, tuple(one for one, _ in told), expected, homes=homes)


def _part(stage: Stage, index: int, epoch: float) -> tuple[Schedule, tuple[Expected, ...]]:
    number, rest = divmod(index, EACH)
    if rest:
        return ordinary(stage, index, epoch)
    minute = float(FIRST + number * STEP % (LAST - FIRST))
    return (strap if number % 2 else sos)(minute)(stage, index, epoch)
