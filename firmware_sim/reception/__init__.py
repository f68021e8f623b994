"""What receivers make of the truth, in columns: GNSS errors that drift, cells, WiFi."""
