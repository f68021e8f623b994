"""A sound configuration becomes what the daemon uses: WGS-84, UTC, resolved, and the same again from its texts."""

from dataclasses import fields
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.errors import UserFault
from gateway.kinds import KINDS, SEVERITIES
from gateway.settings.calendar import after, last_day
from gateway.settings.load import ConfigurationRefused, load, load_sources
from gateway.settings.model import CurfewRule, Ground, HourRule, RepeatedPlaceRule
from gateway.settings.raw import AlarmEntry
from gateway.store.outbox import RANKS
from gateway.words.alarm_list import STYLES
from gateway.words.texts import SEVERITY

SHANGHAI = ZoneInfo("Asia/Shanghai")
EXAMPLE = Path(__file__).resolve().parents[3] / ".." / "shared" / "config-example"


def at(*parts):
    return datetime(*parts, tzinfo=SHANGHAI).timestamp()


def test_times_are_utc_and_the_last_day_of_an_authority_counts(written):
    configuration = load(written.write())
    (authority,) = configuration.authorities
    assert (authority.start, authority.until) == (at(2026, 11, 1), at(2027, 2, 1))
    assert authority.wearer_informed == at(2026, 11, 1)
    assert authority.ground is Ground.PROHIBITION_ORDER_BREACH
    assert [(each.device, each.start, each.until) for each in configuration.assignments] == [
        ("B0001", at(2026, 11, 1, 9), at(2026, 11, 20, 9)),
        ("B0002", at(2026, 11, 20, 9), float("inf")),
    ]
    assert configuration.leave[0].until == at(2027, 1, 2, 20)


def test_rules_know_their_people_and_curfew(written):
    stay, nights = load(written.write()).rules
    assert (stay.people, stay.stay_inside) == (("P0001",), "county")
    assert nights.curfew == CurfewRule("home", (HourRule(22 * 60, 8 * 60, tuple(range(7))),), 900.0)
    assert nights.repeated_place == RepeatedPlaceRule(3, 5)
    assert nights.keep_out == "cafe"


@pytest.mark.parametrize(
    ("people", "expected"), [("all", ("P0001", "P0002")), ("{level: general}", ("P0002",)), ("[P0002]", ("P0002",))]
)
def test_people_of_a_rule_are_resolved(written, people, expected):
    written.replace("rules/rules.yaml", "people: {level: strict}", f"people: {people}")
    assert load(written.write()).rules[0].people == expected


def test_identities_lose_their_leading_zeros_and_a_missing_profile_is_the_listeners(written):
    devices = load(written.write()).devices
    assert devices["B0001"].identity == "13900000001"
    assert devices["B0002"].profile == ""


def test_every_kind_of_alarm_has_a_policy(written):
    alarms = load(written.write()).alarms
    assert alarms.keys() == KINDS.keys()
    assert alarms["comms_lost"].after_seconds == 1200.0
    assert alarms["strap_cut"].escalate_to == ("leader",)
    assert alarms["sos"].severity == KINDS["sos"].severity
    assert all(kind.severity in SEVERITIES for kind in KINDS.values())


def test_every_table_by_severity_has_those_that_there_are_and_no_other():
    assert SEVERITIES == ("info", "warning", "serious", "critical")
    assert set(SEVERITIES) == SEVERITY.keys() == STYLES.keys() == RANKS.keys()
    assert sorted(SEVERITIES, key=RANKS.__getitem__) == list(SEVERITIES[::-1])
    written = AlarmEntry.model_json_schema()["properties"]["severity"]["anyOf"][0]["enum"]
    assert written == list(SEVERITIES)


def test_the_texts_alone_give_the_same_configuration(written):
    configuration = load(written.write())
    again = load_sources(configuration.sources)
    apart = {"storage", "upstreams"}
    for name in {field.name for field in fields(configuration)} - apart:
        assert getattr(again, name) == getattr(configuration, name), name
    assert again.storage.keep_days == configuration.storage.keep_days
    assert [each.name for each in again.upstreams] == [each.name for each in configuration.upstreams]
    assert again.upstreams[0].credential.act_key == ""


