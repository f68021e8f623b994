"""Cell scans of a cellular modem: the text answers to AT commands on a serial line.

A newcomer reads ``columns`` (how a row of an answer is declared), the makers' tables (``quectel``, ``simcom``,
``cced``, ``telit``), ``scan`` (from lines to cells), then ``session`` (who asks, where a scan ends). ``profiles.yaml``
is data.
"""

from __future__ import annotations

from protocols.modem.family import FAMILY

__all__ = ["FAMILY"]
