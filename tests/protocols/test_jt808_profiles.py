import re
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from jt808_frames import frame, location
from met import must_meet
from pydantic import ValidationError

from protocols.errors import ProfileFault
from protocols.jt808 import FAMILY
from protocols.jt808.profiles import ProfileText, parse_profile
from protocols.registry import FAMILIES
from protocols.report import Flag
from protocols.session import Delivery, FrameBatch


def test_the_registry_names_each_family_by_its_name():
    assert FAMILIES["jt808"] is FAMILY
    assert all(name == family.name for name, family in FAMILIES.items())
    assert FAMILY.delivery is Delivery.END_TO_END


def test_standard_is_the_default():
    assert FAMILY.profiles[0] == "standard"
    assert {"g10ls", "bsj"} <= set(FAMILY.profiles)


def test_hints_reach_intake():
    assert {FAMILY.profile(name).authentication for name in FAMILY.profiles} <= {"optional", "required"}
    assert FAMILY.profile("g10ls").authentication == "optional"


def test_an_unknown_profile_is_a_key_error():
    with pytest.raises(KeyError):
        FAMILY.session("nonesuch")


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("name: x\nalarm_bits: {17: strap_cutt}", "no such flag: strap_cutt"),
        ("name: x\nitems: [{id: 0x31, kind: nubmer}]", "nubmer"),
        ("name: x\nitems: [{id: 0x31, kind: number, size: 1, column: altitude_m}]", "column"),
        ("name: x\nitems: [{id: 0x89, kind: flags, size: 4, width: 4, bits: {1: nap}}]", "no such flag: nap"),
        ("name: x\nitems: [{id: 0x56, kind: number, size: 2, offset: 2, column: battery_percent}]", "lie outside"),
        ("name: x\npolarity: low", "polarity"),
        ("name: x\nidentity: imei", "identity"),
        ("alarm_bits: {}", "name"),
    ],
)
def test_a_wrong_profile_says_what_is_wrong(text, fault):
    with pytest.raises(ValidationError, match=fault):
        parse_profile(text)


def test_the_identity_setting_reaches_the_session():
    text = parse_profile("name: x\nidentity: imei14")
    assert text.identity == "imei14"
    assert FAMILY.profile("standard").hexadecimal_imei is False


def test_the_profiles_in_the_documentation_can_be_used():
    text = (Path(__file__).resolve().parents[2] / "docs" / "adding-a-protocol.md").read_text("utf-8")
    shown = re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)
    assert len(shown) >= 2
    own = [parse_profile(example) for example in shown]
    assert {profile.name for profile in own} <= set(FAMILY.with_profiles(own).profiles)


def flags_at(family, profile, alarm, *, edition_2019=False):
    raw = frame(0x0200, location(alarm=alarm), edition_2019=edition_2019)
    batch = family.decode(FrameBatch.of([raw], profile))
    return Flag(int(batch.flags[0])), Flag(int(batch.momentary[0]))


@pytest.mark.parametrize("edition_2019", [False, True])
def test_a_profile_that_stands_on_another_replaces_what_it_writes(edition_2019):
    own = parse_profile("name: own\nextends: g10ls\nalarm_bits: {5: strap_cut}\ncleared_by_answer: [5]")
    family = FAMILY.with_profiles([own])
    flags, momentary = flags_at(family, "own", 1 << 5, edition_2019=edition_2019)
    assert flags == Flag.STRAP_CUT | Flag.ANTENNA_CUT
    assert Flag.STRAP_CUT in momentary
    flags, momentary = flags_at(family, "own", 1 << 17, edition_2019=edition_2019)
    assert (flags, momentary) == (Flag.RESERVED_17, Flag(0))
    assert family.profile("own").items == FAMILY.profile("g10ls").items


def test_families_with_other_profiles_stay_apart():
    family = FAMILY.with_profiles([parse_profile("name: own\nalarm_bits: {31: strap_cut}")])
    assert (*FAMILY.profiles, "own") == family.profiles
    assert Flag.STRAP_CUT in flags_at(family, "own", 1 << 31)[0]
    assert Flag.STRAP_CUT not in flags_at(family, "standard", 1 << 31)[0]


