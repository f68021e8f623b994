"""How many examples property tests try: ``HYPOTHESIS_PROFILE`` is quick, ci (unless said otherwise) or thorough."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, Phase, settings

PROFILES = {"quick": 0.2, "ci": 0.25, "thorough": 20.0}
"""Shares of what a test says it is worth. In CI a quarter: what is rare is an example, and `must_meet` counts it."""
MOST_BY_ITSELF = 100
"""Examples of a property that does not say how many it is worth."""


def examples(worth: int) -> int:
    """How many to try of a property that is worth so many."""
    return max(1, round(worth * PROFILES[_profile()]))


def named(worth: int) -> settings:
    """Of a property whose examples take seconds each: the named ones, and where time is no matter so many others."""
    if is_thorough():
        return settings(max_examples=examples(worth))
    return settings(phases=[Phase.explicit])


def load_profile() -> None:
    """For this process. No test is timed; the first draw of a text on a fresh machine builds tables for a second.

    Quick and CI try the same examples each time, so that a change is what makes them fail; new ones are for thorough.
    """
    settings.register_profile(
        "effort", deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=examples(MOST_BY_ITSELF),
        derandomize=not is_thorough(),
    )  # fmt: skip
    settings.load_profile("effort")


def is_thorough() -> bool:
    """Whether time is no matter."""
    return _profile() == "thorough"


def _profile() -> str:
    return os.environ.get("HYPOTHESIS_PROFILE", "ci")
