"""Faults of whole files and tables, and the words they are told in."""

import re
from string import Formatter

import pytest

from gateway.settings.load import inspect
from gateway.settings.messages import MESSAGES, say

MAIN, RULES = "gateway.yaml", "rules/rules.yaml"
PEOPLE, DEVICES, WORN, BOUNDS = "people.csv", "devices.csv", "assignments.csv", "county.geojson"


def test_every_fault_is_reported_in_one_go_sorted_by_place(written):
    written.replace(RULES, 'from: "22:00"', 'from: "25:00"')
    written.replace(RULES, "until: 2027-01-31", "until: 2027-02-28")
    written.replace(MAIN, "Asia/Shanghai", "Asia/Liuzhou")
    written.replace(DEVICES, "013900000002", "000")
    places = [fault.split(" ")[0] for fault in written.faults()]
    assert places == ["devices.csv:3:13:", "gateway.yaml:1:32:", "rules/rules.yaml:9:12:", "rules/rules.yaml:19:32:"]


def test_faults_speak_the_language_of_the_county(written):
    written.replace(MAIN, "language: en", "language: zh")
    written.replace(RULES, 'from: "22:00"', 'from: "25:00"')
    assert written.faults() == [
        'rules/rules.yaml:19:32: “25:00”超过一天；次日时刻直接写，例如 "01:00"（结束早于开始即为次日）'
    ]
    assert "past midnight" in written.faults("en")[0]


def test_both_lines_of_an_overlap_are_named(written):
    written.replace(WORN, "2026-11-20 09:00\n", "2026-11-21 09:00\n")
    (fault,) = written.faults()
    assert fault.startswith("assignments.csv:3:7:")
    assert "assignments.csv:2:7" in fault


def test_an_assignment_inside_a_longer_one_is_found_behind_a_short_one(written):
    written.texts[WORN] = (
        "device,person,from,until\nB0001,P0001,2026-11-01,\nB0001,P0002,2026-11-02,2026-11-03\n"
        "B0001,P0002,2026-11-05,2026-11-06\n"
    )
    assert [fault.split(" ")[0] for fault in written.faults()] == ["assignments.csv:3:1:", "assignments.csv:4:1:"]


def test_a_misspelt_column_is_named_with_its_right_spelling(written):
    written.replace(PEOPLE, "home_radius_m\n", "home_radius\n")
    faults = written.faults()
    assert faults[0].startswith("people.csv:1:67: “home_radius” is not known; did you mean “home_radius_m”?")
    assert faults[1].startswith("people.csv:2:1: the home lacks home_radius_m")
    assert len(faults) == 2


def test_a_missing_column_is_named_with_the_whole_header(written):
    written.replace(PEOPLE, "person,level", "person,grade")
    faults = written.faults()
    assert faults[0].startswith(
        "people.csv:1:1: the header lacks the column “level”; the first line should be: person,"
    )
    assert faults[1].startswith("people.csv:1:8: “grade” is not known")
    assert len(faults) == 2


def test_an_empty_value_is_named(written):
    written.replace(RULES, "    basis: order 2\n", "    basis:\n")
    assert written.faults() == ["rules/rules.yaml:17:5: nothing is written here; fill it in or delete the line"]


def test_bounds_that_are_no_area_are_refused(written):
    written.texts["point.geojson"] = '{"type": "Point", "coordinates": [109.4, 24.3]}'
    written.replace(MAIN, "bounds: county.geojson", "bounds: point.geojson")
    assert written.faults()[0].startswith("point.geojson:1:1: the county's bounds must be polygons")


@pytest.mark.parametrize(
    "text", ["", "[]", "3", '{"type": "FeatureCollection", "features": [3, null]}', '{"type": "Point"}']
)
def test_no_json_makes_the_reader_of_zones_stumble(written, text):
    written.texts[BOUNDS] = text
    assert all(fault.startswith(BOUNDS) for fault in written.faults())
    assert written.faults()


