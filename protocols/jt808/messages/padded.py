"""Texts in fields of a fixed length: the editions fill up behind them, makers also before."""

from __future__ import annotations

PADDING = b"\0 \xff"
"""What fields are filled up with; FF is memory that was never written."""
_CONTROLS = frozenset((*range(0x20), 0x7F))


def is_padded_text(field: bytes) -> bool:
    """Whether nothing but text (GBK) and padding around it stands in a field."""
    return _CONTROLS.isdisjoint(field.strip(PADDING))
