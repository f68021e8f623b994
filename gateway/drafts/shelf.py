"""Where drafts are kept: a directory each beside state.db, for the service's account alone; nobody is judged by it."""

from __future__ import annotations

import secrets
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeVar

import msgspec

from gateway.decoded import from_json
from gateway.drafts.draft import Draft, check_bounds, check_identity
from gateway.drafts.preview import Preview
from gateway.errors import OurFault, UserFault
from gateway.on_disk import make
from gateway.private import handed_over, replacing
from gateway.words.draft_phrases import DRAFTS

if TYPE_CHECKING:
    from pathlib import Path

MOST: Final = 100
"""Drafts that are kept at once."""
_DRAFT, _PREVIEW, _PROPOSAL = "draft.json", "preview.json", "proposal.json"
Kind = TypeVar("Kind", Draft, Preview, "Proposal")


class Proposal(msgspec.Struct, frozen=True):
    """Who wants what in force.

    Attributes:
        digest: of the draft as it was then.
        by, account, at: who proposed it, as whom the kernel knows him, and when (UTC epoch seconds).
        confirmed_by, confirmed_account: the second person, where the files could not be written then; empty: nobody.
    """

    digest: str
    by: str
    account: str
    at: float
    confirmed_by: str = ""
    confirmed_account: str = ""


class Kept(msgspec.Struct, frozen=True):
    """A draft with what belongs to it as it is drawn now; None: there is none, or it was of another drawing."""

    draft: Draft
    preview: Preview | None = None
    proposal: Proposal | None = None


@dataclass(frozen=True, slots=True)
class DraftShelf:
    """The drafts below a storage directory."""

    storage: Path

    def all(self) -> list[Kept]:
        """Every draft, the newest first.

        Raises:
            OurFault: one is damaged.
        """
        found = [self.of(path.parent.name) for path in self._directory.glob(f"*/{_DRAFT}")]
        return sorted(found, key=lambda one: (-one.draft.at, one.draft.id))

    def of(self, identity: str) -> Kept:
        """One.

        Raises:
            UserFault: there is no such draft.
            OurFault: it is damaged.
        """
        draft = self._read(identity, _DRAFT, Draft)
        if draft is None:
            raise UserFault(DRAFTS["draft_unknown"].filled(value=identity))
        preview, proposal = self._read(identity, _PREVIEW, Preview), self._read(identity, _PROPOSAL, Proposal)
        return Kept(
            draft,
            preview if preview is not None and preview.digest == draft.digest else None,
            proposal if proposal is not None and proposal.digest == draft.digest else None,
        )

    def begin(self, draft: Draft) -> Draft:
        """Keep a new one, under an id of its own.

        Raises:
            UserFault: there are too many, or it cannot be so.
        """
        check_bounds(draft)
        if len(list(self._directory.glob(f"*/{_DRAFT}"))) >= MOST:
            raise UserFault(DRAFTS["draft_many"].filled(most=MOST))
        begun = msgspec.structs.replace(draft, id=secrets.token_hex(4), revision=1)
        self._write(begun.id, _DRAFT, begun)
        return begun

    def change(self, draft: Draft) -> Draft:
        """Keep one that was changed; its ``revision`` is the one that was changed.

        Raises:
            UserFault: somebody else has changed it meanwhile, or it cannot be so.
        """
        check_bounds(draft)
        before = self.of(draft.id).draft
        if before.revision != draft.revision:
            raise UserFault(DRAFTS["draft_changed"].filled(by=before.by))
        changed = msgspec.structs.replace(draft, revision=draft.revision + 1)
        self._write(draft.id, _DRAFT, changed)
        return changed

    def tried(self, identity: str, preview: Preview) -> None:
        """Keep what a draft would have said of the past."""
        self._write(self.of(identity).draft.id, _PREVIEW, preview)

    def propose(self, identity: str, proposal: Proposal) -> None:
        """Keep who wants it in force."""
        self._write(self.of(identity).draft.id, _PROPOSAL, proposal)

    def drop(self, identity: str) -> None:
        """Take a draft away.

        Raises:
            UserFault: there is no such draft.
        """
        shutil.rmtree(self._directory / self.of(identity).draft.id)

    @property
    def _directory(self) -> Path:
        return self.storage / "drafts"

    def _read(self, identity: str, name: str, kind: type[Kind]) -> Kind | None:
        path = self._directory / check_identity(identity) / name
        try:
            return from_json(path.read_bytes(), kind)
        except FileNotFoundError:
            return None
        except msgspec.MsgspecError as fault:
            raise OurFault(DRAFTS["draft_damaged"].filled(path=path)) from fault

    def _write(self, identity: str, name: str, value: msgspec.Struct) -> None:
        directory = self._directory / identity
        for each in (self._directory, directory):
            if not each.is_dir():
                make(each, 0o700)
                handed_over(each)
        with replacing(directory / name) as out:
            out.write(msgspec.json.encode(value))
        handed_over(directory / name)
