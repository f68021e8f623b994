"""Names and telephone numbers beside the configuration: what can be used, and faults that repeat nothing of it."""

from __future__ import annotations

import io

import pytest

from gateway.settings.check import run
from gateway.settings.contacts import Contact, read_contacts
from gateway.settings.files import CONTACTS as NAMES
from gateway.settings.init import write_sample
from gateway.settings.load import inspect
from gateway.settings.offices import Office, Offices

PEOPLE = """\
person,name,phone,kin_phone,care
P0001,Somebody Made Up,13800000001,0772-1234567,C1 C7
P0002,,+86 13800000002,,
"""
STAFF = "number,name,phone\nD01,Duty One,13900000001\n"
OFFICES = """
- {code: SFS-01, name: 城中司法所, parent: SFJ, phone: "0772-1111111"}
- code: SFJ
  name: 司法局
  links:
    - {name: 值班室摄像头, url: "https://video.example/1"}
"""


@pytest.fixture
def county(tmp_path):
    write_sample(tmp_path, "en")
    main = tmp_path / "gateway.yaml"
    main.write_text(main.read_text("utf-8") + "staff:\n" + "".join(
        f"  - {{number: {number}, roles: [duty]}}\n" for number in ("D01", "D02", "L01")
    ), "utf-8")  # fmt: skip
    for name, text in zip(NAMES, (PEOPLE, STAFF, OFFICES), strict=True):
        put(tmp_path, name, text)
    return tmp_path


def put(county, name, text, mode=0o600):
    path = county / name
    path.write_text(text, "utf-8")
    path.chmod(mode)
    return path


def read(county):
    configuration, faults = inspect(county, "en")
    assert configuration is not None, faults
    return read_contacts(county, configuration, "en")


def checked(county, *, contacts=True):
    said = io.StringIO()
    return run([county], "en", said, contacts=contacts), said.getvalue()


def test_what_is_written_is_read(county):
    found, faults = read(county)
    assert faults == []
    assert found.people["P0001"] == Contact("Somebody Made Up", "13800000001", "0772-1234567", ("C1", "C7"))
    assert found.people["P0002"] == Contact(phone="+86 13800000002")
    assert found.staff == {"D01": Contact("Duty One", "13900000001")}
    assert found.offices.by_code["SFS-01"] == Office("SFS-01", "城中司法所", "", "SFJ", "0772-1111111")
    assert found.offices.by_code["SFJ"].links == (("值班室摄像头", "https://video.example/1"),)
    assert checked(county)[0] == 0


@pytest.mark.parametrize(
    ("name", "text", "where"),
    [
        ("contacts.csv", "person,name\nP0001,A\nP9999,Secretname\n", ":3:1"),
        ("contacts.csv", "person,phone\nP0001,Secretname\n", ":2:7"),
        ("contacts.csv", "person,phone\n13812345678,P0001\n", ":2:1"),
        ("contacts.csv", "person,name\nP0001,A\nP0001,Secretname\n", ":3:1"),
        ("contacts.csv", "person,name\nP0001,Secretname,x\n", ":2"),
        ("contacts.csv", "person,name,address\nP0001,Secretname,Secretname\n", ":1:13"),
        ("contacts.csv", "name,phone\nSecretname,13812345678\n", ":1"),
        ("contacts.csv", "person;name\nP0001;Secretname\n", ":1:1"),
        ("contacts.csv", 'person,name\nP0001,"Secretname\n', ":2:7"),
        ("contacts.csv", "", ":1:1"),
        ("staff.csv", "number,name\nX77,Secretname\n", ":2:1"),
        ("offices.yaml", "- {code: A, name: Secretname, parent: Secretname}\n", ":1:"),
        ("offices.yaml", "- {code: A, name: B, links: [{name: x, url: 'javascript:Secretname'}]}\n", ":1:"),
        ("offices.yaml", "- {code: A, name: B, colour: Secretname}\n", ":1:"),
        ("offices.yaml", "code: Secretname\n", ":1:1"),
        ("offices.yaml", "- {code: A, name: Secretname\n", ":"),
    ],
)  # fmt: skip
def test_a_fault_says_where_and_nothing_of_what_stands_there(county, name, text, where):
    put(county, name, text)
    code, said = checked(county)
    assert code == 2
    lines = [line for line in said.splitlines() if name in line]
    assert any(line.startswith(f"{county / name}{where}") for line in lines), said
    assert "Secretname" not in said
    assert "13812345678" not in said


def test_a_faulty_row_costs_that_row_alone(county):
    put(county, "contacts.csv", "person,phone\nP0001,nonsense\nP0002,13800000002\n")
    found, faults = read(county)
    assert list(found.people) == ["P0002"]
    assert len(faults) == 1


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o660])
def test_a_file_that_others_may_read_is_not_used(county, name, mode):
    (county / name).chmod(mode)
    found, faults = read(county)
    empty = {
        "contacts.csv": found.people == {},
        "staff.csv": found.staff == {},
        "offices.yaml": found.offices == Offices(),
    }
    assert empty[name]
    assert any("chmod 600" in str(fault) and name in str(fault) for fault in faults)


def test_check_looks_at_them_only_when_it_is_asked_and_they_are_no_part_of_the_configuration(county):
    before = inspect(county, "en")[0]
    put(county, "contacts.csv", "nonsense")
    assert checked(county, contacts=False)[0] == 0
    assert inspect(county, "en")[0].digest == before.digest
    assert not set(NAMES) & set(before.sources)


def test_that_there_are_none_is_said_unless_the_platform_has_them(county):
    for name in NAMES:
        (county / name).unlink()
    code, said = checked(county)
    assert (code, "no telephone numbers" in said) == (2, True)
    main = county / "gateway.yaml"
    link = 'console: {contacts_link: "https://platform.example/person/{person}"}\n'
    main.write_text(main.read_text("utf-8") + link, "utf-8")
    assert checked(county)[0] == 0


def test_an_include_does_not_take_them_in(county):
    main = county / "gateway.yaml"
    put(county, "more.yaml", "zones: []\n")
    text = main.read_text("utf-8")
    assert "include: [rules/*.yaml]" in text
    main.write_text(text.replace("include: [rules", "include: ['*.yaml', rules"), "utf-8")
    configuration, faults = inspect(county, "en")
    assert configuration is not None, faults
    assert "more.yaml" in configuration.sources
    assert not set(NAMES) & set(configuration.sources)
