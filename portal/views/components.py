"""Every component in every state on one page, for who changes how something looks. Only with ``DEBUG=1``.

The values are made up here: they belong to nobody, and the page reads no database but the frame's own.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from directorio.models import City
from nucleo import routes
from nucleo.forms import Finder, ShapedText
from nucleo.map import Place

COLOURS = (
    "bg", "surface", "sunk", "line", "control", "ink", "ink-2", "brand", "brand-soft", "cloth", "cloth-2",
    "maiz", "maiz-edge", "ok", "ok-soft", "warn", "warn-soft", "danger", "danger-soft", "orient", "empre",
    "micro", "emple", "refer", "redip", "trans",
)  # fmt: skip


class SampleForm(forms.Form):
    """One field of each kind."""

    nombre = forms.CharField(label="Nombre", help_text="Como aparece en su cédula.")
    nit = forms.CharField(label="NIT con dígito de verificación")
    ciudad = forms.ChoiceField(
        label="Ciudad", choices=[("", "Elija una"), ("a", "Cartagena")], required=False
    )
    entidad = forms.CharField(
        label="Entidad", widget=Finder(reverse_lazy("directorio:suggested_institutions")), required=False
    )
    texto = forms.CharField(label="Su respuesta", widget=ShapedText, required=False)
    papel = forms.ChoiceField(
        label="¿Quién es usted en la red?",
        choices=[("c", "Trabajo en un centro"), ("r", "Participo en una RedIP o en una mesa")],
        widget=forms.RadioSelect,
    )
    acepto = forms.BooleanField(label="Casilla para marcar")

    def clean_nit(self) -> str:
        """Show how an error reads."""
        raise forms.ValidationError("Al NIT le falta el dígito después del guion")


@require_safe
def components(request: HttpRequest) -> HttpResponse:
    """Show them all."""
    today = timezone.localdate()
    cities = list(City.objects.order_by("name"))
    wrong = SampleForm({"nombre": "Persona de ejemplo", "nit": "NIT de ejemplo", "papel": "c"})
    context: dict[str, Any] = {
        "colours": COLOURS,
        "routes": routes.ROUTES,
        "cities": [
            {"href": "#", "name": city.name, "code": city.divipola, "text": city.divipola} for city in cities
        ],
        "crumbs": [("Inicio", "/"), ("Otra parte", "#")],
        "hit_title": mark_safe("Proceso de <mark>orientación</mark>"),
        "hit_text": mark_safe("Si sigue, firma el <mark>acta de compromiso</mark>."),
        "post_actions": render_to_string(
            "components/post_actions.html",
            {
                "actions": [
                    {"href": "#", "icon": "thumbs-up", "label": _("Me sirvió")},
                    {"href": "#", "label": _("Responder")},
                    {"href": "#", "icon": "flag", "label": _("Avisar")},
                ]
            },
        ),
        "places": [Place(c.name, c.divipola, c.lat, c.lon, "cemprende") for c in cities],
        "form": wrong,
        "today": today,
        "later": today + dt.timedelta(days=2),
        "now": timezone.now() - dt.timedelta(hours=30),
        "page": Paginator(range(60), 20).page(2),
        "tabs": [
            {"href": "#", "label": "Resumen", "current": True},
            {"href": "#", "label": "Por responder", "count": 2},
            {"href": "#", "label": "Archivos"},
        ],
        "parts": [("color", "Color"), ("botones", "Botones"), ("campos", "Campos")],
        "chips": [
            {"href": "#", "label": "Todas", "count": 13, "current": True},
            {"href": "#", "label": "Orientación", "count": 1, "icon": "compass", "css": "route-orient"},
        ],
        "facets": [
            {
                "name": "que",
                "title": "Qué es",
                "items": [
                    {"href": "#", "label": "Todo", "count": 5, "current": True},
                    {"href": "#", "label": "Guías", "count": 2, "icon": "book-open"},
                ],
                "more": [{"href": "#", "label": "Bitácoras", "count": 1, "icon": "book-open"}],
            },
            {"name": "desde", "title": "Fecha", "items": [], "dates": {"since": "2015-03-01"}},
        ],
        "steps": [
            {"label": "Hecho", "href": "#", "state": "done"},
            {"label": "Aquí va", "href": "#", "state": "now", "note": "Con una segunda línea"},
            {"label": "Falta", "href": "#"},
        ],
        "points": ["La primera frase dice qué hacer.", "La segunda, cuándo.", "La tercera, con qué."],
        "facts": ["Un hecho", "Otro hecho"],
        "late": {"tone": "danger", "text": _("Pasó el plazo hace 6 días")},
        "soon": {"tone": "warn", "text": _("Vence en 4 días")},
        "action": {"href": "#", "label": "Contar cómo voy"},
        "download": {"href": "#", "label": "Descargar", "icon": "download", "download": True},
        "saved": [("Decisiones", "1. Un texto de ejemplo.")],
        "pairs": [("Modalidad", "Cemprende"), ("Abierto desde", "1 de diciembre de 2012")],
        "previous": {"href": "#", "label": "Caracterizar y enrutar"},
        "next": {"href": "#", "label": "Preguntas frecuentes"},
    }
    return render(request, "portal/components.html", context)
