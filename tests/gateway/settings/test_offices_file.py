"""Offices as a tree: what they are called, whom they stand under, and what is wrong with a file of them."""

from __future__ import annotations

import io

import pytest

from gateway.settings.check import run
from gateway.settings.faults import Findings
from gateway.settings.init import write_sample
from gateway.settings.offices import OFFICES, read_offices

TREE = """\
- {code: CITY, name: 示例市司法局, name_en: Sample City}
- code: COUNTY
  name: 示例县司法局
  parent: CITY
  links:
    - {name: 会议室, url: "https://video.example/room?id=1"}
- {code: SFS-01, name: 城中司法所, name_en: Chengzhong office, parent: COUNTY, phone: "0772-1111111"}
- {code: SFS-02, name: 河东司法所, parent: COUNTY}
- {code: OTHER, name: 邻县司法局, parent: CITY}
"""


def read(directory, text, mode=0o600):
    path = directory / OFFICES
    path.write_text(text, "utf-8")
    path.chmod(mode)
    findings = Findings()
    return read_offices(directory, findings), findings.faults("en")


def test_it_is_a_tree_read_from_above(tmp_path):
    offices, faults = read(tmp_path, TREE)
    assert faults == []
    rows = [(depth, one.code) for depth, one in offices.rows()]
    assert rows == [(0, "CITY"), (1, "COUNTY"), (2, "SFS-01"), (2, "SFS-02"), (1, "OTHER")]
    assert [one.code for one in offices.above("SFS-01")] == ["COUNTY", "CITY"]
    assert offices.above("CITY") == offices.above("nowhere") == []


def test_what_an_office_is_called_goes_by_language_and_one_that_is_not_described_by_its_code(tmp_path):
    offices, _ = read(tmp_path, TREE)
    said = [[offices.called(code, language) for code in ("SFS-01", "SFS-02", "SFS-09")] for language in ("zh", "en")]
    assert said == [["城中司法所", "河东司法所", "SFS-09"], ["Chengzhong office", "河东司法所", "SFS-09"]]
    assert [offices.labelled(code, "zh") for code in ("SFS-01", "SFS-09")] == ["SFS-01 城中司法所", "SFS-09"]


def test_an_office_that_is_moved_stands_where_the_file_says_now(tmp_path):
    moved = TREE.replace("name: 河东司法所, parent: COUNTY", "name: 河东司法所, parent: OTHER")
    offices, faults = read(tmp_path, moved)
    assert [one.code for one in offices.above("SFS-02")] == ["OTHER", "CITY"]
    assert faults == []


@pytest.mark.parametrize(
    ("wrong", "where", "said"),
    [
        ("- {code: A, name: a, parent: Z}\n", (1, 30), "no office"),
        ("- {code: A, name: a, parent: A}\n", (1, 30), "leads back"),
        ("- {code: A, name: a, parent: B}\n- {code: B, name: b, parent: A}\n", (1, 30), "leads back"),
        ("- {code: A, name: a}\n- {code: A, name: b}\n", (2, 10), "already"),
        ("- {code: A, name: a, links: [{name: x, url: 'http://video.example/'}]}\n", (1, 45), "https://host/path"),
        ("- {code: A, name: a, links: [{name: x, url: 'https://me:secret@video.example/'}]}\n", (1, 45), "password"),
        ("- {code: A, name: a, links: [{name: x, url: 'https://'}]}\n", (1, 45), "https://host/path"),
        ("- {code: A, name: a, phone: ring me}\n", (1, 29), "telephone"),
        ("- {code: A}\n", (1, 3), "name"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_with_its_place(tmp_path, wrong, where, said):
    _, faults = read(tmp_path, wrong)
    assert [(one.file, (one.line, one.column)) for one in faults][:1] == [(str(tmp_path / OFFICES), where)]
    assert said in faults[0].message


def test_what_hangs_on_a_circle_or_on_nothing_stands_at_the_top_and_the_rest_where_it_is(tmp_path):
    text = "- {code: A, name: a, parent: B}\n- {code: B, name: b, parent: A}\n- {code: C, name: c, parent: A}\n"
    offices, faults = read(tmp_path, text + "- {code: D, name: d, parent: Z}\n- {code: E, name: e, parent: D}\n")
    assert [(depth, one.code) for depth, one in offices.rows()] == [(0, "A"), (1, "C"), (0, "B"), (0, "D"), (1, "E")]
    assert [one.line for one in faults] == [1, 2, 4]


def test_an_office_whose_entry_has_a_fault_costs_itself_alone(tmp_path):
    offices, faults = read(tmp_path, TREE.replace("name: 示例县司法局\n", "names: 示例县司法局\n"))
    assert {one.line for one in faults} == {2, 3}
    assert [(depth, one.code) for depth, one in offices.rows()] == [
        (0, "CITY"), (1, "OTHER"), (0, "SFS-01"), (0, "SFS-02"),
    ]  # fmt: skip


def test_a_long_way_up_is_gone_all_the_same(tmp_path):
    long = "".join(f"- {{code: A{n}, name: a, parent: A{n + 1}}}\n" for n in range(1200)) + "- {code: A1200, name: a}\n"
    offices, faults = read(tmp_path, long)
    assert (len(list(offices.rows())), len(offices.above("A0")), faults) == (1201, 1200, [])


def test_offices_of_people_that_are_not_described_are_noted_once_and_nothing_fails_for_it(tmp_path):
    write_sample(tmp_path, "en")
    (tmp_path / "contacts.csv").touch(0o600)
    (tmp_path / "contacts.csv").write_text("person,name\n", "utf-8")

    def checked(*, contacts=True):
        said = io.StringIO()
        return run([tmp_path], "en", said, contacts=contacts), said.getvalue()

    assert "offices.yaml" not in checked()[1]
    read(tmp_path, "- {code: SFS-01, name: 城中司法所}\n")
    code, said = checked()
    noted = [line for line in said.splitlines() if "offices.yaml" in line]
    assert (code, len(noted)) == (0, 1)
    assert noted[0].startswith(str(tmp_path / "people.csv"))
    assert "“SFS-02”" in noted[0]
    assert "offices.yaml" not in checked(contacts=False)[1]
