"""The section ``canary``: which device, how often; one that nobody wears any more."""

from __future__ import annotations

import pytest

from gateway.settings.canary import Canary
from gateway.settings.differences import ALONE, LIVE, differing, told
from gateway.settings.kept import pack, unpack
from gateway.settings.load import examine, load


def with_line(written, line: str):
    written.replace("gateway.yaml", "storage:", f"canary: {line}\nstorage:")
    return written.write()


def test_there_is_none_until_it_is_written_and_it_comes_into_force_by_two_while_running(written):
    before = load(written.write())
    assert before.canary is None
    after = load(with_line(written, "{device: B0001, every: 2min}"))
    assert after.canary == Canary("B0001", 120.0)
    assert unpack(pack(after))["canary"] == after.canary
    assert differing(before, after) == ("canary",)
    assert "canary" in LIVE
    assert "canary" not in ALONE
    assert told(before, after, "en") == ["canary: canary changed"]


def test_it_goes_every_five_minutes_where_nothing_else_is_said(written):
    assert load(with_line(written, "{device: B0001}")).canary == Canary("B0001", 300.0)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{device: B0009}", "B0009"),
        ("{device: B0002}", "somebody wears B0002"),
        ("{device: B0001, every: 30s}", "1min"),
        ("{every: 5min}", "device"),
        ("{device: B0001, office: x}", "office"),
    ],
)
def test_what_cannot_be_is_refused_with_its_place(written, line, said):
    _, faults, _ = examine(with_line(written, line), "en")
    assert len(faults) == 1
    assert said in str(faults[0])
    assert "gateway.yaml" in str(faults[0])
