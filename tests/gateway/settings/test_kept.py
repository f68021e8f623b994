"""What was read is recalled where the files still say it, and nowhere else."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest
from met import counted

from gateway.private import OWNER_ONLY
from gateway.settings import documents, kept, load, made_by
from gateway.settings.files import HOLIDAYS, OVERLAY
from gateway.settings.kept import NAME, Told, keep, recall
from gateway.settings.load import inspect, read_noting

SECRET = b"s" * 32


@pytest.fixture
def county(written) -> Path:
    """A county that was read and kept once."""
    directory = written.write()
    (directory / "data").mkdir()
    (directory / "data" / "secret").write_bytes(SECRET)
    put_down(directory)
    return directory


def put_down(directory: Path, drawn: bytes = b"drawn") -> None:
    configuration, files, names = read_noting(directory)
    keep(configuration, drawn, files.asked(names), files.credentials)


def why(directory: Path, *, secrets: bool = True) -> str:
    recalled, cause = recall(directory, secrets=secrets)
    assert (recalled is None) == bool(cause)
    return cause


@pytest.mark.parametrize("secrets", [True, False])
def test_it_is_the_configuration_that_the_files_say(county, secrets):
    recalled, _ = recall(county, secrets=secrets)
    read, _ = inspect(county, secrets=secrets)
    assert recalled.configuration == read
    assert repr(recalled.configuration) == repr(read)
    assert recalled.drawn == b"drawn"
    assert recalled.configuration.upstreams[0].credential.password == ("hidden-word" if secrets else "")
    assert list(recalled.configuration.families) == list(read.families)


def test_so_is_one_with_every_kind_of_entry(county, written):
    written.texts["gateway.yaml"] += (
        'carriers:\n  - {name: c, url: "https://gmlc.example/x", credential: city, datum: wgs84, per_minute: 5, '
        "per_day: 50}\nstaff:\n  - {number: D01, roles: [office], office: SFS-01}\n"
        "  - {number: L01, roles: [leader]}\n"
        'notices: {credential: city, http: {url: "https://sms.example/{number}", body: "{text}"}}\n'
    )
    topics = '  - {name: m, protocol: jt808, mqtt: "mqtt://b.example", credential: city}\n'
    written.replace("gateway.yaml", "listeners:\n", f"listeners:\n{topics}")
    written.texts["devices.csv"] = (
        "device,protocol,identity,profile,network,registration\n"
        "B0001,jt808,013900000001,g10ls,10.0.0.0/8 ::1/128,closed\n"
        "B0002,jt808,013900000002,,,\n"
    )
    written.write()
    put_down(county)
    recalled, _ = recall(county, secrets=True)
    assert repr(recalled.configuration) == repr(inspect(county)[0])
    assert recalled.configuration.listeners[0].broker.credential.username == "demo"
    assert recalled.configuration.carriers[0].credential.act_key == ""
    assert recalled.configuration.notices.credential.username == "demo"
    assert recalled.configuration.notices.credential.act_key == ""


def test_legal_holds_are_recalled(county, written):
    hold = "holds:\n  - {person: P0001, document: case 7, from: 2026-11-01 00:00}\nleave:\n"
    written.replace("rules/rules.yaml", "leave:\n", hold)
    written.write()
    put_down(county)
    recalled, _ = recall(county, secrets=True)
    assert recalled.configuration.holds == inspect(county)[0].holds
    assert [one.document for one in recalled.configuration.holds] == ["case 7"]


def test_nothing_is_parsed_but_the_credentials(county, monkeypatch):
    asked = []
    monkeypatch.setattr(documents, "read_plain", asked.append)
    monkeypatch.setattr(documents, "compose", lambda file, *_: asked.append(file) or (None, True))
    monkeypatch.setattr(load, "known_credentials", lambda _: asked.append("credentials") or {})
    assert recall(county, secrets=True)[0] is not None
    assert asked == ["credentials"]
    assert recall(county, secrets=False)[0] is not None
    assert asked == ["credentials"]


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [("people.csv", "24.33", "24.34"), ("rules/rules.yaml", "head A", "head B"), ("gateway.yaml", "180", "181"),
     ("county.geojson", "109.3,", "109.31,"), ("assignments.csv", "2026-11-20 09:00,\n", "2026-11-20 09:01,\n")],
)  # fmt: skip
def test_another_text_is_read(county, name, old, new):
    path = county / name
    path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")
    assert why(county) == "files"


def test_another_file_that_is_included_is_read(county):
    (county / "rules" / "more.yaml").write_text("rules: []\n", "utf-8")
    assert why(county) == "files"


def test_a_profile_that_appears_is_read(county):
    (county / "profiles" / "jt808").mkdir(parents=True)
    (county / "profiles" / "jt808" / "own.yaml").write_text("name: own\n", "utf-8")
    assert why(county) == "files"


def test_a_file_that_is_gone_is_missed(county):
    (county / "rules" / "rules.yaml").unlink()
    assert why(county) == "files"


def test_deeds_of_the_desk_count(county):
    (county / "data" / OVERLAY).write_text("[\n]\n", "utf-8")
    assert why(county) == "files"


@pytest.mark.parametrize("text", [None, "city: {act_key: hidden-key-of-32-bytes-or-even-mere}\n"])
def test_other_credentials_are_read_by_whoever_needs_them(county, text):
    path = county / "credentials.yaml"
    path.unlink() if text is None else path.write_text(text, "utf-8")
    assert why(county) == "credentials"
    assert why(county, secrets=False) == ""


def test_a_county_that_was_moved_is_read(county, tmp_path):
    elsewhere = tmp_path.parent / f"{tmp_path.name}-elsewhere"
    county.rename(elsewhere)
    assert why(elsewhere) == "files"
    elsewhere.rename(county)
    assert why(county) == ""


def test_a_relative_path_is_the_same_county(county, monkeypatch):
    monkeypatch.chdir(county)
    assert why(Path()) == ""
    assert why(county / "gateway.yaml") == ""


@pytest.mark.parametrize("at", [0, 31, 32, 40, 500, -1])
def test_a_flipped_bit_is_damage(county, at):
    path = county / "data" / NAME
    data = bytearray(path.read_bytes())
    data[at] ^= 1
    path.write_bytes(data)
    assert why(county) == "damaged"


@pytest.mark.parametrize("length", [0, 10, 32, 100])
def test_half_a_file_is_damage(county, length):
    path = county / "data" / NAME
    path.write_bytes(path.read_bytes()[:length])
    assert why(county) == "damaged"


def test_one_signed_with_another_secret_is_not_believed(county):
    (county / "data" / "secret").write_bytes(b"t" * 32)
    assert why(county) == "damaged"


def test_without_a_secret_there_is_nothing_to_believe(county):
    (county / "data" / "secret").unlink()
    assert why(county) == "none"


def test_one_of_other_code_is_not_used(county, monkeypatch):
    monkeypatch.setattr(kept, "made_by", lambda zone: f"other {zone}")
    assert why(county) == "version"


def test_one_of_another_layout_is_not_used(county):
    body = b"\x90"
    (county / "data" / NAME).write_bytes(kept._signature(SECRET, body) + body)
    assert why(county) == "version"


def test_code_libraries_and_time_zone_make_the_version(monkeypatch):
    now = made_by.made_by("Asia/Shanghai")
    assert made_by.made_by("Europe/Berlin") != now
    monkeypatch.setattr(made_by, "_zone_data", lambda _: b"new law")
    made_by.made_by.cache_clear()
    assert made_by.made_by("Asia/Shanghai") != now
    monkeypatch.undo()
    monkeypatch.setattr(made_by.metadata, "version", lambda _: "9.9")
    made_by.made_by.cache_clear()
    assert made_by.made_by("Asia/Shanghai") != now
    monkeypatch.undo()
    monkeypatch.setattr(made_by, "_CODE", made_by._CODE[:-1])
    made_by.made_by.cache_clear()
    assert made_by.made_by("Asia/Shanghai") != now
    made_by.made_by.cache_clear()


def test_no_secret_of_the_county_is_in_it_and_it_is_its_owners_alone(county):
    path = county / "data" / NAME
    assert path.stat().st_mode & 0o777 == OWNER_ONLY
    data = path.read_bytes()
    assert b"P0001" in data
    assert b"hidden" not in data


def test_a_kill_while_it_is_written_leaves_the_last_one(county, monkeypatch):
    before = (county / "data" / NAME).read_bytes()

    def killed(_: int) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", killed)
        with pytest.raises(KeyboardInterrupt):
            put_down(county, b"another")
    assert (county / "data" / NAME).read_bytes() == before
    assert why(county) == ""
    put_down(county, b"another")
    assert recall(county, secrets=True)[0].drawn == b"another"
    assert sorted(path.name for path in (county / "data").iterdir()) == [NAME, "secret"]


def test_a_county_that_keeps_its_records_elsewhere_is_found_by_its_main_file(written, tmp_path):
    written.replace("gateway.yaml", "directory: data,", f"directory: '{tmp_path}/store',")
    directory = written.write()
    (tmp_path / "store").mkdir()
    (tmp_path / "store" / "secret").write_bytes(SECRET)
    put_down(directory)
    assert why(directory) == ""


def test_what_cannot_be_kept_is_said(county):
    configuration, files, names = read_noting(county)
    with pytest.raises(TypeError, match="not to be packed"):
        keep(replace(configuration, duty=(object(),)), b"", files.asked(names), None)


def test_hours_and_holidays_are_recalled_with_the_text_that_comes_along(county, written):
    recurs = '{recurs: "DTSTART:20260105T213000 RRULE:FREQ=DAILY", until: "21:50"}'
    hours = f'hours: [{{from: "12:00", until: "13:00", days: workdays}}, {recurs}]}}'
    written.replace("rules/rules.yaml", "grace: 15min}", hours)
    written.replace("rules/rules.yaml", 'from: "22:00", until: "08:00", days: daily, ', "")
    written.replace("rules/rules.yaml", "office B}", "office B, excuses: [nights], travel: 1h}")
    written.texts["gateway.yaml"] += 'holidays: ["2026-04-20"]\n'
    written.write()
    put_down(county)
    recalled, _ = recall(county, secrets=True)
    assert repr(recalled.configuration) == repr(inspect(county)[0])
    assert recalled.configuration.digest == inspect(county)[0].digest
    assert HOLIDAYS in recalled.configuration.sources
    assert 2026 in recalled.configuration.calendar.published


def test_what_is_kept_already_is_not_packed_again(county, monkeypatch):
    put_down(county)
    (configuration, *_), whole = inspect(county), (county / "data" / NAME).read_bytes()
    recalled = recall(county, secrets=True)[0]
    packed = counted(monkeypatch, kept.Columns, "packed")
    again = keep(configuration, b"drawn", recalled.asked, recalled.credentials, recalled.told)
    assert (again, packed["packed"]) == (recalled.told, 0)
    assert (county / "data" / NAME).read_bytes() == whole
    keep(replace(configuration, rules=()), b"drawn", recalled.asked, recalled.credentials, Told({
        name: told for name, told in recalled.told.parts.items() if name != "rules"
    }, {}))  # fmt: skip
    assert packed["packed"] == 1


@pytest.mark.parametrize("at", [0.2, 0.5, 0.9])
def test_parts_that_were_changed_meanwhile_are_packed_again(county, at):
    put_down(county)
    path, recalled = county / "data" / NAME, recall(county, secrets=True)[0]
    whole = path.read_bytes()
    place = int(len(whole) * at)
    path.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
    keep(inspect(county)[0], b"drawn", recalled.asked, recalled.credentials, recalled.told)
    assert path.read_bytes() == whole
