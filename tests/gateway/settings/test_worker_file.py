"""A worker's file: what is read of it, every fault with its place, and what check says."""

from __future__ import annotations

import io

import pytest

from gateway.settings.check import run
from gateway.settings.faults import ConfigurationRefused
from gateway.settings.worker import WORKER, Wanted, examine_worker, load_worker

TEXT = """\
worker: {name: w1, language: en}
stream: {nats: "nats://127.0.0.1:4222", credential: city, domain: city}
storage: {directory: state}
partitions: ["450203/0", "450203/2", "450204", "450203/0"]
"""


@pytest.fixture
def worker(tmp_path):
    (tmp_path / WORKER).write_text(TEXT, "utf-8")
    (tmp_path / "credentials.yaml").write_text("city: {username: worker, password: whatever}\n", "utf-8")
    return tmp_path


def faults(worker, old: str, new: str) -> list[str]:
    assert old in TEXT
    (worker / WORKER).write_text(TEXT.replace(old, new), "utf-8")
    return [str(each) for each in examine_worker(worker, "en").faults]


def test_what_is_written_is_read(worker):
    found = load_worker(worker)
    assert (found.name, found.directory, found.url) == ("w1", str(worker / "state"), "nats://127.0.0.1:4222")
    assert (found.credential.username, found.credential.password, found.domain) == ("worker", "whatever", "city")
    assert found.partitions == (Wanted("450203", 0), Wanted("450203", 2), Wanted("450204", None))
    assert "whatever" not in repr(found)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"450203/2"', '"450203/two"', "“450203/two” is no partition: write CODE/K"),
        ('"450204"', '"/1"', "“/1” is no partition"),
        ("storage: {directory: state}\n", "", "storage"),
        ("credential: city", "credential: town", "no “town” in credentials.yaml"),
        ("nats://127.0.0.1:4222", "mqtt://127.0.0.1", "nats://"),
        ("name: w1", "nam: w1", "nam"),
    ],
)
def test_a_fault_says_where_and_what_to_write(worker, old, new, said):
    found = faults(worker, old, new)
    assert any(said in each and WORKER in each for each in found), found
    with pytest.raises(ConfigurationRefused):
        load_worker(worker)


def test_without_partitions_it_takes_all(worker):
    assert faults(worker, TEXT.splitlines()[3], "") == []
    assert load_worker(worker).partitions == ()


@pytest.mark.parametrize(
    ("language", "said"), [("zh", "工作进程 w1：处理分区"), ("en", "worker w1 takes the partitions")]
)
def test_check_says_what_it_will_do(worker, language, said):
    out = io.StringIO()
    assert run([worker / WORKER], language, stdout=out) == 0
    assert said in out.getvalue()
