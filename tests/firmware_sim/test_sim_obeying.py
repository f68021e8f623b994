"""What closer reports bring, in virtual time: a scenario whose bracelets report each quarter of an hour, and obey."""

from __future__ import annotations

from collections import Counter

from obeying import Obeying

from gateway.settings.model import Closer

CLOSER = Closer(60, 1200.0, 900, 6, 30)


def test_closer_reports_find_sooner_and_no_less_for_few_reports_more(tmp_path):
    scene = Obeying.of(tmp_path, "seldom", 31, devices=10, days=1)
    usual, before = scene.judged(None)
    closer, after = scene.judged(CLOSER)
    (one,), (other,) = usual.columns[:1], closer.columns[:1]
    assert one.breaches.counted.happened == other.breaches.counted.happened >= 3
    assert other.breaches.counted.found >= one.breaches.counted.found > 0
    assert other.latency["exclusion"].p50_s <= one.latency["exclusion"].p50_s
    assert other.zones.false <= one.zones.false
    assert before.reports < after.reports < 1.15 * before.reports
    assert not before.orders
    asked = Counter(device for device, _, reason in after.orders if reason == "closer")
    assert asked
    assert max(asked.values()) <= CLOSER.most_a_day * scene.told.scenario.days
    for device in asked:
        times = [(time, reason) for each, time, reason in after.orders if each == device]
        assert [reason for _, reason in times] == ["closer", "usual"] * (len(times) // 2) + ["closer"] * (
            len(times) % 2
        )
        lasted = [later - time for (time, _), (later, _) in zip(times[::2], times[1::2], strict=False)]
        assert all(CLOSER.lasting_seconds <= each <= CLOSER.lasting_seconds + 120.0 for each in lasted)
