"""The small county of this room's tests, fresh for each."""

import pytest
from small_county import Written


@pytest.fixture
def written(tmp_path) -> Written:
    return Written(tmp_path)
