"""What the commands of streams do: configurations of servers out of a county's or a city's files; streams made."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, NamedTuple

from gateway.errors import UserFault
from gateway.settings.city import city_file
from gateway.settings.files import DirectoryFiles
from gateway.settings.load import known_credentials
from gateway.settings.model import Tls
from gateway.settings.ports import is_own
from gateway.settings.values import address_of
from gateway.stream import layout
from gateway.stream.bringing import bring
from gateway.stream.connection import Connection
from gateway.stream.servers import Node, leaf_text, node_text
from gateway.stream.shares import Share
from gateway.words.phrases import phrase

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from gateway.settings.city import CityConfiguration, CityCounty
    from gateway.settings.model import Configuration, Credential


class Asked(NamedTuple):
    """What is asked of a node, by options."""

    name: str
    store: Path
    listen: str
    leaves: str
    cluster: str
    routes: tuple[str, ...]
    certificate: Path | None
    key: Path | None
    authorities: Path | None
    partitions: int


def leaf_of(
    configuration: Configuration, config: Path, credential: str, city: Sequence[str], listen: str, ca: Path | None
) -> str:  # fmt: skip
    """The configuration of a county's leaf.

    Raises:
        UserFault: an address is none; it would go openly beyond this machine; the credential is not there.
    """
    _check((listen, *city))
    if ca is None and not all(map(_is_here, city)):
        raise UserFault(phrase("streams_open", where=", ".join(city)))
    if not _is_here(listen):
        raise UserFault(phrase("streams_leaf_open", where=listen))
    known = _password(known_credentials(DirectoryFiles(config, secrets=True)), credential)
    return leaf_text(configuration.county.code, known, city, listen, str(ca.resolve()) if ca else "")


def node_of(city: CityConfiguration, config: Path, asked: Asked) -> str:
    """The configuration of a city's node.

    Raises:
        UserFault: an address is none; it would be open beyond this machine; a password is not in credentials.yaml.
    """
    _check(one for one in (asked.listen, asked.leaves, asked.cluster, *asked.routes) if one)
    files = (asked.authorities, asked.certificate, asked.key)
    tls = Tls(*(str(one.resolve()) if one else "" for one in files))
    if not (tls.certificate_file and tls.key_file) and not all(
        _is_here(one) for one in (asked.listen, asked.leaves, asked.cluster) if one
    ):
        raise UserFault(phrase("streams_open", where=f"{asked.listen}, {asked.leaves}"))
    secrets, streamed = known_credentials(DirectoryFiles(city_file(config), secrets=True)), _streamed(city)
    owners = {one.credential.username: one.credential.password for one in streamed if one.credential.username}
    if not owners:
        raise UserFault(phrase("streams_owner"))
    counties = {one.code: _password(secrets, one.code) for one in streamed}
    return node_text(Node(
        asked.name, asked.listen, asked.leaves, str(asked.store.resolve()), owners, counties, tls, asked.cluster,
        asked.routes, asked.partitions, streamed[0].domain or "city",
    ))  # fmt: skip


def make_streams(city: CityConfiguration, partitions: int, replicas: int, bracelets: int) -> list[str]:
    """Make what is missing of a city's streams, and give others their limits; returns their names.

    ``bracelets``: most that a county has.

    Raises:
        UserFault: no county is in the streams; one that is there differs, or has more than it may.
        TransientFault: the server is not reached.
    """
    return asyncio.run(_made(_streamed(city), partitions, replicas, Share(bracelets)))


async def _made(counties: Sequence[CityCounty], partitions: int, replicas: int, share: Share) -> list[str]:
    one = counties[0]
    tls = one.tls if one.streams.startswith("tls://") else None
    wanted = layout.of_city([county.code for county in counties], partitions, replicas, share)
    async with Connection(one.streams, one.credential, tls, one.domain, name="streams make") as connection:
        for each in wanted:
            await bring(connection, each)
    return [each.name for each in wanted]


def _streamed(city: CityConfiguration) -> list[CityCounty]:
    """The counties that are read in streams.

    Raises:
        UserFault: there is none.
    """
    found = [one for one in city.counties.values() if one.streams]
    if not found:
        raise UserFault(phrase("streams_none"))
    return found


def _password(known: Mapping[str, Credential], name: str) -> str:
    if name not in known or not known[name].password:
        raise UserFault(phrase("streams_password", name=name))
    return known[name].password


def _check(addresses: Iterable[str]) -> None:
    for one in addresses:
        if address_of(one) is None:
            raise UserFault(phrase("streams_address", value=one))


def _is_here(address: str) -> bool:
    found = address_of(address)
    return found is not None and is_own(found[0])
