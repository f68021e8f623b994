"""Every family's kinds are tried without a captured frame."""

from pathlib import Path

import pytest

from protocols.registry import FAMILIES


@pytest.mark.parametrize("name", FAMILIES)
def test_a_family_has_a_walk_over_its_kinds(name):
    walk = Path(__file__).with_name(f"test_{name}_kinds.py")
    assert walk.exists(), (
        f"{walk.name} shall hold a frame of each message, built from the layout (adding-a-protocol.md)"
    )
    assert f"protocols.{name} import FAMILY" in walk.read_text("utf-8")
