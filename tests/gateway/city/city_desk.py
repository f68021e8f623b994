"""A city's desk over ten counties, with what they have told, and its pages as a browser gets them."""

from __future__ import annotations

import asyncio
import dataclasses
import socket
import threading
from contextlib import asynccontextmanager, contextmanager
from typing import TYPE_CHECKING, Any

import httpx
import uvicorn
from city_events import DAY, HOUR, NOW, alarm, sign

from gateway.city.app import city_application
from gateway.city.desk import CityDesk
from gateway.city.told import taken
from gateway.console.visitor import COOKIE, Visitor
from gateway.engine.act_lines import ActLine
from gateway.engine.episode import Change
from gateway.settings.city import CITY, load_city
from gateway.settings.model import Role

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from pathlib import Path

NAMES = "甲乙丙丁戊己庚辛壬癸"
CODES = [f"4502{n:02d}" for n in range(1, 11)]
FIRST, CUT, STREAMED, NEVER = CODES[0], CODES[1], CODES[2], CODES[9]
ROLES = {"C": Role.LEADER, "D": Role.DUTY, "A": Role.AUDITOR, "P": Role.PROCURATOR}
KEY = "0123456789abcdef0123456789abcdef"
WAIT = 60
OFFICES = """\
- {code: "4502", name: 示例市司法局, name_en: Sample City}
- {code: "450201", name: 甲县司法局, parent: "4502", phone: 0772-1111111, links: [{name: 会议室, url: "https://v.example/1"}]}
- {code: SFS-01, name: 城中司法所, name_en: Chengzhong, parent: "450201"}
- {code: SFS-02, name: 河东司法所, parent: "450202"}
- {code: "450202", name: 乙县司法局, parent: "4502"}
- {code: "450210", name: 癸县司法局, parent: "4502"}
- {code: SFS-10, name: 河西司法所, parent: "450210"}
"""


@dataclasses.dataclass
class At:
    """A clock that stands until it is told another time."""

    at: float = NOW

    def now(self) -> float:
        return self.at


class Known:
    """Sessions of whoever is asked for: the token is the staff number."""

    async def visitor(self, token: str, *, by_hand: bool = True) -> Visitor | None:
        del by_hand
        roles = frozenset({ROLES[token[0]]}) if token[0] in ROLES else None
        return None if roles is None else Visitor(token, roles, "", "zh", f"session {token}", f"csrf {token}")

    async def resting(self, token: str) -> None:
        del token


def written(directory: Path) -> Path:
    """A city's files: ten counties that post, the first with a desk of its own; the third is in the streams."""
    directory.mkdir(exist_ok=True)
    counties = [
        f'  - {{code: "{code}", name: {name}县, name_en: County {n}, '
        + ('nats: "nats://127.0.0.1:1", credential: streams' if code == STREAMED else "credential: hook")
        + (', desk: "https://first.example:8443"' if code == FIRST else "") + "}"
        for n, (code, name) in enumerate(zip(CODES, NAMES, strict=True), 1)
    ]  # fmt: skip
    text = [
        'city: {code: "4502", name: 示例市, name_en: Sample City}', "storage: {directory: state, alarm_days: 1095}",
        "staff: [{number: C01, roles: [leader]}, {number: A01, roles: [auditor]}]", "counties:", *counties, "",
    ]  # fmt: skip
    (directory / CITY).write_text("\n".join(text), "utf-8")
    for name, said in (
        ("credentials.yaml", f"hook: {{sign_key: {KEY}}}\nstreams: {{act_key: {KEY}}}\n"),
        ("offices.yaml", OFFICES),
    ):
        (directory / name).write_text(said, "utf-8")
        (directory / name).chmod(0o600)
    return directory


def desk_of(directory: Path, sessions: Any = None) -> CityDesk:
    return CityDesk.of(load_city(directory), At(), directory, sessions or Known())


def november() -> list[tuple[str, bytes, float]]:
    """What ten counties told, and when: the second is cut off for 2 h 14 min, the last never told anything."""
    told = [(code, sign(code, now=NOW), NOW) for code in CODES[:9] if code != CUT]
    told += [(CUT, sign(CUT, now=NOW - 8040), NOW - 8040), (CUT, alarm(CUT, "9", office="SFS-02"), NOW)]
    acts = [ActLine(NOW - 60, "D01", "attempt", 2, whom="wearer", result="no_answer", note="in 网吧4号")]
    told += [
        (FIRST, alarm(FIRST, "1", kind="sos", onset=NOW - HOUR), NOW),
        (FIRST, alarm(FIRST, "2", revision=2, owner="D01", acknowledged=NOW, acts=acts, onset=NOW - 2 * HOUR), NOW),
    ]
    outcomes = ["confirmed"] * 6 + ["excused"] * 18 + ["technical"] * 11 + ["false"] * 3 + ["unverifiable"] * 2
    for n, outcome in enumerate(outcomes):
        known = {"closed": NOW - HOUR * (n % 12), "onset": NOW - DAY, "outcome": outcome, "revision": 3}
        told.append((FIRST, alarm(FIRST, f"c{n:02d}f", Change.CLOSED, **known), NOW))
    return told


async def tell(desk: CityDesk, told: list[tuple[str, bytes, float]]) -> None:
    """The counties have told this."""
    await desk.store.keep([one for county, body, at in told if (one := taken(body, county, at)) is not None])


@asynccontextmanager
async def client_of(desk: CityDesk, number: str = "C01", language: str = "zh") -> AsyncIterator[httpx.AsyncClient]:
    """A browser of a member of staff; empty: of nobody."""
    transport = httpx.ASGITransport(city_application(desk), raise_app_exceptions=False)
    cookies = {"language": language} | ({COOKIE: number} if number else {})
    headers = {"X-CSRF-Token": f"csrf {number}"}
    async with httpx.AsyncClient(
        transport=transport, base_url="http://city", cookies=cookies, headers=headers
    ) as client:
        yield client


@contextmanager
def served(desk: CityDesk) -> Iterator[str]:
    """Serve a desk as long as this lasts, in a thread of its own: where it is."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        address = f"http://127.0.0.1:{listening.getsockname()[1]}"
        config = uvicorn.Config(city_application(desk), log_config=None, access_log=False, timeout_graceful_shutdown=0)
        server = uvicorn.Server(config)
        thread = threading.Thread(target=asyncio.run, args=(server.serve(sockets=[listening]),))
        thread.start()
        try:
            yield address
        finally:
            server.should_exit = True
            thread.join(WAIT)
