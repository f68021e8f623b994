"""Configurations of nats-server: a node of the city, and a county's leaf; what each county may do there.

A county is not trusted with more than its own: it publishes its own subjects, reads its own acts by its own consumer,
writes its own journals and configurations behind what is there, and hears no answer but those to itself. Each has an
account of its own: whoever asks names the subject of the answer, and no permission looks at that, so that in one
account it could be another county's alarm, or a request of JetStream. Streams are made by the city. A leaf keeps
nothing, so that it has no JetStream: what waits, waits in the county's own outbox and journal, on a disk that is synced
at each commit.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple
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
    from collections.abc import Iterator, Mapping, Sequence

    from gateway.settings.model import Tls

DOMAIN: Final = "city"
ACCOUNT: Final = "CITY"
API: Final = "$JS.API"


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
    secured = _secured(node.tls)
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
        *(f"      {_owner(*one)}" for one in node.owners.items()),
        "    ]\n    exports: [",
        *(line for code in node.counties for line in _exported(code, node)),
        "    ]\n  }",
        *(line for code, password in node.counties.items() for line in _county(code, password, node)),
        "  SYS { users: [] }\n}\nsystem_account: SYS\n",
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


class Service(NamedTuple):
    """A subject of the city's account that a county may send to; ``is_long``: several answers come."""

    subject: str
    is_long: bool = False


def services(code: str, partitions: int) -> list[Service]:
    """All that a county may send to the city.

    Names of streams are spelled out: a server knows no part of a name.
    """
    own, bucket, acts = token(code), configurations_bucket(code), f"{ACTS}.{act_consumer(code)}"
    kept, journals = f"OBJ_{bucket}", [journal_stream(code, number) for number in range(partitions)]
    short = [
        alarm_subject(code, "county"), life_subject(code, "county"), telemetry_subject(code, "*"), f"journal.{own}.*",
        f"$JS.ACK.{acts}.>", f"$O.{bucket}.>", f"{API}.CONSUMER.CREATE.{acts}.{act_subject(code)}",
        *(f"{API}.STREAM.INFO.{one}" for one in (*journals, kept)),
        *(f"{API}.STREAM.{what}.{kept}" for what in ("MSG.GET", "PURGE")),
    ]  # fmt: skip
    long = [
        f"{API}.CONSUMER.MSG.NEXT.{acts}", *(f"{API}.DIRECT.GET.{one}" for one in (*journals, kept)),
        f"{API}.DIRECT.GET.{kept}.>",
    ]  # fmt: skip
    return [*(Service(one) for one in short), *(Service(one, is_long=True) for one in long)]


def _owner(user: str, password: str) -> str:
    return f"{{ user: {_said(user)}, password: {_said(password)} }}"


def _exported(code: str, node: Node) -> Iterator[str]:
    """What the city's account takes from a county's."""
    for one in services(code, node.partitions):
        many = ", response: stream" if one.is_long else ""
        yield f"      {{ service: {_said(one.subject)}{many}, accounts: [{_account(code)}] }}"


def _county(code: str, password: str, node: Node) -> Iterator[str]:
    """A county's account."""
    subjects = [one.subject for one in services(code, node.partitions)]
    # A leaf asks JetStream by the domain's name, which the node takes for its own.
    named = [one.replace(API, f"$JS.{node.domain}.API") for one in subjects if one.startswith(API)]
    publish, hear = ", ".join(map(_said, subjects + named)), _said(f"{user_inbox(code)}.>")
    yield (
        f"  {_account(code)} {{\n    users: [{{ user: {_said(token(code))}, password: {_said(password)}, permissions:"
        f" {{ publish: {{ allow: [{publish}] }}, subscribe: {{ allow: [{hear}] }} }} }}]\n    imports: ["
    )
    yield from (f"      {{ service: {{ account: {ACCOUNT}, subject: {_said(one)} }} }}" for one in subjects)
    yield "    ]\n  }"


def _account(code: str) -> str:
    return f"COUNTY_{token(code)}"


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
