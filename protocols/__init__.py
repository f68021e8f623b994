"""Wire formats, sans-I/O: bytes and bits in, columns out. No sockets, clock, storage or zones."""
