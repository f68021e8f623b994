"""A whole city on one machine: a cluster, counties with their leaves, workers; and whoever kills them."""
