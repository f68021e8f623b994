"""Fragments asked for again: 8003 down, and since 2019 0005 up (2013, section 8.4; 2019, sections 8.6, 8.7).

First fragment's serial WORD, number of fragments BYTE (2019: WORD), their indices WORD*.
"""

from __future__ import annotations

from construct import Int8ub, Int16ub, PrefixedArray, Struct

RESEND = Struct("first_serial" / Int16ub, "indices" / PrefixedArray(Int8ub, Int16ub))
RESEND_2019 = Struct("first_serial" / Int16ub, "indices" / PrefixedArray(Int16ub, Int16ub))
