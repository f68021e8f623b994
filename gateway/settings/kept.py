"""What was read of a county's files and found sound, kept in its storage directory for the next start.

It is used only where everything that was asked of the files then is answered the same now: every text, which files
match a pattern, where the directory is; by the same code, libraries and time zone. Whatever is damaged, of another
version or not signed with the gateway's own secret is passed over, and the files are read. Credentials are never in it.
"""

from __future__ import annotations

import hmac
import re
from dataclasses import fields, replace
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import msgspec

from fencing.dates import WorkCalendar
from fencing.datum import Datum
from gateway.columns import Columns
from gateway.decoded import from_msgpack
from gateway.private import replacing
from gateway.settings import (
    absences,
    alarm_policy,
    canary,
    hour_model,
    meetings,
    model,
    receivers,
    roll_call,
    task_model,
    windows,
    zone_model,
)
from gateway.settings import holds as legal_holds
from gateway.settings.asked import Asked, holds
from gateway.settings.files import CREDENTIALS, MAIN, OVERLAY, DirectoryFiles
from gateway.settings.made_by import made_by
from gateway.settings.model import Configuration, Credential
from gateway.settings.sources import text_digest
from protocols.registry import FAMILIES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from gateway.settings.files import Files

NAME: Final = "compiled"
"""Of the file, in the storage directory."""
_SECRET: Final = "secret"  # noqa: S105  a file's name
_MAC_BYTES: Final = 32
_LENGTH_BYTES: Final = 8
_DIRECTORY: Final = re.compile(r"\bdirectory: *(?:\"([^\"\n]+)\"|'([^'\n]+)'|([^,}#\n]+))")
_MOST_HINTS: Final = 4
NOTHING: Final[Mapping[str, bytes]] = MappingProxyType({})
"""No part."""
_APART: Final = ("sources", "digest", "families", "counts_since")
"""Of a configuration: made anew each time."""
_MODEL: Final = (
    absences,
    alarm_policy,
    canary,
    legal_holds,
    hour_model,
    meetings,
    model,
    receivers,
    roll_call,
    task_model,
    windows,
    zone_model,
)
_COLUMNS: Final = Columns(
    [value for module in _MODEL for value in vars(module).values()
     if isinstance(value, type) and value.__module__ == module.__name__] + [Datum, WorkCalendar]
)  # fmt: skip


class _Kept(msgspec.Struct, frozen=True):
    """The file behind its signature: the length of this, big-endian; this; the packed parts; what was drawn.

    ``texts`` has a digest of each by name, ``told`` one of each part, ``parts`` their lengths in bytes; ``credentials``
    is a digest of their text under the secret, empty where there are none. Large as it is, it is nowhere copied whole:
    all threads would wait for that.
    """

    timezone: str
    made_by: str
    asked: Asked
    texts: dict[str, str]
    digest: str
    credentials: str
    told: dict[str, str]
    parts: dict[str, int]


class Recalled(NamedTuple):
    """What was kept and holds: the configuration, what the engine drew of it, what was asked; the credentials' text.

    ``told``: digests of what the configuration is made of.
    """

    configuration: Configuration
    drawn: bytes
    asked: Asked
    credentials: str | None
    told: Told


def recall(path: Path, *, secrets: bool) -> tuple[Recalled | None, str]:
    """What is kept of the county at ``path`` (as :func:`gateway.settings.load.inspect` takes it), if it holds.

    Returns:
        It, or None; and why not: ``none``, ``damaged``, ``version``, ``files``, ``credentials``.
    """
    files, why = DirectoryFiles(path, secrets=secrets), "none"
    try:
        for directory in _hinted(files.text(MAIN)):
            storage = Path(files.resolved(directory))
            if (storage / NAME).is_file():
                return _recalled(storage, files)
    except _Unfit as unfit:
        why = str(unfit)
    except (OSError, ValueError):
        pass
    return None, why


