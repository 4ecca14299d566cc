"""Closed lists that depend on no model."""

from __future__ import annotations

from enum import StrEnum


class Region(StrEnum):
    """Natural region of a city; it gives the thread of its motif."""

    CARIBE = "Caribe"
    ANDES = "Andes"
    PACIFICO = "Pacífico"
    LLANOS = "Llanos"
    AMAZONIA = "Amazonía"


REGION_BY_DEPARTMENT: dict[str, Region] = {
    **dict.fromkeys(
        ("Atlántico", "Bolívar", "Cesar", "Córdoba", "La Guajira", "Magdalena", "Sucre"),
        Region.CARIBE,
    ),
    **dict.fromkeys(("Cauca", "Chocó", "Nariño", "Valle del Cauca"), Region.PACIFICO),
    **dict.fromkeys(("Arauca", "Casanare", "Meta", "Vichada"), Region.LLANOS),
    **dict.fromkeys(
        ("Amazonas", "Caquetá", "Guainía", "Guaviare", "Putumayo", "Vaupés"),
        Region.AMAZONIA,
    ),
}
"""Departments that are not named here count as Andes."""
