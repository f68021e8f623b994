"""Who wears what is changed at the desk and holds at once: in a real daemon, over its sockets, and after its death."""

from __future__ import annotations

import json
import random
import shutil
import time
from threading import Event, Thread
from typing import TYPE_CHECKING

import msgspec
from desk_deeds import deed, done, enter, local, new_device, standing
from gateway_process import PATIENCE, eventually
from plain_terminal import POSITION, REGISTER, SOS, Terminal, position, registration
from pressed_county import phone
from programs import ran

from gateway.control.client import ask
from gateway.control.messages import Request
from gateway.errors import TransientFault
from gateway.journal import FileJournal
from gateway.journal.entries import NO_ORIGIN, EntryKind, Gathering

if TYPE_CHECKING:
    import subprocess

    from gateway_process import Gateway

NEW = 7
"""Number of a bracelet that the files do not know."""


def run(*words: str) -> subprocess.CompletedProcess[str]:
    return ran(words, PATIENCE)


def knock(terminal: Terminal) -> int:
    """Register; the result: 0 is well."""
    terminal.send(terminal.frame(REGISTER, registration(2013)))
    answer = terminal.receive()
    assert answer is not None
    return answer.body[2]


def told(gateway: Gateway, number: int, ago: float = 0.0, alarm: int = 0) -> None:
    with Terminal(gateway.county.port, phone(number)) as terminal:
        terminal.log_in()
        terminal.ask(POSITION, position(time.time() - ago, alarm=alarm))


def devices_of(gateway: Gateway, person: str) -> list[str]:
    """By which devices somebody can be placed now."""
    reply = ask(gateway.county.storage, Request("where", id=person))
    return [place["device"] for place in reply.data.get("places", ())]


def swapped(gateway: Gateway) -> None:
    """P0000 gets a bracelet that nobody knew."""
    done(gateway, "swap", person="P0000", device="B0000", to="B0007", from_=local(60), **new_device(NEW))


def test_a_bracelet_that_nobody_knew_is_heard_as_soon_as_it_is_fitted(gateway):
    with Terminal(gateway.county.port, phone(NEW)) as terminal:
        assert knock(terminal) != 0
    swapped(gateway)
    told(gateway, NEW)
    eventually(lambda: devices_of(gateway, "P0000") == ["B0007"], "the new bracelet's place")
    assert gateway.tracebacks() == 0


def test_an_alarm_of_the_new_bracelet_goes_out_under_its_wearer(gateway):
    swapped(gateway)
    told(gateway, NEW, alarm=SOS)
    eventually(gateway.events, "the alarm is raised")
    (event,) = gateway.events()
    assert (event["data"]["person"], event["data"]["device"]) == ("P0000", "B0007")


def test_a_start_after_a_kill_goes_by_what_was_kept_with_the_deed(gateway):
    recalled, kept = "the files say what they said at the last start", gateway.county.directory / "data" / "compiled"
    before = kept.stat().st_ino
    swapped(gateway)
    eventually(lambda: kept.stat().st_ino != before, "it is kept, which nobody waits for")
    assert recalled not in gateway.log.read_text("utf-8")
    gateway.kill()
    gateway.start()
    assert gateway.log.read_text("utf-8").count(recalled) == 1
    told(gateway, NEW)
    eventually(lambda: devices_of(gateway, "P0000") == ["B0007"], "the new bracelet's place")
    assert gateway.tracebacks() == 0


def test_what_was_done_is_journaled_before_the_configuration_that_puts_it_in_force(gateway):
    one = done(gateway, "remove", device="B0001", at=local())
    told = [(kind, json.loads(raw)) for kind, _, _, raw in gateway.journal() if kind in
            (EntryKind.DEED, EntryKind.CONFIGURATION)]  # fmt: skip
    kinds = [kind for kind, _ in told]
    assert kinds == [EntryKind.CONFIGURATION, EntryKind.DEED, EntryKind.CONFIGURATION]
    assert (told[1][1]["id"], told[1][1]["by"], told[1][1]["account"]) == (one.id, "D01", "root")
    texts = FileJournal(gateway.county.storage / "journal", read_only=True).configuration(told[2][1]["digest"])
    assert one.id in texts["desk.json"]


def test_a_deed_that_is_said_again_is_done_once_and_one_that_cannot_be_is_refused_by_its_value(gateway):
    one = done(gateway, "remove", device="B0001", at=local())
    assert enter(gateway, one).data["done"] == "repeated"
    again = enter(gateway, deed("remove", device="B0001", at=one.values["at"]))
    assert (again.refused, "already" in again.error) == (True, True)
    refused = enter(gateway, deed("fit", device="B0099", person="P0001", from_=local()))
    assert refused.refused
    assert refused.error.startswith("device: ")
    assert standing(gateway) == [one.id]


def test_a_bracelet_in_the_cupboard_is_not_heard_and_its_connection_ends(gateway):
    with Terminal(gateway.county.port, phone(1)) as terminal:
        terminal.log_in()
        terminal.ask(POSITION, position(time.time()))
        eventually(lambda: gateway.status()["connected_devices"] == 1, "it is on line")
        done(gateway, "remove", device="B0001", at=local())
        done(gateway, "put_away", device="B0001", at=local())
        eventually(lambda: gateway.status()["connected_devices"] == 0, "its connection has ended")
    with Terminal(gateway.county.port, phone(1)) as terminal:
        assert knock(terminal) != 0
    eventually(lambda: gateway.refused("put_away") > 0, "it is refused as put away")


