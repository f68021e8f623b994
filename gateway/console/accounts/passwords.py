"""Passwords: how they are kept, what they must be, and those that are given once."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

if TYPE_CHECKING:
    from collections.abc import Iterable

SHORTEST: Final = 10
LONGEST: Final = 256
_SIGNS: Final = "abcdefghjkmnpqrstuvwxyz23456789"
"""None that is taken for another on paper."""
_GROUPS, _GROUP = 4, 4


@dataclass(frozen=True, slots=True)
class Passwords:
    """Argon2id, 64 MiB and three rounds: some 0.1 s of one core each time."""

    hasher: PasswordHasher = field(default_factory=lambda: PasswordHasher(3, 65_536, 1))
    _nobodys: list[str] = field(default_factory=list)

    def kept(self, password: str) -> str:
        """What is kept of a password."""
        return self.hasher.hash(password)

    def match(self, kept: str, password: str) -> bool:
        """Whether it is this one; ``kept`` empty: that of nobody, which takes as long."""
        try:
            return self.hasher.verify(kept or self._nobody(), password[:LONGEST]) and bool(kept)
        except (VerificationError, InvalidHashError):
            return False

    def _nobody(self) -> str:
        if not self._nobodys:
            self._nobodys.append(self.hasher.hash(secrets.token_hex()))
        return self._nobodys[0]

    def prepare(self) -> None:
        """Have nobody's at hand, so that the first stranger waits no longer than others."""
        self._nobody()

    def fault(self, password: str, number: str, kept: Iterable[str]) -> str:
        """Key of the text that says why it cannot be the new one, after those that are ``kept``; empty: it can."""
        if not SHORTEST <= len(password) <= LONGEST:
            return "password_short"
        if number.casefold() in password.casefold():
            return "password_number"
        if len(set(password)) < _GROUP:
            return "password_plain"
        return "password_last" if any(self.match(one, password) for one in kept) else ""


def given_once() -> str:
    """A password of 78 bits to hand over on paper; it has to be changed when it is used."""
    return "-".join("".join(secrets.choice(_SIGNS) for _ in range(_GROUP)) for _ in range(_GROUPS))
