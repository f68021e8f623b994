"""Another system's export is read line by line; what cannot be used is counted, with its place and what to do."""

from __future__ import annotations

from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest
from timeline import FOREVER, at, county

from gateway.errors import UserFault
from gateway.replay.their_alarms import OURS, own_names, read_kinds, read_theirs
from gateway.settings.model import Assignment
from gateway.words.kind_names import KIND_NAMES
from gateway.words.phrases import spoken

KINDS = {"出围栏": ("inclusion_exit", "curfew_late"), "离线": ("comms_lost",), "登录": ()}
SHANGHAI = ZoneInfo("Asia/Shanghai")
HEAD = "设备,人员,报警类型,开始时间,结束时间,备注\n"
GOOD = "B0001,,出围栏,2026-11-02T22:05:00+08:00,,\n"


def read(tmp_path, text: str, zone=None, encoding="utf-8", known=None):
    path = tmp_path / "theirs.csv"
    path.write_bytes(text.encode(encoding))
    return read_theirs(path, known or county(), KINDS, zone)


def refused(tmp_path, text: str, **more) -> str:
    with pytest.raises(UserFault) as told:
        read(tmp_path, text, **more)
    assert spoken(told.value, "zh") != spoken(told.value, "en")
    return spoken(told.value, "en")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_line_says_whose_which_kind_and_when(tmp_path, encoding, end):
    text = f"{HEAD}B0001,,出围栏,2026-11-02T22:05:00+08:00,2026-11-02T22:35:00+08:00,多行\n".replace("\n", end)
    (one,) = read(tmp_path, text, encoding=encoding).alarms
    assert (one.line, one.device, one.person, one.said) == (2, "B0001", "P0001", "出围栏")
    assert one.kinds == ("inclusion_exit", "curfew_late")
    assert (one.since, one.until) == (at(0, 22) + 300.0, at(0, 22) + 2100.0)


@pytest.mark.parametrize(
    ("device", "person", "whose"),
    [
        ("13900000002", "", ("P0002", "B0002")), ("013900000002", "", ("P0002", "B0002")),
        ("", "P0001", ("P0001", "B0001")), ("B0001", "P0001", ("P0001", "B0001")),
    ],
)  # fmt: skip
def test_a_device_is_ours_by_its_key_or_its_identity_and_its_wearer_is_who_wore_it_then(
    tmp_path, device, person, whose
):
    (one,) = read(tmp_path, f"{HEAD}{device},{person},离线,2026-11-02T22:05:00+08:00,,\n").alarms
    assert (one.person, one.device) == whose


def test_a_device_that_changed_hands_is_whose_it_was_then(tmp_path):
    hands = (Assignment("B0001", "P0001", at(-30, 0), at(0, 12)), Assignment("B0001", "P0002", at(0, 13), FOREVER))
    hours = (11, 12, 13)
    text = HEAD + "".join(f"B0001,,离线,2026-11-02T{hour}:30:00+08:00,,\n" for hour in hours)
    found = read(tmp_path, text, known=county(assignments=hands)).alarms
    assert [one.person for one in found] == ["P0001", "", "P0002"]


@pytest.mark.parametrize(
    "written", ["2026-11-02 22:05:00", "2026/11/2 22:05", "2026-11-02T22:05", "2026.11.2 22:05:00"]
)
def test_a_time_without_an_offset_is_of_the_zone_that_is_given_or_a_fault(tmp_path, written):
    text = f"{HEAD}B0001,,离线,{written},,\n"
    assert read(tmp_path, text, SHANGHAI).alarms[0].since == at(0, 22) + 300.0
    found = read(tmp_path, text + GOOD).refused
    assert [(one.line, one.reason) for one in found] == [(2, "zone")]
    assert f"{written}+08:00" in found[0].text.en
    assert "--times-in" in found[0].text.zh


