"""A score as JSON."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from firmware_sim.score.result import Score


def as_json(score: Score) -> str:
    """The whole score under the names of ``result`` and ``figures``, in their order; what is not known is null."""
    return json.dumps(asdict(score), ensure_ascii=False, indent=1, allow_nan=False) + "\n"
