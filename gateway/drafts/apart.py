"""A draft laid over what is in force, read apart: the daemon keeps nothing at hand that reads a county's files.

    python -m gateway.drafts.apart STORAGE ID DIGEST LANGUAGE

``DIGEST`` names the configuration, whose texts the journal has. What was found is said on its output (:class:`Found`).
"""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec

from gateway.decoded import from_msgpack
from gateway.errors import OurFault, UserFault
from gateway.words.draft_phrases import DRAFTS
from gateway.words.phrases import spoken

if TYPE_CHECKING:
    from gateway.drafts.draft import Draft
    from gateway.settings.model import Configuration

PATIENCE: Final = 300.0
"""Real seconds that it may take."""
NICE: Final = 5


class Found(msgspec.Struct, frozen=True):
    """What a draft is over a configuration.

    Attributes:
        base: of its zone there (:func:`gateway.drafts.texts.base_of`).
        changed: the texts that it changes, by name.
        faults: in words; where there are any, ``changed`` is of no use.
        offices: of the people whom the zone, or of HOME the rule, binds, before or afterwards.
    """

    base: str
    changed: dict[str, str] = {}
    faults: list[str] = []
    offices: list[str] = []


def found_apart(storage: Path, identity: str, digest: str, language: str) -> Found:
    """What a draft of a storage directory is over a configuration; waits for a process.

    Raises:
        OurFault: it failed, or took too long.
    """
    words = [sys.executable, "-P", "-m", "gateway.drafts.apart", str(storage), identity, digest, language]
    try:
        done = subprocess.run(  # noqa: S603  our own interpreter
            words, capture_output=True, check=True, timeout=PATIENCE, env={**os.environ, "OPENBLAS_NUM_THREADS": "1"}
        )
    except subprocess.SubprocessError as fault:
        said = getattr(fault, "stderr", None) or b""
        cause = said.decode(errors="replace").strip().rpartition("\n")[2] or type(fault).__name__
        raise OurFault(DRAFTS["draft_unread"].filled(cause=cause)) from fault
    return from_msgpack(done.stdout, Found)


def found(storage: Path, identity: str, digest: str, language: str) -> Found:
    """The same, in this process.

    Raises:
        UserFault: there is no such draft.
        OurFault: more than it says would change; or it, or the journal, cannot be read.
    """
    from gateway.drafts.checking import checked  # noqa: PLC0415  of the process alone
    from gateway.drafts.shelf import DraftShelf  # noqa: PLC0415  as above
    from gateway.drafts.texts import base_of  # noqa: PLC0415  as above
    from gateway.journal import FileJournal  # noqa: PLC0415  as above
    from gateway.settings.load import load_sources  # noqa: PLC0415  as above

    draft = DraftShelf(storage).of(identity).draft
    with closing(FileJournal(storage / "journal", read_only=True)) as journal:
        texts = journal.configuration(digest)
    running, base = load_sources(texts), base_of(texts, draft.zone)
    try:
        over = checked(texts, running, draft, language)
    except UserFault as fault:
        return Found(base, faults=[spoken(fault, language)])
    faults = [f"{one.where}: {one.message}" for one in over.faults]
    sides = [one for one in (running, over.configuration) if one is not None]
    offices = {office for one in sides for office in _offices(one, draft)}
    return Found(base, over.laid.changed, faults, sorted(offices))


def _offices(configuration: Configuration, draft: Draft) -> set[str]:
    from gateway.drafts.measures import bound_by  # noqa: PLC0415  as above

    return {configuration.people[person].office for person in bound_by(configuration, draft)}


def main() -> None:
    """Say what was found."""
    os.nice(NICE)
    storage, identity, digest, language = sys.argv[1:]
    sys.stdout.buffer.write(msgspec.msgpack.encode(found(Path(storage), identity, digest, language)))


if __name__ == "__main__":
    main()