@pytest.mark.parametrize(
    ("line", "reason", "says"),
    [
        (",,离线,2026-11-02T22:05:00+08:00,,", "who", "write one of them"),
        ("X9,,离线,2026-11-02T22:05:00+08:00,,", "device", "devices.csv"),
        (",P9,离线,2026-11-02T22:05:00+08:00,,", "person", "people.csv"),
        ("B0001,P0002,离线,2026-11-02T22:05:00+08:00,,", "apart", "write one of them"),
        ("B0001,,越界,2026-11-02T22:05:00+08:00,,", "kind", "越界,OUR_KIND"),
        ("B0001,,离线,yesterday,,", "time", "write it as"),
        ("B0001,,离线,2026-13-02T22:05:00+08:00,,", "time", "write it as"),
        ("B0001,,离线,2026-11-02T22:05:00+08:00,2026-11-02T22:04:00+08:00,", "order", "from and until"),
        ("B0001,,离线,2026-11-02T22:05:00+08:00,,a,b", "columns", "7 columns"),
        ('B0001,,离线,2026-11-02T22:05:00+08:00,,"a"b', "quote", "partner"),
    ],
)  # fmt: skip
def test_a_line_that_cannot_be_used_is_counted_with_what_to_do(tmp_path, line, reason, says):
    found = read(tmp_path, f"{HEAD}{GOOD}{line}\n")
    assert [one.line for one in found.alarms] == [2]
    assert [(one.line, one.reason) for one in found.refused] == [(3, reason)]
    assert says in found.refused[0].text.en
    assert found.refused[0].text.zh != found.refused[0].text.en
    assert f"theirs.csv:2: {found.refused[0].text.en}" in refused(tmp_path, f"{HEAD}{line}\n")


def test_lines_go_on_behind_one_whose_remark_spans_several(tmp_path):
    found = read(
        tmp_path, f'{HEAD}B0001,,离线,2026-11-02T22:05:00+08:00,,"a\nb"\n\nX9,,离线,2026-11-02T22:05:00+08:00,,\n'
    )
    assert [one.line for one in found.alarms] == [2]
    assert [one.line for one in found.refused] == [5]


def test_kinds_that_are_not_to_be_compared_stay_apart(tmp_path):
    found = read(tmp_path, f"{HEAD}{GOOD}B0001,,登录,2026-11-02T22:05:00+08:00,,\n")
    assert [one.kinds for one in found.alarms] == [KINDS["出围栏"], ()]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "kind, from, device"), ("device,from\n", "no column kind"), ("kind,from\n", "no column device"),
        ("person,kind,until\n", "no column from"), ('"device,kind\n', "no column"),
    ],
)  # fmt: skip
def test_a_file_without_its_columns_is_refused(tmp_path, text, says):
    told = refused(tmp_path, text)
    assert says in told
    assert "theirs.csv:1:" in told


def test_another_encoding_is_refused_with_the_line(tmp_path):
    path = tmp_path / "theirs.csv"
    path.write_bytes(HEAD.encode() + GOOD.encode() + b"B0001,,\xff\xff,,,\n")
    with pytest.raises(UserFault, match=r"theirs.csv:3: neither UTF-8 nor GB18030"):
        read_theirs(path, county(), KINDS, None)
    path.write_bytes((HEAD + GOOD).encode("utf-16"))
    with pytest.raises(UserFault, match=r"theirs.csv:1: neither"):
        read_theirs(path, county(), KINDS, None)
    with pytest.raises(UserFault, match="cannot be read"):
        read_theirs(tmp_path / "nothing.csv", county(), KINDS, None)


def test_a_device_that_was_put_away_is_still_known(tmp_path):
    known = county()
    away = {**known.devices, "B0001": replace(known.devices["B0001"], put_away=True)}
    assert read(tmp_path, HEAD + GOOD, known=replace(known, devices=away)).alarms[0].person == "P0001"


def test_an_identity_that_two_devices_have_names_neither(tmp_path):
    known = county()
    twin = {**known.devices, "B0002": replace(known.devices["B0002"], identity=known.devices["B0001"].identity)}
    text = f"{HEAD}{GOOD}{known.devices['B0001'].identity},,离线,2026-11-02T22:05:00+08:00,,\n"
    found = read(tmp_path, text, known=replace(known, devices=twin))
    assert [(one.line, one.reason) for one in found.refused] == [(3, "device")]


def test_a_mapping_says_which_of_ours_a_kind_of_theirs_may_be(tmp_path):
    path = tmp_path / "kinds.csv"
    path.write_text("theirs,ours\n出围栏,inclusion_exit\n出围栏, curfew_late\n\n登录,-\n", "utf-8")
    assert read_kinds(path) == {"出围栏": ("inclusion_exit", "curfew_late"), "登录": ()}
    for line in ("离线,silent", "离线", "离线,comms_lost,x", ",comms_lost", "离线,test"):
        path.write_text(f"登录,-\n{line}\n", "utf-8")
        with pytest.raises(UserFault, match=r"kinds.csv:2: write THEIR_KIND,OUR_KIND with one of strap_cut"):
            read_kinds(path)


def test_our_own_names_need_no_mapping():
    names = own_names()
    assert {kind for kinds in names.values() for kind in kinds} == set(OURS)
    for kind in OURS:
        assert names[kind] == names[KIND_NAMES[kind].zh] == names[KIND_NAMES[kind].en] == (kind,)
