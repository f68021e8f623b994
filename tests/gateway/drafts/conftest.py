"""The sample county's texts, and drafts over them."""

from __future__ import annotations

from datetime import date

import pytest

from gateway.settings.init import write_sample
from gateway.settings.load import load

TODAY = date(2026, 11, 1)


@pytest.fixture(scope="session")
def county(tmp_path_factory):
    """Its directory."""
    directory = tmp_path_factory.mktemp("drawn") / "county"
    write_sample(directory, "en", TODAY)
    return directory


@pytest.fixture(scope="session")
def running(county):
    """What its files say."""
    return load(county)


@pytest.fixture(scope="session")
def texts(running):
    return dict(running.sources)
