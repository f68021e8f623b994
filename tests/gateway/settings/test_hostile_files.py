"""Files made to hang, blind or crash the reader: each ends soon, with one fault that says what it is."""

import io
import os

import pytest
from met import work_of

from gateway.settings import check, files
from gateway.settings.composition import MOST_DEPTH
from gateway.settings.load import inspect

MAIN, RULES, PEOPLE = "gateway.yaml", "rules/rules.yaml", "people.csv"
CALLS_A_CHARACTER = 250
"""Most that the reader may do for one: what hangs it does more, and that not once a character."""
LAUGHS = "a0: &a0 [x]\n" + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 11))


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (LAUGHS, "2:10: aliases (*) are not taken; write the value out"),
        ("a: *nowhere\n", "1:4: aliases (*) are not taken; write the value out"),
        ("- &a 1\n- &a 2\n", "1:1: “name: value” lines are expected here, not “[1, 2]”"),
        ("[" * 20000, f"1:{MOST_DEPTH + 1}: brackets or indentation are nested more than {MOST_DEPTH} deep"),
        ("- " * 2000, f"1:{2 * MOST_DEPTH + 1}: brackets or indentation are nested more than {MOST_DEPTH} deep"),
        ("? [x]\n: y\n", "1:3: a name should stand before the colon"),
        ("rules：\n  - a: b\n", "1:1: “rules：” has full-width characters"),
        ("rules: []\n\tduty: []\n", "2:1: a tab is used for indentation"),
        ("duty: []\n\u202e\0rules: []\n", "2:1: there is an invisible character here, U+202E"),
    ],
)
def test_an_included_file_that_cannot_be_read_has_one_fault(written, text, fault):
    usual = work_of(written.faults)
    written.texts[RULES] = text
    faults = []
    work = work_of(lambda: faults.extend(written.faults()))
    (found,) = faults
    assert found.startswith(f"{RULES}:{fault}")
    assert work < usual + CALLS_A_CHARACTER * len(text)


@pytest.mark.parametrize(("old", "new"), [("county: {", "county： {"), ("storage: ", "\tstorage: ")])
def test_a_syntax_fault_of_the_main_file_stands_alone(written, old, new):
    written.replace(MAIN, old, new)
    assert len(written.faults()) == 1


def test_a_syntax_fault_of_the_secrets_stands_alone(written):
    written.texts["credentials.yaml"] = "city: {password: hidden-word\n"
    (fault,) = written.faults()
    assert fault.startswith("credentials.yaml:2:1: not valid YAML here")
    assert "hidden-word" not in fault


@pytest.mark.parametrize(
    "text", ["city:\n  username: a\n  password：hidden-word\n", "city: {hidden-word: 1, hidden-word: 2}\n"]
)
def test_a_fault_among_the_secrets_repeats_none_of_them(written, text):
    written.texts["credentials.yaml"] = text
    faults = written.faults()
    assert faults[0].startswith("credentials.yaml:")
    assert "hidden" not in "".join(faults)


def test_hundreds_of_faults_take_no_more_than_their_share_of_work(written):
    sound, work = written.texts[RULES], []
    for count in (10, 30, 60, 90):
        lines = (f"  - {{name: d{n}, from: soon, until: late, staff: [A]}}\n" for n in range(count))
        written.texts[RULES] = sound + "".join(lines)
        faults = []
        work.append(work_of(lambda faults=faults: faults.extend(written.faults())))
        assert len(faults) == 2 * count
    assert work[3] - work[2] < 1.1 * (work[2] - work[1])


def test_a_number_too_long_to_print_is_text(written):
    written.replace(MAIN, "keep_days: 180", f"keep_days: 0x{'f' * 5000}")
    (fault,) = written.faults()
    assert "is not a number" in fault


@pytest.mark.parametrize(("name", "bytes_cap"), [(RULES, "YAML_BYTES"), ("county.geojson", "TABLE_BYTES")])
def test_a_file_beyond_its_cap_is_not_read(written, monkeypatch, name, bytes_cap):
    monkeypatch.setattr(files, bytes_cap, files._MEBIBYTE)
    written.texts[name] += " " * files._MEBIBYTE
    assert any("is larger than 1 MiB; split it" in fault for fault in written.faults())


