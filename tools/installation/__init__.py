"""make test-install: a bundle in a clean tree without a network, from the installation to the removal."""
