"""The table ``staff`` and the section ``control``: who may do what, and by which socket."""

from __future__ import annotations

import pytest
from small_county import Written

from gateway.settings.load import load, load_sources
from gateway.settings.model import Role, Staff
from gateway.settings.windows import Control

TABLE = """\
staff:
  - {number: D01, user: zhiban1, roles: [duty]}
  - {number: L01, user: lingdao, roles: [leader, duty], office: SFS-01}
  - {number: A01, roles: [auditor]}
"""


def with_section(tmp_path, text: str) -> Written:
    county = Written(tmp_path)
    county.texts["gateway.yaml"] += text
    return county


def test_without_it_nobody_stands_in_it_and_the_socket_is_where_it_always_was(tmp_path):
    found = load(Written(tmp_path).write())
    assert not found.staff
    assert found.control == Control()


def test_everybody_stands_in_it_by_number(tmp_path):
    found = load(with_section(tmp_path, TABLE).write())
    assert found.staff == {
        "D01": Staff("D01", "zhiban1", frozenset({Role.DUTY})),
        "L01": Staff("L01", "lingdao", frozenset({Role.LEADER, Role.DUTY}), "SFS-01"),
        "A01": Staff("A01", "", frozenset({Role.AUDITOR})),
    }
    assert load_sources(found.sources).staff == found.staff


def test_the_socket_may_stand_elsewhere_and_be_a_groups(tmp_path):
    county = with_section(tmp_path, "control: {socket: run/gate.sock, group: bracelet}\n")
    assert load(county.write()).control == Control(str(tmp_path / "run" / "gate.sock"), "bracelet")
    county = with_section(tmp_path, "control: {socket: /run/x/gate.sock}\n")
    assert load(county.write()).control == Control("/run/x/gate.sock")


@pytest.mark.parametrize(
    ("written", "address"),
    [("127.0.0.1:9464", ("127.0.0.1", 9464)), ("127.8.0.1:1", ("127.8.0.1", 1)), ("[::1]:65535", ("::1", 65535))],
)
def test_figures_are_served_on_loopback(tmp_path, written, address):
    assert load(with_section(tmp_path, f'control: {{metrics: "{written}"}}\n').write()).control.metrics == address


@pytest.mark.parametrize(
    "written",
    ["0.0.0.0:9464", "[::]:9464", "192.168.1.7:9464", "localhost:9464", "127.0.0.1", "127.0.0.1:0", "127.0.0.1:65536",
     ":9464", "9464", "::1:9464", "127.0.0.1.:9464", "[::ffff:192.0.2.1]:9464", "127.0.0.1:９４６４"],
)  # fmt: skip
def test_figures_are_served_nowhere_else(tmp_path, written):
    county = with_section(tmp_path, f'control: {{metrics: "{written}"}}\n')
    for language, said in (
        ("zh", "不是本机回环地址；请写成 127.0.0.1:9464"),
        ("en", "is not on this machine's loopback"),
    ):
        (fault,) = county.faults(language)
        assert said in fault
        assert "gateway.yaml:11:20: " in fault


@pytest.mark.parametrize(
    ("text", "where", "said"),
    [
        ("staff: D01", "11:8", "list"),
        ("staff: [{number: D01, roles: []}]", "11:30", "1"),
        ("staff: [{number: D01, roles: [boss]}]", "11:31", "technician"),
        ("staff: [{number: D01}]", "11:9", "roles"),
        ("staff: [{roles: [duty]}]", "11:9", "number"),
        ("staff: [{number: D01, roles: [duty], name: Wang}]", "11:38", "name"),
        ("staff: [{number: D01, roles: [duty]}, {number: L01, roles: [leader]}, {number: D01, roles: [duty]}]",
         "11:80", "D01"),
        ("staff: [{number: D01, user: a, roles: [duty]}, {number: L01, user: a, roles: [leader]}]", "11:68", "“a”"),
        ("staff: [{number: D01, user: root, roles: [duty]}]", "11:29", "root"),
        ("staff: [{number: D01, roles: [office]}]", "11:30", "office: "),
        ("staff: [{number: 工号一, roles: [office]}]", "11:18", "工号一"),
        ("control: {groups: bracelet}", "11:11", "group"),
        ("control: /run/x.sock", "11:10", "/run/x.sock"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_named_with_its_place(tmp_path, text, where, said):
    fault, *_ = with_section(tmp_path, f"{text}\n").faults("en")
    assert fault.startswith(f"gateway.yaml:{where}: "), fault
    assert said in fault


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_duty_is_kept_by_people_of_the_table(tmp_path, language):
    county = with_section(tmp_path, "staff: [{number: D01, roles: [duty]}]\n")
    (fault,) = county.faults(language)
    assert fault.startswith("rules/rules.yaml:27:28: ")
    assert "L01" in fault


def test_a_device_may_be_bound_to_networks(tmp_path):
    county = Written(tmp_path)
    county.texts["devices.csv"] = (
        "device,protocol,identity,network\nB0001,jt808,1,10.0.0.0/8 2001:db8::/32\nB0002,jt808,2,\n"
    )
    found = load(county.write()).devices
    assert [str(one) for one in found["B0001"].networks] == ["10.0.0.0/8", "2001:db8::/32"]
    assert found["B0002"].networks == ()
    county.replace("devices.csv", "10.0.0.0/8", "10.0.0.1/8")
    (fault,) = county.faults("en")
    assert fault.startswith("devices.csv:2:15: “10.0.0.1/8” is no network")
