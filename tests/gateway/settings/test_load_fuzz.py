"""Whatever is done to the texts, the reader ends with faults or a configuration, never with an exception."""

import json
from collections.abc import Mapping

from effort import examples
from hypothesis import given, settings
from hypothesis import strategies as st
from small_county import ASSIGNMENTS, BOUNDS, DEVICES, GATEWAY, PEOPLE, RULES

from gateway.settings.load import ConfigurationRefused, load_sources

SOUND: Mapping[str, str] = {
    "gateway.yaml": GATEWAY,
    "rules/rules.yaml": RULES,
    "people.csv": PEOPLE,
    "devices.csv": DEVICES,
    "assignments.csv": ASSIGNMENTS,
    "county.geojson": BOUNDS,
}
SPOILS = st.one_of(
    st.sampled_from(
        ["", ":", "：", "-", "[", "]", "{", "}", '"', "“", ",", "，", "\n", "\t", "#", "&a", "*a", "!!x ", "null", "~"]
    ),
    st.sampled_from(["0", "-1", "1e999", ".nan", "９", "2026-02-30", "25:00", "true", "[[[", "{a: {b: c}}", "home"]),
    st.text(max_size=4),
)


def refusals(name, text):
    """The faults of the sound county with one text changed; none where it is still sound."""
    try:
        load_sources({**SOUND, name: text})
    except ConfigurationRefused as refused:
        return refused.faults
    return ()


@settings(max_examples=examples(120))
@given(st.sampled_from(sorted(SOUND)), st.data())
def test_no_edit_makes_the_reader_stumble(name, data):
    text = SOUND[name]
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, min(start + 12, len(text))))
    spoilt = text[:start] + data.draw(SPOILS) + text[end:]
    for fault in refusals(name, spoilt):
        assert fault.line >= 1
        assert fault.column >= 1
        assert fault.message


@settings(max_examples=examples(60))
@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=5),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    ),
    st.sampled_from(["FeatureCollection", "Feature", "Polygon", "MultiPolygon", "Point"]),
)
def test_no_geometry_makes_the_reader_stumble(value, kind):
    member = {"FeatureCollection": "features", "Feature": "geometry"}.get(kind, "coordinates")
    text = json.dumps({"type": kind, member: value})
    assert refusals("county.geojson", text)[0].file == "county.geojson"
