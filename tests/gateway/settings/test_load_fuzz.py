"""Whatever is done to the texts, the reader ends with faults or a configuration, never with an exception."""

import json
from collections.abc import Mapping

from effort import examples
from hypothesis import example, given, settings
from hypothesis import strategies as st
from met import must_meet
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


@must_meet("still sound", "one fault", "several faults")
@settings(max_examples=examples(120))
@given(st.sampled_from(sorted(SOUND)), st.floats(0.0, 1.0), st.integers(0, 12), SPOILS)
@example("people.csv", 1.0, 0, "")
@example("people.csv", 0.0, 3, "x")
def test_no_edit_makes_the_reader_stumble(met, name, place, width, spoil):
    text = SOUND[name]
    start = int(place * len(text))
    spoilt = text[:start] + spoil + text[start + width :]
    found = refusals(name, spoilt)
    met["several faults" if len(found) > 1 else "one fault" if found else "still sound"] += 1
    for fault in found:
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
