"""A zone is drawn, tried on the past, let in by two people, written into the files, and judged by."""

from __future__ import annotations

import re
import shutil
import time
import uuid
from contextlib import contextmanager
from dataclasses import dataclass

import httpx
import msgspec
import pytest
from console_process import CSRF, DeskProcess
from gateway_process import eventually
from plain_terminal import POSITION, Terminal, position
from pressed_county import phone
from test_reload import BAR as BAR_RULE
from test_reload import STAFF, add_rules, in_force, journaled

from gateway.control.client import ask
from gateway.control.messages import Request
from gateway.drafts.draft import Binding, Draft
from gateway.drafts.shelf import DraftShelf, Proposal
from gateway.journal.controls import Act
from gateway.journal.entries import EntryKind

BAR = Draft(
    "", "bar", "the bar", "circle", "wgs84", ((109.42, 24.33),), 300.0,
    binding=Binding("no-bar", "keep_out", "P0001", "order-9", "court_order"), by="D01",
)  # fmt: skip

FIELDS = "revision|name|longitude|latitude|radius_m"


def drafted(gateway, code, *words):
    done = gateway.command("draft", *words)
    assert done.returncode == code, (done.stdout, done.stderr)
    return done.stdout + done.stderr


def asked(gateway, do, by, draft):
    """What the daemon says in the name of a member of staff: how it stands, or why not."""
    request = Request(do, id=draft.id, digest=draft.digest, by=by, for_staff=True, language="en")
    reply = ask(gateway.county.storage, request, 60)
    return reply.data if reply.ok else reply.error


def stand_there(gateway, first, last=0):
    """The bracelet stands where the bar is, from so many seconds ago on; below 0: its clock is ahead of ours."""
    with Terminal(gateway.county.port, phone(1)) as terminal:
        terminal.log_in()
        for ago in range(first, last - 1, -30):
            terminal.ask(POSITION, position(time.time() - ago))
    gateway.settle()


def judged_zones(gateway):
    """By zone, how likely the bracelet is in a barred one."""
    found = ask(gateway.county.storage, Request("where", id="P0001", by="D01"), 60).data
    return {zone["zone"]: zone["probability"] for place in found["places"] for zone in place["zones"]}


@pytest.fixture
def gateway(make_gateway):
    return make_gateway(more=STAFF)


@pytest.fixture
def desk(gateway):
    """The county's desk, whose cafe is barred from before the reports on."""
    assert gateway.stop() == 0
    shutil.rmtree(gateway.county.storage)
    add_rules(gateway, BAR_RULE)
    gateway.start()
    in_force(gateway)
    one = DeskProcess(gateway)
    one.start()
    yield one
    one.finish()


@dataclass
class Officer:
    """Somebody at the desk, and the page that he is on."""

    client: httpx.Client
    page: str = ""

    def look(self, path):
        answer = self.client.get(path)
        assert answer.status_code == 200, answer.text
        self.page = answer.text
        return self.page

    def send(self, path, **form):
        answer = self.client.post(path, data={"csrf": CSRF.findall(self.page)[0], **form}, follow_redirects=True)
        assert answer.status_code == 200, answer.text
        self.page = answer.text if "<html" in answer.text else self.page
        return answer

    def typed(self):
        """The values of the form as it stands."""
        return dict(re.findall(rf'<input[^>]* name="({FIELDS})"[^>]* value="([^"]*)"', self.page))


@contextmanager
def came_in(desk, number):
    with httpx.Client(base_url=desk.address, cookies=desk.cookies_of(number), timeout=120) as client:
        yield Officer(client)


def closed_as_technical(gateway):
    """The alarm of whoever stood in the cafe, closed by an officer."""
    eventually(gateway.events, "the alarm is raised")
    (alarm,) = {each["data"]["alarm"] for each in gateway.events()}
    act = Act(uuid.uuid4().hex, "close", alarm, "", "technical", "the fixes were wrong")
    assert ask(gateway.county.storage, Request("act", act=act, by="D01", for_staff=True)).ok


