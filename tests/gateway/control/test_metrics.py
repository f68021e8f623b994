"""The page for Prometheus: every figure of the status, no name of anybody; an address that is taken stops nothing."""

from __future__ import annotations

import asyncio
import math
import re
import socket
from contextlib import closing

from prometheus_client.parser import text_string_to_metric_families as parsed
from whole_status import STATUS

from gateway.control import metrics_page
from gateway.control.metrics import FIGURES, HISTOGRAMS, StatusCollector, page
from gateway.control.metrics_page import MetricsPage
from gateway.control.status import NAMES

TEXTS = {
    "store", "configuration", "files", "time", "last_clock_step", "upstream_troubles", "troubles", "ports",
    "last_refusals",
}  # fmt: skip
"""What the status says in words, times and samples; a port is no figure."""
NOBODYS = ("B0007", "P0007", "013912345678", "192.0.2.7", "24.33", "ff00")


def samples(text):
    """Values by name and by labels in the order of their names."""
    return {
        (one.name.removeprefix("bracelet_gateway_"), *one.labels.values()): one.value
        for family in parsed(text)
        for one in family.samples
    }


def test_every_figure_of_the_status_is_served_and_every_word_is_left_out():
    assert samples(page(StatusCollector(lambda: STATUS)).decode()) == {
        ("healthy",): 0, ("broken",): 2, ("waiting", "urgent"): 1, ("waiting", "usual"): 2,
        ("oldest_waiting_seconds",): 2.5, ("clock_steps_total",): 3, ("unproven_devices",): 2, ("entries_total",): 40,
        ("frames_total", "in_turns"): 31, ("frames_total", "singly"): 4,
        ("batches_total",): 5, ("largest_batch",): 6, ("applied_offset",): 1700, ("outcomes_total",): 7,
        ("pending_devices",): 8, ("connected_devices",): 9, ("devices",): 10, ("silent_devices",): 11,
        ("late_groups",): 26, ("late_oldest_seconds",): 27.5, ("late_decided_again_total",): 28,
        ("holidays_missing_years",): 1, ("reviews_due",): 2, ("drifts",): 1, ("holds",): 1, ("erasures",): 1,
        ("lag_seconds", "journal"): 2.5, ("lag_seconds", "engine"): 0.5, ("lag_seconds", "upstream"): 61,
        ("not_ready",): 2, ("answer_seconds_bucket", "0.05"): 36, ("answer_seconds_bucket", "0.5"): 39,
        ("answer_seconds_bucket", "+Inf"): 40, ("answer_seconds_count",): 40, ("answer_seconds_sum",): 4.5,
        ("devices_by_state", "heard"): 6, ("devices_by_state", "silent"): 2, ("devices_by_state", "never_heard"): 1,
        ("devices_by_state", "put_away"): 1, ("alarm_changes_total", "raised", "strap_cut"): 5,
        ("alarm_changes_total", "closed", "strap_cut"): 3, ("alarm_outcomes_total", "strap_cut", "false"): 1,
        ("owed", "city"): 44, ("owed", "duty"): 0, ("owed_oldest_seconds", "city"): 61,
        ("owed_oldest_seconds", "duty"): 0,
        ("disk", "free_bytes"): 41, ("disk", "bytes_a_day"): 42, ("disk", "days_to_full"): math.inf,
        ("backup_made_seconds",): 43, ("backup_tried_seconds",): math.inf, ("backup_tried_well",): 0,
        ("alarm_path_late",): 0, ("canary_every_seconds",): 300, ("canary_heard_seconds",): 61,
        ("canary_committed_seconds",): math.inf,
        ("alarm_path_proven_seconds", "city"): 62, ("alarm_path_proven_seconds", "duty"): math.inf,
        ("notices_a_day", "raised"): 29, ("notices_a_day", "retracted"): 30,
        ("alarms_allowed_a_day",): 144, ("alarms_a_day", "strap_cut"): 33,
        ("unresolved",): 12, ("upstream_connected", "city"): 1, ("upstream_connected", "desk"): 0,
        ("upstream_connected", "duty"): 0, ("set_aside", "poison", "city"): 13, ("connections", "wire"): 14,
        ("listener_ok", "wire"): 0, ("listener_ok", "air"): 1, ("commands", "queued"): 15,
        ("commands", "outstanding"): 16, ("commands", "unconfirmed"): 17, ("carrier_phones", "mobile"): 18,
        ("carrier_asking", "mobile"): 19, ("carrier_stretch", "mobile"): 1.5, ("carrier_waits_seconds", "mobile"): 20.5,
        ("carrier_halted", "mobile"): 1, ("carrier_stopped_phones", "mobile"): 1,
        ("carrier_answers_total", "done", "mobile"): 21, ("carrier_answers_total", "later", "mobile"): 22,
        ("notices_well", "modem"): 0, ("notices_owed", "modem"): 31, ("notices_on_their_way", "modem"): 32,
        ("notices_odd_lines", "modem"): 33,
        ("syslog_connected",): 1, ("syslog_lag_seconds",): 46.5, ("syslog_sent_total",): 45,
        ("syslog_left_out_total",): 47, ("forward_behind_entries",): 48, ("forward_behind_seconds",): 49.5,
        ("refused_total", "checksum"): 23, ("refused_total", "unknown_device"): 24,
        ("counted_total", "report_late"): 25,
    }  # fmt: skip


