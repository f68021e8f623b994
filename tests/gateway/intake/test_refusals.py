from __future__ import annotations

from gateway.intake.refusals import KEPT, SAMPLE, Refusals


def test_every_refusal_is_counted_and_the_last_ones_kept():
    refusals = Refusals()
    for number in range(KEPT + 50):
        refusals.add("unknown_device", float(number), "bracelets", "203.0.113.9:4000", bytes([number % 256]))
    refusals.add("bad_checksum", 999.0, "bracelets", "203.0.113.9:4000")
    assert refusals.counts == {"unknown_device": KEPT + 50, "bad_checksum": 1}
    assert len(refusals.last) == KEPT
    assert refusals.last[0].at == 51.0
    assert (refusals.last[-1].reason, refusals.last[-1].sample) == ("bad_checksum", "")


def test_a_sample_is_cut():
    refusals = Refusals()
    refusals.add("frame_too_long", 1.0, "l", "p", b"\xab" * 100_000)
    assert refusals.last[0].sample == "ab" * SAMPLE
