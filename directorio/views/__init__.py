"""What the directory answers over HTTP."""

from directorio.views.entries import center, demand, institution, offer, supplier
from directorio.views.exports import export
from directorio.views.lists import (
    centers,
    demands,
    home,
    institutions,
    offers,
    suggested_institutions,
    suppliers,
)

__all__ = [
    "center",
    "centers",
    "demand",
    "demands",
    "export",
    "home",
    "institution",
    "institutions",
    "offer",
    "offers",
    "suggested_institutions",
    "supplier",
    "suppliers",
]
