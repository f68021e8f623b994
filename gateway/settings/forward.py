"""The journal's way to the city: where it goes, split into how many."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gateway.settings.model import Forward
from gateway.settings.ports import check_nats, credential_of
from gateway.settings.upstreams import client_tls

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gateway.settings.entries import Entry
    from gateway.settings.faults import Findings
    from gateway.settings.files import Files
    from gateway.settings.raw import CredentialEntry
    from gateway.settings.raw_forward import ForwardEntry


def forward(
    entry: Entry[ForwardEntry] | None, credentials: Mapping[str, CredentialEntry] | None, files: Files,
    findings: Findings,
) -> Forward | None:  # fmt: skip
    """The section as written; None: the journal stays here. ``credentials`` None: none is asked for."""
    if entry is None:
        return None
    value = entry.value
    check_nats(value.nats, entry.place("nats"), findings)
    if credentials is not None and value.credential is not None and value.credential not in credentials:
        findings.add(entry.place("credential"), "city_credential", value=value.credential)
    tls = client_tls(entry, value.nats, files, findings, "tls_files", are_there=credentials is not None)
    credential = credential_of((credentials or {}).get(value.credential or ""), with_keys=False)
    return Forward(
        value.nats, credential, value.basis, value.partitions, value.domain or "", tls, float(value.per_second),
        value.hold,
    )  # fmt: skip
