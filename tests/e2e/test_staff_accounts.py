"""Commands from other accounts of the server: the kernel says who asks, the table of staff what he may."""

from __future__ import annotations

import grp
import json
import os
import pwd
import shutil
import stat
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from gateway_process import Gateway, eventually
from plain_terminal import POSITION, SOS, Terminal, position
from pressed_county import phone, write_county
from programs import GATEWAY, ran

from gateway.control.client import ask
from gateway.control.messages import Request
from gateway.demo.broker import free_port
from gateway.journal.entries import EntryKind

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root can be somebody else")
USERS = [one for one in pwd.getpwall() if 0 < one.pw_uid < 1000 and one.pw_gid != 0][:6]
GROUP = next(one for one in grp.getgrall() if one.gr_gid and one.gr_gid not in {each.pw_gid for each in USERS})
DUTY, TECHNICIAN, LEADER, AUDITOR, STRANGER, OUTSIDER = USERS


@dataclass
class Office:
    """A daemon whose socket is a group's."""

    gateway: Gateway

    def run(self, user, *words, member=True):
        return ran(
            [GATEWAY, *words, "--config", self.gateway.county.directory],
            env={**os.environ, "LOGNAME": user.pw_name}, cwd="/",
            user=user.pw_uid, group=user.pw_gid, extra_groups=[GROUP.gr_gid] if member else [],
        )  # fmt: skip

    def entries(self, kind):
        return [json.loads(payload) for each, _, _, payload in self.gateway.journal() if each is kind]


def staff():
    rows = {"D01": (DUTY, "duty"), "T01": (TECHNICIAN, "technician"), "L01": (LEADER, "leader"),
            "A01": (AUDITOR, "auditor")}  # fmt: skip
    listed = ", ".join(
        f"{{number: {number}, user: {user.pw_name}, roles: [{role}]}}" for number, (user, role) in rows.items()
    )
    return f"staff: [{listed}]\n"


@dataclass
class Elsewhere(Gateway):
    """A daemon whose socket stands where it was told."""

    socket: Path = Path()

    def status(self):
        return ask(self.socket, Request("status")).data


def opened_county(sections: str, socket: Path | None = None) -> Gateway:
    """A started daemon whose configuration everybody may read, but for the credentials."""
    directory = Path(tempfile.mkdtemp(prefix="county-"))
    county = write_county(directory / "county", free_port(), 2)
    with (county.directory / "gateway.yaml").open("a") as out:
        out.write(sections)
    for path in (directory, county.directory):
        path.chmod(0o755)
    for path in county.directory.iterdir():
        path.chmod(0o600 if path.name == "credentials.yaml" else 0o644)
    gateway = Gateway(county) if socket is None else Elsewhere(county, socket=socket)
    gateway.start()
    return gateway


@pytest.fixture(scope="module")
def office() -> Iterator[Office]:
    gateway = opened_county(f"control: {{group: {GROUP.gr_name}}}\n" + staff())
    yield Office(gateway)
    gateway.finish()
    shutil.rmtree(gateway.county.directory.parent)


@pytest.fixture(scope="module")
def alarm(office: Office) -> str:
    gateway = office.gateway
    with Terminal(gateway.county.port, phone(0)) as terminal:
        terminal.log_in()
        terminal.ask(POSITION, position(time.time(), alarm=SOS))
    eventually(gateway.events, "the alarm is raised")
    return str(json.loads(gateway.command("alarms", "list", "--json").stdout.splitlines()[0])["alarm"])


def test_only_the_group_comes_in_and_nothing_else_is_open(office):
    storage = office.gateway.county.storage
    assert stat.S_IMODE((storage / "control.sock").stat().st_mode) == 0o660
    assert (storage / "control.sock").stat().st_gid == GROUP.gr_gid
    assert stat.S_IMODE(storage.stat().st_mode) == 0o710
    outside = office.run(DUTY, "alarms", "list", member=False)
    assert outside.returncode == 2
    assert "may not connect" in outside.stderr
    assert DUTY.pw_name in outside.stderr


def test_the_duty_officer_sees_and_answers_alarms_as_himself(office, alarm):
    seen = office.run(DUTY, "alarms", "list", "--json")
    assert (seen.returncode, json.loads(seen.stdout.splitlines()[0])["alarm"]) == (0, alarm), seen.stderr
    done = office.run(DUTY, "alarms", "ack", alarm[:8], "--note", "calling")
    assert done.returncode == 0, done.stderr
    act = office.entries(EntryKind.ACT)[-1]
    assert (act["by"], act["account"], act["origin"]) == ("D01", DUTY.pw_name, "command line")


def test_nobody_acts_in_another_ones_name(office, alarm):
    before = len(office.entries(EntryKind.ACT))
    refused = office.run(DUTY, "alarms", "note", alarm, "not mine", "--by", "L01")
    assert (refused.returncode, "cannot act as L01" in refused.stderr) == (2, True)
    assert len(office.entries(EntryKind.ACT)) == before
    assert office.run(DUTY, "alarms", "note", alarm, "mine", "--by", "D01").returncode == 0


def test_a_stranger_is_told_what_to_ask_for(office):
    for words in (("alarms", "list"), ("status",), ("command", "B0000", "locate")):
        refused = office.run(STRANGER, *words)
        assert refused.returncode == 2
        assert f"user: {STRANGER.pw_name}" in refused.stderr


