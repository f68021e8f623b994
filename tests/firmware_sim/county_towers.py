"""A county's towers, worked out once for the tests: they take most of what a small scenario takes."""

from dataclasses import dataclass, field
from functools import lru_cache

from firmware_sim.county.plan import Plan
from firmware_sim.county.towers import build_towers

KEPT = 8
"""Counties at a time; each is some megabytes."""


@dataclass(frozen=True)
class Same:
    """A plan by what it says."""

    said: str
    plan: Plan = field(compare=False)


def towers(seed, plan):
    """As ``build_towers``, whose tests show that the same plan has the same ones."""
    return _towers_of(seed, Same(repr((plan.towns, plan.border.wkb)), plan))


@lru_cache(KEPT)
def _towers_of(seed, same):
    return build_towers(seed, same.plan)
