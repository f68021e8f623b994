"""The bundled bracelets: world, movement, radio, firmware, truth. Shares only the wire schemas with the gateway."""
