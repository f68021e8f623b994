"""Configurations of nats-server: a node of the city, and a county's leaf; what each county may do there.

A county is not trusted with more than its own: it publishes its own subjects, reads its own acts by its own consumer,
writes its own journals and configurations behind what is there, and hears no answer but those to itself. Streams are
made by the city. A leaf keeps nothing, so that it has no JetStream: what waits, waits in the county's own outbox and
journal, on a disk that is synced at each commit.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from gateway.stream.names import (
    ACTS,
    act_consumer,
    act_subject,
    alarm_subject,
    configurations_bucket,
    journal_stream,
    life_subject,
    telemetry_subject,
    token,
    user_inbox,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from gateway.settings.model import Tls

DOMAIN: Final = "city"
ACCOUNT: Final = "CITY"


@dataclass(frozen=True, slots=True)
class Node:
    """A node of the city.

    Attributes:
        name: of the server, its own.
        listen, leaves: ``host:port`` for clients, and for leaves.
        store: directory of its streams.
        owners: passwords of the city's own programs by user: they may do everything.
        counties: passwords by county's code.
        tls: its certificate and key, and whose certificates it takes from other nodes; empty: on this machine alone.
        cluster: ``host:port`` for other nodes; empty: it is alone.
        routes: ``host:port`` of all nodes' clusters.
        partitions: of a county's journal, at most.
        domain: of JetStream.
    """

    name: str
    listen: str
    leaves: str
    store: str
    owners: Mapping[str, str] = field(repr=False)
    counties: Mapping[str, str] = field(repr=False)
    tls: Tls
    cluster: str = ""
    routes: Sequence[str] = ()
    partitions: int = 1
    domain: str = DOMAIN


def node_text(node: Node) -> str:
    """The configuration of a node."""
    secured, users = _secured(node.tls), [_owner(*one) for one in node.owners.items()]
    users += [_county(code, password, node) for code, password in node.counties.items()]
    # Alone it waits for the disk at each message; in a cluster two of three have it before it is acknowledged.
    synced = "" if node.cluster else ", sync_interval: always"
    return "\n".join([
        f"server_name: {_said(node.name)}",
        f"listen: {_said(node.listen)}",
        *([f"tls {secured}"] if secured else []),
        f"jetstream {{ domain: {_said(node.domain)}, store_dir: {_said(node.store)}{synced} }}",
        *(_clustered(node, secured) if node.cluster else ()),
        f"leafnodes {{ listen: {_said(node.leaves)}{f', tls {secured}' if secured else ''} }}",
        f"accounts {{\n  {ACCOUNT} {{\n    jetstream: enabled\n    users: [",
        *(f"      {one}" for one in users),
        "    ]\n  }\n  SYS { users: [] }\n}\nsystem_account: SYS\n",
    ])  # fmt: skip


def leaf_text(code: str, password: str, city: Sequence[str], listen: str, authorities: str = "") -> str:
    """The configuration of a county's leaf: the same user and password let the county's own programs in.

    Args:
        code: the county's.
        password: by which the city knows it.
        city: ``host:port`` of the nodes' leaf listeners.
        listen: ``host:port`` on this machine, for the county's programs.
        authorities: file of certificates that vouch for the nodes; empty: the line is not encrypted.
    """
    scheme = "tls" if authorities else "nats-leaf"
    urls = ", ".join(_said(f"{scheme}://{token(code)}:{quote(password, safe='')}@{one}") for one in city)
    secured = f", tls: {{ ca_file: {_said(authorities)} }}" if authorities else ""
    return "\n".join([
        f"server_name: {_said(f'leaf-{token(code)}')}",
        f"listen: {_said(listen)}",
        f"authorization {{ user: {_said(token(code))}, password: {_said(password)} }}",
        f'leafnodes {{ reconnect: "1s", remotes: [ {{ urls: [{urls}]{secured} }} ] }}\n',
    ])  # fmt: skip


def permissions(code: str, partitions: int, domain: str = DOMAIN) -> tuple[list[str], list[str]]:
    """Subjects that a county may publish, and those that it may hear, in the city's account.

    Names of streams are spelled out: a server knows no part of a name.
    """
    own, api, bucket = token(code), f"$JS.{domain}.API", configurations_bucket(code)
    reader, kept = f"{ACTS}.{act_consumer(code)}", f"OBJ_{bucket}"
    journals = [journal_stream(code, number) for number in range(partitions)]
    publish = [
        alarm_subject(code, "county"), life_subject(code, "county"), telemetry_subject(code, "*"), f"journal.{own}.*",
        f"{api}.CONSUMER.CREATE.{reader}.{act_subject(code)}", f"{api}.CONSUMER.MSG.NEXT.{reader}",
        f"$JS.ACK.{reader}.>", f"$O.{bucket}.>",
        *(f"{api}.{what}.{one}" for one in journals for what in ("STREAM.INFO", "DIRECT.GET")),
        *(f"{api}.{what}.{kept}" for what in ("STREAM.INFO", "STREAM.MSG.GET", "STREAM.PURGE", "DIRECT.GET")),
        f"{api}.DIRECT.GET.{kept}.>",
    ]  # fmt: skip
    return publish, [f"{user_inbox(code)}.>"]


def _owner(user: str, password: str) -> str:
    return f"{{ user: {_said(user)}, password: {_said(password)} }}"


def _county(code: str, password: str, node: Node) -> str:
    publish, hear = (", ".join(map(_said, one)) for one in permissions(code, node.partitions, node.domain))
    return (
        f"{{ user: {_said(token(code))}, password: {_said(password)}, permissions:"
        f" {{ publish: {{ allow: [{publish}] }}, subscribe: {{ allow: [{hear}] }} }} }}"
    )


def _clustered(node: Node, secured: str) -> list[str]:
    """Other nodes get in by a certificate of the same authority alone."""
    routes = ", ".join(_said(f"nats-route://{one}") for one in node.routes)
    verified = f", tls {secured[:-2]}, verify: true }}" if secured else ""
    return [f"cluster {{ name: {_said(node.domain)}, listen: {_said(node.cluster)}, routes: [{routes}]{verified} }}"]


def _secured(tls: Tls) -> str:
    """The section of a server's certificate; empty: it shows none."""
    files = {"cert_file": tls.certificate_file, "key_file": tls.key_file, "ca_file": tls.authorities_file}
    said = ", ".join(f"{name}: {_said(file)}" for name, file in files.items() if file)
    return f"{{ {said} }}" if said else ""


def _said(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