def test_who_reads_does_not_act(office, alarm):
    assert office.run(AUDITOR, "alarms", "list", "--json").returncode == 0
    assert office.run(AUDITOR, "commands", "list", "--json").returncode == 0
    for words in (("alarms", "ack", alarm), ("command", "B0000", "text", "text=again"), ("alarms", "resend")):
        refused = office.run(AUDITOR, *words)
        assert (refused.returncode, "takes one of the roles" in refused.stderr) == (2, True), words


def test_roots_word_is_written_down_as_roots(office, alarm):
    done = office.gateway.command("alarms", "note", alarm, "by telephone", "--by", "D07")
    assert done.returncode == 0, done.stderr
    act = office.entries(EntryKind.ACT)[-1]
    assert (act["by"], act["account"]) == ("D07", "root")


def test_maintenance_is_done_by_two_accounts(office):
    wanted = ("command", "B0000", "control", "command=reset", "--no-wait")
    assert "no technician" in office.run(DUTY, *wanted, "--reason", "stuck").stderr
    assert "--reason" in office.run(TECHNICIAN, *wanted).stderr
    asked = office.run(TECHNICIAN, *wanted, "--reason", "stuck since noon", "--json")
    assert json.loads(asked.stdout)["state"] == "unconfirmed"
    identity = json.loads(asked.stdout)["id"]
    assert office.gateway.status()["commands"]["unconfirmed"] == 1
    assert office.entries(EntryKind.COMMAND) == []
    assert office.run(TECHNICIAN, "commands", "confirm", identity, "--yes").returncode == 2
    assert office.run(LEADER, "commands", "confirm", identity, "--yes").returncode == 0
    (command,) = office.entries(EntryKind.COMMAND)
    assert {name: command[name] for name in ("by", "account", "reason", "confirmed_by", "confirmer")} == {
        "by": "T01", "account": TECHNICIAN.pw_name, "reason": "stuck since noon", "confirmed_by": "L01",
        "confirmer": LEADER.pw_name,
    }  # fmt: skip
    hears = office.run(LEADER, "command", "B0000", "set_parameters", "values=0048=13900000000", "--reason", "x")
    assert (hears.returncode, "0048 listening_phone" in hears.stderr) == (2, True)


def test_who_audits_sees_no_place_wherever_he_asks(office, alarm):
    placed = office.run(DUTY, "alarms", "show", alarm, "--json")
    assert json.loads(placed.stdout)["position"] is not None
    shown = office.run(AUDITOR, "alarms", "show", alarm, "--json")
    line = json.loads(shown.stdout)
    assert (line["position"], line["place"], line["facts"]["places_hidden"]) == (None, None, 1)
    longitude = str(json.loads(placed.stdout)["position"]["coordinates"][0])
    assert longitude not in shown.stdout
    for words in (("where", "P0000"), ("track", "P0000", "--since", "2026-01-01"), ("alarms", "explain", alarm)):
        refused = office.run(AUDITOR, *words)
        assert (refused.returncode, "takes one of the roles" in refused.stderr) == (2, True), words


def test_each_look_and_each_refusal_is_in_the_chain_and_the_auditor_alone_reads_it(office):
    assert office.run(DUTY, "where", "P0001").returncode == 0
    assert office.gateway.command("where", "P0001", "--by", "D07").returncode == 0
    assert office.run(AUDITOR, "where", "P0001").returncode == 2
    assert office.run(STRANGER, "where", "P0001").returncode == 2
    listed = office.run(AUDITOR, "audit", "--what", "where", "--json")
    rows = [json.loads(line) for line in listed.stdout.splitlines()][:4]
    said = [(one["number"], one["account"], one["door"], one["roles"], one["ok"]) for one in rows]
    assert said == [
        ("", STRANGER.pw_name, "cli", [], False),
        ("A01", AUDITOR.pw_name, "cli", ["auditor"], False),
        ("D07", "root", "cli", [], True),
        ("D01", DUTY.pw_name, "cli", ["duty"], True),
    ]
    mine = office.run(AUDITOR, "audit", "--person", "P0001", "--staff", "D01", "--what", "where")
    assert "D01" in mine.stdout
    assert STRANGER.pw_name not in mine.stdout
    assert office.run(AUDITOR, "audit", "--csv").stdout.startswith("\ufeffentry,time,number")
    for user in (DUTY, LEADER, TECHNICIAN):
        assert office.run(user, "audit").returncode == 2
    kinds = {one["what"] for one in office.entries(EntryKind.AUDIT)}
    assert kinds >= {"where", "alarms", "act", "command", "confirm", "audit"}
    assert "chain unbroken" in office.gateway.command("verify").stdout


def test_without_a_table_the_group_alone_opens_nothing_and_the_socket_stands_where_it_is_told():
    place = Path(tempfile.mkdtemp(prefix="run-"))
    place.chmod(0o755)
    gateway = opened_county(f"control: {{socket: {place}/gate.sock, group: {GROUP.gr_name}}}\n", place / "gate.sock")
    try:
        other = Office(gateway)
        refused = other.run(OUTSIDER, "alarms", "list")
        assert (refused.returncode, "not in the table of staff" in refused.stderr) == (2, True)
        assert gateway.command("status").returncode == 0
        assert gateway.command("alarms", "list").returncode == 0
    finally:
        gateway.finish()
        shutil.rmtree(gateway.county.directory.parent)
        shutil.rmtree(place)
