"""Puts the rooms of upstreams within reach of the tests of broken lines."""

from __future__ import annotations

import sys
from pathlib import Path

GATEWAY = Path(__file__).resolve().parents[1] / "gateway"
sys.path[:0] = [str(GATEWAY), str(GATEWAY / "upstream")]
