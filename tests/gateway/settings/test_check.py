"""``check`` and ``init``: what the officer reads, and the county they start from."""

import io
import runpy
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from gateway.errors import UserFault
from gateway.settings import check, init
from gateway.settings.calendar import after, last_day, midnight
from gateway.settings.load import load

ROOT = Path(__file__).resolve().parents[3]


def checked(*paths, language=None):
    out = io.StringIO()
    return check.run(paths, language, out), out.getvalue().splitlines()


def test_a_sound_county_ends_with_one_sentence_per_person(written):
    code, lines = checked(written.write(), language="zh")
    assert code == 0
    assert lines == [
        (
            "P0001：严管，佩戴 B0001（2026-11-01 09:00 至 2026-11-20 09:00），佩戴 B0002（2026-11-20 09:00 起）；"
            "2026-11-01 至 2027-01-31 有依据（2026-12）；须在the county内；禁入cafe 3；"
            "22:00–次日08:00 应在家（宽限15分钟）；近5夜有3夜在同一处过夜即提示；"
            "2026-12-31 18:00 至 2027-01-02 20:00 请假（cafe 3）。"
        ),
        "P0002：普管，没有分配腕带；没有佩戴腕带的依据，腕带定位不会保存；没有限制。",
    ]


def test_the_sentence_speaks_the_countys_language_unless_told_otherwise(written):
    _, lines = checked(written.write())
    assert lines[1] == (
        "P0002: general, no bracelet assigned; no authority for a bracelet, so that none of its positions is kept; "
        "no restrictions."
    )


def test_a_curfew_of_some_days_in_a_zone_is_told(written):
    written.replace("rules/rules.yaml", "{zone: home, from", "{zone: cafe, from")
    written.replace(
        "rules/rules.yaml", 'until: "08:00", days: daily, grace: 15min', 'until: "23:00", days: [fri, mon], grace: 90s'
    )
    _, lines = checked(written.write())
    assert "at cafe 3 22:00–23:00 (Mon, Fri, grace 90 s);" in lines[0]


@pytest.mark.parametrize(
    ("start", "until", "told"),
    [
        ("00:00", '"24:00"', "at home 00:00–24:00;"),
        ("00:00", "24:00", "at home 00:00–24:00;"),
        ("22:00", '"24:00"', "at home 22:00–24:00;"),
        ("22:00", '"00:00"', "at home 22:00–00:00 next day;"),
        ("00:00", '"06:00"', "at home 00:00–06:00;"),
    ],
)
def test_a_curfew_may_last_until_the_end_of_the_day(written, start, until, told):
    written.replace("rules/rules.yaml", 'from: "22:00"', f'from: "{start}"')
    written.replace("rules/rules.yaml", 'until: "08:00", days: daily, grace: 15min', f"until: {until}")
    code, lines = checked(written.write())
    assert code == 0
    assert told in lines[0]


@pytest.mark.parametrize("value", ["08:00", "00:00"])
def test_who_writes_one_time_twice_is_told_how_a_whole_day_is_written(written, value):
    written.replace("rules/rules.yaml", 'from: "22:00", until: "08:00"', f'from: "{value}", until: "{value}"')
    code, lines = checked(written.write())
    assert code == 2
    assert 'from: "00:00", until: "24:00"' in lines[0]


def test_leave_may_last_until_the_end_of_a_day(written):
    written.replace("rules/rules.yaml", '"2027-01-02 20:00"', '"2027-01-02 24:00"')
    code, lines = checked(written.write())
    assert code == 0
    assert "2027-01-03 00:00" in lines[0]


def test_faults_are_printed_with_their_place_and_end_in_two(written):
    written.replace("rules/rules.yaml", 'from: "22:00"', 'from: "25:00"')
    code, lines = checked(written.write())
    assert code == 2
    assert len(lines) == 1
    assert lines[0].startswith(f"{written.directory}/rules/rules.yaml:19:32: “25:00” is past midnight")


def test_each_path_is_checked_and_the_worst_counts(written, tmp_path):
    code, lines = checked(written.write(), tmp_path / "nowhere")
    assert code == 2
    assert len(lines) == 3


def test_any_file_of_a_configuration_stands_for_the_whole(written):
    directory = written.write()
    for name in ("rules/rules.yaml", "people.csv", "county.geojson", "gateway.yaml"):
        code, lines = checked(directory / name)
        assert (code, len(lines)) == (0, 2), name


def test_a_file_of_no_configuration_is_refused(tmp_path):
    (tmp_path / "lonely.yaml").write_text("rules: []\n")
    code, lines = checked(tmp_path / "lonely.yaml", language="en")
    assert code == 2
    assert f"{tmp_path}/lonely.yaml:1:1: “county” is missing; add a line “county: …”" in lines


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_sample_passes_its_own_check(tmp_path, language):
    paths = init.write_sample(tmp_path / "county", language)
    assert tmp_path / "county" / "gateway.yaml" in paths
    code, lines = checked(tmp_path / "county")
    assert (code, len(lines)) == (0, 4)
    configuration = load(tmp_path / "county")
    assert configuration.county.language == language
    assert (configuration.listeners[0].host, configuration.listeners[0].port) == ("127.0.0.1", 7611)
    assert configuration.storage.directory == str(tmp_path / "county" / "data")


