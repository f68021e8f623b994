"""JT/T 808 Annex A: the serial line between a host (this gateway) and a device; docks, readers, sensors.

A newcomer reads ``packet`` (the frame), ``commands`` (one row each), ``payload`` (what a device's own data may hold),
then ``session``. ``profiles.yaml`` is data.
"""

from __future__ import annotations

from protocols.annex_a.family import FAMILY

__all__ = ["FAMILY"]