@pytest.mark.parametrize(
    ("texts", "field", "detail"),
    [
        (["name: bsj"], "name", "already a profile bsj"),
        (["name: own", "name: own"], "name", "already a profile own"),
        (["name: own\nextends: none"], "extends", "no such profile: none; it may stand on standard"),
        (["name: own\nextends: own"], "extends", "no such profile: own"),
    ],
)
def test_a_profile_that_cannot_stand_beside_the_others_is_named(texts, field, detail):
    with pytest.raises(ProfileFault, match=detail) as fault:
        FAMILY.with_profiles([parse_profile(text) for text in texts])
    assert fault.value.field == field


IDS = st.integers(0, 3)


def kind(named, /, **keys):
    return st.fixed_dictionaries({"id": IDS, "kind": st.just(named), **keys})


FIXED = {"size": st.integers(4, 9), "offset": st.integers(0, 1), "width": st.integers(1, 3)}
SOS = st.dictionaries(st.integers(0, 7), st.just("sos"), max_size=3)
LAYOUT = st.fixed_dictionaries(
    {"record": st.fixed_dictionaries({name: st.integers(1, 3) for name in ("mcc", "mnc", "lac", "cid", "signal")})},
    optional={"counted": st.booleans(), "signal": st.sampled_from(["raw", "dbm"]), "most": st.integers(1, 3),
              "head": st.fixed_dictionaries({"ta": st.integers(1, 2)}), "least_mcc": st.integers(0, 300)},
)  # fmt: skip
FLAT = st.one_of(
    kind("number", **FIXED, column=st.sampled_from(["satellites", "battery_percent"]), full=st.integers(1, 9)),
    kind("flags", **FIXED, bits=SOS, active=st.sampled_from(["high", "low"])),
    kind("values", **FIXED, values=SOS),
    kind("event", flag=st.just("sos")),
    kind("source", **FIXED, values=st.just({0: "wifi"})),
    kind("time", size=st.integers(6, 9), offset=st.just(0)),
    kind("text", name=st.just("text")),
    kind("kept", name=st.just("kept")),
    kind("wifi", counted=st.booleans()),
    kind("cell_text"),
    kind("wifi_text"),
    kind("cells", layouts=st.lists(LAYOUT, max_size=2)),
    kind("masked", head=st.integers(1, 3), mask_at=st.integers(0, 2), mask_width=st.integers(1, 2), values=SOS,
         sizes=st.dictionaries(st.integers(0, 9), st.integers(0, 5), max_size=4)),
)  # fmt: skip
READERS = st.recursive(
    FLAT,
    lambda inner: st.one_of(
        kind("first_of", items=st.lists(inner, max_size=3)),
        kind("numbered", width=st.integers(1, 2), items=st.lists(inner, max_size=3)),
        kind("list", items=st.lists(inner, max_size=3), id_width=st.integers(1, 2), size_width=st.integers(1, 2),
             id_first=st.booleans(), size_counts_id=st.booleans(), counted=st.booleans()),
    ),
    max_leaves=6,
)  # fmt: skip
FEW = st.binary(max_size=24) | st.lists(st.integers(0, 4), max_size=24).map(bytes)


@must_meet("items read", "items unknown", "flags", "cells")
@given(st.lists(READERS, max_size=4), st.lists(st.tuples(IDS, FEW), max_size=4))
@example([{"id": 1, "kind": "event", "flag": "sos"}], [(1, b"a"), (2, b"")])
@example(
    [{"id": 1, "kind": "cells", "layouts": [{"record": {"mcc": 2, "mnc": 1, "lac": 2, "cid": 4, "signal": 1}}]}],
    [(1, bytes.fromhex("01cc 00 25f0 0040de62 3c"))],
)
def test_a_profile_that_loads_reads_any_items_without_a_fault(met, readers, items):
    own = ProfileText.model_validate({"name": "own", "items": readers})
    family = FAMILY.with_profiles([own])
    raw = frame(0x0200, location(items=items))
    batch = family.decode(FrameBatch.of([raw, raw], "own"))
    assert batch.frame.tolist() == [0, 1]
    assert set(batch.cells.report.tolist()) | set(batch.wifi.report.tolist()) <= {0, 1}
    (account,) = family.describe([raw], "own")
    assert account["error"] is None
    unknown = len(account["unknown_items"])
    assert unknown <= len(items)
    met["items unknown"] += unknown
    met["items read"] += len([item for item in items if item != (0, b"")]) - unknown
    met["flags"] += bool(batch.flags.any())
    met["cells"] += len(batch.cells.report)
