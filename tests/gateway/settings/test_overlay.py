"""What was done at the desk stands above the files: checked as they are, no fault of its own where they agree."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from small_county import ASSIGNMENTS, DEVICES, RULES, Written

from gateway.deeds import Deed, deeds_of, text_of
from gateway.settings.faults import ConfigurationRefused
from gateway.settings.files import DirectoryFiles
from gateway.settings.load import examine, inspect, load, load_sources
from gateway.settings.model import AuthorityKind
from gateway.settings.registers import Composer

ZONE = ZoneInfo("Asia/Shanghai")
DONE_AT = datetime(2026, 12, 1, 10, 30, tzinfo=ZONE).timestamp()
EXTENDED = {
    "person": "P0001", "kind": "bracelet", "ground": "prohibition_order_breach", "document": "2027-3",
    "approved_by": "head A", "wearer_informed": "2027-01-20", "from": "2027-02-01", "until": "2027-04-30",
    "assessment": "assessment 7",
}  # fmt: skip


def deed(do: str, **values: str) -> Deed:
    values = {name.rstrip("_"): value for name, value in values.items()}
    return Deed("d", do, "D01", "root", DONE_AT, values)


def when(text: str) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE).timestamp()


@pytest.fixture
def written(tmp_path) -> Written:
    one = Written(tmp_path)
    one.texts["data/desk.json"] = ""
    return one


def done(written: Written, *deeds: Deed) -> Written:
    written.texts["data/desk.json"] = text_of(list(deeds))
    return written


def worn(written: Written) -> list[tuple[str, str, float, float]]:
    configuration = load(written.write())
    return [(one.device, one.person, one.start, one.until) for one in configuration.assignments]


def test_a_text_of_deeds_reads_back_and_none_is_no_text():
    deeds = [deed("fit", device="B0001", person="P0002", from_="2026-12-01 10:00"), deed("remove", device="B", at="x")]
    assert deeds_of(text_of(deeds)) == deeds
    assert text_of(deeds).count("\n") == 4
    assert (text_of([]), deeds_of("")) == ("", [])


def test_without_deeds_a_county_is_what_its_files_say(written):
    written.write()
    assert load(written.directory).digest == load_sources(load(written.directory).sources).digest
    assert "desk.json" not in load(written.directory).sources


def test_fit_swap_remove(written):
    done(
        written,
        deed("fit", device="B0001", person="P0002", from_="2026-12-01 10:00"),
        deed("swap", person="P0002", device="B0001", to="B0003", from_="2026-12-02 11:00",
             protocol="jt808", identity="013900000003"),
        deed("remove", device="B0002", at="2026-12-03 12:00"),
    )  # fmt: skip
    assert worn(written)[1:] == [
        ("B0002", "P0001", when("2026-11-20 09:00"), when("2026-12-03 12:00")),
        ("B0001", "P0002", when("2026-12-01 10:00"), when("2026-12-02 11:00")),
        ("B0003", "P0002", when("2026-12-02 11:00"), float("inf")),
    ]
    assert load(written.directory).devices["B0003"].identity == "13900000003"


def test_a_bracelet_goes_into_the_cupboard_and_comes_out_with_the_next_wearer(written):
    away = deed("put_away", device="B0001", at="2026-12-01 10:00")
    done(written, away)
    assert load(written.write()).devices["B0001"].put_away
    done(written, away, deed("fit", device="B0001", person="P0002", from_="2026-12-05 10:00"))
    assert not load(written.write()).devices["B0001"].put_away


def test_what_is_worn_is_not_put_away(written):
    (fault,) = done(written, deed("put_away", device="B0002", at="2026-12-01 10:00")).faults("en")
    assert fault.startswith("desk.json [put_away D01 2026-12-01 10:30]:2:")
    assert "assignments.csv:3:1" in fault


def test_leave_and_an_extension_are_entries_like_those_of_the_files(written):
    left = {"person": "P0001", "from_": "2026-12-10 08:00", "until": "2026-12-11 20:00", "approved_by": "office B"}
    done(written, deed("leave", **left), deed("extend", **EXTENDED))
    configuration = load(written.write())
    assert next(one.start for one in configuration.leave) == when("2026-12-10 08:00")
    (*_, last) = configuration.authorities
    assert (last.kind, last.assessment) == (AuthorityKind.BRACELET, "assessment 7")
    assert last.until == when("2027-05-01 00:00")


def test_leave_of_some_rules_with_a_way_to_its_place(written):
    left = {"person": "P0001", "from_": "2026-12-10 08:00", "until": "2026-12-11 20:00", "approved_by": "office B"}
    done(written, deed("leave", **left, zone="cafe", travel="90min", excuses="nights stay"))
    first = load(written.write()).leave[0]
    assert (first.zone, first.travel_seconds, first.excuses) == ("cafe", 5400.0, ("nights", "stay"))
    done(written, deed("leave", **left, excuses="nobody"))
    _, faults = inspect(written.write(), "en")
    assert "there is no rule “nobody”" in faults[0].message
    assert faults[0].file.startswith("desk.json [leave")


def test_a_leave_ends_with_the_return_and_a_bracelet_may_be_off_with_leave(written):
    removal = {
        "person": "P0001",
        "reason": "hospital",
        "from_": "2026-12-02",
        "until": "2026-12-05",
        "approved_by": "B",
    }
    left = {"person": "P0001", "from_": "2026-12-10 08:00", "until": "2026-12-11 20:00", "approved_by": "office B"}
    back = deed("return", person="P0001", at="2026-12-11 09:00")
    done(written, deed("leave", **left), back, deed("removal", **removal), back)
    configuration = load(written.write())
    first, last = configuration.leave
    assert (first.returned, last.returned) == (when("2026-12-11 09:00"), None)
    (off,) = configuration.removals
    assert (off.person, off.reason, off.until) == ("P0001", "hospital", when("2026-12-05 00:00"))


def test_a_return_that_the_file_has_at_another_time_contradicts_it(written):
    done(written, deed("return", person="P0001", at="2027-01-01 09:00"))
    written.replace(
        "rules/rules.yaml", "approved_by: office B}", 'approved_by: office B, returned: "2027-01-02 00:00"}'
    )
    (fault,) = written.faults("en")
    assert fault.startswith("rules/rules.yaml:22:")
    assert "desk.json [return D01 2026-12-01 10:30]:2:" in fault


@pytest.mark.parametrize(
    ("one", "field", "words"),
    [
        (deed("fit", device="B0009", person="P0002", from_="2026-12-01 10:00"), "device", "B0009"),
        (deed("fit", device="B0001", person="P0009", from_="2026-12-01 10:00"), "person", "P0009"),
        (deed("fit", device="B0001", person="P0002", from_="yesterday"), "from", "yesterday"),
        (deed("fit", device="B0001", person="P0002"), "", "from is missing"),
        (deed("fit", device="B0001", person="P0002", from_="2026-12-01", colour="red"), "colour", "no colour"),
        (deed("lose", device="B0001"), "", "lose"),
        (deed("remove", device="B0001", at="2026-10-01 10:00"), "device", "nobody wears"),
        (deed("put_away", device="B0009", at="2026-12-01"), "device", "B0009"),
        (deed("leave", person="P0001", from_="2026-12-02", until="2026-12-01", approved_by="B"), "until", "after"),
        (deed("leave", person="P0001", zone="x", from_="2026-12-02", until="2026-12-03", approved_by="B"), "zone", "x"),
        (deed("return", person="P0001", at="2026-12-01"), "person", "no leave"),
        (deed("removal", person="P0001", reason="tired", from_="2026-12-02", until="2026-12-03", approved_by="B"),
         "reason", "tired"),
        (deed("extend", **EXTENDED | {"until": "2027-12-31"}), "until", "three months"),
        (deed("extend", **EXTENDED | {"person": "P0002"}), "person", "P0002"),
        (deed("fit", device="B0003", person="P0002", from_="2026-12-01", protocol="jt808"), "device", "identity"),
        (deed("fit", device="B0001", person="P0002", from_="2026-12-01", protocol="jt808", identity="1"), "device",
         "another"),
        (deed("fit", device="B0003", person="P0002", from_="2026-12-01", protocol="jt808", identity="13900000001"),
         "identity", "devices.csv:2:13"),
    ],
)  # fmt: skip
def test_a_deed_is_checked_as_the_files_are_and_its_fault_named_by_its_field(written, one, field, words):
    faults = done(written, one).faults("en")
    line = text_of([one]).splitlines()[1]
    column = line.find(f'"{field}":') + 1 if field else 1
    place = f"desk.json [{one.do} D01 2026-12-01 10:30]:2:{column}: "
    assert [each for each in faults if each.startswith(place) and words in each], faults


def test_files_that_say_what_was_done_are_no_contradiction(written):
    """Written back, or copied by hand: all stands twice, and once in what holds."""
    deeds = (
        deed("fit", device="B0001", person="P0002", from_="2026-12-01 10:00"),
        deed("remove", device="B0001", at="2026-12-04 10:00"),
        deed("put_away", device="B0001", at="2026-12-05 10:00"),
        deed("extend", **EXTENDED),
    )
    above = load(done(written, *deeds).write())
    written.texts["assignments.csv"] = ASSIGNMENTS + "B0001,P0002,2026-12-01 10:00,2026-12-04 10:00\n"
    header, first, second = DEVICES.splitlines()
    written.texts["devices.csv"] = f"{header},put_away\n{first},2026-12-05 10:00\n{second},\n"
    entry = "\n".join(f"    {key}: {value}" for key, value in EXTENDED.items()).replace("    person", "  - person", 1)
    written.texts["rules/rules.yaml"] = RULES.replace("zones:\n", f"{entry}\nzones:\n", 1)
    both = load(written.write())
    alone, _ = inspect(written.directory, deeds=False)
    for one in (both, alone):
        assert (one.devices, one.assignments, one.authorities) == (above.devices, above.assignments, above.authorities)


@pytest.mark.parametrize(
    ("one", "line"),
    [
        (deed("fit", device="B0001", person="P0002", from_="2026-12-01 10:00"), "B0001,P0001,2026-12-02 08:00,"),
        (deed("fit", device="B0001", person="P0002", from_="2026-12-01 10:00"), "B0001,P0001,2026-11-25 08:00,"),
        (deed("swap", person="P0001", device="B0002", to="B0001", from_="2026-12-01 10:00"),
         "B0001,P0002,2026-12-02 08:00,"),
    ],
)  # fmt: skip
def test_a_file_that_contradicts_a_deed_is_refused_naming_both(written, one, line):
    done(written, one).texts["assignments.csv"] = f"{ASSIGNMENTS}{line}\n"
    faults = written.faults("en")
    deed_named = f"desk.json [{one.do} D01 2026-12-01 10:30]"
    assert [each for each in faults if "assignments.csv:4:" in each and deed_named in each], faults


def test_a_row_whose_wearing_ended_otherwise_contradicts_what_was_done(written):
    done(written, deed("remove", device="B0002", at="2026-12-03 12:00"))
    written.replace("assignments.csv", "B0002,P0001,2026-11-20 09:00,", "B0002,P0001,2026-11-20 09:00,2026-12-02 00:00")
    (fault,) = written.faults("en")
    assert fault.startswith("assignments.csv:3:")
    assert "desk.json [remove D01 2026-12-01 10:30]:2:" in fault


def test_the_words_come_in_both_languages(written):
    done(written, deed("remove", device="B0001", at="2026-10-01 10:00"))
    assert "没有人佩戴" in written.faults("zh")[0]


def test_deeds_that_cannot_be_read_are_named(written):
    written.texts["data/desk.json"] = "[{"
    (fault,) = written.faults("en")
    assert fault.startswith("desk.json:1:1: what was done at the desk cannot be read")


def test_deeds_are_one_more_text_by_which_the_configuration_is_had_again(written):
    configuration = load(done(written, deed("fit", device="B0001", person="P0002", from_="2026-12-01 10:00")).write())
    again = load_sources(configuration.sources)
    assert (again.digest, again.assignments) == (configuration.digest, configuration.assignments)
    assert "desk.json" in configuration.sources


def test_files_are_read_once_and_any_deeds_laid_over_them_say_what_reading_all_anew_says(written):
    running, composer = load(written.write()), Composer()
    one = deed("fit", device="B0001", person="P0002", from_="2026-12-01 10:00")
    broken = deed("fit", device="B0009", person="P0002", from_="2026-12-01 10:00")
    for deeds in ([one], [], [one, deed("remove", device="B0001", at="2026-12-02 10:00")]):
        with pytest.raises(ConfigurationRefused):
            composer.with_deeds(running, [*deeds, broken])
        composed = composer.with_deeds(running, deeds)
        again = load(done(written, *deeds).write())
        assert (composed.digest, composed.assignments) == (again.digest, again.assignments)


def test_where_the_deeds_may_not_be_read_the_files_are_checked_alone_and_it_is_said(written, monkeypatch):
    def closed(*_):
        raise PermissionError

    monkeypatch.setattr(DirectoryFiles, "deeds", closed)
    found = examine(written.write(), "en")
    assert found.faults == []
    assert found.configuration is not None
    assert ["may not read what was done" in str(each) for each in found.warnings].count(True) == 1
