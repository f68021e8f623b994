"""A scenario worked out small, for the tests of what is made of it."""

from functools import cache
from pathlib import Path

from firmware_sim.firmware.uploads import Upload
from firmware_sim.recording import run
from firmware_sim.recording.measured import measure
from firmware_sim.recording.sent import send
from firmware_sim.scenario.reading import find, read
from firmware_sim.story import EPOCH


@cache
def told(name, devices=10, days=3, seed=1, upload=Upload.BACKLOG_FIRST):
    path = find(name)
    scenario = read(path, devices=devices, days=days, seed=seed).uploading(upload)
    return run.tell(name, scenario, Path(path).parent, EPOCH, lambda _: None)


@cache
def sent(name, devices=10, days=3, seed=1, upload=Upload.BACKLOG_FIRST):
    all_of_it = told(name, devices, days, seed, upload)
    return send(
        all_of_it.scenario,
        all_of_it.worn,
        measure(all_of_it.scenario, all_of_it.worn, all_of_it.radio.towers, all_of_it.radio.air),
    )
