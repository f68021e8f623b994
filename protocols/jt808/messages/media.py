"""Pictures and sound (2013, sections 8.53-8.58).

0800: media id DWORD, type BYTE (0 picture, 1 sound, 2 video), format BYTE, event BYTE, channel BYTE.
0801: the same 8 bytes, 28-byte position (2013, 2019), data. 2011: the 8 bytes, total DWORD, index DWORD, data.
8800: media id DWORD alone = complete; else count BYTE, fragment indices WORD*. 2011: answered serial WORD before it.
"""

from __future__ import annotations

from construct import GreedyBytes, Int8ub, Int16ub, Int32ub, Optional, PrefixedArray, Struct

from protocols.jt808.messages.position import STORED_LOCATION

MEDIA_EVENT = Struct(
    "media" / Int32ub, "type" / Int8ub, "format" / Int8ub, "event" / Int8ub, "channel" / Int8ub, "rest" / GreedyBytes
)
_MEDIA = MEDIA_EVENT.subcons[:-1]
MEDIA_DATA = Struct(*_MEDIA, "location" / Optional(STORED_LOCATION), "data" / GreedyBytes)
MEDIA_DATA_2011 = Struct(*_MEDIA, "total" / Int32ub, "index" / Int32ub, "data" / GreedyBytes)
MEDIA_ANSWER = Struct("media" / Int32ub, "missing" / Optional(PrefixedArray(Int8ub, Int16ub)))
MEDIA_ANSWER_2011 = Struct("answered_serial" / Int16ub, *MEDIA_ANSWER.subcons)
MOST_MISSING = 125
"""Indices that one 8800 may name."""
MEDIUM_SIZE = 4
"""Bytes of a medium's id, the first of 0801."""
