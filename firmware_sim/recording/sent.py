"""What of the measured reports reaches the gateway, and when: links, memory, duplicates, clocks that are wrong."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from firmware_sim.firmware.uploads import POLICIES
from firmware_sim.recording.stored import Uploads

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from firmware_sim.recording.measured import Measured
    from firmware_sim.recording.wearing import Worn
    from firmware_sim.scenario.model import Scenario

RECONNECT = 20.0
"""Seconds within which bracelets come back after an outage, all of them."""
AGAIN = 31.0
"""Seconds after which a report whose answer was lost is sent again."""
OVERTAKEN = 600.0
"""Seconds by which a report may come after later ones."""
UNSET_CLOCK = 946_684_800.0
"""2000-01-01 UTC: what a clock shows that was never set; it is set after ``UNSET_FOR`` seconds."""
UNSET_FOR = 6 * 3600.0


@dataclass(frozen=True, slots=True)
class Sent:
    """Reports as received, by time of receipt. Arrays (n,).

    Attributes:
        measured: their content.
        received: float64, UTC seconds. ``device_time``: what the bracelet's clock says.
        serial: int64, of the bracelet's frames. ``wrong_length``: the header lies about the body's length.
    """

    measured: Measured
    received: NDArray[np.float64]
    device_time: NDArray[np.float64]
    serial: NDArray[np.int64]
    wrong_length: NDArray[np.bool_]

    def take(self, rows: NDArray[np.int64]) -> Sent:
        """Some of them."""
        return Sent(
            self.measured.take(rows), self.received[rows], self.device_time[rows], self.serial[rows],
            self.wrong_length[rows],
        )  # fmt: skip


def send(scenario: Scenario, worn: Sequence[Worn], measured: Measured) -> Sent:
    """Everything that arrives until the scenario's end, in the order of arrival."""
    draw = np.random.default_rng([scenario.seed, 170])
    network, count = scenario.network, len(measured)
    first = np.searchsorted(measured.device, np.arange(len(worn) + 1))
    received = measured.moment + network.delay_s + network.jitter_s * draw.uniform(size=count)
    received += np.where(draw.uniform(size=count) < network.reorder, draw.uniform(0.0, OVERTAKEN, count), 0.0)
    lost = np.zeros(count, np.bool_)
    for number, each in enumerate(worn):
        mine = slice(first[number], first[number + 1])
        uploads = Uploads(
            measured.moment[mine], received[mine], scenario.firmware.memory, float(draw.uniform(0.0, RECONNECT)),
            POLICIES[each.life.upload], np.random.default_rng([scenario.seed, 171, number]),
        )  # fmt: skip
        uploads.go_through(each.unlinked)
        received[mine] = np.fmax(received[mine], uploads.earliest)
        lost[mine] = uploads.lost
    rows = np.flatnonzero(~lost)
    again = rows[draw.uniform(size=len(rows)) < network.duplicate]
    rows, received = np.concatenate([rows, again]), np.concatenate([received[rows], received[again] + AGAIN])
    order = np.argsort(received, kind="stable")
    serial = np.arange(count) - first[measured.device]
    wrong = draw.uniform(size=count) < scenario.firmware.wrong_length
    rows = rows[order]
    times = _clocks(scenario, draw, len(worn), measured)
    return Sent(measured.take(rows), received[order], times[rows], serial[rows], wrong[rows])


def _clocks(scenario: Scenario, draw: np.random.Generator, devices: int, measured: Measured) -> NDArray[np.float64]:
    """Clocks that drift, and those that were not set at the beginning."""
    epoch = float(measured.moment.min())
    since = measured.moment - epoch
    drift = draw.uniform(-1.0, 1.0, devices) * scenario.firmware.clock_drift_ppm * 1e-6
    unset = draw.uniform(size=devices) < scenario.firmware.wrong_clock
    shown = measured.moment + np.round(since * drift[measured.device])
    return np.where(unset[measured.device] & (since < UNSET_FOR), UNSET_CLOCK + since, shown)
