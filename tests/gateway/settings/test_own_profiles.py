"""A county's own model profiles: found by name, part of what the journal keeps, every fault at its place."""

import io
import json

import msgspec
import pytest
from small_county import Written

from gateway.engine.policy import compile_policy
from gateway.engine.state import EngineState
from gateway.engine.step import step
from gateway.journal.controls import Configured, Start
from gateway.journal.entries import EntryKind, Gathering, Origin
from gateway.replay.decode import run
from gateway.settings.faults import ConfigurationRefused
from gateway.settings.load import load, load_sources
from protocols.jt808.messages.position import LOCATION_REPORT
from protocols.jt808.wire import seal

OWN = """\
name: office7              # the maker moved the removal alarm to bit 5 for us
extends: g10ls
alarm_bits: {5: strap_cut}
cleared_by_answer: [5]
"""
PLACE = "profiles/jt808/office7.yaml"
REMOVED = 1 << 5
MOMENT = 1_794_300_000.0
"""2026-11-10, while P0001 wears B0001."""


@pytest.fixture
def written(tmp_path):
    return Written(tmp_path)


def with_profile(written, text=OWN, name=PLACE):
    written.texts[name] = text
    written.texts["devices.csv"] = written.texts["devices.csv"].replace("900000001,g10ls", "900000001,office7")
    return written


def frame(alarm=0, items=()):
    fixed = {"alarm": alarm, "status": 0, "latitude": 0, "longitude": 0, "altitude_m": 0, "speed_kmh": 0}
    location = {**fixed, "course_deg": 0, "time": MOMENT}
    body = LOCATION_REPORT.build({"location": location, "items": list(items), "rest": b""})
    return seal(bytes.fromhex(f"0200{len(body):04x}0139000000010001") + body)


def alarms_of(configuration, raw):
    """Kinds of the alarms that the engine raises for one frame of B0001."""
    entries, policy = Gathering(), compile_policy(configuration)
    entries.add(EntryKind.START, MOMENT, Origin(), msgspec.json.encode(Start("test")))
    entries.add(EntryKind.CONFIGURATION, MOMENT, Origin(), msgspec.json.encode(Configured(configuration.digest)))
    profile = configuration.devices["B0001"].profile
    entries.add(EntryKind.FRAME, MOMENT, Origin("B0001", "bracelets", "peer", "jt808", profile), raw)
    stepped = step(EngineState(), entries.batch(), lambda _: policy, first=0)
    return {outcome.episode.kind for outcome in stepped.outcomes}


def test_a_device_may_name_it_and_the_engine_reads_by_it(written):
    configuration = load(with_profile(written).write())
    assert alarms_of(configuration, frame(REMOVED)) == {"strap_cut"}
    assert alarms_of(configuration, frame(1 << 17)) == set(), "the bit was moved"


def test_a_listener_may_name_it(written):
    with_profile(written).replace("gateway.yaml", "profile: g10ls", "profile: office7")
    configuration = load(written.write())
    listener = configuration.listeners[0]
    session = configuration.families["jt808"].session(listener.profile)
    assert (listener.profile, session.protocol) == ("office7", "jt808")


def test_the_journal_keeps_it_and_reads_by_the_text_it_kept(written):
    before = load(with_profile(written).write())
    assert before.sources[PLACE] == OWN
    written.texts[PLACE] = OWN.replace("5", "6")
    after = load(written.write())
    again = load_sources(before.sources)
    assert before.digest == again.digest != after.digest
    assert [alarms_of(each, frame(REMOVED)) for each in (before, again, after)] == [{"strap_cut"}, {"strap_cut"}, set()]


def test_without_one_the_families_are_the_gateways_own(written):
    assert "office7" not in load(written.write()).families["jt808"].profiles