def test_the_sample_never_overwrites(tmp_path):
    (tmp_path / "people.csv").write_text("mine")
    with pytest.raises(UserFault, match=r"people\.csv.*already there"):
        init.write_sample(tmp_path, "en")
    assert [path.name for path in tmp_path.iterdir()] == ["people.csv"]
    assert (tmp_path / "people.csv").read_text() == "mine"


def test_a_dangling_link_is_not_written_through(tmp_path):
    (tmp_path / "people.csv").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(UserFault, match="already there"):
        init.write_sample(tmp_path, "en")
    assert not (tmp_path / "elsewhere").exists()


@pytest.mark.parametrize(("language", "words"), [("en", "cannot be written .*choose another"), ("zh", "写不了")])
def test_a_file_in_the_directorys_place_is_the_users_fault(tmp_path, language, words):
    (tmp_path / "passwd").write_text("mine")
    with pytest.raises(UserFault, match=words) as refused:
        init.write_sample(tmp_path / "passwd", language)
    assert str(tmp_path / "passwd") in str(refused.value)


def test_where_nothing_may_be_made_is_the_users_fault(tmp_path, monkeypatch):
    def refuse(path, **_options):
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(type(tmp_path), "mkdir", refuse)
    with pytest.raises(UserFault, match=r"cannot be written \(Permission denied\)"):
        init.write_sample(tmp_path / "county", "en")


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("day", ["2026-11-23", "2027-11-30", "2028-02-29", "2031-12-01"])
def test_the_sample_is_in_force_from_the_day_it_is_written(tmp_path, language, day):
    today = date.fromisoformat(day)
    init.write_sample(tmp_path, language, today)
    configuration = load(tmp_path)
    zone = ZoneInfo(configuration.county.timezone)
    start, end = midnight(today, zone), midnight(after(last_day(today)), zone)
    assert len(configuration.authorities) == 4
    for authority in configuration.authorities:
        assert (authority.wearer_informed, authority.start, authority.until) == (start, start, end)
    assert len(configuration.leave) == 1
    for leave in configuration.leave:
        assert start < leave.start < leave.until < end
    worn = {each.person for each in configuration.assignments if each.start == start}
    assert worn == {"P0001", "P0002", "P0003"}
    assert all(start <= each.start < end for each in configuration.assignments)


def test_an_unknown_language_is_the_users_fault(tmp_path):
    with pytest.raises(UserFault, match="zh, en"):
        init.write_sample(tmp_path, "fr")


def test_the_county_in_the_repository_is_the_shipped_one(tmp_path):
    names = {path.relative_to(tmp_path) for path in init.write_sample(tmp_path, "zh")}
    for name in names:
        assert (ROOT / "config" / name).read_text(encoding="utf-8") == (tmp_path / name).read_text(encoding="utf-8"), (
            name
        )
    kinds = {".yaml", ".csv", ".geojson", ".json"}
    shipped = {path.relative_to(ROOT / "config") for path in (ROOT / "config").rglob("*") if path.suffix in kinds}
    assert {path for path in shipped if path.parts[0] != "data"} == names


def test_the_editors_schema_is_fresh():
    tool = runpy.run_path(str(ROOT / "tools/make_schema.py"))
    for target in tool["TARGETS"]:
        assert target.read_text(encoding="utf-8") == tool["schema"](), "run tools/make_schema.py"


def test_the_rule_reference_is_fresh():
    tool = runpy.run_path(str(ROOT / "tools/make_rule_reference.py"))
    assert tool["TARGET"].read_text(encoding="utf-8") == tool["reference"](), "run tools/make_rule_reference.py"


@pytest.mark.parametrize("kind", ["phone_unpaired", "beacon_tamper"])
def test_a_kind_that_is_never_raised_is_said_where_it_stands(written, kind):
    written.replace("rules/rules.yaml", "alarms:\n", f"alarms:\n  {kind}: {{severity: info}}\n")
    code, lines = checked(written.write())
    assert code == 0
    assert lines[0].startswith(f"{written.directory}/rules/rules.yaml:24:3: note: this version never raises “{kind}”")
    assert len(lines) == 3
    assert f"此版本还不会发出“{kind}”报警" in checked(written.directory, language="zh")[1][0]


@pytest.mark.parametrize("kind", ["sos", "battery_low", "location_lost", "clock_fault"])
def test_a_kind_that_is_raised_needs_no_note(written, kind):
    written.replace("rules/rules.yaml", "alarms:\n", f"alarms:\n  {kind}: {{severity: info}}\n")
    code, lines = checked(written.write())
    assert (code, len(lines)) == (0, 2)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_sample_begins_with_a_key_of_its_own(tmp_path, language):
    for name in ("one", "two"):
        paths = init.write_sample(tmp_path / name, language, date(2026, 11, 23))
        secret = tmp_path / name / "credentials.yaml"
        assert secret in paths
        assert secret.stat().st_mode & 0o777 == 0o600
        main = tmp_path / name / "gateway.yaml"
        main.write_text(
            main.read_text("utf-8").replace(':1883"', ':1883", credential: city, accept_acts: true'), "utf-8"
        )
    keys = {load(tmp_path / name).upstreams[0].credential.act_key for name in ("one", "two")}
    assert len(keys) == 2
    assert {len(key) for key in keys} == {64}