def keep(
    configuration: Configuration, drawn: bytes, asked: Asked, credentials: str | None, known: Told | None = None
) -> Told:  # fmt: skip
    """Keep what was read of the files and found sound, for the next start; under its name it is whole.

    Args:
        configuration: as it is in force; its storage directory has the secret.
        drawn: what the engine made of its geometry.
        asked: what was asked of the files.
        credentials: the text of their file; None: there is none.
        known: digests of parts of it: those of them that are kept already are not packed again.

    Returns:
        digests of what the configuration is made of.

    Raises:
        OSError: it cannot be written.
        TypeError: there is something in the configuration that cannot be kept.
    """
    storage = Path(configuration.storage.directory)
    secret = (storage / _SECRET).read_bytes()
    parts = _packed(_with_credentials(configuration, asked.credential_names, {}), storage, known)
    zone, told = configuration.county.timezone, told_of(parts, configuration.sources)
    sealed = _sealed(secret, credentials)
    sizes = {name: len(data) for name, data in parts.items()}
    head = msgspec.msgpack.encode(
        _Kept(zone, made_by(zone), asked, told.texts, configuration.digest, sealed, told.parts, sizes)
    )
    pieces = (len(head).to_bytes(_LENGTH_BYTES, "big"), head, *parts.values(), drawn)
    with replacing(storage / NAME) as out:
        out.write(_signature(secret, *pieces))
        out.writelines(pieces)
    return told


def _packed(configuration: Configuration, storage: Path, known: Told | None) -> dict[str, bytes]:
    """The parts as :func:`pack` has them; what is known and lies in the file is taken from there."""
    there = {} if known is None else _parts_of(storage / NAME)
    wanted = {} if known is None else known.parts
    same = {name: bytes(data) for name, data in there.items() if sha256(data).hexdigest() == wanted.get(name)}
    return pack(configuration, same)


def _parts_of(path: Path) -> dict[str, memoryview]:
    """The packed parts in what is kept, whoever wrote it: whether they are the wanted ones their digests say."""
    try:
        _, parts, _ = _opened(memoryview(path.read_bytes())[_MAC_BYTES:])
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
        return {}
    return parts


def _opened(body: memoryview) -> tuple[_Kept, dict[str, memoryview], memoryview]:
    """What lies behind the signature: the head, the packed parts, what was drawn.

    Raises:
        msgspec.MsgspecError, UnicodeDecodeError: it is of another layout, or damaged.
    """
    at = _LENGTH_BYTES + int.from_bytes(body[:_LENGTH_BYTES], "big")
    head = from_msgpack(body[_LENGTH_BYTES:at], _Kept)
    parts = {}
    for name, size in head.parts.items():
        parts[name] = body[at : at + size]
        at += size
    return head, parts, body[at:]


class Told(msgspec.Struct, frozen=True):
    """SHA-256 (hex) of what a configuration is made of: of its parts as they are packed, and of its texts, by name."""

    parts: dict[str, str]
    texts: dict[str, str]


def told_of(parts: Mapping[str, bytes], texts: Mapping[str, str]) -> Told:
    """The digests of packed parts and of texts."""
    return Told(
        {name: sha256(data).hexdigest() for name, data in parts.items()},
        {name: text_digest(text) for name, text in texts.items()},
    )


def pack(configuration: Configuration, packed: Mapping[str, bytes] = NOTHING) -> dict[str, bytes]:
    """The parts of a configuration, without its texts, each as bytes; with its credentials, if it has them.

    ``packed``: those that are at hand.

    Raises:
        TypeError: there is something in it that cannot be kept.
    """
    return {
        each.name: packed.get(each.name) or _COLUMNS.packed(getattr(configuration, each.name))
        for each in fields(Configuration) if each.name not in _APART
    }  # fmt: skip


def unpack(parts: Mapping[str, bytes | memoryview]) -> dict[str, Any]:
    """The parts of :func:`pack` again.

    Raises:
        ValueError: they are not what was packed by this version.
    """
    return {name: _COLUMNS.unpacked(data) for name, data in parts.items()}


def composed(parts: Mapping[str, Any], texts: Mapping[str, str], named: str) -> Configuration:
    """A configuration of its parts and texts; ``named``: its digest."""
    return Configuration(**parts, sources=texts, digest=named, families=_families(texts))


class _Unfit(Exception):
    """What is kept is not to be used; why."""


