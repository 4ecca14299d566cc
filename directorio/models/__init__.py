"""Who and where: the nouns that every other app points down to."""

from directorio.models.centers import Center, LaunchState, Modality
from directorio.models.demands import Demand
from directorio.models.entries import Entry, Freshness
from directorio.models.institutions import Institution, Sector
from directorio.models.links import ChainLink
from directorio.models.offers import Offer
from directorio.models.places import City
from directorio.models.suppliers import Supplier
from directorio.models.trades import Trade

__all__ = [
    "Center",
    "ChainLink",
    "City",
    "Demand",
    "Entry",
    "Freshness",
    "Institution",
    "LaunchState",
    "Modality",
    "Offer",
    "Sector",
    "Supplier",
    "Trade",
]
