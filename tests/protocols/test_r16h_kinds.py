"""Every sentence, alarm, profile and order of R16H without a captured one."""

import pytest

from protocols.order import Order
from protocols.r16h import FAMILY
from protocols.r16h.orders import COMMANDS
from protocols.r16h.sentences import FORMS
from protocols.report import URGENT, Flag
from protocols.session import Frame, FrameBatch

IMEI = "861000000000001"
NOON = "2026-02-02T02:40:00Z"
SENTENCES = {
    "LINK": ("", None),
    "GPSD": (",R,20260202,024000,31.2,N,121.4,E,3.5,90,12,88,L,", {"located": True, "battery_percent": 88}),
    "LBSD": (",S,20260202,024000,460-00-25f0-40de62:-85,,,21,L,", {"located": False, "battery_percent": 21}),
    "RPLY": (",STIN,OK", None),
}
"""Type -> what follows the identity, and its report."""
ALARMS = {"SOS": Flag.SOS, "LBT": Flag.BATTERY_LOW, "ULK": Flag.STRAP_CUT}
CLOCKS = {"standard": NOON, "gmt8": "2026-02-01T18:40:00Z"}
ARGUMENTS = {"seconds": "60", "hours": "8", "numbers": "13800000001", "name": "P0001", "on": "1"}


def sentence(name, fields=""):
    return f"@{name},{IMEI}{fields}$".encode()


def taken(raw, profile="standard"):
    (event,) = FAMILY.session(profile).feed(raw, 0.0)
    assert isinstance(event, Frame)
    return event


def test_every_type_profile_and_argument_stands_here():
    assert set(SENTENCES) == set(FORMS)
    assert set(CLOCKS) == set(FAMILY.profiles)
    assert {name for command in COMMANDS.values() for name in command.pattern} == set(ARGUMENTS)


@pytest.mark.parametrize("profile", FAMILY.profiles)
@pytest.mark.parametrize("name", SENTENCES)
def test_a_sentence_is_a_frame_and_says_what_its_table_says(name, profile):
    fields, said = SENTENCES[name]
    raw = sentence(name, fields)
    event = taken(raw, profile)
    assert (event.raw, event.identity, event.message, event.answer) == (raw, IMEI, FORMS[name].number, b"")
    assert len(event.replies) == (name == "RPLY")
    (account,) = FAMILY.describe([raw], profile)
    assert (account["message"], account["device"], account["error"]) == (name, IMEI, None)
    assert len(account["reports"]) == len(event.device_times) == (said is not None)
    for report in account["reports"]:
        assert {key: report[key] for key in said} == said
        assert report["time"] == CLOCKS[profile]
        assert [(cell["lac"], cell["cid"], cell["signal_raw"]) for cell in report["cells"]] == (
            [(0x25F0, 0x40DE62, -85)] if name == "LBSD" else []
        )


@pytest.mark.parametrize("name", ["GPSD", "LBSD"])
@pytest.mark.parametrize("alarm", ALARMS)
def test_every_alarm_of_every_report(name, alarm):
    event = taken(sentence(name, SENTENCES[name][0] + alarm))
    batch = FAMILY.decode(FrameBatch.of([event.raw], "standard"))
    assert Flag(int(batch.flags[0])) == ALARMS[alarm]
    assert event.urgent is bool(ALARMS[alarm] & URGENT)
    assert event.live is (name == "GPSD")


@pytest.mark.parametrize("kind", COMMANDS)
def test_every_order_is_a_sentence_and_its_reply_is_known(kind):
    command = COMMANDS[kind]
    values = {name: ARGUMENTS[name] for name in command.pattern}
    session = FAMILY.session("standard")
    sent = session.order(IMEI, Order(kind, values))
    assert sent.segments == (("@" + ",".join([command.name, IMEI, *values.values()]) + "$").encode(),)
    (event,) = session.feed(sentence("RPLY", ",OK"), 0.0)
    assert [reply.key for reply in event.replies] == [sent.answered_by]
