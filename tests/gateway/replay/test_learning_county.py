"""What is learnt of a made-up county: nothing that fewer than three wearers heard, and places that hold."""

from __future__ import annotations

from pathlib import Path

import msgspec
import numpy as np
import pytest

from fencing.plane import LocalPlane
from firmware_sim.recording.measured import measure
from firmware_sim.recording.run import record, tell
from firmware_sim.scenario.reading import find, read
from firmware_sim.story import EPOCH
from firmware_sim.world import METRES_PER_DEGREE_EAST, METRES_PER_DEGREE_NORTH, ORIGIN
from gateway.fusion.radius import NORMAL95
from gateway.fusion.scan.constants import WEARERS
from gateway.fusion.scan.points_place import points_place
from gateway.journal import FileJournal
from gateway.journal.controls import Configured, Start
from gateway.journal.entries import NO_ORIGIN, EntryKind, Gathering
from gateway.replay.capture import open_capture
from gateway.replay.learning import learn_version
from gateway.replay.reading import PolicyShelf
from gateway.settings.load import load
from gateway.towers.versions import TowerVersions
from protocols.report import WifiColumns

DEVICES, DAYS, AT_ONCE = 40, 2, 4096


@pytest.fixture(scope="module")
def county(tmp_path_factory):
    """What the bracelets measured, where they were, and what a gateway has learnt of their frames."""
    directory, path = tmp_path_factory.mktemp("county"), find("beside_cafe")
    told = tell("beside_cafe", read(path, devices=DEVICES, days=DAYS), Path(path).parent, EPOCH, lambda _: None)
    record(told, directory, lambda _: None)
    configuration = load(directory / "county")
    journal = FileJournal(directory / "journal")
    journal.store_configuration(configuration.digest, configuration.sources)
    begin, days = Gathering(), list(open_capture(directory / "frames", configuration).batches(np.inf))
    for kind, said in ((EntryKind.START, Start("test")), (EntryKind.CONFIGURATION, Configured(configuration.digest))):
        begin.add(kind, float(days[0].received[0]), NO_ORIGIN, msgspec.json.encode(said))
    journal.append(begin.batch())
    for day in days:
        for first in range(0, len(day), AT_ONCE):
            journal.append(day.slice(first, min(first + AT_ONCE, len(day))))
    plane = LocalPlane(*configuration.county.centre)
    digest = learn_version(directory, journal, PolicyShelf(journal), plane, 0.0, EPOCH)
    journal.close()
    measured = measure(told.scenario, told.worn, told.radio.towers, told.radio.air)
    true = np.concatenate([np.column_stack(each.track.at(each.moments)) for each in told.worn])
    return measured, true, told.radio.air.bssid, TowerVersions(directory).open(digest), plane


def test_nothing_is_known_that_fewer_than_three_wearers_heard_where_they_had_a_fix(county):
    measured, _, bssid, known, _ = county
    wearers = {int(name): set() for name in bssid}
    report, slot = np.nonzero((measured.wifi >= 0) & measured.located[:, None])
    for point, device in zip(measured.wifi[report, slot].tolist(), measured.device[report].tolist(), strict=True):
        wearers[int(bssid[point])].add(device)
    assert len(known.points.cell) > 3
    assert min(len(wearers[name]) for name in known.points.cell.tolist()) >= WEARERS
    assert sum(0 < len(heard) < WEARERS for heard in wearers.values()) > 20


def test_reports_without_a_fix_lie_where_known_points_put_them(county):
    measured, true, bssid, known, plane = county
    report, slot = np.nonzero((measured.wifi >= 0) & ~measured.located[:, None])
    heard = WifiColumns(report, bssid[measured.wifi[report, slot]].astype(np.uint64), measured.wifi_level[report, slot])
    found = points_place(heard, len(measured), known, plane)
    x, y = plane.forward(
        ORIGIN[0] + true[:, 1] / METRES_PER_DEGREE_NORTH, ORIGIN[1] + true[:, 0] / METRES_PER_DEGREE_EAST
    )
    placed = found.points > 0
    off = np.hypot(found.x - x, found.y - y)[placed]
    assert placed.sum() > 500
    assert np.median(off) < 35.0
    assert np.median(found.sigma[placed]) < 35.0
    within = off <= NORMAL95 * found.sigma[placed]
    _, place = np.unique(np.floor(true[placed] / 50.0), axis=0, return_inverse=True)
    assert (np.bincount(place.ravel(), within) / np.bincount(place.ravel())).mean() > 0.8