def test_secrets_stay_out_of_the_texts_and_of_every_print(written):
    configuration = load(written.write())
    assert configuration.upstreams[0].credential.act_key == "hidden-key-of-32-bytes-or-even-more"
    assert "credentials.yaml" not in configuration.sources
    assert "hidden" not in repr(configuration) + str(configuration.sources)


def test_what_is_written_in_many_rows_of_a_table_is_one_text(written):
    people = load(written.write()).people.values()
    assert len(people) > len({person.office for person in people}) == len({id(person.office) for person in people})


def test_the_digest_changes_with_any_text_but_not_with_a_secret(written):
    digest = load(written.write()).digest
    written.replace("credentials.yaml", "hidden-word", "other-word")
    assert load(written.write()).digest == digest
    written.replace("rules/rules.yaml", "order 1", "order 9")
    assert load(written.write()).digest != digest


def test_the_storage_directory_is_absolute_beside_the_configuration(written):
    assert load(written.write()).storage.directory == str(written.directory / "data")


def test_the_main_file_may_have_any_name(written):
    directory = written.write()
    (directory / "gateway.yaml").rename(directory / "other.yaml")
    configuration = load(directory / "other.yaml")
    assert configuration.county.code == "demo"
    assert load_sources(configuration.sources).digest == configuration.digest


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_tables_and_rules_may_come_from_any_editor(written, encoding, newline):
    written.replace("people.csv", "P0001,strict,SFS-01", "P0001,严管,示范司法所")
    written.replace("rules/rules.yaml", "name: cafe 3", "name: 网吧（三号）")
    for name in ("people.csv", "rules/rules.yaml"):
        written.texts[name] = written.texts[name].replace("\n", newline).encode(encoding)
    configuration = load(written.write())
    assert (configuration.people["P0001"].level, configuration.people["P0001"].office) == ("strict", "示范司法所")
    assert configuration.zones["cafe"].name == "网吧（三号）"


def test_places_of_faults_do_not_depend_on_the_encoding(written):
    written.replace("people.csv", "P0001,strict,SFS-01,false", "P0001,严管,示范司法所,perhaps")
    written.texts["people.csv"] = written.texts["people.csv"].replace("\n", "\r\n").encode("gb18030")
    assert written.faults() == ["people.csv:2:16: “perhaps” should be true or false"]


def test_tables_may_stand_inline(written):
    rows = (
        '[{device: B0001, protocol: jt808, identity: "013900000001"}, {device: B0002, protocol: jt808, identity: "02"}]'
    )
    written.replace("gateway.yaml", "devices: devices.csv", f"devices: {rows}")
    assert {device.identity for device in load(written.write()).devices.values()} == {"13900000001", "2"}


def test_an_unquoted_identity_inline_is_named(written):
    written.replace(
        "gateway.yaml", "devices: devices.csv", "devices: [{device: B1, protocol: jt808, identity: 013912345678}]"
    )
    assert any(
        fault.startswith("gateway.yaml:8:51: “013912345678” is unquoted") and '"013912345678"' in fault
        for fault in written.faults()
    )


def test_dates_as_spreadsheets_write_them_are_read(written):
    written.replace("assignments.csv", "2026-11-20 09:00,\n", "2026/11/20 9:00,\n")
    assert load(written.write()).assignments[1].start == at(2026, 11, 20, 9)


def test_extensions_may_overlap_and_a_phone_check_needs_no_ground(written):
    written.replace(
        "rules/rules.yaml",
        "zones:\n",
        "  - {person: P0001, kind: bracelet, ground: left_without_leave, document: 2, approved_by: A,\n"
        "     wearer_informed: 2027-01-20, from: 2027-01-25, until: 2027-04-24}\n"
        "  - {person: P0002, kind: phone_check, document: d3, approved_by: A,\n"
        "     wearer_informed: 2027-01-20, from: 2027-01-25, until: 2027-04-24}\nzones:\n",
    )
    written.replace("rules/rules.yaml", "document: 2, ", "document: d2, ")
    assert len(load(written.write()).authorities) == 3


