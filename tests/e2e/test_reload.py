"""Changed files come into force beside a running daemon: whole, by whom it takes, and nobody else notices."""

from __future__ import annotations

import json
import shutil
import signal
import time
from typing import TYPE_CHECKING

import pytest
from gateway_process import eventually
from plain_terminal import POSITION, Terminal, position
from pressed_county import phone
from programs import ran

from gateway.journal import FileJournal
from gateway.journal.entries import EntryKind

if TYPE_CHECKING:
    import subprocess
    from pathlib import Path

    from gateway_process import Gateway

CAFE = "{id: cafe, name: cafe 3, datum: wgs84, longitude: 109.42, latitude: 24.33, radius_m: 300}"
BAR = "{id: bar, people: [P0001], basis: order-9, keep_out: cafe}"
NIGHT = '{id: night, people: [P0002], basis: order-8, curfew: {zone: home, from: "22:00", until: "07:00"}}'
STAY = "{id: stay, people: all, basis: order-1, stay_inside: county}"
STAFF = "staff: [{number: T01, roles: [technician]}, {number: L01, roles: [leader]}, {number: D01, roles: [duty]}]\n"


def main_of(gateway: Gateway) -> Path:
    return gateway.county.directory / "gateway.yaml"


def edit(gateway: Gateway, *pairs: tuple[str, str]) -> None:
    text = main_of(gateway).read_text("utf-8")
    for old, new in pairs:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    main_of(gateway).write_text(text, "utf-8")


def add_rules(gateway: Gateway, *rules: str) -> None:
    edit(gateway, (STAY, ", ".join([STAY, *rules])), ("file: county.geojson}]", f"file: county.geojson}}, {CAFE}]"))


def asked(gateway: Gateway, code: int, *words: str) -> str:
    done = gateway.command("reload", *words)
    assert done.returncode == code, (done.stdout, done.stderr)
    return done.stdout + done.stderr


def proposed(gateway: Gateway, *words: str) -> str:
    """The digest that waits for a second person."""
    said = asked(gateway, 3, "--json", *words)
    digest: str = json.loads(said)["files"]
    return digest


def taken(gateway: Gateway, *words: str) -> str:
    """Proposed by one, confirmed by another; what was said."""
    return asked(gateway, 0, "--confirm", proposed(gateway, "--by", "T01"), "--by", "L01", *words)


def journaled(gateway: Gateway) -> list[tuple[EntryKind, dict[str, str]]]:
    kinds = (EntryKind.RELOAD, EntryKind.CONFIGURATION)
    return [(kind, json.loads(raw)) for kind, _, _, raw in gateway.journal() if kind in kinds]


def in_force(gateway: Gateway) -> str:
    eventually(lambda: gateway.status()["configuration"], "its rules are in force")
    return str(gateway.status()["configuration"])


def test_what_changes_for_whom_is_said_before_and_after_and_takes_a_second_person(gateway):
    before = in_force(gateway)
    add_rules(gateway, BAR, NIGHT)
    assert "P0002: new: at home 22:00–07:00 next day" in asked(gateway, 3, "--dry-run")
    assert "P0002：新增“22:00–次日07:00 应在家”" in asked(gateway, 3, "--dry-run", "--lang", "zh")
    assert in_force(gateway) == before
    digest = proposed(gateway, "--by", "T01")
    assert in_force(gateway) == before
    assert digest in gateway.status()["files"]["en"]
    shown = json.loads(asked(gateway, 3, "--dry-run", "--json"))
    assert (shown["state"], shown["by"], shown["files"]) == ("waits", "T01", digest)
    assert "somebody else" in asked(gateway, 2, "--confirm", digest, "--by", "T01")
    assert "wait to be confirmed" in asked(gateway, 2, "--confirm", "0" * 12, "--by", "L01")
    said = asked(gateway, 0, "--confirm", digest, "--by", "L01")
    assert "P0001: new: barred from cafe 3" in said
    assert "holds now" in said
    assert in_force(gateway) != before
    _, (first, one), (second, two), (last, configured) = journaled(gateway)
    assert (first, second, last) == (EntryKind.RELOAD, EntryKind.RELOAD, EntryKind.CONFIGURATION)
    assert [(each["do"], each["by"], each["account"]) for each in (one, two)] == [
        ("proposed", "T01", "root"), ("confirmed", "L01", "root"),
    ]  # fmt: skip
    assert one["digest"] == two["digest"] == configured["digest"] == in_force(gateway)
    texts = FileJournal(gateway.county.storage / "journal", read_only=True).configuration(one["digest"])
    assert "id: night" in texts["gateway.yaml"]
    assert "nothing is to change" in asked(gateway, 0)
    assert gateway.tracebacks() == 0


