"""JT/T 808, editions 2011 (read leniently), 2013 and 2019.

A newcomer reads ``wire`` (flags, escape, checksum), ``header``, ``messages`` (one row each), ``session`` (what a
connection does), then the mass path ``batch`` -> ``decode``, whose readers of makers' items (``items``: ``values`` and
``heard``) are set up by ``profiles``.
"""

from __future__ import annotations

from protocols.jt808.family import FAMILY

__all__ = ["FAMILY"]
