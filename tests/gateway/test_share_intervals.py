"""The interval of a share."""

from __future__ import annotations

import pytest

from gateway.intervals import wilson


def test_the_interval_is_wilsons():
    assert wilson(0, 10) == (0.0, pytest.approx(0.2775, abs=1e-4))
    assert wilson(5, 10) == (pytest.approx(0.2366, abs=1e-4), pytest.approx(0.7634, abs=1e-4))
