"""TLS: by which authorities the other end is known, and by which certificate we are."""

from __future__ import annotations

import ssl
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from gateway.errors import TransientFault

if TYPE_CHECKING:
    from collections.abc import Callable

    from gateway.settings.model import Tls


def client_context(tls: Tls) -> ssl.SSLContext:
    """TLS 1.2 and later, with names checked.

    Raises:
        TransientFault: a file cannot be used; which one, and why.
    """
    context = _with_authorities(ssl.Purpose.SERVER_AUTH, tls)
    if tls.certificate_file:
        _show(context, tls)
    return context


def server_context(tls: Tls) -> ssl.SSLContext:
    """TLS 1.2 and later; with authorities only whom they vouch for is let in.

    Raises:
        TransientFault: as above.
    """
    context = _with_authorities(ssl.Purpose.CLIENT_AUTH, tls)
    context.options |= ssl.OP_NO_RENEGOTIATION
    if tls.authorities_file:
        context.verify_mode = ssl.CERT_REQUIRED
    _show(context, tls)
    return context


def _with_authorities(purpose: ssl.Purpose, tls: Tls) -> ssl.SSLContext:
    try:
        context = ssl.create_default_context(purpose, cafile=tls.authorities_file or None)
    except OSError as fault:
        raise TransientFault(f"ca_file {tls.authorities_file}: {fault.strerror or fault}") from fault
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def _show(context: ssl.SSLContext, tls: Tls) -> None:
    try:
        # A pass phrase that nobody can type would be asked for at the terminal.
        context.load_cert_chain(tls.certificate_file, tls.key_file, password="")
    except (OSError, ValueError) as fault:
        files = f"certificate {tls.certificate_file}, key {tls.key_file}"
        raise TransientFault(f"{files}: {getattr(fault, 'strerror', None) or fault}") from fault


@dataclass(slots=True)
class Certificates:
    """A context that is made anew when its files are: connections that stand go on with what they have.

    Attributes:
        make: what makes it of the files.
        trouble: why the files as they were last seen cannot be used; empty while they can.
    """

    tls: Tls
    make: Callable[[Tls], ssl.SSLContext] = client_context
    trouble: str = ""
    _made: ssl.SSLContext | None = None
    _of: tuple[tuple[int, ...], ...] = field(default=())

    def context(self) -> ssl.SSLContext:
        """The context for the next connection; while new files are not whole yet, the one before.

        Raises:
            TransientFault: the files cannot be used, and never could.
        """
        of = tuple(map(_looks, (self.tls.authorities_file, self.tls.certificate_file, self.tls.key_file)))
        if self._made is None or of != self._of:
            try:
                self._made, self._of, self.trouble = self.make(self.tls), of, ""
            except TransientFault as fault:
                self.trouble = str(fault)
                if self._made is None:
                    raise
        return self._made


def _looks(file: str) -> tuple[int, ...]:
    """What differs once a file is another one."""
    try:
        found = Path(file).stat()
    except OSError:
        return ()
    return found.st_ino, found.st_size, found.st_mtime_ns
