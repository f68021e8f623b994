"""What the tests of the simulator share."""

import pytest
from county_towers import towers

from firmware_sim.county import geojson
from firmware_sim.recording import run


@pytest.fixture(scope="module", autouse=True)
def _towers_once():
    """Scenarios of one county have the same towers."""
    with pytest.MonkeyPatch.context() as patch:
        for where in (run, geojson):
            patch.setattr(where, "build_towers", towers)
        yield
