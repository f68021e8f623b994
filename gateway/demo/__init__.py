"""What people look at: the demo, its live view, its count at the end."""