def test_after_a_kill_all_that_was_answered_holds_and_the_journal_replays_to_the_same(gateway):
    swapped(gateway)
    told(gateway, NEW, 30)
    one = done(gateway, "leave", person="P0001", from_=local(-3600), until=local(-7200), approved_by="office")
    gateway.kill()
    gateway.start()
    assert one.id in standing(gateway)
    told(gateway, NEW, alarm=SOS)
    eventually(gateway.events, "the alarm is raised")
    gateway.settle()
    assert devices_of(gateway, "P0000") == ["B0007"]
    assert gateway.stop() == 0
    out = gateway.county.storage.with_name("again.jsonl")
    journal = str(gateway.county.storage / "journal")
    replayed = run(gateway.command_line[0], "replay", "--journal", journal, "--alarms", str(out))
    assert replayed.returncode == 0, replayed.stderr
    again = [json.loads(line) for line in out.read_text("utf-8").splitlines()]
    assert [event["id"] for event in again] == [event["id"] for event in gateway.events()]


def test_a_deed_that_a_crash_left_without_its_configuration_is_carried_through(gateway):
    gateway.kill()
    one = deed("swap", person="P0000", device="B0000", to="B0007", from_=local(60), **new_device(NEW))
    end = Gathering()
    end.add(EntryKind.DEED, time.time(), NO_ORIGIN, msgspec.json.encode(one))
    journal = FileJournal(gateway.county.storage / "journal")
    journal.append(end.batch())
    journal.close()
    gateway.start()
    assert standing(gateway) == [one.id]
    told(gateway, NEW)
    eventually(lambda: devices_of(gateway, "P0000") == ["B0007"], "the new bracelet's place")
    gateway.kill()
    gateway.start()
    assert standing(gateway) == [one.id]


def test_killed_again_and_again_no_deed_that_was_answered_is_lost(gateway):
    """Bracelets that nobody knew are fitted one after the other to one person, while the daemon is killed."""
    answered, chance, life, stop = [], random.Random(12), Event(), []  # noqa: S311  a schedule, no secret
    done(gateway, "remove", device="B0000", at=local(3600))

    def enter_all() -> None:
        number = 10
        while not stop:
            number += 1
            fit = deed(
                "fit", device=f"B{number:04d}", person="P0000", from_=local(2000 - 2 * number), **new_device(number)
            )
            off = deed("remove", device=f"B{number:04d}", at=local(1999 - 2 * number))
            for one in (fit, off):
                while not stop:
                    try:
                        reply = enter(gateway, one)
                    except TransientFault:
                        continue
                    assert reply.ok, reply
                    answered.append(one.id)
                    break

    desk = Thread(target=enter_all)
    desk.start()
    for _ in range(4):
        before = len(answered)
        eventually(lambda before=before: len(answered) > before, "a deed is answered")
        life.wait(chance.uniform(0.0, 0.5))
        gateway.kill()
        gateway.start()
    stop.append(True)
    desk.join()
    gateway.kill()
    gateway.start()
    assert [one for one in standing(gateway)[1:] if one in set(answered)] == answered
    assert gateway.tracebacks() == 0


def test_files_that_contradict_a_deed_are_refused_by_check_and_at_the_start_naming_both(gateway):
    done(gateway, "swap", person="P0000", device="B0000", to="B0007", from_=local(60), **new_device(NEW))
    assert gateway.stop() == 0
    main = gateway.county.directory / "gateway.yaml"
    text = main.read_text("utf-8")
    lines = text.splitlines()
    row = next(at for at, line in enumerate(lines) if "device: B0000, person: P0000" in line)
    lines[row] = '  - {device: B0000, person: P0000, from: "2020-01-01 00:00", until: "2020-01-02 00:00"}'
    main.write_text("\n".join(lines), "utf-8")
    checked = run(gateway.command_line[0], "check", str(gateway.county.directory))
    started = run(*gateway.command_line)
    for said in (checked.stdout, started.stderr):
        assert f"gateway.yaml:{row + 1}:" in said
        assert "desk.json [swap D01 " in said
    assert (checked.returncode, started.returncode) == (2, 2)
    (gateway.county.storage / "desk.json").unlink()
    again = run(*gateway.command_line)
    assert again.returncode == 2
    assert "desk.json [swap D01 " in again.stderr


def test_a_backup_and_a_rebuild_have_what_was_done(gateway):
    one = done(gateway, "swap", person="P0000", device="B0000", to="B0007", from_=local(60), **new_device(NEW))
    told(gateway, NEW, 30)
    storage = gateway.county.storage
    assert gateway.command("backup", str(storage.with_name("backup"))).returncode == 0
    assert gateway.stop() == 0
    (storage / "state.db").write_bytes(b"no database")
    assert gateway.command("rebuild").returncode == 0
    gateway.start()
    assert standing(gateway) == [one.id]
    assert gateway.stop() == 0
    shutil.rmtree(storage)
    shutil.copytree(storage.with_name("backup"), storage)
    gateway.start()
    assert standing(gateway) == [one.id]
    assert gateway.command("verify").returncode == 0
    track = gateway.command("track", "P0000", "--since", local(3600), "--csv")
    assert "B0007" in track.stdout, track
