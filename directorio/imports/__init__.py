"""Tables that come in: reading a file, understanding its rows, telling what is wrong with each."""

from directorio.imports.run import Report, RowError, import_file
from directorio.imports.sheets import Unreadable

__all__ = ["Report", "RowError", "Unreadable", "import_file"]