FAULTS = [
    ("alarm_bits: {5: strap_cut}", "alarm_bits: {5: strap_cutt}", "3:17", "there is no flag “strap_cutt”"),
    ("alarm_bits: {5: strap_cut}", "alarm_bits: {55: strap_cut}", "3:18", "31"),
    ("alarm_bits", "alarm_bit", "3:1", "alarm_bits"),
    ("extends: g10ls", "extends: g10lz", "2:10", "no such profile: g10lz"),
    ("name: office7 ", "name: office8 ", "1:7", "make them the same"),
    ("cleared_by_answer: [5]", "cleared_by_answer: 5", "4:20", "list is expected"),
    ("cleared_by_answer: [5]", "items: [{id: 0x31, kind: nubmer}]", "4:9", "kind is one of: number, flags"),
    ("cleared_by_answer: [5]", "items: [{id: 0x31}]", "4:9", "lacks its kind"),
    ("cleared_by_answer: [5]", "items: [{id: 0x31, kind: number, size: 1, column: height}]", "4:51", "battery_percent"),
    ("cleared_by_answer: [5]", "items: [{id: 0x31, kind: flags, size: 1, bits: {9: sos}}]", "4:9", "there is no bit 9"),
    (
        "cleared_by_answer: [5]",
        "items: [{id: 0x31, kind: values, size: 2, offset: 2, values: {1: sos}}]",
        "4:9",
        "1 bytes from 2 lie outside an item of 2",
    ),
    (
        "cleared_by_answer: [5]",
        "items: [{id: 0x31, kind: cells, layouts: [{record: {mcc: 2, mnc: 1}}]}]",
        "4:43",
        "a cell lacks cid, lac",
    ),
    ("extends: g10ls", "extends: *g10ls", "2:10", "alias"),
]


@pytest.mark.parametrize(("old", "new", "place", "message"), FAULTS, ids=[new for _, new, _, _ in FAULTS])
def test_each_fault_is_named_at_its_place(written, old, new, place, message):
    with_profile(written, OWN.replace(old, new))
    (found,) = written.faults()
    assert found.startswith(f"{PLACE}:{place}: ")
    assert message in found


@pytest.mark.parametrize("name", ["profiles/office7.yaml", "profiles/jt809/office7.yaml"])
def test_a_file_in_the_wrong_folder_is_not_passed_over(written, name):
    written.texts[name] = OWN
    (fault,) = written.faults()
    assert fault.startswith(f"{name}:1:1: ")
    assert "profiles/<protocol>/" in fault
    assert "jt808" in fault


def test_a_name_of_the_gateway_cannot_be_taken(written):
    written.texts["profiles/jt808/bsj.yaml"] = "name: bsj\n"
    (fault,) = written.faults()
    assert fault.startswith("profiles/jt808/bsj.yaml:1:7: ")
    assert "already a profile bsj" in fault


def test_a_faulty_profile_and_a_sound_one_are_told_apart(written):
    with_profile(written)
    written.texts["profiles/jt808/other.yaml"] = "name: other\nextends: office7\n"
    (fault,) = written.faults()
    assert "no such profile: office7" in fault


def decoded(profile, raw):
    out = io.StringIO()
    assert run("jt808", str(profile), io.StringIO(raw.hex()), out, lambda: 0.0) == 0
    return json.loads(out.getvalue())


def test_decode_takes_the_file_itself(tmp_path):
    path = tmp_path / "office7.yaml"
    path.write_text(OWN, "utf-8")
    account = decoded(path, frame(REMOVED))
    assert account["profile"] == "office7"
    assert "strap_cut" in account["reports"][0]["flags"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("name: x\n", "office7.yaml:1:7: the name is “x”"),
        ("name: office7\nextends: none\n", "office7.yaml:2:10: "),
        ("name: [\n", "office7.yaml:2:1: not valid YAML"),
    ],
)
def test_decode_names_what_is_wrong_with_the_file(tmp_path, text, message):
    (tmp_path / "office7.yaml").write_text(text, "utf-8")
    with pytest.raises(ConfigurationRefused, match="office7") as refused:
        decoded(tmp_path / "office7.yaml", frame())
    assert message in str(refused.value)


def test_decode_says_that_there_is_no_such_file(tmp_path):
    with pytest.raises(ConfigurationRefused, match="no file"):
        decoded(tmp_path / "none.yaml", frame())
