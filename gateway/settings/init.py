"""``init``: a small commented county to start from, as it is shipped with the package."""

from __future__ import annotations

import secrets
from importlib.resources import files
from typing import TYPE_CHECKING

from gateway.errors import UserFault
from gateway.settings.dating import dated
from gateway.settings.files import CREDENTIALS
from gateway.settings.messages import LANGUAGES, say

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date
    from importlib.resources.abc import Traversable
    from pathlib import Path

_OWNER_ONLY = 0o600
_SECRETS = {
    "zh": "只有本机服务可读。act_key 由 init 生成，与上级平台共用；平台要口令时在括号里加 username、password",
    "en": "Readable by the service only. init has just made the act_key; share it with the platform. Where that wants a"
    " password, add username and password in the same brackets",
}
_PARTS = ("common",)
"""What does not depend on the language; the rest lies in a folder named after it."""


def write_sample(directory: Path, language: str, today: date | None = None) -> list[Path]:
    """Write the sample county into ``directory`` (made where it is missing).

    Args:
        directory: where to; nothing in it is ever overwritten.
        language: ``zh`` or ``en``, of the comments and of the county's messages.
        today: local day from which the sample's authorities, assignments and leave count; credentials with a fresh
            key are written beside it. None: as shipped, without.

    Returns:
        The files written, sorted.

    Raises:
        UserFault: a file of the sample is already there (nothing is written then), the language is neither, or the
            system does not let the files be written.
    """
    if language not in LANGUAGES:
        raise UserFault(say("en", "choice", value=language, allowed=", ".join(LANGUAGES)))
    sample = files("gateway.settings") / "sample"
    shipped = {directory / name: text for part in (*_PARTS, language) for name, text in _walk(sample / part, "")}
    texts = shipped if today is None else _begun(directory, shipped, language, today)
    try:
        _write(texts, language)
    except OSError as fault:
        raise UserFault(
            say(language, "not_written", value=fault.filename or directory, cause=fault.strerror or fault)
        ) from fault
    return sorted(texts)


def _begun(directory: Path, shipped: Mapping[Path, str], language: str, today: date) -> dict[Path, str]:
    """The sample as of today, with a key of its own for officers' acts."""
    texts = {path: dated(text, today) for path, text in shipped.items()}
    return texts | {directory / CREDENTIALS: f"# {_SECRETS[language]}\ncity: {{act_key: {secrets.token_hex(32)}}}\n"}


def _write(texts: Mapping[Path, str], language: str) -> None:
    for path in sorted(texts):
        if path.exists() or path.is_symlink():
            raise UserFault(say(language, "exists", value=path))
    for path, text in texts.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8") as file:
            if path.name == CREDENTIALS:
                path.chmod(_OWNER_ONLY)
            file.write(text)


def _walk(folder: Traversable, prefix: str) -> Iterator[tuple[str, str]]:
    for each in folder.iterdir():
        if each.is_dir():
            yield from _walk(each, f"{prefix}{each.name}/")
        else:
            yield prefix + each.name, each.read_text(encoding="utf-8")
