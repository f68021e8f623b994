"""make bundle: the gateway with an interpreter of its own, for servers without network, compiler or Python."""
