"""What intake asks of every frame, and what that costs."""

import pytest
from met import work_of
from timeline import county

from gateway.intake.directory import Directory
from protocols.registry import FAMILIES


@pytest.mark.parametrize("wire", ["jt808", "gt06"])
def test_whether_a_profile_has_to_authenticate_is_found_out_once(wire):
    directory = Directory(county(), b"secret")
    profile = FAMILIES[wire].profiles[0]
    expected = wire == "jt808" and FAMILIES[wire].must_authenticate(profile)
    assert directory.is_guarded(wire, profile) is expected
    assert directory.is_guarded(wire, profile) is expected
    assert work_of(lambda: directory.is_guarded(wire, profile)) <= 4
