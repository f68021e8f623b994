"""A connection to an MQTT broker, for the ways in and for the upstreams."""
