"""What was done at the desk goes into the files: in place, comments and order kept, and all holds as before."""

from __future__ import annotations

import stat

import pytest
from small_county import ASSIGNMENTS, DEVICES, GATEWAY, RULES, Written
from test_overlay import EXTENDED, deed, done

from gateway.deeds import deeds_of
from gateway.settings.files import OVERLAY
from gateway.settings.load import inspect, load
from gateway.settings.registers import are_equal
from gateway.settings.write_back import save, written_back

EVERY = (
    deed("fit", device="B0001", person="P0002", from_="2026-12-01 10:00"),
    deed("swap", person="P0002", device="B0001", to="B0003", from_="2026-12-02 11:00:30", protocol="jt808",
         identity="013900000003", profile="g10ls"),
    deed("put_away", device="B0001", at="2026-12-02 12:00"),
    deed("remove", device="B0002", at="2026-12-03 12:00"),
    deed("leave", person="P0001", from_="2026-12-10 08:00", until="2026-12-11 20:00", approved_by="office B, the head"),
    deed("leave", person="P0001", from_="2026-12-15 08:00", until="2026-12-16 20:00", approved_by="office B",
         zone="cafe", travel="90min", excuses="nights stay"),
    deed("extend", **EXTENDED),
    deed("return", person="P0001", at="2026-12-11 09:00"),
    deed("removal", person="P0001", reason="repair", from_="2026-12-12", until="2026-12-13", approved_by="head B"),
    deed("return", person="P0001", at="2027-01-01 09:00"),
)  # fmt: skip
INLINE = """\
people: people.csv   # whose they are
devices:
- device: B0001
  protocol: jt808
  identity: "013900000001"   # on the label
  profile: g10ls

- {device: B0002, protocol: jt808, identity: "013900000002"}
# nothing below
assignments: [{device: B0001, person: P0001, from: 2026-11-01 09:00, until: "2026-11-20 09:00"},
  {device: B0002, person: P0001, from: 2026-11-20 09:00}]   # the last
include: [rules/*.yaml]
"""


@pytest.fixture
def written(tmp_path) -> Written:
    return Written(tmp_path)


def go_back(written: Written) -> dict[str, str]:
    """Write back all that stands above the files; what holds is the same, without it."""
    before = load(written.write())
    sources = {name: text for name, text in before.sources.items() if name != OVERLAY}
    changed = written_back(sources, deeds_of(before.sources[OVERLAY]))
    for name, text in changed.items():
        save(written.directory, name, text)
    (written.directory / "data" / OVERLAY).unlink()
    after, faults = inspect(written.directory)
    assert faults == []
    assert OVERLAY not in after.sources
    assert are_equal(before, after)
    return changed


def test_tables_and_lists_say_all_that_was_done(written):
    changed = go_back(done(written, *EVERY))
    assert changed["assignments.csv"] == (
        "device,person,from,until\nB0001,P0001,2026-11-01 09:00,2026-11-20 09:00\n"
        "B0002,P0001,2026-11-20 09:00,2026-12-03 12:00\nB0001,P0002,2026-12-01 10:00,2026-12-02 11:00:30\n"
        "B0003,P0002,2026-12-02 11:00:30,\n"
    )
    assert changed["devices.csv"].splitlines()[0] == "device,protocol,identity,profile,put_away"
    assert changed["devices.csv"].splitlines()[1].endswith(",2026-12-02 12:00")
    assert set(changed) == {"assignments.csv", "devices.csv", "rules/rules.yaml", "gateway.yaml"}
    (line,) = [line for line in RULES.splitlines() if line not in changed["rules/rules.yaml"].splitlines()]
    assert line.replace("}", ', returned: "2027-01-01 09:00"}') in changed["rules/rules.yaml"]
    assert '"office B, the head"' in changed["rules/rules.yaml"]


def test_comments_blank_lines_quotes_and_the_order_of_columns_stay(written):
    written.texts["assignments.csv"] = (
        '# who wears what\nperson,until,device,"from"\n\nP0001,2026-11-20 09:00,B0001,2026-11-01 09:00\n'
        '# the second\n"P0001",,B0002,2026-11-20 09:00\n\n'
    )
    changed = go_back(done(written, deed("remove", device="B0002", at="2026-12-03 12:00"), EVERY[0]))
    assert changed["assignments.csv"] == (
        '# who wears what\nperson,until,device,"from"\n\nP0001,2026-11-20 09:00,B0001,2026-11-01 09:00\n'
        '# the second\n"P0001",2026-12-03 12:00,B0002,2026-11-20 09:00\n\nP0002,,B0001,2026-12-01 10:00\n'
    ).replace("\n\nP0002", "\nP0002")


