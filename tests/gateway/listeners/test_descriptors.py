from __future__ import annotations

import resource

from gateway.listeners.descriptors import SPARE, Descriptors, measured


def test_what_is_left_for_devices_is_the_limit_without_what_is_in_use_and_spare():
    limit = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    found = measured()
    assert resource.getrlimit(resource.RLIMIT_NOFILE)[0] == limit
    assert 0 < found.most < limit - min(SPARE, limit // 8)
    assert found.taken == 0


def test_they_are_short_once_all_are_taken():
    assert not Descriptors(2, 1).are_short
    assert Descriptors(2, 2).are_short
