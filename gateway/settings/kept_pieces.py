"""Where what was read of a county's files is kept: a file a text in the storage directory, signed with the secret.

What is damaged, signed with another secret or made by another version is passed over; what no reading uses goes.
"""

from __future__ import annotations

import hmac
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from gateway.private import private
from gateway.settings.made_by import made_by

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

FOLDER: Final = "readings"
"""In the storage directory."""
_MAC_BYTES: Final = 32
_ANY_ZONE: Final = "UTC"
"""What is kept has no time in it that depends on a time zone."""


class KeptPieces:
    """A shelf (:class:`gateway.settings.readings.Shelf`) in a storage directory that has its secret."""

    def __init__(self, storage: Path) -> None:
        self._folder = storage / FOLDER
        self._secret = (storage / "secret").read_bytes()
        self._folder.mkdir(mode=0o700, exist_ok=True)

    def get(self, key: str) -> bytes | None:
        """As the shelf does."""
        try:
            data = (self._folder / key).read_bytes()
        except FileNotFoundError:
            return None
        body = data[_MAC_BYTES:]
        return body if hmac.compare_digest(data[:_MAC_BYTES], self._signature(key, body)) else None

    def put(self, key: str, data: bytes) -> None:
        """As the shelf does; under its name it is whole."""
        unfinished = private(self._folder / f"{key}.new")
        unfinished.write_bytes(self._signature(key, data) + data)
        unfinished.rename(self._folder / key)

    def leave(self, used: Collection[str]) -> None:
        """Remove all others."""
        for path in self._folder.iterdir():
            if path.name not in used:
                path.unlink(missing_ok=True)

    def _signature(self, key: str, body: bytes) -> bytes:
        told = f"{key}\0{made_by(_ANY_ZONE)}\0".encode() + sha256(body).digest()
        return hmac.digest(self._secret, b"readings\0" + told, "sha256")
