"""The bracelet itself, sans-I/O: its frames, its store of what is not yet acknowledged, its link to the platform."""
