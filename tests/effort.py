"""How many examples property tests try: ``HYPOTHESIS_PROFILE`` is quick, ci (unless said otherwise) or thorough."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

PROFILES = {"quick": 0.2, "ci": 1.0, "thorough": 20.0}
"""As shares of what CI tries."""
MOST_BY_ITSELF = 100
"""Examples in CI of a property that does not say how many it is worth."""


def examples(in_ci: int) -> int:
    """Of a property for which CI tries so many."""
    return max(1, round(in_ci * PROFILES[_profile()]))


def load_profile() -> None:
    """For this process. No test is timed; the first draw of a text on a fresh machine builds tables for a second."""
    settings.register_profile(
        "effort", deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=examples(MOST_BY_ITSELF)
    )
    settings.load_profile("effort")


def _profile() -> str:
    return os.environ.get("HYPOTHESIS_PROFILE", "ci")
