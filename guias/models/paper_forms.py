"""Forms on paper (*formatos*): a Word file with names in it, and how each name is asked for.

What people write in one is nowhere here: it goes into the file that they get, and is forgotten.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.core.files.storage import Storage, storages
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.models import Orderable

from guias.enums import PREFILLS, FieldKind, Prefill, Route
from guias.models.guides import Guide, is_editor
from guias.models.reviews import ChapterReview
from nucleo.dates import long_date, loose
from nucleo.word_form import name_of

MAX_SHORT, MAX_LONG = 160, 2000
"""Letters that a field takes when its editor says nothing."""


def private_files() -> Storage:
    """Return where templates are kept: no web server serves them, since some are not published yet."""
    return storages["private"]


def template_path(form: PaperForm, filename: str) -> str:
    """Where the Word file is kept: named by its content, so that the one before stays whole until the end."""
    return f"formatos/{form.slug}-{form.sha256[:12]}.docx"


def blank_path(form: PaperForm, filename: str) -> str:
    """Where the empty PDF is kept."""
    return f"formatos/{form.slug}-{form.blank_source[:12]}.pdf"


class PaperFormQuerySet(models.QuerySet["PaperForm"]):
    """Which forms, and in what order."""

    def visible_to(self, user: Any) -> Self:
        """Those that are published; to editors all."""
        return self if is_editor(user) else self.filter(is_public=True)

    def in_order(self) -> Self:
        """By route as people walk them, then by name."""
        position = models.Case(
            *(models.When(route=route, then=n) for n, route in enumerate(Route)),
            default=len(Route),
            output_field=models.IntegerField(),
        )
        return self.alias(route_position=position).order_by("route_position", "title")


class PaperForm(ClusterableModel):  # type: ignore[misc]
    """One form that the network uses, such as the acta de compromiso."""

    title = models.CharField(_("nombre"), max_length=120)
    slug = models.SlugField(
        _("dirección"),
        max_length=80,
        unique=True,
        help_text=_("Lo que sigue a /guias/formatos/. No se cambia: hay enlaces y papeles con ella."),
    )
    lead = models.CharField(
        _("para qué sirve"),
        max_length=240,
        help_text=_("En una frase: cuándo se llena y quién lo firma. Se muestra en listas y en la búsqueda."),
    )
    route = models.CharField(_("ruta"), max_length=20, choices=Route.choices)
    guide = models.ForeignKey(
        Guide,
        verbose_name=_("guía que lo pide"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("La página de esa guía lo muestra."),
    )
    chapters = models.ManyToManyField(
        ChapterReview, verbose_name=_("capítulos que lo usan"), blank=True, related_name="paper_forms"
    )
    """By the row of each chapter's date, which stays with it when a version gives it another address."""
    is_public = models.BooleanField(
        _("se muestra al público"),
        default=False,
        help_text=_("Sin la marca lo ven y lo prueban solo quienes editan."),
    )
    is_demo = models.BooleanField(
        _("contenido de demostración"),
        default=False,
        help_text=_("El formato lleva un aviso de que es de ejemplo y no es el documento oficial."),
    )
    file = models.FileField(_("Word del formato"), storage=private_files, upload_to=template_path)
    sha256 = models.CharField(max_length=64, editable=False)
    names = models.JSONField(default=list, editable=False)
    """Names that stand in the file, in the order of its text."""
    not_in_pdf = models.JSONField(default=list, editable=False)
    """What the PDF does not show as Word does (words of ``nucleo.word_paper``), seen when it was uploaded."""
    template_on = models.DateField(_("fecha del Word"), editable=False)
    blank = models.FileField(storage=private_files, upload_to=blank_path, blank=True, editable=False)
    """The PDF to fill by hand, made when it is first wanted."""
    blank_source = models.CharField(max_length=64, blank=True, editable=False)
    updated_at = models.DateTimeField(_("cambió"), auto_now=True)

    objects = PaperFormQuerySet.as_manager()

    class Meta:
        verbose_name = _("formato")
        verbose_name_plural = _("formatos")
        ordering = ["title"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Where it is filled."""
        return reverse("guias:fill_paper_form", args=[self.slug])

    @property
    def foot(self) -> str:
        """What stands under each page: which form it is, and of when."""
        said = {"title": self.title, "date": loose(long_date(self.template_on))}
        return str(_("%(title)s · formato del %(date)s · Red Cemprende") % said)

    def source(self, fields: list[PaperField], edition: int) -> str:
        """Return the fingerprint of all that the blank form is made from."""
        asked = [(one.name, one.kind, one.choices) for one in fields]
        made_from = json.dumps([edition, self.sha256, self.title, self.foot, asked])
        return hashlib.sha256(made_from.encode()).hexdigest()


class PaperField(Orderable):  # type: ignore[misc]
    """How one name of the file is asked for."""

    form = ParentalKey(PaperForm, on_delete=models.CASCADE, related_name="fields")
    name = models.CharField(
        _("nombre en el Word"),
        max_length=40,
        help_text=_("Lo que está entre {{ y }}, por ejemplo nombre_completo."),
    )
    label = models.CharField(_("pregunta"), max_length=120, help_text=_("Como la lee quien llena."))
    kind = models.CharField(
        _("qué se escribe"), max_length=12, choices=FieldKind.choices, default=FieldKind.SHORT
    )
    help = models.CharField(_("ayuda"), max_length=200, blank=True)
    required = models.BooleanField(_("no puede quedar vacío"), default=True)
    max_length = models.PositiveSmallIntegerField(
        _("letras que caben"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(4000)],
        help_text=_("Vacío: 160 en un texto corto y 2.000 en uno de varias líneas."),
    )
    choices = models.TextField(
        _("opciones"), max_length=1000, blank=True, help_text=_("Una por línea, si es una de varias.")
    )
    prefill = models.CharField(
        _("sale ya escrito"), max_length=12, choices=Prefill.choices, blank=True, default=Prefill.NOTHING
    )

    class Meta(Orderable.Meta):  # type: ignore[misc]
        verbose_name = _("campo")
        verbose_name_plural = _("campos")
        constraints = [
            models.UniqueConstraint(fields=["form", "name"], name="guias_paper_field_unique"),
        ]

    def __str__(self) -> str:
        return self.label

    def clean(self) -> None:
        """Read the name as people write it; refuse choices that are none, and a beginning that fits not."""
        wrong: dict[str, Any] = {}
        self.name = name_of(self.name.strip().removeprefix("{{").removesuffix("}}"))
        if not self.name:
            wrong["name"] = _("Escriba letras, números y espacios, como nombre completo.")
        if self.kind == FieldKind.CHOICE and len(self.options) < 2:
            wrong["choices"] = _("Escriba dos opciones o más, una por línea.")
        if self.prefill and self.prefill not in PREFILLS.get(FieldKind(self.kind), set()):
            wrong["prefill"] = _("Eso no cabe en un campo de esa clase.")
        if wrong:
            raise ValidationError(wrong)

    @property
    def options(self) -> list[str]:
        """The choices, once each."""
        lines = (line.strip() for line in self.choices.splitlines())
        return list(dict.fromkeys(line for line in lines if line))

    @property
    def room(self) -> int:
        """Letters that it takes."""
        return self.max_length or (MAX_LONG if self.kind == FieldKind.LONG else MAX_SHORT)
