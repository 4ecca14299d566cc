"""Everything that changes the directory."""

from directorio.actions.entries import confirm, free_slug, save_entry
from directorio.actions.index import affected, queue, queue_entry

__all__ = ["affected", "confirm", "free_slug", "queue", "queue_entry", "save_entry"]
