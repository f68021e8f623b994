"""A county's configuration: YAML and CSV in, one checked, frozen :class:`~gateway.settings.model.Configuration` out."""
