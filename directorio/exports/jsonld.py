"""What search engines read of an entry: schema.org as JSON-LD.

Says only what the entry holds; nothing is guessed to please a validator.
"""

from __future__ import annotations

import json
from typing import Any

from django.utils.safestring import SafeString, mark_safe

from directorio.models import Center, City, Demand, Institution, Offer, Sector, Supplier

_TYPES = {
    Sector.PUBLIC: "GovernmentOrganization",
    Sector.PRIVATE: "Corporation",
    Sector.ACADEMIA: "CollegeOrUniversity",
    Sector.NGO: "NGO",
}
_ESCAPES = {
    ord("<"): "\\u003C",
    ord(">"): "\\u003E",
    ord("&"): "\\u0026",
    0x2028: "\\u2028",
    0x2029: "\\u2029",
}


def script(data: dict[str, Any]) -> SafeString:
    """Return ``data`` as text that is safe inside a script element: it can neither end it nor open one."""
    full = {"@context": "https://schema.org", **_without_empty(data)}
    return mark_safe(json.dumps(full, ensure_ascii=False).translate(_ESCAPES))


def _without_empty(data: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in data.items() if value not in (None, "", [])}


def _place(city: City) -> dict[str, Any]:
    return {
        "@type": "City",
        "name": city.name,
        "containedInPlace": {"@type": "AdministrativeArea", "name": city.department},
        "geo": {"@type": "GeoCoordinates", "latitude": city.lat, "longitude": city.lon},
    }


def _body(body: Institution, base: str) -> dict[str, Any]:
    return {
        "@type": _TYPES.get(Sector(body.sector), "Organization"),
        "name": body.name,
        "url": base + body.get_absolute_url(),
    }


def _area(cities: list[City]) -> Any:
    return [_place(city) for city in cities] or {"@type": "Country", "name": "Colombia"}


def describe(entry: Any, base: str) -> dict[str, Any]:
    """Return the schema.org description of ``entry``; ``base`` goes before addresses."""
    common = {"name": str(entry), "url": base + entry.get_absolute_url()}
    if isinstance(entry, Center):
        return {
            "@type": "GovernmentOffice",
            **common,
            "foundingDate": entry.opened_on and entry.opened_on.isoformat(),
            "address": _address(entry),
            "telephone": entry.phone,
            "email": entry.email,
            "openingHours": entry.hours,
            "areaServed": _place(entry.city),
            "member": [_body(body, base) for body in entry.partners.all()],
        }
    if isinstance(entry, Institution):
        return {
            **_body(entry, base),
            "alternateName": entry.acronym,
            "description": entry.description,
            "sameAs": entry.website,
            "areaServed": _area(list(entry.cities.all())),
        }
    if isinstance(entry, Offer):
        return {
            "@type": "Service",
            **common,
            "description": entry.description,
            "serviceType": entry.get_chain_link_display(),
            "provider": _body(entry.institution, base),
            "audience": entry.audience and {"@type": "Audience", "audienceType": entry.audience},
            "areaServed": _area(list(entry.cities.all())),
        }
    if isinstance(entry, Supplier):
        return {
            "@type": "LocalBusiness",
            **common,
            "description": entry.description,
            "email": entry.email,
            "address": {
                "@type": "PostalAddress",
                "addressLocality": entry.city.name,
                "addressRegion": entry.city.department,
                "addressCountry": "CO",
            },
            "makesOffer": [
                {"@type": "Offer", "itemOffered": {"@type": "Product", "name": name}}
                for name, _text in entry.product_lines
            ],
        }
    if isinstance(entry, Demand):
        return {
            "@type": "Demand",
            **common,
            "description": entry.description,
            "availabilityStarts": entry.published_on.isoformat(),
            "availabilityEnds": entry.until and entry.until.isoformat(),
            "areaServed": _area([entry.city] if entry.city else []),
        }
    raise TypeError(f"no schema.org description for {type(entry).__name__}")


def _address(center: Center) -> dict[str, str]:
    place = {
        "@type": "PostalAddress",
        "addressLocality": center.city.name,
        "addressRegion": center.city.department,
        "addressCountry": "CO",
    }
    return {**place, "streetAddress": center.address} if center.address else place
