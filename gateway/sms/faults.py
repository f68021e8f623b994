"""What can be wrong with a PDU. No fault says a number or a text."""

from __future__ import annotations

from gateway.errors import UserFault


class PduFault(UserFault):
    """It cannot be made, or cannot be read."""
