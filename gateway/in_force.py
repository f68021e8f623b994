"""The configuration in force: one place, which changes in one step as staff do their deeds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gateway.settings.model import Configuration


@dataclass(slots=True)
class InForce:
    """What intake, orders and carriers go by now. Whoever works by it asks here each time, and keeps none of his own.

    The engine goes by what its entries say, a moment later.
    """

    configuration: Configuration