def test_a_legal_hold_is_taken_by_two_and_shown_while_it_holds(gateway):
    with main_of(gateway).open("a", encoding="utf-8") as written:
        written.write("holds: [{person: P0001, document: case-7, from: 2020-01-01 00:00, until: 2090-01-01 00:00}]\n")
    proposed(gateway, "--by", "T01")
    assert gateway.status()["holds"] == {}
    said = taken(gateway)
    assert "holds: case-7 P0001 added" in said
    assert gateway.status()["holds"] == {"case-7 P0001": "2089-12-31T16:00:00Z"}
    assert gateway.tracebacks() == 0


@pytest.mark.torture
def test_another_curfew_is_said_as_what_it_is_now_and_was(gateway):
    add_rules(gateway, NIGHT)
    taken(gateway)
    edit(gateway, ('from: "22:00"', 'from: "21:00"'))
    assert "P0002: now at home 21:00–07:00 next day (before: at home 22:00–07:00 next day)" in taken(gateway)
    edit(gateway, ('from: "21:00"', 'from: "20:00"'))
    chinese = taken(gateway, "--lang", "zh")
    assert "P0002：现为“20:00–次日07:00 应在家”，原为“21:00–次日07:00 应在家”" in chinese
    assert "以上变化已生效" in chinese


def test_what_one_may_do_at_the_desk_one_may_bring_by_files_and_sessions_stay(gateway):
    in_force(gateway)
    line = f'  - {{device: B0007, protocol: jt808, identity: "{phone(7)}", profile: g10ls}}\n'
    with Terminal(gateway.county.port, phone(1)) as terminal:
        terminal.log_in()
        terminal.ask(POSITION, position(time.time()))
        edit(gateway, ("assignments:\n", f"{line}assignments:\n"))
        assert "devices: B0007 added" in asked(gateway, 0, "--by", "T01")
        terminal.ask(POSITION, position(time.time()))
    _, (kind, entry), (last, _) = journaled(gateway)
    assert (kind, entry["do"], entry["by"], last) == (EntryKind.RELOAD, "taken", "T01", EntryKind.CONFIGURATION)
    assert gateway.status()["devices"] == gateway.county.devices + 1
    assert gateway.status()["counted"].get("session_superseded", 0) == 0


def test_a_device_that_is_taken_out_is_a_stranger_and_its_connection_ends(gateway):
    in_force(gateway)
    text = main_of(gateway).read_text("utf-8")
    with Terminal(gateway.county.port, phone(2)) as terminal:
        terminal.log_in()
        terminal.ask(POSITION, position(time.time()))
        eventually(lambda: gateway.status()["connected_devices"] == 1, "it is on line")
        kept = [line for line in text.splitlines(keepends=True) if "device: B0002" not in line]
        main_of(gateway).write_text("".join(kept), "utf-8")
        assert "devices: B0002 taken out" in asked(gateway, 0)
        eventually(lambda: gateway.status()["connected_devices"] == 0, "its connection has ended")
    with Terminal(gateway.county.port, phone(2)) as terminal:
        terminal.send(terminal.frame(POSITION, position(time.time())))
        eventually(lambda: gateway.refused("unknown_device") > 0, "it is unknown")
    assert gateway.tracebacks() == 0


@pytest.mark.parametrize("broken", ["people: [P0001, P0099], basis", "people: [P0001, basis", "peopel: all, basis"])
def test_faulty_files_are_refused_whole_with_place_and_advice_and_the_running_one_goes_on(gateway, broken):
    before = in_force(gateway)
    edit(gateway, ("people: all, basis", broken))
    said = asked(gateway, 2, "--by", "T01")
    assert f"{main_of(gateway)}:" in said
    assert said.count(":6:") >= 1  # the line of the rules
    assert gateway.status()["configuration"] == before
    assert [kind for kind, _ in journaled(gateway)] == [EntryKind.CONFIGURATION]
    with Terminal(gateway.county.port, phone(1)) as terminal:
        terminal.log_in()
        terminal.ask(POSITION, position(time.time()))
    assert gateway.journaled()
    assert gateway.tracebacks() == 0


def test_a_signal_takes_what_was_confirmed_for_it_and_nothing_else(gateway):
    before = in_force(gateway)
    add_rules(gateway, BAR)
    gateway.process.send_signal(signal.SIGHUP)
    eventually(lambda: "no files that a second person confirmed" in gateway.log.read_text("utf-8"), "it is said")
    assert in_force(gateway) == before
    said = taken(gateway, "--later")
    assert "SIGHUP" in said
    assert "waits for SIGHUP" in gateway.status()["files"]["en"]
    text = main_of(gateway).read_text("utf-8")
    main_of(gateway).write_text(text.replace("order-9", "order-99"), "utf-8")
    gateway.process.send_signal(signal.SIGHUP)
    eventually(lambda: "the files were changed since" in gateway.log.read_text("utf-8"), "it is said")
    assert in_force(gateway) == before
    main_of(gateway).write_text(text[:-20], "utf-8")  # torn
    gateway.process.send_signal(signal.SIGHUP)
    eventually(lambda: gateway.log.read_text("utf-8").count("the files are not taken") >= 3, "it is said")
    main_of(gateway).write_text(text, "utf-8")
    gateway.process.send_signal(signal.SIGHUP)
    eventually(lambda: gateway.status()["configuration"] != before, "what was confirmed holds")
    assert [one["do"] for kind, one in journaled(gateway) if kind is EntryKind.RELOAD] == [
        "proposed", "confirmed", "taken",
    ]  # fmt: skip
    assert gateway.tracebacks() == 0


