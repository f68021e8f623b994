"""The listeners of a county: each of its kind, and the wires they speak loaded before anybody waits for them."""

from types import SimpleNamespace

import pytest

from gateway.listeners.registry import LISTENERS, ways_in
from gateway.settings.model import AUTO, Listener, ListenerKind
from protocols.on_demand import OnDemand
from protocols.registry import FAMILIES


@pytest.mark.parametrize(
    ("protocols", "loaded"), [(("gt06",), {"gt06"}), (("gt06", "r16h"), {"gt06", "r16h"}), ((AUTO,), set(FAMILIES))]
)
def test_the_wires_are_loaded_before_anybody_can_connect(protocols, loaded):
    made = set()
    families = OnDemand(FAMILIES, lambda name: made.add(name) or FAMILIES[name])
    listeners = [
        Listener(name=name, protocol=name, profile="" if name == AUTO else "standard", host="127.0.0.1", port=0)
        for name in protocols
    ]
    ways = ways_in(listeners, SimpleNamespace(families=families), lambda: None)
    assert [way.listener for way in ways] == listeners
    assert made == loaded


def test_there_is_a_transport_of_every_kind():
    assert set(LISTENERS) == set(ListenerKind)
    assert len({LISTENERS[kind] for kind in ListenerKind}) == len(ListenerKind)
