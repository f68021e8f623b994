"""What was drawn of a configuration and kept makes the policy that the configuration makes by itself."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace

import numpy as np
import pytest
import shapely
from timeline import county

from fencing.plane import LocalPlane
from gateway.engine import Policy, compile_policy, pack_drawn, unpack_drawn
from gateway.engine import drawn as module
from gateway.settings.model import Area, Circle, ZoneDefinition

DRAWN = {
    "park": ZoneDefinition("park", "the park", (
        Area("lawn", shapely.Polygon([(109.41, 24.31), (109.42, 24.31), (109.42, 24.33)])),
        Circle("pond", 24.31, 109.4, 50.0),
    ), 30.0),
    "isles": ZoneDefinition("isles", "isles", (
        Area("isles", shapely.MultiPolygon([shapely.box(at, 24.2, at + 0.01, 24.21) for at in (109.3, 109.4)])),
    )),
}  # fmt: skip


@pytest.fixture
def configuration():
    made = county()
    return replace(made, zones=dict(made.zones) | DRAWN)


def told(value: object) -> object:  # noqa: PLR0911  one a kind
    """All that is in a value, down to the bits."""
    if isinstance(value, np.ndarray):
        return value.dtype.str, value.shape, told(value.tolist()) if value.dtype.hasobject else value.tobytes()
    if isinstance(value, shapely.Geometry):
        return value.wkb, bool(shapely.is_prepared(value))
    if isinstance(value, shapely.STRtree):
        return told(value.geometries)
    if is_dataclass(value):
        return type(value), [(each.name, told(getattr(value, each.name))) for each in fields(value)]
    if isinstance(value, dict):
        return [(told(key), told(each)) for key, each in value.items()]
    if isinstance(value, (list, tuple)):
        return type(value), [told(each) for each in value]
    return value if isinstance(value, (str, int, float, frozenset, type(None))) else type(value)


def test_the_policy_is_the_same_to_the_bit(configuration):
    anew = compile_policy(configuration)
    by_drawn = compile_policy(configuration, unpack_drawn(pack_drawn(anew)))
    assert told(by_drawn) == told(anew)
    assert isinstance(by_drawn, Policy)
    x, y = LocalPlane(*configuration.county.centre).forward(24.315, 109.415)
    for one in (anew, by_drawn):
        assert [each.zone for each in one.registered.index.within(float(x), float(y), 500.0)] != []


def test_nothing_is_drawn_or_searched_again(configuration, monkeypatch):
    kept = pack_drawn(compile_policy(configuration))
    for name in ("zone_shapes", "ZoneTable", "_digest_of_rules"):
        monkeypatch.setattr(module, name, None)
    assert compile_policy(configuration, unpack_drawn(kept)).rules_digest


def test_another_value_is_refused():
    with pytest.raises(ValueError, match="nothing that was drawn"):
        unpack_drawn(module._COLUMNS.packed(("a", 1)))
