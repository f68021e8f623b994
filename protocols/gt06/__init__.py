"""GT06, the wire of Concox, Jimi and their clones: frames 78 78 and 79 79, CRC-16/X-25."""

from protocols.gt06.family import FAMILY

__all__ = ["FAMILY"]
