"""What the commands of drafts do, and say."""

from __future__ import annotations

import json
import os
from contextlib import closing, suppress
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.progress import Progress

from gateway.cli.county import opened, storage_of, told
from gateway.cli.looking import account, look
from gateway.clock import iso
from gateway.control.messages import Request
from gateway.control.rights import sees, sees_places
from gateway.drafts.checking import checked
from gateway.drafts.draft import HOME
from gateway.drafts.judging import judged
from gateway.drafts.measures import edges
from gateway.drafts.sentences import edges_said, preview_said, said, stands
from gateway.drafts.shelf import DraftShelf
from gateway.drafts.writing import put
from gateway.errors import GatewayFault, TransientFault, UserFault
from gateway.journal import FileJournal
from gateway.replay.reading import digest_at
from gateway.settings.load import load_sources
from gateway.words.draft_phrases import DRAFTS
from gateway.words.phrases import LANGUAGE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from gateway.control.rights import Caller
    from gateway.drafts.checking import Checked
    from gateway.drafts.draft import Draft
    from gateway.drafts.shelf import Kept
    from gateway.settings.model import Configuration

PATIENCE: Final = 960.0
"""Seconds to wait for the daemon, which reads the files twice and compiles them."""
RIGHT: Final = "draft"


def listed(config: Path, lang: str, by: str, *, as_json: bool) -> Iterator[str]:
    """A line a draft, the newest first."""
    configuration, shelf, _ = _opened(config, lang, by)
    found = shelf.all()
    if as_json:
        yield from (json.dumps(_told(one), ensure_ascii=False) for one in found)
    elif not found:
        yield _said("draft_none")
    else:
        zone = ZoneInfo(configuration.county.timezone)
        yield from (_line(one, zone) for one in found)


def _line(kept: Kept, zone: ZoneInfo) -> str:
    draft = kept.draft
    parts = [f"{draft.id}  {draft.zone}  {draft.by}  {iso(draft.at)}  {stands(kept, LANGUAGE.get())}"]
    if kept.preview is not None:
        parts += [f"    {line}" for line in preview_said(kept.preview, zone, LANGUAGE.get())]
    return "\n".join(parts)


def _told(kept: Kept) -> dict[str, object]:
    draft, proposal = kept.draft, kept.proposal
    return {
        "id": draft.id, "zone": draft.zone, "form": draft.form, "datum": draft.datum, "by": draft.by,
        "at": iso(draft.at), "digest": draft.digest, "tried": kept.preview is not None,
        "proposed_by": proposal.by if proposal else None,
        "confirmed_by": (proposal.confirmed_by or None) if proposal else None,
    }  # fmt: skip


def faults(config: Path, lang: str, by: str, identity: str) -> tuple[bool, list[str]]:
    """Whether a draft has none; each in words, or that there are none, with homes of whom the caller may see."""
    configuration, shelf, caller = _opened(config, lang, by)
    draft = shelf.of(identity).draft
    found = _checked(configuration, draft)
    lines = [f"{one.where}: {one.message}" for one in (*found.faults, *found.warnings)]
    if found.configuration is None:
        return False, lines
    people = [one.person for one in found.configuration.people.values() if sees(caller, one.office)]
    seen = people if sees_places(caller) else ()
    near = [] if draft.form == HOME else edges(found.configuration, draft.zone, seen)
    return True, [*lines, _said("draft_well"), *edges_said(near, LANGUAGE.get())]


def tried(config: Path, lang: str, by: str, identity: str) -> list[str]:
    """What a draft would have said of the past; it is kept with the draft."""
    configuration, shelf, _ = _opened(config, lang, by)
    draft = shelf.of(identity).draft
    if not draft.is_drawn:
        raise UserFault(DRAFTS["draft_unfinished"])
    with suppress(GatewayFault):  # where no daemon runs, what is stored is all there is
        told(configuration, Request("keep_history", by=by))
    console = Console(stderr=True)
    with Progress(console=console, disable=not console.is_terminal) as progress:
        task = progress.add_task(draft.zone, total=None)
        found = judged(
            shelf.storage, draft, progress=lambda done, of: progress.update(task, completed=done, total=of)
        )  # fmt: skip
    shelf.tried(identity, found)
    return list(preview_said(found, ZoneInfo(configuration.county.timezone), LANGUAGE.get()))


def asked(config: Path, lang: str, by: str, identity: str, do: str) -> tuple[str, str]:
    """Have the daemon take a draft one step on; how it stands, and that in words."""
    configuration, shelf, _ = _opened(config, lang, by)
    digest = shelf.of(identity).draft.digest
    data = told(configuration, Request(do, id=identity, digest=digest, by=by), PATIENCE)
    words = {
        "by": by or account(), "id": identity, "cause": data.get("cause", ""),
        "files": ", ".join(data.get("files", ())),
    }  # fmt: skip
    return data["state"], "\n".join([*data.get("changes", ()), _said(f"draft_{data['state']}", **words)])


def written(config: Path, lang: str, by: str, identity: str) -> str:
    """Write a confirmed draft's texts, and have the daemon take them; files are put back where it does not."""
    configuration, shelf, _ = _opened(config, lang, by)
    kept = shelf.of(identity)
    if kept.proposal is None or not kept.proposal.confirmed_by:
        raise UserFault(DRAFTS["draft_not_confirmed"])
    changed = _checked(configuration, kept.draft).laid.changed
    undo = put(config if config.is_dir() else config.parent, changed)
    try:
        told(configuration, Request("draft_written", id=identity, by=by), PATIENCE)
    except TransientFault:
        raise  # it may have been taken: the files stay, and the command may be given again
    except GatewayFault:
        undo()
        raise
    return _said("draft_in_force", files=", ".join(sorted(changed)))


def dropped(config: Path, lang: str, by: str, identity: str) -> str:
    """Take a draft away."""
    _, shelf, _ = _opened(config, lang, by)
    shelf.drop(identity)
    return _said("draft_dropped", id=identity)


def _opened(config: Path, lang: str, by: str) -> tuple[Configuration, DraftShelf, Caller]:
    """The county, its drafts, and who asks: which stands in the journal.

    Raises:
        UserFault: this account may not look into the storage directory, or whoever it is may not draw.
    """
    configuration = opened(config, lang)
    storage = storage_of(configuration)
    if storage.exists() and not os.access(storage, os.R_OK | os.W_OK | os.X_OK):
        raise UserFault(DRAFTS["draft_unreadable"].filled(account=account(), path=storage))
    return configuration, DraftShelf(storage), look(configuration, RIGHT, by)


def _checked(configuration: Configuration, draft: Draft) -> Checked:
    """A draft over what is in force, as the journal has it."""
    directory = storage_of(configuration) / "journal"
    if not list(directory.glob("*.journal")):
        raise UserFault(DRAFTS["draft_no_journal"].filled(directory=directory))
    with closing(FileJournal(directory, read_only=True)) as journal:
        texts = journal.configuration(digest_at(journal, journal.next_offset))
    return checked(texts, load_sources(texts), draft, LANGUAGE.get())


def _said(key: str, **values: object) -> str:
    return said(LANGUAGE.get(), key, **values)
