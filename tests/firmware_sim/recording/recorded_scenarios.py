"""A scenario worked out small, for the tests of what is made of it."""

from functools import cache
from pathlib import Path

from firmware_sim.recording.measured import measure
from firmware_sim.recording.run import tell
from firmware_sim.recording.sent import send
from firmware_sim.scenario.reading import find, read
from firmware_sim.story import EPOCH


@cache
def told(name, devices=10, days=3, seed=1):
    path = find(name)
    return tell(name, read(path, devices=devices, days=days, seed=seed), Path(path).parent, EPOCH, lambda _: None)


@cache
def sent(name, devices=10, days=3, seed=1):
    all_of_it = told(name, devices, days, seed)
    return send(
        all_of_it.scenario,
        all_of_it.worn,
        measure(all_of_it.scenario, all_of_it.worn, all_of_it.radio.towers, all_of_it.radio.air),
    )
