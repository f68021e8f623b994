"""What of the pages is for which role; what is done is checked by the daemon once more."""

from __future__ import annotations

from typing import Final

from gateway.settings.model import Role

ANSWERING: Final = frozenset({Role.DUTY, Role.OFFICE, Role.LEADER})
"""Who acts on alarms."""
READING: Final = ANSWERING | {Role.AUDITOR, Role.PROCURATOR}
"""Who reads alarms and what was done about them."""
SEEING: Final = ANSWERING
"""Who sees where somebody is."""
