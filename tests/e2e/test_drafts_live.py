"""A zone is drawn, tried on the past, let in by two people, written into the files, and judged by."""

from __future__ import annotations

import time

import msgspec
import pytest
from gateway_process import eventually
from plain_terminal import POSITION, Terminal, position
from pressed_county import phone
from test_reload import STAFF, in_force, journaled

from gateway.control.client import ask
from gateway.control.messages import Request
from gateway.drafts.draft import Binding, Draft
from gateway.drafts.shelf import DraftShelf, Proposal
from gateway.journal.entries import EntryKind

BAR = Draft(
    "", "bar", "the bar", "circle", "wgs84", ((109.42, 24.33),), 300.0,
    binding=Binding("no-bar", "keep_out", "P0001", "order-9", "court_order"), by="D01",
)  # fmt: skip


def drafted(gateway, code, *words):
    done = gateway.command("draft", *words)
    assert done.returncode == code, (done.stdout, done.stderr)
    return done.stdout + done.stderr


def asked(gateway, do, by, draft):
    """What the daemon says in the name of a member of staff: how it stands, or why not."""
    request = Request(do, id=draft.id, digest=draft.digest, by=by, for_staff=True, language="en")
    reply = ask(gateway.county.storage, request, 60)
    return reply.data if reply.ok else reply.error


def stand_there(gateway, since):
    """The bracelet stands where the bar is."""
    with Terminal(gateway.county.port, phone(1)) as terminal:
        terminal.log_in()
        for ago in range(since, -1, -30):
            terminal.ask(POSITION, position(time.time() - ago))
    gateway.settle()


def judged_zones(gateway):
    found = ask(gateway.county.storage, Request("where", id="P0001", by="D01"), 60).data
    return {zone["zone"]: zone["is"] for place in found["places"] for zone in place["zones"]}


@pytest.fixture
def gateway(make_gateway):
    return make_gateway(more=STAFF)


def test_a_drawn_zone_is_tried_and_comes_into_force_by_two_and_is_judged_by(gateway):
    shelf = DraftShelf(gateway.county.storage)
    before = in_force(gateway)
    stand_there(gateway, 600)
    assert (gateway.events(), set(judged_zones(gateway))) == ([], {"county"})
    one, two = shelf.begin(BAR), shelf.begin(BAR)
    assert "was not tried" in asked(gateway, "draft_propose", "D01", one)
    said = drafted(gateway, 0, "preview", one.id, "--by", "D01")
    assert "it would have raised 1; 1 of them are not raised as it is now" in said
    assert "nobody has proposed" in asked(gateway, "draft_confirm", "L01", one)
    assert asked(gateway, "draft_propose", "D01", one)["state"] == "proposed"
    assert "somebody else" in asked(gateway, "draft_confirm", "L01", propose_as(shelf, one, "L01"))
    assert asked(gateway, "draft_propose", "D01", one)["state"] == "proposed"
    assert "role" in asked(gateway, "draft_confirm", "D01", one)
    assert in_force(gateway) == before
    done = asked(gateway, "draft_confirm", "L01", one)
    assert "P0001: new: barred from the bar" in done["changes"]
    assert done["files"] == ["gateway.yaml", f"rules/drawn-bar-{one.id}.yaml", "zones/drawn-bar.geojson"]
    assert in_force(gateway) != before
    assert [(said["do"], said["by"]) for kind, said in journaled(gateway) if kind is EntryKind.RELOAD] == [
        ("proposed", "D01"), ("confirmed", "L01"),
    ]  # fmt: skip
    eventually(lambda: gateway.status()["files"]["en"] == "as in force", "the files say it")
    # The second draft of the same zone was drawn over what is no more.
    assert "base changed" in asked(gateway, "draft_confirm", "L01", propose_as(shelf, two, "D01"))
    assert [kept.draft.id for kept in shelf.all()] == [two.id]
    stand_there(gateway, 0)
    eventually(lambda: "bar" in judged_zones(gateway), "the new zone is judged", 20)
    assert gateway.tracebacks() == 0


def propose_as(shelf, draft, number):
    shelf.propose(draft.id, Proposal(draft.digest, number, "root", 1.0))
    return draft


def test_files_that_differ_or_may_not_be_written_keep_a_draft_out(gateway):
    shelf, before = DraftShelf(gateway.county.storage), in_force(gateway)
    main, draft = gateway.county.directory / "gateway.yaml", shelf.begin(BAR)
    text = main.read_text("utf-8")
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
    assert gateway.tracebacks() == 0
