"""Compressed messages and keys (section 8): 0901 length DWORD, gzip; 8A00, 0A00 e DWORD, n BYTE[128]."""

from __future__ import annotations

from construct import Bytes, GreedyBytes, Int32ub, Prefixed, Struct

COMPRESSED = Struct("data" / Prefixed(Int32ub, GreedyBytes))
KEY = Struct("e" / Int32ub, "n" / Bytes(128))
