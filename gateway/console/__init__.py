"""The duty officers' console: pages over what the gateway has stored, and acts over its control socket."""
