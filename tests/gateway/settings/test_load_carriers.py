"""Carriers and phones in a configuration: what is taken, and how each slip is named."""

import pytest
from small_county import Written

from gateway.settings.load import examine, load, load_sources
from gateway.settings.model import AuthorityKind
from gateway.settings.sentences import sentences

CARRIER = (
    "carriers:\n"
    '  - {name: mobile, url: "https://gmlc.example:9210/le", dialect: le, credential: mobile, datum: gcj02,\n'
    "     per_minute: 60, per_day: 9000, every: {strict: 15min}, widening: 2}\n"
)
PHONE = "F0001,mlp,8613800000001,\n"
ASSIGNED = "F0001,P0001,2026-11-01 09:00,\n"
SECRET = "mobile: {username: county, password: hidden-word}\n"  # noqa: S105 - made up


@pytest.fixture
def written(tmp_path):
    """The small county, and a phone of the person who wears its bracelet."""
    one = Written(tmp_path)
    one.texts["gateway.yaml"] += CARRIER
    one.texts["devices.csv"] += PHONE
    one.texts["assignments.csv"] += ASSIGNED
    one.texts["credentials.yaml"] += SECRET
    return one


def test_a_carrier_and_its_phone_beside_the_persons_bracelet(written):
    assert written.faults() == []
    configuration = load(written.directory)
    (carrier,) = configuration.carriers
    assert (carrier.dialect, carrier.profile, carrier.prefix) == ("le", "gcj02-opening-x2.000", "86")
    assert carrier.intervals == {"strict": 900.0, "general": 7200.0, "lenient": 21600.0}
    assert (carrier.credential.username, carrier.credential.password) == ("county", "hidden-word")
    phone = configuration.devices["F0001"]
    assert (phone.identity, phone.carrier, phone.basis) == ("13800000001", "mobile", AuthorityKind.PHONE_CHECK)
    assert configuration.devices["B0001"].basis is AuthorityKind.BRACELET
    assert "hidden-word" not in repr(configuration) + "".join(configuration.sources.values())


def test_a_persons_sentence_tells_the_phone_from_the_bracelet_and_names_the_missing_basis(written):
    written.faults()
    first, _ = sentences(load(written.directory), "en")
    assert "phone F0001 (since 2026-11-01 09:00)" in first
    assert "wears B0002" in first
    assert "no authority for phone checks" in first
    assert "no authority for a bracelet" not in first


def test_a_carrier_that_is_asked_without_tls_beyond_this_machine_is_worth_a_note(written):
    written.replace("gateway.yaml", "https://gmlc.example:9210/le", "http://10.0.0.8:9210/le")
    _, faults, notes = examine(written.write(), "en")
    said = "note: “http://10.0.0.8:9210/le” is not encrypted; numbers and places are personal data:"
    assert faults == []
    assert [one.line for one in notes if one.message.startswith(said)] == [12]


def test_history_is_read_again_without_secrets(written):
    kept = load(written.write()).sources
    assert load_sources(kept).carriers[0].credential.password == ""


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        ("gateway.yaml", "https://gmlc.example:9210/le", "gmlc.example", "is not the address of a location server"),
        ("gateway.yaml", "https://gmlc", "https://me:word@gmlc", "no user name or password in the address"),
        ("gateway.yaml", "datum: gcj02,", "", "datum"),
        ("gateway.yaml", "datum: gcj02,", "datum: bd09,", "bd09"),
        ("gateway.yaml", "credential: mobile", "credential: other", "no username and password under “other”"),
        ("gateway.yaml", "strict: 15min", "strict: 5s", "write 1min or more"),
        ("gateway.yaml", "per_day: 9000", "per_day: 0", "0"),
        ("gateway.yaml", "widening: 2", "widening: 0.5", "1"),
        ("gateway.yaml", "protocol: jt808, profile: g10ls, tcp", "protocol: mlp, tcp", "phones do not connect"),
        ("gateway.yaml", CARRIER, "", "a phone needs its carrier"),
        ("devices.csv", PHONE, "F0001,mlp,+8613800000001,\n", "digits"),
        ("assignments.csv", ASSIGNED, ASSIGNED + "F0001,P0002,2026-11-05,\n", "F0001"),
    ],
)
def test_each_slip_is_named(written, name, old, new, said):
    written.replace(name, old, new)
    faults = written.faults()
    assert any(said in fault for fault in faults), faults


def test_a_carrier_that_is_not_there_and_one_for_a_bracelet(written):
    written.texts["devices.csv"] = (
        "device,protocol,identity,profile,carrier\nB0001,jt808,013900000001,,mobile\n"
        "B0002,jt808,013900000002,,\nF0001,mlp,13800000001,,nobody\n"
    )
    useless, unknown = written.faults()
    assert "is no phone" in useless
    assert "not among the carriers" in unknown
    assert "mobile" in unknown