def test_coordinates_are_moved_to_wgs84(written):
    written.replace("people.csv", "24.33,wgs84", "24.33,gcj02")
    home = load(written.write()).people["P0001"].home
    # domain figures for Liuzhou: about 300 m south, 467 m east from WGS-84 to GCJ-02
    assert (home.latitude - 24.33) * 111_320 == pytest.approx(300, abs=60)
    assert (home.longitude - 109.41) * 101_400 == pytest.approx(-467, abs=60)


def test_a_zone_elsewhere_is_taken_when_it_says_so(written):
    written.replace("rules/rules.yaml", "longitude: 109.42", "outside_county: true, longitude: 110.42")
    assert load(written.write()).zones["cafe"].places[0].longitude == pytest.approx(110.42)


def test_a_wide_pattern_takes_neither_main_file_nor_credentials(written):
    written.replace("gateway.yaml", "[rules/*.yaml]", '["*.yaml", "rules/*.yaml"]')
    written.texts["a.yaml"] = "rules:\n  - {id: first, people: all, basis: b, stay_inside: county}\n"
    configuration = load(written.write())
    assert [rule.id for rule in configuration.rules] == ["first", "stay", "nights"]
    assert "credentials.yaml" not in configuration.sources
    assert load_sources(configuration.sources).rules == configuration.rules


def test_a_refusal_is_the_users_fault_and_has_every_reason(written):
    written.replace("rules/rules.yaml", 'from: "22:00"', 'from: "25:00"')
    with pytest.raises(ConfigurationRefused) as refused:
        load(written.write())
    assert isinstance(refused.value, UserFault)
    assert len(refused.value.faults) == 1
    assert "rules.yaml:19:32" in str(refused.value)


def test_the_worked_example_is_read(tmp_path, written):
    if not EXAMPLE.is_dir():
        pytest.skip(f"the worked example is not beside the repository: {EXAMPLE}")
    for path in EXAMPLE.rglob("*.yaml"):
        target = tmp_path / path.relative_to(EXAMPLE)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(path.read_bytes())
    for name in ("people.csv", "devices.csv", "credentials.yaml"):
        (tmp_path / name).write_bytes(written.texts[name].encode())
    (tmp_path / "assignments.csv").write_text("device,person,from,until\nB0001,P0001,2026-11-01 09:00,\n")
    (tmp_path / "zones").mkdir()
    (tmp_path / "zones/county.geojson").write_text(written.texts["county.geojson"])
    point = '"geometry": {"type": "Point", "coordinates": [109.42, 24.31]}'
    cafe = f'{{"type": "Feature", "properties": {{"radius_m": 20}}, {point}}}'
    (tmp_path / "zones/cafes.geojson").write_text(cafe)
    configuration = load(tmp_path)
    assert {rule.id for rule in configuration.rules} == {"stay-in-county", "no-cafes", "nights-at-home"}
    assert configuration.alarms["battery_low"].escalate_after_seconds == 7200.0
    assert configuration.zones["cafes"].places[0].radius_m == 20.0


@pytest.mark.parametrize(
    ("written_days", "read"), [("", None), (", alarm_days: 180", 180), (", alarm_days: 1095", 1095)]
)
def test_alarms_are_kept_for_as_long_as_places_at_least_or_for_good(written, written_days, read):
    written.replace("gateway.yaml", "keep_days: 180", "keep_days: 180" + written_days)
    assert load(written.write()).storage.alarm_days == read


@pytest.mark.parametrize(
    ("start", "last"),
    [
        ("2026-11-01", "2027-01-31"),
        ("2026-11-15", "2027-02-14"),
        ("2026-11-30", "2027-02-28"),
        ("2026-12-01", "2027-02-28"),
        ("2027-11-30", "2028-02-29"),
    ],
)
def test_three_months_are_calendar_months(start, last):
    assert last_day(date.fromisoformat(start)) == date.fromisoformat(last)


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_three_months_are_never_more_than_ninety_two_days_and_never_shrink(start):
    assert 89 <= (after(last_day(start)) - start).days <= 92
    assert last_day(start) <= last_day(after(start))
