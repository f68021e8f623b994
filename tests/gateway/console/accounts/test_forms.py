"""Whoever changes something shows that the form is ours."""

from __future__ import annotations

import pytest
from desk_accounts import PASSWORD, admit, browser, code, csrf_in, enter, real_desk, run

from gateway.console.forms import MOST

NOW = 1_793_530_800.0


@pytest.fixture
def desk(tmp_path):
    return real_desk(tmp_path / "county", NOW)


@pytest.mark.parametrize("shown", [{}, {"csrf": ""}, {"csrf": "0" * 64}, {"csrf": "é"}], ids=str)
@pytest.mark.parametrize("path", ["/login", "/logout", "/password", "/nothing"])
def test_a_form_that_is_not_ours_changes_nothing(desk, path, shown):
    async def story():
        await admit(desk, "D01")
        async with browser(desk) as client:
            await enter(desk, client)
            answer = await client.post(path, data=shown)
            return answer, (await client.get("/help")).status_code

    answer, after = run(desk, story())
    assert (answer.status_code, after) == (403, 200)
    assert "不是本值班台的" in answer.text


def test_the_form_of_another_session_is_not_this_ones(desk):
    async def story():
        await admit(desk, "D01", "D02")
        async with browser(desk) as client, browser(desk) as other:
            await enter(desk, client, "D01")
            await enter(desk, other, "D02")
            shown = csrf_in((await other.get("/help")).text)
            return (await client.post("/logout", data={"csrf": shown})).status_code

    assert run(desk, story()) == 403


def test_a_login_without_the_cookie_of_the_door_is_not_ours(desk):
    async def story():
        await admit(desk, "D01")
        async with browser(desk) as client:
            shown = csrf_in((await client.get("/login")).text)
            client.cookies.clear()
            form = {"number": "D01", "password": PASSWORD, "code": code(desk), "csrf": shown}
            return (await client.post("/login", data=form)).status_code

    assert run(desk, story()) == 403


@pytest.mark.parametrize("as_file", [False, True])
def test_the_header_serves_and_forms_of_several_parts_do(desk, as_file):
    async def story():
        await admit(desk, "D01")
        async with browser(desk) as client:
            await enter(desk, client)
            shown = csrf_in((await client.get("/help")).text)
            if as_file:
                return await client.post("/logout", files={"csrf": (None, shown)})
            return await client.post("/logout", headers={"X-CSRF-Token": shown})

    assert run(desk, story()).headers["location"] == "/login"


def test_a_form_of_a_megabyte_and_more_is_refused(desk):
    async def story():
        await admit(desk, "D01")
        async with browser(desk) as client:
            await enter(desk, client)
            return await client.post("/logout", data={"x": "x" * MOST})

    assert run(desk, story()).status_code == 413


@pytest.mark.parametrize(
    "kind", ["application/json", "text/plain", "multipart/form-data; boundary=x", "multipart/form-data", ""]
)
def test_a_body_that_is_no_form_is_refused_and_breaks_nothing(desk, kind):
    async def story():
        await admit(desk, "D01")
        async with browser(desk) as client:
            await enter(desk, client)
            return await client.post("/logout", content=b"\xff\x00--x", headers={"content-type": kind})

    assert run(desk, story()).status_code in (400, 403)