def test_a_large_file_of_comments_is_refused_at_once(written):
    written.texts[MAIN] = "# nothing\n" * (files.YAML_BYTES // 9)
    faults = []
    work = work_of(lambda: faults.extend(written.faults()))
    assert [fault.split(" ")[0] for fault in faults] == ["gateway.yaml:1:1:"]
    assert work < len(written.texts[MAIN]) / 100


def in_place_of(path, kind):
    path.unlink(missing_ok=True)
    if kind == "directory":
        path.mkdir()
    elif kind == "pipe":
        os.mkfifo(path)
    else:
        path.symlink_to({"loop": path.name, "device": "/dev/zero"}[kind])


@pytest.mark.parametrize("name", [MAIN, PEOPLE, "credentials.yaml", "county.geojson"])
@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("directory", "is a directory, not a file"),
        ("pipe", "is a device or pipe, not a regular file"),
        ("device", "is a device or pipe, not a regular file"),
        ("loop", "is a symbolic link that leads back to itself"),
    ],
)
def test_what_is_no_file_is_said_to_be_what_it_is(written, name, kind, words):
    directory = written.write()
    in_place_of(directory / name, kind)
    _, faults = inspect(directory, "en")
    assert {fault.message.partition(";")[0] for fault in faults} == {f"“{directory / name}” {words}"}


def test_an_include_that_names_a_directory_is_told_so(written):
    written.replace(MAIN, "[rules/*.yaml]", "[rules]")
    assert "is a directory" in written.faults()[0]


@pytest.mark.parametrize("pattern", ["/", "/etc/*.yaml", "../../*.none", "rules/../../x.yaml"])
def test_an_include_stays_in_the_directory(written, pattern):
    written.replace(MAIN, "[rules/*.yaml]", f"['{pattern}', rules/*.yaml]")
    (fault,) = written.faults()
    assert fault.startswith(f"gateway.yaml:10:11: “{pattern}” lies outside the configuration directory")


@pytest.mark.parametrize(
    ("old", "new", "place"), [("person,level", "person\0,level", "1:7"), ("P0002,", "P0\x0b002,", "3:3")]
)
def test_a_control_character_in_a_table_is_named(written, old, new, place):
    written.replace(PEOPLE, old, new)
    (fault,) = written.faults()
    assert fault.startswith(f"people.csv:{place}: there is an invisible character here, U+00")


def test_a_missing_directory_is_said_to_be_missing(tmp_path):
    out = io.StringIO()
    assert check.run([tmp_path / "nope"], "en", out) == 2
    assert f"there is no directory or file “{tmp_path / 'nope'}”" in out.getvalue()


def test_a_file_that_may_not_be_read_stands_for_no_county(written, monkeypatch):
    directory = written.write()

    def refuse(path, mode):
        raise PermissionError(13, "Permission denied", str(path), mode)

    monkeypatch.setattr(type(directory), "open", refuse)
    out = io.StringIO()
    assert check.run([directory / MAIN], "en", out) == 2
    assert "cannot be read" in out.getvalue()


def test_check_writes_to_a_terminal_that_knows_no_chinese(written):
    out = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    assert check.run([written.write()], "zh", out) == 0
    out.flush()
    assert rb"P0001\uff1a\u4e25\u7ba1" in out.buffer.getvalue()


@pytest.mark.parametrize(
    "text", ["city: {password: !%#x}", "!密: [", "&a # x: *a", "%0 x\n", "city: `secret`\n", "\tcity: x"]
)
def test_garbage_among_the_secrets_is_named_in_chinese_alone(written, text):
    written.texts["credentials.yaml"] = text
    faults = [fault for fault in written.faults("zh") if fault.startswith("credentials.yaml")]
    assert faults
    assert all("原文" not in fault and "expected" not in fault and "secret" not in fault for fault in faults)