def test_a_table_without_a_column_gets_it(written):
    written.texts["assignments.csv"] = "device,person,from\n# one\nB0002,P0001,2026-11-20 09:00\n"
    changed = go_back(done(written, deed("remove", device="B0002", at="2026-12-03 12:00")))
    assert changed["assignments.csv"] == (
        "device,person,from,until\n# one\nB0002,P0001,2026-11-20 09:00,2026-12-03 12:00\n"
    )


def test_rows_inline_in_yaml_are_changed_where_they_stand(written):
    written.texts["gateway.yaml"] = GATEWAY[: GATEWAY.index("people:")] + INLINE
    changed = go_back(done(written, *EVERY))["gateway.yaml"]
    for line in INLINE.splitlines():
        kept = [part for part in (line, line.replace("}]", ",")) if part[:30] in changed]
        assert kept, line
    assert '  put_away: "2026-12-02 12:00"\n\n- {device: B0002' in changed
    assert "# on the label\n" in changed
    assert changed.index("- {device: B0003") < changed.index("# nothing below")
    assert 'from: 2026-11-20 09:00, until: "2026-12-03 12:00"}' in changed


def test_a_bracelet_out_of_the_cupboard_is_written_so(written):
    header, first, second = DEVICES.splitlines()
    written.texts["devices.csv"] = f"{header},put_away\n{first},2026-11-25 10:00\n{second},\n"
    assert go_back(done(written, EVERY[0]))["devices.csv"].splitlines()[1] == f"{first},"
    written.texts["gateway.yaml"] = GATEWAY[: GATEWAY.index("people:")] + INLINE.replace(
        "profile: g10ls\n", "profile: g10ls\n  put_away: 2026-11-25 10:00\n"
    )
    assert "put_away: null" in go_back(done(written, EVERY[0]))["gateway.yaml"]


def test_the_first_of_a_section_comes_to_stand_in_the_main_file(written):
    rules = RULES[: RULES.index("leave:")] + RULES[RULES.index("alarms:") :]
    written.texts["rules/rules.yaml"] = rules
    changed = go_back(done(written, EVERY[4]))
    assert changed["gateway.yaml"].startswith(GATEWAY.rstrip("\n"))
    assert "\nleave:\n  - {person: P0001, from:" in changed["gateway.yaml"]


@pytest.mark.parametrize("empty", ["leave:", "leave:   # none yet", "leave: []"])
def test_a_section_that_is_empty_is_begun_where_it_stands(written, empty):
    rules = RULES[: RULES.index("leave:")] + RULES[RULES.index("alarms:") :]
    written.texts["rules/rules.yaml"] = rules
    written.texts["gateway.yaml"] = GATEWAY.replace("people:", f"{empty}\npeople:")
    changed = go_back(done(written, EVERY[4]))["gateway.yaml"]
    assert changed.index("leave:") < changed.index("office B, the head") < changed.index("people: people.csv")


def test_done_again_after_it_was_cut_short_it_changes_nothing_more(written):
    before = load(done(written, *EVERY).write())
    sources = {name: text for name, text in before.sources.items() if name != OVERLAY}
    changed = written_back(sources, EVERY)
    assert written_back({**sources, **changed}, EVERY) == {}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_file_keeps_its_encoding_its_line_ends_and_its_mode(written, encoding, end):
    text = f"# 佩戴记录\n{ASSIGNMENTS}".replace("\n", end)
    written.texts["assignments.csv"] = text.encode(encoding)
    path = done(written, EVERY[0]).write() / "assignments.csv"
    path.chmod(0o640)
    go_back_again = load(written.directory)
    (changed,) = written_back(
        {name: text for name, text in go_back_again.sources.items() if name != OVERLAY}, [EVERY[0]]
    ).values()
    save(written.directory, "assignments.csv", changed)
    assert path.read_bytes() == (text + f"B0001,P0002,2026-12-01 10:00,{end}").encode(encoding)
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert not list(written.directory.glob("*.new"))
