"""Load: thousands of bracelets on real connections, their reports on an open-loop schedule, their answers timed."""

from firmware_sim.load.county import write_county
from firmware_sim.load.options import Editions, LoadFault, Options
from firmware_sim.load.result import Result
from firmware_sim.load.start import perform, run
from firmware_sim.load.table import as_json, as_table

__all__ = ["Editions", "LoadFault", "Options", "Result", "as_json", "as_table", "perform", "run", "write_county"]
