"""What a visitor may ask of each list of the directory, read from the address and forgiving about it."""

from directorio.filters.facets import Facet, Option
from directorio.filters.listings import CENTERS, DEMANDS, INSTITUTIONS, LISTINGS, OFFERS, SUPPLIERS, Listing
from directorio.filters.selection import FacetShown, Selection

__all__ = [
    "CENTERS",
    "DEMANDS",
    "INSTITUTIONS",
    "LISTINGS",
    "OFFERS",
    "SUPPLIERS",
    "Facet",
    "FacetShown",
    "Listing",
    "Option",
    "Selection",
]
