"""Forms of the admin: what an editor fills, checked and completed before it is saved."""

from __future__ import annotations

import hashlib
from contextlib import suppress
from datetime import datetime
from functools import partial
from typing import Any

from django import forms
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.timezone import make_aware
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm

from guias import tasks
from guias.actions.files import keep_checksum
from guias.actions.reviews import ask_anew
from guias.actions.versions import next_number
from guias.enums import Format, Lack, Route
from guias.exports.earlier import (
    MAX_DELETE_TOO,
    OURS,
    Earlier,
    Manifest,
    NotAManifest,
    Nothing,
    Since,
    Token,
    read_manifest,
)
from guias.exports.package import Selection, known_slugs, published_moments
from guias.forms.of_route import OfRouteForm
from guias.models import Guide, OfficialFile, Version
from guias.models.ownership import own_routes, people_who_edit
from nucleo import uploads
from nucleo.dates import thousands
from nucleo.pdf_look import MAX_PAGES, Look, UnfitError, look
from search import outbox

MINUTE = "%d/%m/%Y %H:%M"
"""How the moment of an earlier download stands in the form: what came later the same day she lacks."""
MAX_OFFICIAL_BYTES = 300 * 1024 * 1024


class SlugsField(forms.Field):
    """The guides of a basket, as ``guia=…&guia=…``; the page shows a box to tick for each."""

    widget = forms.SelectMultiple

    def clean(self, value: Any) -> tuple[str, ...]:
        """Return them in one order, once each; refuse what is no guide of the package."""
        slugs = sorted(set(value or ()))
        unknown = set(slugs) - known_slugs() if slugs else set()
        if unknown:
            raise ValidationError(
                _("«%(slug)s» no está en el paquete. Escoja las guías de la lista."),
                params={"slug": min(unknown)[:80]},
            )
        return tuple(slugs)


class PackageForm(forms.Form):
    """Which part of the package, and since when."""

    mark_optional = False

    ruta = forms.ChoiceField(
        label=_("Qué ruta"), required=False, choices=[("", _("Todo el paquete")), *Route.choices]
    )
    guia = SlugsField(label=_("O solo algunas guías"), required=False)
    desde = forms.CharField(
        label=_("Ya tengo un paquete, de esta fecha"),
        required=False,
        max_length=4000,
        help_text=_(
            "Escriba la fecha, por ejemplo 9/3/2015, o el número que está en su archivo LEEME.txt. "
            "Si deja la casilla vacía, el paquete viene completo."
        ),
    )
    borrar = forms.Field(required=False, widget=forms.MultipleHiddenInput)

    @property
    def selection(self) -> Selection:
        """What was chosen; guides that were ticked count more than a route."""
        guides = self.cleaned_data["guia"]
        return Selection("" if guides else self.cleaned_data["ruta"], guides)

    def clean_borrar(self) -> list[str]:
        """Return the files to delete that the page found out from a manifest; refuse any that is not ours."""
        paths = list(self.cleaned_data["borrar"] or ())
        if len(paths) > MAX_DELETE_TOO or not all(OURS.match(path) for path in paths):
            raise ValidationError(_("A la dirección le falta algo. Suba otra vez el archivo manifest.json."))
        return paths

    def clean_desde(self) -> Earlier:
        """Return what she has already; a number is that of an earlier package."""
        text = self.cleaned_data["desde"].strip()
        if not text:
            return Nothing()
        token = Token.read(text)
        if token is not None:
            return token
        if text.isdigit() and len(text) < 7:
            moments = published_moments()
            number = int(text)
            if not 0 < number <= len(moments):
                raise ValidationError(_("No hay un paquete con el número %(n)s."), params={"n": text})
            return Since(moments[number - 1], by_day=False)
        moment = _moment(text)
        if moment is None:
            raise ValidationError(
                _("«%(text)s» no es una fecha ni un número de paquete. Escriba la fecha así: 9/3/2015."),
                params={"text": text[:40]},
            )
        if moment > timezone.now():
            raise ValidationError(
                _("El %(text)s todavía no llega. Escriba la fecha en que bajó su paquete."),
                params={"text": text[:40]},
            )
        return Since(moment, by_day=True)


class ManifestForm(forms.Form):
    """The manifest of an earlier package, to bring what it lacks."""

    manifest = forms.FileField(
        label=_("El archivo manifest.json de su paquete"),
        help_text=_("Está en la carpeta del paquete, al lado de LEEME.txt. Puede arrastrarlo hasta aquí."),
        error_messages={
            "required": _("Escoja el archivo manifest.json de su paquete."),
            "empty": _("Ese archivo está vacío. Escoja el manifest.json de la carpeta del paquete."),
        },
        widget=forms.FileInput(attrs={"accept": ".json,application/json"}),
    )

    def clean_manifest(self) -> Manifest:
        """Return what it says."""
        upload = self.cleaned_data["manifest"]
        try:
            return read_manifest(upload, upload.size)
        except NotAManifest as error:
            raise ValidationError(str(error)) from None


