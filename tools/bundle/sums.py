"""Sums of files as ``sha256sum --check`` and ``openssl sm3`` have them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gateway.evidence.verify import digest_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

FILES: Final = {"sha256": "SHA256SUMS", "sm3": "SM3SUMS"}


def write_sums(folder: Path, names: Iterable[str]) -> None:
    """A file for each digest, with a line for each name below the folder."""
    whole = {name: (folder / name).read_bytes() for name in sorted(names)}
    for digest, file in FILES.items():
        lines = [f"{digest_of(digest, octets)}  {name}\n" for name, octets in whole.items()]
        (folder / file).write_text("".join(lines), "utf-8")