def test_files_that_differ_are_told_and_nothing_else_is_done(gateway):
    before = in_force(gateway)
    eventually(lambda: gateway.status()["files"]["en"] == "as in force", "it is said")
    add_rules(gateway, BAR)
    eventually(lambda: "gateway.yaml" in gateway.status()["files"]["zh"], "it is said that they differ")
    assert "与现行不同" in gateway.status()["files"]["zh"]
    assert in_force(gateway) == before
    taken(gateway)
    eventually(lambda: gateway.status()["files"]["en"] == "as in force", "it is said that they agree")


def test_what_takes_a_restart_is_named_and_the_next_start_goes_by_it(gateway):
    in_force(gateway)
    edit(gateway, ("keep_days: 90", "keep_days: 91"))
    assert "Needs a restart: storage" in asked(gateway, 0)
    assert "needs a restart: storage" in gateway.status()["files"]["en"]
    assert gateway.stop() == 0
    gateway.start()
    assert "restart" not in gateway.status()["files"]["en"]
    assert "second person" not in gateway.status()["files"]["en"]
    before = in_force(gateway)
    edit(gateway, ("timezone: Asia/Shanghai", "timezone: Asia/Tokyo"))
    assert "cannot change while the gateway runs: county" in asked(gateway, 2)
    assert in_force(gateway) == before


def test_rules_that_came_by_a_restart_alone_are_told_as_that(gateway):
    in_force(gateway)
    assert gateway.stop() == 0
    add_rules(gateway, BAR)
    gateway.start()
    said = gateway.status()["files"]
    assert "changed by the last start without a second person: zones, rules" in said["en"]
    assert "未经第二人确认" in said["zh"]


@pytest.mark.torture
def test_what_is_taken_is_kept_for_the_next_start_but_where_something_takes_a_restart(gateway):
    recalled = "the files say what they said at the last start"
    in_force(gateway)
    add_rules(gateway, BAR)
    taken(gateway)
    assert gateway.stop() == 0
    gateway.start()
    assert gateway.log.read_text("utf-8").count(recalled) == 1
    assert "second person" not in gateway.status()["files"]["en"]
    edit(gateway, ("keep_days: 90", "keep_days: 91"))
    asked(gateway, 0)
    assert gateway.stop() == 0
    gateway.start()
    assert gateway.log.read_text("utf-8").count(recalled) == 1


@pytest.mark.torture
def test_who_may_propose_and_confirm_goes_by_the_staff_that_is_in_force(gateway):
    in_force(gateway)
    main_of(gateway).write_text(main_of(gateway).read_text("utf-8") + STAFF, "utf-8")
    said = taken(gateway)
    assert "staff: L01 added" in said
    add_rules(gateway, BAR)
    digest = proposed(gateway, "--by", "T01")
    assert "no leader" in asked(gateway, 2, "--confirm", digest, "--by", "D01")
    asked(gateway, 0, "--confirm", digest, "--by", "L01")


def run_of(gateway: Gateway, *words: str) -> subprocess.CompletedProcess[str]:
    return ran([gateway.command_line[0], *words])


def test_a_rule_that_is_taken_out_ends_its_alarms_with_a_reason_and_the_journal_replays_to_the_same(gateway):
    assert gateway.stop() == 0
    shutil.rmtree(gateway.county.storage)  # the rule is to hold from before the reports on
    add_rules(gateway, BAR)
    gateway.start()
    in_force(gateway)
    now = time.time()
    with Terminal(gateway.county.port, phone(1)) as terminal:
        terminal.log_in()
        for ago in range(600, -1, -30):
            terminal.ask(POSITION, position(now - ago))
    eventually(gateway.events, "the alarm is raised")
    edit(gateway, (f", {BAR}", ""))
    assert "P0001: no longer: barred from cafe 3" in taken(gateway)
    eventually(lambda: gateway.events()[-1]["type"].endswith("cleared"), "it has ended")
    first, last = gateway.events()[0], gateway.events()[-1]
    assert first["data"]["kind"] == "exclusion_enter"
    assert last["data"]["facts"]["configuration"] == in_force(gateway)[:12]
    assert "has no such rule" in last["data"]["text"]["en"]
    gateway.settle()
    assert gateway.stop() == 0
    out = gateway.county.storage.with_name("again.jsonl")
    done = run_of(gateway, "replay", "--journal", str(gateway.county.storage / "journal"), "--alarms", str(out))
    assert done.returncode == 0, done.stderr
    again = [json.loads(line) for line in out.read_text("utf-8").splitlines()]
    assert [event["id"] for event in again] == [event["id"] for event in gateway.events()]
    assert gateway.tracebacks() == 0