@pytest.mark.parametrize(
    "text", ["- a\n", "a: [\n", "\0", "a: *b\n", "? [x]\n: y\n", "%YAML 1.1\n---\nduty: 22:00\n", "a: b\n---\n"]
)
def test_no_yaml_makes_the_reader_of_rules_stumble(written, text):
    written.texts[RULES] = text
    assert any(fault.startswith(RULES) for fault in written.faults())


@pytest.mark.parametrize("version", ["", "%YAML 1.1\n---\n"])
def test_an_unquoted_time_is_read_as_written(written, version):
    written.texts[RULES] = version + written.texts[RULES].replace('from: "22:00"', "from: 22:00")
    assert written.faults() == []


def test_secrets_are_never_shown(written):
    written.replace("credentials.yaml", "hidden-word", "123456")
    (fault,) = written.faults()
    assert fault.startswith("credentials.yaml:1:34: “***” is unquoted")
    assert "123456" not in fault


@pytest.mark.parametrize("pattern", [".", "**", "a**b", "[", "credentials.yaml", "./gateway.yaml"])
def test_an_odd_pattern_matches_nothing(written, pattern):
    written.replace(MAIN, "[rules/*.yaml]", f"['{pattern}', rules/*.yaml]")
    assert written.faults() == [
        f"gateway.yaml:10:11: “{pattern}” matches no file; correct the pattern or delete the line"
    ]


def test_a_file_that_cannot_be_read_is_named(written, monkeypatch):
    directory = written.write()

    def refuse(path, mode):
        raise PermissionError(13, "Permission denied", str(path), mode)

    monkeypatch.setattr(type(directory), "open", refuse)
    _, faults = inspect(directory, "en")
    assert [fault.message for fault in faults] == [
        f"the file “{name}” cannot be read (Permission denied); check its permissions"
        for name in ("credentials.yaml", "gateway.yaml")
    ]


def test_bytes_in_no_known_encoding_are_named(written):
    written.texts[PEOPLE] = b"person,level,office\nP0001,strict,\xff\xff\n"
    assert "people.csv:1:1: neither UTF-8 nor GB18030; save it as UTF-8" in written.faults()


def test_a_missing_directory_is_named(tmp_path):
    configuration, (fault,) = inspect(tmp_path / "nowhere")
    assert configuration is None
    assert fault.message.startswith(f"没有“{tmp_path / 'nowhere'}”这个目录或文件")


def test_every_message_has_both_languages_and_the_same_values():
    for key, (chinese, english) in MESSAGES.items():
        fields = [{name for _, name, _, _ in Formatter().parse(text) if name} for text in (chinese, english)]
        assert fields[0] == fields[1], key
        assert re.search("[\u4e00-\u9fff]", chinese), key
        assert not re.search("[\u4e00-\u9fff]", english), key
    assert say("en", "date", value="x") != say("zh", "date", value="x")


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        (BOUNDS, '{"type": }', "此处应有一个值"),
        (BOUNDS, '{"type": "Point" "coordinates": []}', "缺少逗号或右括号"),
        (BOUNDS, '{"type": "Point", "coordinates": [1, 2]} {}', "结尾之后还有多余内容"),
        (RULES, "rules: []\n---\nrules: []\n", "一个文件里只能有一份文档"),
        (RULES, "rules: a: b\n", "这里不能有“名称: 值”"),
        (RULES, "rules: @a\n", "有 YAML 不认的写法，多半是没加引号的特殊字符"),
        (RULES, "rules:\n\t- a\n", "制表符"),
    ],
)
def test_the_words_of_libraries_are_told_in_chinese(written, name, text, words):
    written.texts[name] = text
    assert words in written.faults("zh")[0]


def test_a_range_is_told_as_a_sentence(written):
    written.replace(RULES, "radius_m: 40", "radius_m: -150")
    assert written.faults("zh") == ["rules/rules.yaml:12:90: -150 超出范围；请写大于 0 的数"]