class RenewalForm(ManifestForm):
    """The same from a script, which may have some of the new bytes already: the line broke."""

    marca = forms.CharField(required=False, max_length=64)
    van = forms.IntegerField(required=False, min_value=0)


def _moment(text: str) -> datetime | None:
    """Return when ``text`` says: a day as people (9/3/2015) or programs write it, or a minute of one."""
    for shape in ("%d/%m/%Y", "%Y-%m-%d", MINUTE):
        with suppress(ValueError):
            return make_aware(datetime.strptime(text, shape))
    return None


class OpinionForm(forms.Form):
    """What was missing in a chapter; who says that it helped is asked for words alone."""

    falta = forms.ChoiceField(
        label=_("¿Qué le faltó?"), required=False, choices=Lack.choices, widget=forms.RadioSelect
    )
    palabras = forms.CharField(
        label=_("Cuéntenos en sus palabras"),
        required=False,
        max_length=500,
        widget=forms.Textarea({"rows": 4}),
        help_text=_(
            "No escriba nombres ni datos de personas. Si espera una respuesta, pregunte en la comunidad."
        ),
    )

    def __init__(self, *args: Any, helped: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if helped:
            del self.fields["falta"]
            self.fields["palabras"].label = _("¿Algo que se pueda mejorar?")

    def clean(self) -> dict[str, Any]:
        """Leave nothing unsaid that the form does not ask; refuse an empty answer."""
        cleaned: dict[str, Any] = {"falta": "", "palabras": "", **self.cleaned_data}
        cleaned["palabras"] = cleaned["palabras"].replace("\r\n", "\n")
        if not self.errors and not cleaned["falta"] and not cleaned["palabras"]:
            raise ValidationError(_("Marque una opción o escriba algo. Si no quiere, vuelva al capítulo."))
        return cleaned


ON_COVER = frozenset({"series", "route", "order", "is_demo"})
"""What the files of a guide say of it and may change once they are published."""
KEPT_BY_VERSIONS = _(
    "Cambia en las listas y en la búsqueda. La versión vigente conserva el que tenía: "
    "el nuevo sale con la próxima."
)


class GuideForm(OfRouteForm):
    """A guide."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "reviewer" in self.fields:
            choice = Q(pk__in=people_who_edit().values("pk")) | Q(pk=self.instance.reviewer_id)
            people = get_user_model()._default_manager.filter(choice)
            self.fields["reviewer"].queryset = people.order_by("email")
        if self.instance.pk and self.instance.versions.published().exists():
            for name in {"title", "lead"} & self.fields.keys():
                self.fields[name].help_text = KEPT_BY_VERSIONS

    @transaction.atomic
    def save(self, commit: bool = True) -> Guide:
        """Save, let the search know in the same transaction, and have the files say the same."""
        guide: Guide = super().save(commit)
        if guide.pk:
            outbox.queue("guia", guide.pk)
        if "reviewer" in self.changed_data:
            ask_anew(guide=guide)
        if ON_COVER & set(self.changed_data):
            for version in guide.versions.published().values_list("pk", flat=True):
                transaction.on_commit(partial(tasks.make_files.enqueue, version))
        return guide


class VersionForm(WagtailAdminModelForm):  # type: ignore[misc]
    """A draft; the site numbers it, and a guide has one draft at a time."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk and "guide" in self.fields:
            self.fields["guide"].disabled = True
        routes = own_routes(self.for_user)
        if routes and "guide" in self.fields:
            self.fields["guide"].queryset = Guide.objects.filter(route__in=routes)

    def clean_guide(self) -> Guide:
        """Refuse a second draft of the same guide."""
        guide: Guide = self.cleaned_data["guide"]
        if not self.instance.pk and guide.versions.drafts().exists():
            raise ValidationError(_("Esta guía ya tiene un borrador. Siga escribiendo en él."))
        return guide

    def clean_changes(self) -> str:
        """Take line ends as they are kept."""
        changes = str(self.cleaned_data["changes"]).replace("\r\n", "\n").strip()
        if not changes and not self.is_deferred_validation and self._follows_another():
            raise ValidationError(
                _("Antes de publicar diga qué cambió y para quién: lo leen quienes tienen la anterior.")
            )
        return changes

    def _follows_another(self) -> bool:
        """Whether readers have an earlier version; a draft is saved without saying what changed."""
        guide = self.cleaned_data.get("guide") or getattr(self.instance, "guide", None)
        return guide is not None and guide.versions.published().exists()

    def save(self, commit: bool = True) -> Version:
        """Number a new draft."""
        if not self.instance.pk:
            self.instance.number = next_number(self.instance.guide)
        return super().save(commit)  # type: ignore[no-any-return]


UNFIT = {
    "not-pdf": _("Este archivo no es un PDF ni un Word, aunque se llame así. Guárdelo como PDF y súbalo."),
    "cut": _("Este PDF llegó incompleto. Revise que abra bien en su equipo y súbalo otra vez."),
    "locked": _("Este PDF pide clave. Guárdelo sin clave y súbalo: así se puede leer y buscar."),
    "broken": _("Este PDF está dañado y no se puede abrir. Guárdelo otra vez como PDF y súbalo."),
    "long": _("Este PDF tiene %(pages)s páginas y caben %(most)s. Divídalo en varias guías."),
}
"""What is said for each reason of ``nucleo.pdf_look``."""


def _chapters_of(version: Version) -> list[tuple[str, str]]:
    return [(chapter.slug, f"{chapter.number}. {chapter.title}") for chapter in version.chapters]


class RemarkForm(forms.Form):
    """What somebody would change in a draft, and where."""

    capitulo = forms.ChoiceField(label=_("Capítulo"), required=False)
    palabras = forms.CharField(
        label=_("Comentario"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, version: Version, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _("Toda la versión")), *_chapters_of(version)]
        self.fields["capitulo"].choices = choices  # type: ignore[attr-defined]


class ErratumForm(forms.Form):
    """What a chapter says, word for word, and what it should say."""

    capitulo = forms.ChoiceField(label=_("Capítulo"))
    dice = forms.CharField(
        label=_("Donde dice"),
        max_length=300,
        help_text=_("Copie del capítulo las palabras tal como están, con alguna de antes y de después."),
    )
    debe_decir = forms.CharField(label=_("Debe decir"), max_length=300)

    def __init__(self, *args: Any, version: Version, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["capitulo"].choices = _chapters_of(version)  # type: ignore[attr-defined]

    def clean_dice(self) -> str:
        """Take one space for any; what was copied over two lines is one line."""
        return " ".join(self.cleaned_data["dice"].split())

    def clean_debe_decir(self) -> str:
        """The same."""
        return " ".join(self.cleaned_data["debe_decir"].split())

    def clean(self) -> dict[str, Any]:
        """Refuse a correction that corrects nothing."""
        cleaned: dict[str, Any] = self.cleaned_data
        if "dice" in cleaned and cleaned["dice"] == cleaned.get("debe_decir"):
            self.add_error("debe_decir", _("Es lo mismo que ya dice."))
        return cleaned


class OfficialFileForm(WagtailAdminModelForm):  # type: ignore[misc]
    """An official PDF or Word file, checked by what it is and not by its name."""

    seen: Look | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].error_messages["empty"] = uploads.EMPTY
        if "version" in self.fields:
            offered = Version.objects.select_related("guide").defer("body", "summary")
            routes = own_routes(self.for_user)
            self.fields["version"].queryset = offered.filter(guide__route__in=routes) if routes else offered

    def clean_file(self) -> Any:
        """Refuse what is neither PDF nor Word, or cannot be opened and searched, with what to do about it."""
        upload = self.cleaned_data["file"]
        if "file" not in self.changed_data:
            return upload
        if upload.size > MAX_OFFICIAL_BYTES:
            raise ValidationError(_("El archivo pesa más de 300 MB. Guárdelo con menos resolución."))
        self.kind = Format.DOCX if uploads.kind_of(upload) == "docx" else Format.PDF
        if self.kind == Format.PDF:
            try:
                self.seen = look(upload)
            except UnfitError as error:
                said = {"pages": thousands(error.pages), "most": thousands(MAX_PAGES)}
                raise ValidationError(UNFIT[error.reason], params=said) from error
        return upload

    def clean(self) -> dict[str, Any]:
        """Refuse a second file of the same kind for one version."""
        cleaned: dict[str, Any] = super().clean()
        version, kind = cleaned.get("version"), getattr(self, "kind", self.instance.format)
        same = OfficialFile.objects.filter(version=version, format=kind).exclude(pk=self.instance.pk)
        if version and same.exists():
            said = {"kind": Format(kind).label}
            raise ValidationError(
                _("Esta versión ya tiene un %(kind)s oficial. Ábralo en la lista y cámbielo ahí."),
                params=said,
            )
        return cleaned

    def save(self, commit: bool = True) -> OfficialFile:
        """Keep fingerprint and size, by which copies are compared, and the picture of the first page."""
        official: OfficialFile = self.instance
        if "file" in self.changed_data:
            official.format = self.kind
            official.size = official.file.size
            official.sha256 = hashlib.file_digest(official.file, "sha256").hexdigest()
            official.file.seek(0)
            keep_checksum(sha256=official.sha256, file=official.file)
            official.file.seek(0)
            official.pages = self.seen.pages if self.seen else 0
            official.picture = ContentFile(self.seen.picture, "primera.webp") if self.seen else ""
        return super().save(commit)  # type: ignore[no-any-return]


class RouteEditorForm(WagtailAdminModelForm):  # type: ignore[misc]
    """A route for one of those who edit guides; a list of all accounts would be no list to choose from."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "user" in self.fields:
            self.fields["user"].queryset = people_who_edit()
