"""A worked-out scenario as a story that a fleet can tell over real links, and its network."""

from __future__ import annotations

from typing import TYPE_CHECKING

from firmware_sim.firmware.device import Identity
from firmware_sim.firmware.equipment import Equipment
from firmware_sim.firmware.quirks import Quirks
from firmware_sim.firmware.wire import Edition
from firmware_sim.movement import Itinerary, Vertex
from firmware_sim.network import Network, Weather
from firmware_sim.people.track import SCENES
from firmware_sim.schedule import Intervals, Leave, Schedule, Span, Story, Wearing
from firmware_sim.world import World

if TYPE_CHECKING:
    from firmware_sim.people.life import Life
    from firmware_sim.people.track import Track
    from firmware_sim.recording.run import Told
    from firmware_sim.recording.wearing import Worn
    from firmware_sim.scenario.model import Scenario

WRONG_LENGTH_EVERY = 20
"""Frames between two with a false length, where a scenario wants such."""


def story_of(told: Told) -> Story:
    """The story: everybody's true track, and what befalls the bracelets."""
    stage, calendar = told.stage, told.stage.calendar
    lives = [each.life for each in told.worn]
    border = tuple((float(x), float(y)) for x, y in stage.plan.border.exterior.coords[:-1])
    return Story(
        told.name, told.scenario.seed, calendar.epoch, calendar.until,
        World(border, stage.stock.homes, (), stage.stock.cafes),
        tuple(_schedule(each, told.scenario) for each in told.worn), (),
        tuple(Leave(life.person, span) for life in lives for span in life.leave),
        tuple((person, home) for life in lives for person, _, home in life.wearers()),
    )  # fmt: skip


def network_of(told: Told) -> Network:
    """What is between bracelets and gateway."""
    network, calendar = told.scenario.network, told.stage.calendar
    outages = tuple(
        Span(calendar.at(outage.day, outage.hour), calendar.at(outage.day, outage.hour) + 60.0 * outage.minutes)
        for outage in network.outages
    )
    weather = Weather(
        delay_ms=1000.0 * network.delay_s, jitter_ms=1000.0 * network.jitter_s, duplication=network.duplicate,
        reordering=network.reorder, splits=network.splits, outages=outages,
    )  # fmt: skip
    return Network(weather, told.scenario.seed)


def _schedule(worn: Worn, scenario: Scenario) -> Schedule:
    life = worn.life
    return Schedule(
        device=life.device,
        identity=Identity(life.identity, life.device, life.edition or Edition.Y2013),
        wearings=tuple(Wearing(person, span) for person, span, _ in life.wearers()),
        itinerary=_itinerary(worn.track),
        home=life.home,
        battery=worn.battery,
        curfew=life.curfew,
        keep_out=life.barred,
        removed=tuple(life.stretches.get("removed", ())),
        sos=tuple(life.stretches.get("sos", ())),
        silent=worn.unlinked + tuple(life.stretches.get("off", ())),
        dark=worn.dark,
        equipment=Equipment(life.family, life.link, _quirks(life, scenario)),
        intervals=Intervals(scenario.firmware.resting_s, scenario.firmware.breach_s),
    )


def _itinerary(track: Track) -> Itinerary:
    columns = zip(track.time.tolist(), track.x.tolist(), track.y.tolist(), track.scene.tolist(), strict=True)
    return Itinerary([Vertex(time, x, y, SCENES[scene]) for time, x, y, scene in columns])


def _quirks(life: Life, scenario: Scenario) -> Quirks:
    firmware = scenario.firmware
    return Quirks(
        registers_always=firmware.registers_always, drift_ppm=firmware.clock_drift_ppm, capacity=firmware.memory,
        wrong_length_every=WRONG_LENGTH_EVERY if firmware.wrong_length else 0, upload=life.upload, seed=scenario.seed,
    )  # fmt: skip