def _recalled(storage: Path, files: DirectoryFiles) -> tuple[Recalled, str]:
    secret, data = (storage / _SECRET).read_bytes(), memoryview((storage / NAME).read_bytes())
    if not hmac.compare_digest(data[:_MAC_BYTES], _signature(secret, data[_MAC_BYTES:])):
        raise _Unfit("damaged")
    try:
        kept, parts, drawn = _opened(data[_MAC_BYTES:])
    except msgspec.MsgspecError as fault:
        raise _Unfit("version") from fault
    if kept.made_by != made_by(kept.timezone):
        raise _Unfit("version")
    sources = _texts(storage, files, kept)
    text = _credentials_text(files, secret, kept) if files.secrets else None
    try:
        configuration = composed(unpack(parts), sources, kept.digest)
    except ValueError as other:
        raise _Unfit("version") from other
    known = {} if text is None else _known_credentials(files)
    filled = _with_credentials(configuration, kept.asked.credential_names, known)
    return Recalled(filled, bytes(drawn), kept.asked, text, Told(kept.told, kept.texts)), ""


def _texts(storage: Path, files: DirectoryFiles, kept: _Kept) -> dict[str, str]:
    """The texts as they are now, which are those of then."""
    if not holds(kept.asked, files):
        raise _Unfit("files")
    try:
        texts = {name: files.text(name) for name in kept.texts if name != OVERLAY}
        deeds = files.deeds(str(storage))
    except (OSError, UnicodeDecodeError) as fault:
        raise _Unfit("files") from fault
    if deeds:
        texts[OVERLAY] = deeds
    if {name: text_digest(text) for name, text in texts.items()} != kept.texts:
        raise _Unfit("files")
    return dict(sorted(texts.items()))


def _credentials_text(files: Files, secret: bytes, kept: _Kept) -> str | None:
    """The text of the credentials, which is the one with which the county was found sound; None: there is none."""
    text = files.text(CREDENTIALS) if files.has(CREDENTIALS) else None
    if _sealed(secret, text) != kept.credentials:
        raise _Unfit("credentials")
    return text


def _known_credentials(files: Files) -> Mapping[str, Credential]:
    from gateway.settings.load import known_credentials  # noqa: PLC0415  many counties have none, and it loads long

    return known_credentials(files)


def _families(sources: Mapping[str, str]) -> Any:  # noqa: ANN401  as in the model
    """The wire formats; with the county's own profiles, where it has some."""
    if not any(name.startswith("profiles/") for name in sources):
        return FAMILIES
    from gateway.settings.load import families_of  # noqa: PLC0415  as above

    return families_of(sources)


def _with_credentials(
    configuration: Configuration, names: Mapping[str, str], known: Mapping[str, Credential]
) -> Configuration:  # fmt: skip
    """With the secrets of these entries, and none where there is no entry."""

    def of(place: str) -> Credential:
        return known.get(names.get(place, ""), Credential())

    def without_keys(place: str) -> Credential:
        return replace(of(place), act_key="", sign_key="")

    return replace(
        configuration,
        notices=configuration.notices and replace(
            configuration.notices, credential=without_keys("notices")
        ),
        upstreams=tuple(replace(one, credential=of(f"upstreams/{one.name}")) for one in configuration.upstreams),
        carriers=tuple(
            replace(one, credential=without_keys(f"carriers/{one.name}")) for one in configuration.carriers
        ),
        listeners=tuple(
            one if one.broker is None
            else replace(one, broker=replace(one.broker, credential=of(f"listeners/{one.name}")))
            for one in configuration.listeners
        ),
    )  # fmt: skip


def _hinted(main: str) -> Iterator[str]:
    """Where the storage directory may be, by the looks of the main file: what is found there says whether it is."""
    for found in list(_DIRECTORY.finditer(main))[:_MOST_HINTS]:
        yield next(filter(None, found.groups())).strip()


def _signature(secret: bytes, *pieces: bytes | memoryview) -> bytes:
    whole = sha256()
    for each in pieces:
        whole.update(each)
    return hmac.digest(secret, b"compiled county\0" + whole.digest(), "sha256")


def _sealed(secret: bytes, text: str | None) -> str:
    return "" if text is None else hmac.new(secret, b"credentials\0" + text.encode(), "sha256").hexdigest()
