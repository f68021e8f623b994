"""Where counties' gateways post: each to its own address, signed with its own key (docs/webhook.md).

An answer of 204 is given once a message is on disk, to a repetition too. Whoever shows no right signature learns
nothing but that.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route

from gateway.city.told import LONGEST
from gateway.errors import GatewayFault
from gateway.signing import is_signed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.requests import Request

    from gateway.city.intake import Intake
    from gateway.settings.city import CityCounty

PATH: Final = "/from/"
"""Beginning of the addresses; the county's code comes next."""
PATIENCE: Final = 30.0
"""Real seconds for the bytes of one message."""
KEPT, UNSIGNED, UNKNOWN, SLOW, LARGE, REFUSED, LATER = 204, 401, 404, 408, 413, 422, 503


@dataclass(frozen=True, slots=True)
class Posted:
    """The receiver. Counties for which a broker speaks are not known here."""

    counties: Mapping[str, CityCounty]
    intake: Intake

    def application(self) -> Starlette:
        """Its one address a county."""
        return Starlette(routes=[Route(f"{PATH}{{county}}", self._take, methods=["POST"])])

    async def _take(self, request: Request) -> Response:
        county = self.counties.get(request.path_params["county"])
        if county is None or county.broker:
            return Response(status_code=UNKNOWN)
        try:
            async with asyncio.timeout(PATIENCE):
                body = await _body(request)
        except TimeoutError:
            return Response(status_code=SLOW)
        if body is None:
            return Response(status_code=LARGE)
        if not is_signed(county.credential.sign_key, request.headers, body, self.intake.clock.now()):
            self.intake.refuse(county.code, "unsigned", "no right signature of these minutes")
            return Response(status_code=UNSIGNED)
        return Response(status_code=await self._kept(county.code, body))

    async def _kept(self, county: str, body: bytes) -> int:
        try:
            (reason,) = await self.intake.take(county, [body])
        except GatewayFault:
            return LATER
        return REFUSED if reason else KEPT


async def _body(request: Request) -> bytes | None:
    """The bytes of a message; None: more than any has."""
    found = bytearray()
    async for part in request.stream():
        found += part
        if len(found) > LONGEST:
            return None
    return bytes(found)
