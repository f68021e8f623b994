"""The daemon: listeners, intake, journal, engine, outbox, upstreams. Start reading at ``gateway/pipeline.py``."""