def test_a_zone_is_drawn_anew_tried_and_let_in_by_two_at_the_desk_and_judged_by(gateway, desk):
    stand_there(gateway, 600)
    closed_as_technical(gateway)
    assert judged_zones(gateway)["cafe"] > 0.9
    before = in_force(gateway)
    with came_in(desk, "D01") as duty, came_in(desk, "L01") as leader:
        duty.look("/zones")
        path = duty.send("/zones/draft", zone="cafe").url.path
        moved = duty.typed()
        moved |= {"latitude": str(float(moved["latitude"]) + 0.02)}
        duty.send(path, form="circle", do="save", **moved)
        assert "No faults" in duty.page
        assert "draw-propose" not in duty.page
        answer = duty.send(f"{path}/try").text
        while "hx-trigger" in answer:
            answer = duty.client.get(f"{path}/tried").text
        assert "it would have raised 0;" in answer
        assert "1 that are raised now would not be, of which 1 closed as technical." in answer
        digest = re.search(r'name="digest" value="(\w+)" id="draw-propose"', duty.look(path))[1]
        duty.send(f"{path}/propose", digest=digest)
        assert "waits for a second person" in duty.page
        assert "draw-confirm" not in duty.page
        assert 'id="draw-confirm"' in leader.look(path)
        assert in_force(gateway) == before
        leader.send(f"{path}/confirm", digest=digest)
        assert "Zone cafe is in force" in leader.page
    assert in_force(gateway) != before
    assert [(said["do"], said["by"]) for kind, said in journaled(gateway) if kind is EntryKind.RELOAD] == [
        ("proposed", "D01"), ("confirmed", "L01"),
    ]  # fmt: skip
    assert "drawn-cafe.geojson" in (gateway.county.directory / "gateway.yaml").read_text("utf-8")
    eventually(lambda: gateway.status()["files"]["en"] == "as in force", "the files say it")
    stand_there(gateway, 0, -120)
    eventually(lambda: judged_zones(gateway)["cafe"] < 0.1, "the zone is judged as it is drawn now", 30)
    assert gateway.tracebacks() == 0


@pytest.mark.torture
def test_a_zone_to_be_in_at_hours_is_tried_proposed_and_confirmed_at_the_desk(gateway, desk):
    stand_there(gateway, 600)
    before = in_force(gateway)
    rule = {"does": "be_there", "rule": "no-farm", "people": "P0001", "basis": "order-9", "basis_kind": "court_order"}
    hours = {"begins": "00:00", "ends": "24:00", "days": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]}
    with came_in(desk, "D01") as duty, came_in(desk, "L01") as leader:
        duty.look("/zones")
        path = duty.send("/zones/draft", zone="farm", name="the farm").url.path
        place = {"longitude": "109.50", "latitude": "24.40", "radius_m": "200", "revision": "1", "name": "the farm"}
        duty.send(path, form="circle", do="add", add_longitude="109.50", add_latitude="24.40", **rule, **hours, **{
            name: place[name] for name in ("radius_m", "revision", "name")
        })  # fmt: skip
        assert "No faults" in duty.page
        answer = duty.send(f"{path}/try").text
        while "hx-trigger" in answer:
            answer = duty.client.get(f"{path}/tried").text
        assert re.search("it would have raised [1-9]", answer), answer
        digest = re.search(r'name="digest" value="(\w+)" id="draw-propose"', duty.look(path))[1]
        duty.send(f"{path}/propose", digest=digest)
        leader.look(path)
        leader.send(f"{path}/confirm", digest=digest)
        assert "Zone farm is in force" in leader.page
    assert in_force(gateway) != before
    (written,) = (gateway.county.directory / "rules").glob("drawn-farm-*.yaml")
    assert 'curfew: {zone: farm, from: "00:00", until: "24:00"' in written.read_text("utf-8")
    assert gateway.tracebacks() == 0


def propose_as(shelf, draft, number):
    shelf.propose(draft.id, Proposal(draft.digest, number, "root", 1.0))
    return draft


@pytest.mark.torture
def test_files_that_differ_or_may_not_be_written_keep_a_draft_out(gateway):
    shelf, before = DraftShelf(gateway.county.storage), in_force(gateway)
    main, draft = gateway.county.directory / "gateway.yaml", shelf.begin(BAR)
    text = main.read_text("utf-8")
    assert "was not tried" in asked(gateway, "draft_propose", "D01", draft)
    assert "nobody has proposed" in asked(gateway, "draft_confirm", "L01", draft)
    assert "role" in asked(gateway, "draft_confirm", "D01", draft)
    assert "somebody else" in asked(gateway, "draft_confirm", "L01", propose_as(shelf, draft, "L01"))
    propose_as(shelf, draft, "T01")
    main.write_text(text + "# a note\n", "utf-8")
    assert "files differ" in asked(gateway, "draft_confirm", "L01", draft)
    main.write_text(text, "utf-8")
    changed = msgspec.structs.replace(draft, radius_m=1.0)
    assert "not what you were shown" in asked(gateway, "draft_confirm", "L01", changed)
    # A file stands where the new directory is to be.
    (gateway.county.directory / "rules").write_text("", "utf-8")
    assert asked(gateway, "draft_confirm", "L01", draft)["state"] == "confirmed"
    assert (in_force(gateway), main.read_text("utf-8")) == (before, text)
    assert not (gateway.county.directory / "zones" / "drawn-bar.geojson").exists()
    assert "do not say it yet" in asked(gateway, "draft_written", "T01", draft)
    assert "confirmed by L01" in drafted(gateway, 0, "list", "--by", "T01")
    (gateway.county.directory / "rules").unlink()
    assert "in force" in drafted(gateway, 0, "write", draft.id, "--by", "T01")
    assert in_force(gateway) != before
    assert shelf.all() == []
    # A second draft of the same zone was drawn over what is no more.
    late = propose_as(shelf, shelf.begin(BAR), "D01")
    assert "base changed" in asked(gateway, "draft_confirm", "L01", late)
    assert gateway.tracebacks() == 0
