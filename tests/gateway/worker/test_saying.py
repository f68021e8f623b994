"""What a worker says is in the alarm stream once, and no county keeps it out by an id that it knows."""

from __future__ import annotations

import asyncio
import json
from types import SimpleNamespace

from city_streams import city_streams
from stream_server import StreamServer

from gateway.stream.names import alarm_id, alarm_subject
from gateway.worker.saying import say


def test_an_event_is_said_once_and_an_id_that_the_county_used_keeps_nothing_out(tmp_path):
    server, county, worker = StreamServer(tmp_path).start(), "c1", alarm_subject("c1", "worker")
    told, kept_out = (SimpleNamespace(id=name, body=json.dumps({"id": name}).encode()) for name in ("told", "kept-out"))

    async def work():
        async with city_streams(server.url) as city:
            forged = alarm_id(county, "worker", kept_out.id)
            await city.publish(alarm_subject(county, "county"), b"{}", message_id=forged)
            for event in (told, told, kept_out):
                await say(city, county, event)
            found = (await city.ask("STREAM.INFO.ALARMS", {"subjects_filter": worker}))["state"]["subjects"]
            last = await city.js.get_last_msg("ALARMS", worker)
            # What was removed meanwhile is not said anew.
            await city.ask("STREAM.PURGE.ALARMS", {"filter": worker})
            await say(city, county, told)
            after = (await city.ask("STREAM.INFO.ALARMS", {"subjects_filter": worker}))["state"].get("subjects")
            return found, json.loads(last.data), after

    try:
        assert asyncio.run(work()) == ({worker: 2}, {"id": "kept-out"}, None)
    finally:
        server.kill()
