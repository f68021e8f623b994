"""From fixes to a track: a bank of Kalman filters over all wearers, elementwise."""
