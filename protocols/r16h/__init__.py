"""R16H ankle bracelet: ASCII sentences ``@type,fields$``. The server never answers: delivery is ``none``.

A newcomer reads ``sentences`` (one row each), ``session``, then ``orders``. ``profiles.yaml`` is data.
"""

from __future__ import annotations

from protocols.r16h.family import FAMILY

__all__ = ["FAMILY"]
