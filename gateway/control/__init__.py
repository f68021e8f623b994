"""The control socket: officers' and operators' commands to the running daemon, one JSON line each way."""
