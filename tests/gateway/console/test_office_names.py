"""Offices are called by name where their codes stood, as the file says now; what is stored keeps the code."""

from __future__ import annotations

import asyncio

import pytest
from made_episodes import KNOWN, episode
from opened_desk import client_of, daemon_of, desk_of, stored, written

from gateway.console.contacts import ContactBook
from gateway.console.templating import dialled

NOW = 1_793_530_800.0
ALARM = f"{'a':0<32}"
FILE = "- {code: SFS-01, name: 城中司法所, name_en: Chengzhong}\n- {code: SFS-02, name: 河东<b>}\n"
PATHS = ("/", f"/alarm/{ALARM}", f"/alarm/{ALARM}/form/assign", f"/person/P0001?alarm={ALARM}", "/map")


def put(directory, text):
    path = directory / "offices.yaml"
    path.write_text(text, "utf-8")
    path.chmod(0o600)


@pytest.fixture
def desk(tmp_path):
    directory = written(tmp_path / "county")
    one = desk_of(directory, NOW)
    one.contacts = ContactBook(directory, one.in_force)
    known = KNOWN | {"office": "SFS-01", "person": "P0001", "assigned": "SFS-02", "level": "strict"}
    stored(one, [episode(id=ALARM, **known)])
    return one


def browse(desk, *paths, language="zh"):
    async def run():
        answers = {"places": {"places": []}, "where": {"places": [], "devices": []}}
        async with daemon_of(desk, **answers), client_of(desk, "D01", language) as client:
            return [(await client.get(path)).text for path in paths]

    return asyncio.run(run())


def test_names_stand_where_codes_stood(desk):
    put(desk.contacts.directory, FILE)
    queue, alarm, assign, person, everybody = browse(desk, *PATHS)
    assert "（城中司法所）" in queue
    assert '<option value="SFS-01">SFS-01 城中司法所</option>' in queue
    assert "交办 河东&lt;b&gt;" in queue
    assert "（城中司法所）" in alarm
    assert '<option value="SFS-01">城中司法所</option>' in assign
    assert '<option value="D01"></option>' in assign
    assert "<p>SFS-01 城中司法所 ·" in person
    assert '<option value="SFS-01">SFS-01 城中司法所</option>' in everybody
    assert "Chengzhong" in browse(desk, "/", language="en")[0]


def test_without_a_file_or_a_line_the_code_stands_and_a_line_that_is_changed_is_seen(desk):
    before, *_ = browse(desk, "/")
    put(desk.contacts.directory, FILE)
    described, *_ = browse(desk, "/")
    put(desk.contacts.directory, FILE.replace("SFS-01", "SFS-09"))
    after, *_ = browse(desk, "/")
    assert ["（SFS-01）" in page for page in (before, described, after)] == [True, False, True]


def test_a_number_is_called_without_its_blanks():
    assert dialled("+86 138 0000-0002") == "tel:+861380000-0002"