def test_whatever_the_status_knows_is_served_or_left_out_on_purpose():
    served = {figure.path.partition("/")[0] for figure in FIGURES} | {*HISTOGRAMS}
    assert served | TEXTS == set(NAMES) == set(STATUS)
    assert not served & TEXTS


def test_nobody_is_named_and_every_figure_says_in_both_languages_what_it_is():
    text = page(StatusCollector(lambda: STATUS)).decode()
    assert [each for each in NOBODYS if each in text] == []
    helps = re.findall("^# HELP (.*)$", text, re.MULTILINE)
    assert len(helps) == len(FIGURES) + len(HISTOGRAMS)
    assert all(re.search(r"[a-z)] / .*[\u4e00-\u9fff]", each) for each in helps)


def test_a_county_with_no_carrier_no_log_server_and_nothing_refused_has_a_page():
    bare = STATUS | {
        "carriers": {},
        "notices": {},
        "refused": {},
        "counted": {},
        "set_aside": {},
        "upstreams": {},
        "waiting": {},
        "syslog": {},
        "forward": {},
    }
    names = {name for name, *_ in samples(page(StatusCollector(lambda: bare)).decode())}
    assert {"healthy", "entries_total"} <= names
    assert names.isdisjoint({"refused_total", "counted_total", "set_aside", "upstream_connected", "waiting"})


async def fetched(port, path="/metrics", method="GET"):
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    with closing(writer):
        writer.write(f"{method} {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        head, _, body = (await reader.read()).partition(b"\r\n\r\n")
    return head.decode(), body.decode()


class Served:
    """A page on a port of its own, until the end of the block."""

    def __init__(self, port=0):
        self.said: list[str] = []
        self.changed = asyncio.Event()
        self.wrong: list[str] = []
        probes = {"/healthz": lambda: (), "/readyz": lambda: self.wrong}
        self.page = MetricsPage("127.0.0.1", port, lambda: STATUS, probes, self.note, retry=0.01)

    def note(self, words):
        self.said.append(words)
        self.changed.set()

    async def told(self, words):
        while not self.said or words not in self.said[-1] or bool(words) != bool(self.said[-1]):
            self.changed.clear()
            await self.changed.wait()

    async def __aenter__(self):
        self.task = asyncio.create_task(self.page.run())
        return self

    async def __aexit__(self, *_):
        self.task.cancel()
        await asyncio.wait((self.task,))


def test_it_is_served_over_a_socket_and_is_gone_with_the_gateway():
    async def run():
        async with Served() as one:
            await one.told("")
            port = one.page.bound
            for _ in range(metrics_page.MOST + 2):
                head, body = await fetched(port)
                assert head.startswith("HTTP/1.1 200 ")
                assert "Content-Type: text/plain; version=0.0.4" in head
                assert samples(body)["entries_total",] == 40
            for path, method in (("/", "GET"), ("/metrics", "POST"), ("/metrics/../x", "GET")):
                assert (await fetched(port, path, method))[0].startswith("HTTP/1.1 404 ")
            assert (await fetched(port, method="HEAD"))[1] == ""
        with socket.socket() as after:
            assert after.connect_ex(("127.0.0.1", port)) != 0

    asyncio.run(asyncio.wait_for(run(), 60))


def test_a_probe_is_told_what_is_wrong_and_by_its_code_whether_anything_is():
    async def run():
        async with Served() as one:
            await one.told("")
            port = one.page.bound
            for wrong, code, told in (
                ([], 200, "ok\n"),
                (["store journal", "upstream city"], 503, "store journal\nupstream city\n"),
                ([], 200, "ok\n"),
            ):
                one.wrong = wrong
                head, body = await fetched(port, "/readyz")
                assert (head.startswith(f"HTTP/1.1 {code} "), body) == (True, told)
                head, body = await fetched(port, "/healthz")
                assert (head.startswith("HTTP/1.1 200 "), body) == (True, "ok\n")
            one.wrong, one.page.remarks = ["store journal"], lambda: ["journal: full"]
            assert (await fetched(port, "/readyz"))[1] == "store journal\njournal: full\n"
            assert (await fetched(port, "/healthz"))[1] == "ok\njournal: full\n"
            assert (await fetched(port, "/readyz", "POST"))[0].startswith("HTTP/1.1 404 ")

    asyncio.run(asyncio.wait_for(run(), 60))


def test_whoever_connects_and_says_nothing_uses_up_his_share_alone():
    async def run():
        async with Served() as one:
            await one.told("")
            held = [await asyncio.open_connection("127.0.0.1", one.page.bound) for _ in range(metrics_page.MOST)]
            reader, writer = await asyncio.open_connection("127.0.0.1", one.page.bound)
            assert await reader.read() == b""
            held[0][1].write(b"GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n")
            assert (await held[0][0].read()).startswith(b"HTTP/1.1 200 ")
            for each in (writer, *(writer for _, writer in held)):
                each.close()

    asyncio.run(asyncio.wait_for(run(), 60))


def test_an_address_that_is_taken_is_said_and_tried_again():
    async def run():
        taken = socket.create_server(("127.0.0.1", 0))
        async with Served(taken.getsockname()[1]) as one:
            await one.told("metrics cannot be served on 127.0.0.1:")
            taken.close()
            await one.told("")
            assert (await fetched(one.page.bound))[0].startswith("HTTP/1.1 200 ")

    asyncio.run(asyncio.wait_for(run(), 60))
