"""How a person is reached: for a purpose, written down before it is shown, and for whom it is."""

from __future__ import annotations

import asyncio
import dataclasses

import pytest
from desk_accounts import looks
from made_episodes import episode
from opened_desk import client_of, desk_of, stored, visit, written

from gateway.console.accounts.audit import Audit
from gateway.console.contacts import ContactBook
from gateway.errors import TransientFault

NOW = 1_793_530_800.0
ALARM, OTHER = f"{'a':0<32}", f"{'b':0<32}"
CONTACTS = """\
person,name,phone,kin_phone,care
P0001,Somebody Made Up,13800000001,0772-1234567,C7
P0003,Another <b>,13800000003,,
"""


def put(directory, name, text):
    path = directory / name
    path.write_text(text, "utf-8")
    path.chmod(0o600)


@pytest.fixture
def desk(tmp_path):
    directory = written(tmp_path / "county")
    put(directory, "contacts.csv", CONTACTS)
    put(directory, "offices.yaml", "- {code: SFS-01, name: 城中司法所, phone: '0772-1111111'}\n")
    one = desk_of(directory, NOW)
    one.contacts = ContactBook(directory, one.in_force)
    stored(one, [episode(id=ALARM, person="P0001"), episode(id=OTHER, person="P0003")])
    return one


def change(desk, person="P0001", **console):
    """Another configuration: of a person, or of the console."""
    now = desk.configuration
    people = {**now.people, person: dataclasses.replace(now.people[person], **console.pop("known", {}))}
    desk.in_force.configuration = dataclasses.replace(
        now, people=people, console=dataclasses.replace(now.console, **console)
    )


def seen(desk):
    return [(one.number, one.what, one.person, one.purpose, one.ok) for one in asyncio.run(looks(desk))]


def test_from_an_alarm_the_alarm_is_the_purpose(desk):
    page = visit(desk, f"/contact/P0001?purpose={ALARM}").text
    for said in ("Somebody Made Up", "13800000001", "0772-1234567", "C7", "城中司法所", "0772-1111111"):
        assert said in page
    assert seen(desk) == [("D01", "number", "P0001", ALARM, True)]


@pytest.mark.parametrize("purpose", ["", "   ", "abc", "a  b"])
def test_a_free_look_is_asked_for_its_purpose_first(desk, purpose):
    answer = visit(desk, f"/contact/P0001?purpose={purpose}")
    assert 'name="purpose"' in answer.text
    assert "13800000001" not in answer.text
    assert seen(desk) == []


def test_a_purpose_in_words_is_written_down_as_it_was_typed(desk):
    assert "13800000001" in visit(desk, "/contact/P0001?purpose=%E5%9B%9E%E8%AE%BF%20%E6%A0%B8%E5%AE%9E").text
    assert seen(desk) == [("D01", "number", "P0001", "回访 核实", True)]


def test_the_alarm_of_somebody_else_is_no_purpose(desk):
    answer = visit(desk, f"/contact/P0001?purpose={OTHER}")
    assert "该报警不是此人的" in answer.text
    assert "13800000001" not in answer.text
    assert seen(desk) == []


@pytest.mark.parametrize("number", ["S02", "A01", "T01", "P01"])
def test_for_whom_it_is_not_he_is_refused_and_that_is_written_down(desk, number):
    answer = visit(desk, f"/contact/P0001?purpose={ALARM}", number)
    assert answer.status_code == 403
    assert "13800000001" not in answer.text
    assert seen(desk) == [(number, "number", "P0001", "", False)]


@pytest.mark.parametrize("number", ["D01", "S01", "L01"])
def test_a_minor_is_for_his_office_duty_and_leaders(desk, number):
    change(desk, known={"minor": True})
    assert "未成年人" in visit(desk, f"/contact/P0001?purpose={ALARM}", number).text
    assert visit(desk, f"/contact/P0001?purpose={ALARM}", "S02").status_code == 403


def test_who_is_of_no_office_is_not_for_officers_of_none(desk):
    change(desk, known={"office": ""})
    assert visit(desk, f"/contact/P0001?purpose={ALARM}", "S01").status_code == 403


def test_whose_term_has_ended_is_shown_to_nobody(desk):
    change(desk, known={"term_until": NOW})
    assert visit(desk, f"/contact/P0001?purpose={ALARM}", "L01").status_code == 403
    assert seen(desk) == [("L01", "number", "P0001", "", False)]


def test_who_is_not_registered_is_not_there_and_no_row_says_that_he_was_seen(desk):
    assert visit(desk, "/contact/P9999?purpose=call+him").status_code == 404
    assert seen(desk) == []


def test_a_part_of_a_page_is_a_part(desk):
    async def run():
        async with client_of(desk) as client:
            return await client.get(f"/contact/P0001?purpose={ALARM}", headers={"HX-Request": "true"})

    part = asyncio.run(run()).text
    assert "13800000001" in part
    assert "<html" not in part


def test_names_are_text(desk):
    page = visit(desk, f"/contact/P0003?purpose={OTHER}").text
    assert "Another &lt;b&gt;" in page
    assert "<b>" not in page


def test_who_has_no_contacts_is_said(desk):
    assert "没有登记联系方式" in visit(desk, "/contact/P0002?purpose=call+him").text


def test_where_the_platform_has_them_there_is_a_link_and_a_row(desk):
    change(desk, contacts_link="https://platform.example/p/{person}?x=1")
    page = visit(desk, f"/contact/P0001?purpose={ALARM}").text
    assert 'href="https://platform.example/p/P0001?x=1"' in page
    assert "13800000001" not in page
    assert seen(desk) == [("D01", "number", "P0001", ALARM, True)]


def test_nothing_is_shown_that_cannot_be_written_down(desk, monkeypatch):
    async def fails(*_):
        raise TransientFault("disk full")

    monkeypatch.setattr(Audit, "look", fails)
    answer = visit(desk, f"/contact/P0001?purpose={ALARM}")
    assert answer.status_code == 503
    assert "13800000001" not in answer.text


def test_a_file_that_has_changed_is_read_anew_and_one_open_to_others_is_not(desk):
    first = visit(desk, f"/contact/P0001?purpose={ALARM}").text
    put(desk.contacts.directory, "contacts.csv", CONTACTS.replace("13800000001", "13800000099"))
    second = visit(desk, f"/contact/P0001?purpose={ALARM}").text
    (desk.contacts.directory / "contacts.csv").chmod(0o644)
    third = visit(desk, f"/contact/P0001?purpose={ALARM}").text
    assert ["13800000001" in first, "13800000099" in second, "13800000099" in third] == [True, True, False]
    assert ["check --contacts" in page for page in (first, second, third)] == [False, False, True]


def test_staff_are_found_by_number(desk):
    put(desk.contacts.directory, "staff.csv", "number,name,phone\nS01,Officer One,13900000001\n")

    async def run():
        return await desk.contacts.of_staff("S01"), await desk.contacts.of_staff("S02")

    one, none = asyncio.run(run())
    assert (one.name, one.phone, none) == ("Officer One", "13900000001", None)
