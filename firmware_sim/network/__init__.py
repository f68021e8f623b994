"""A bad network between bracelets and the platform: in virtual time, or round the real links."""

from __future__ import annotations

from firmware_sim.network.bad_line import BadLine
from firmware_sim.network.network import Network
from firmware_sim.network.reach import Reach
from firmware_sim.network.virtual import Arrival, Exchange, Party, run
from firmware_sim.network.weather import FAIR, Weather

__all__ = ["FAIR", "Arrival", "BadLine", "Exchange", "Network", "Party", "Reach", "Weather", "run"]
