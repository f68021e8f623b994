"""What lies in a replicated stream on NATS JetStream instead of on one machine: journals, and who may read them."""
