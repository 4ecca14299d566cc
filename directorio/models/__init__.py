"""Who and where: the nouns that every other app points down to."""

from directorio.models.institutions import Institution, Sector
from directorio.models.places import City

__all__ = ["City", "Institution", "Sector"]
