"""What ends and what falls due, of a configuration and a time."""
