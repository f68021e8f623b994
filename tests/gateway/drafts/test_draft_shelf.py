"""Drafts on the disk: one directory each, changed by one person at a time, bounded, and private."""

from __future__ import annotations

import msgspec
import pytest

from gateway.drafts import shelf as shelves
from gateway.drafts.draft import Draft
from gateway.drafts.preview import Preview
from gateway.drafts.shelf import DraftShelf, Proposal
from gateway.errors import OurFault, UserFault

BAR = Draft("", "bar", "the bar", "circle", "gcj02", ((109.45, 24.30),), 200.0, by="D01", at=5.0)


@pytest.fixture
def shelf(tmp_path):
    return DraftShelf(tmp_path)


def test_a_draft_comes_back_as_it_was_and_goes_when_it_is_dropped(shelf, tmp_path):
    assert shelf.all() == []
    begun = shelf.begin(BAR)
    later = shelf.begin(msgspec.structs.replace(BAR, zone="pub", at=6.0))
    assert (shelf.of(begun.id).draft, begun.revision) == (begun, 1)
    assert [one.draft.zone for one in shelf.all()] == ["pub", "bar"]
    assert {oct(path.stat().st_mode)[-3:] for path in tmp_path.rglob("*")} == {"700", "600"}
    shelf.drop(begun.id)
    assert [one.draft.id for one in shelf.all()] == [later.id]
    with pytest.raises(UserFault):
        shelf.of(begun.id)


def test_what_two_change_at_once_is_refused_to_the_second(shelf):
    begun = shelf.begin(BAR)
    changed = shelf.change(msgspec.structs.replace(begun, radius_m=300.0, by="D02"))
    assert changed.revision == 2
    with pytest.raises(UserFault, match="D02 has changed"):
        shelf.change(msgspec.structs.replace(begun, radius_m=400.0))
    assert shelf.of(begun.id).draft.radius_m == 300.0


def test_a_preview_and_a_proposal_are_of_the_drawing_that_they_were_of(shelf):
    begun = shelf.begin(BAR)
    shelf.tried(begun.id, Preview(begun.digest, "c"))
    shelf.propose(begun.id, Proposal(begun.digest, "D01", "root", 1.0))
    found = shelf.of(begun.id)
    assert (found.preview.configuration, found.proposal.by) == ("c", "D01")
    changed = shelf.change(msgspec.structs.replace(begun, radius_m=300.0))
    assert shelf.of(begun.id) == shelves.Kept(changed, None, None)
    assert msgspec.structs.replace(changed, radius_m=200.0, by="L01", at=9.0).digest == begun.digest


@pytest.mark.parametrize("identity", ["", "..", "../../etc", "0a0b0c0", "0A0B0C0D", "0a0b0c0d/x"])
def test_an_id_is_no_path(shelf, identity):
    with pytest.raises(UserFault):
        shelf.of(identity)


def test_there_are_so_many_at_most(shelf, monkeypatch):
    monkeypatch.setattr(shelves, "MOST", 2)
    for _ in range(2):
        shelf.begin(BAR)
    with pytest.raises(UserFault, match="2 drafts already"):
        shelf.begin(BAR)


def test_one_that_is_damaged_is_named(shelf, tmp_path):
    begun = shelf.begin(BAR)
    (tmp_path / "drafts" / begun.id / "draft.json").write_text("{", "utf-8")
    with pytest.raises(OurFault, match=begun.id):
        shelf.all()
