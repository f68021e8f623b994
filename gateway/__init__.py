"""The daemon: listeners, intake, journal, engine, outbox, upstreams. Read ``daemon/pipeline.py`` first."""
