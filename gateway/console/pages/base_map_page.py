"""The county's base map, a stretch of it at a time, as browsers ask for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from starlette.exceptions import HTTPException
from starlette.responses import FileResponse
from starlette.routing import Route

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response


async def _base_map(request: Request) -> Response:
    base_map = request.app.state.desk.base_map
    if base_map is None or not base_map.path.is_file():
        raise HTTPException(404)
    return FileResponse(base_map.path, media_type="application/vnd.pmtiles", content_disposition_type="inline")


ROUTES: Final = (Route("/base.pmtiles", _base_map, name="base_map"),)
