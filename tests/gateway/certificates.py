"""Certificates of our own making: an authority, and whoever it vouches for."""

from __future__ import annotations

import shutil
import ssl
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

_CURVE = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2")


@dataclass(frozen=True)
class Pair:
    certificate: Path
    key: Path


class Authority:
    """One authority in a folder; its certificate is ``file``."""

    def __init__(self, folder: Path, name: str = "authority") -> None:
        openssl = shutil.which("openssl")
        if openssl is None:
            pytest.skip("NOT SHOWN HERE: no openssl to make a certificate with")
        self._openssl, self._folder = openssl, folder
        self.file, self._key = folder / f"{name}.pem", folder / f"{name}.key"
        self._run(
            "req", "-x509", *_CURVE, "-subj", f"/CN={name}", "-addext", "keyUsage=critical,keyCertSign",
            "-out", self.file, "-keyout", self._key,
        )  # fmt: skip

    def _run(self, *words: object) -> None:
        subprocess.run([self._openssl, *map(str, words)], check=True, capture_output=True)

    def vouches_for(self, name: str) -> Pair:
        """A certificate for 127.0.0.1, and its key."""
        pair, request = Pair(self._folder / f"{name}.pem", self._folder / f"{name}.key"), self._folder / f"{name}.csr"
        extensions = self._folder / f"{name}.ext"
        extensions.write_text("subjectAltName=IP:127.0.0.1\n", "ascii")
        self._run("req", "-new", *_CURVE[:-2], "-subj", f"/CN={name}", "-out", request, "-keyout", pair.key)
        self._run(
            "x509", "-req", "-in", request, "-CA", self.file, "-CAkey", self._key, "-CAcreateserial", "-days", "2",
            "-extfile", extensions, "-out", pair.certificate,
        )  # fmt: skip
        return pair

    def serving(self, pair: Pair, *, asks: bool = False) -> ssl.SSLContext:
        """How somebody serves by a certificate; ``asks``: only whom we vouch for is let in."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(pair.certificate, pair.key)
        if asks:
            context.verify_mode = ssl.CERT_REQUIRED
            context.load_verify_locations(self.file)
        return context
