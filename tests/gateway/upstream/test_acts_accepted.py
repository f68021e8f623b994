"""Whether a platform's acts are taken at all is the configuration's word, whatever the broker still sends."""

from __future__ import annotations

import pytest
from upstream_room import ACT, KEY, meant, told

from gateway.upstream.acts import sign


@pytest.mark.parametrize("accepted", [True, False])
def test_an_act_that_nobody_asked_for_is_refused_and_not_done(tmp_path, accepted):
    """A broker keeps a subscription of an earlier configuration, and says what came for it meanwhile."""

    async def test(broker, one):
        one.start()
        await one.eventually(lambda: one.upstream.connected, "there")
        assert (ACT in broker.subscribed) is accepted
        mid = broker.say(ACT, sign(meant("id1"), KEY))
        await one.eventually(lambda: mid not in broker.unacknowledged, "judged")
        assert [act.id for act in one.acts] == (["id1"] if accepted else [])
        assert one.refused == ({} if accepted else {"topic_unexpected": 1})

    told(tmp_path, test, accept_acts=accepted)
