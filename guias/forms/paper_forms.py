"""Forms on paper: the form by which an editor defines one, and the one that a person fills on the site.

The second is made from rows of the first.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm

from directorio.models import City
from guias.actions.paper_forms import (
    drop_file,
    fit_fields,
    keep_blank,
    proposed_field,
    queue_paper_form,
)
from guias.enums import FieldKind, Prefill
from guias.exports import paper_forms as papers
from guias.models import ChapterReview, Guide, PaperField, PaperForm
from guias.models.courses import chapter_key
from guias.models.ownership import own_routes
from nucleo import uploads, word_form, word_pdf
from nucleo.dates import long_date, loose, pesos, thousands
from nucleo.fields import Day, LongText, ShortText
from nucleo.ooxml import RefusedError

MAX_BYTES = 5 * 1024 * 1024
MAX_PAGES = 8
"""Pages that the empty form may have: more would keep who fills it waiting for the PDF."""
WORD = ".docx,application/vnd.openxmlformats-officedocument.wordprocessingml.document"

REFUSED: dict[str, Any] = {
    "empty": uploads.EMPTY,
    "old": _("Este es un Word antiguo (.doc). Ábralo en Word, guárdelo como .docx y súbalo."),
    "locked": _("Este Word pide clave. Guárdelo sin clave y súbalo."),
    "not-word": _("Esto no es un Word (.docx), aunque se llame así. Guárdelo como .docx y súbalo."),
    "pdf": _("Esto es un PDF. El formato se sube en Word (.docx), para poder escribir en él."),
    "html": _("Esto es una página web, aunque se llame así. Guárdelo como .docx y súbalo."),
    "rtf": _("Esto es un RTF, no un Word. Guárdelo como .docx y súbalo."),
    "picture": _("Esto es una imagen. El formato se sube en Word (.docx)."),
    "cut": _("Este archivo llegó incompleto o dañado. Revise que abra bien en su equipo y súbalo otra vez."),
    "broken": _("Este Word está dañado por dentro. Ábralo en Word, guárdelo con otro nombre y súbalo."),
    "bomb": _("Este archivo se infla al abrirlo y podría llenar el disco. Use imágenes más pequeñas."),
    "strict": _("Este Word se guardó como «Open XML estricto». Guárdelo como .docx y súbalo."),
    "macros": _("Este Word trae macros, que son programas. Guárdelo como «Documento de Word (.docx)»."),
    "object": _("Este Word trae otro archivo incrustado. Quítelo, o póngalo como imagen, y súbalo."),
    "template": _(
        "Este Word depende de una plantilla que está en otro equipo (%(what)s). Cópielo todo a un "
        "documento nuevo y suba ese."
    ),
    "linked": _("Este Word busca algo fuera de él (%(what)s). Ponga la imagen o el texto dentro y súbalo."),
    "comments": _("Este Word trae comentarios con nombres. Bórrelos (Revisar → Eliminar) y súbalo."),
    "tracked": _("Este Word trae cambios sin aceptar. Acéptelos (Revisar → Aceptar) y súbalo."),
    "field": _("Este Word trae un campo automático que no se permite: %(what)s. Quítelo y súbalo."),
    "unknown": _("Este Word trae algo que no puede llevar: %(what)s. Póngalo como imagen y súbalo."),
    "logic": _(
        "En el Word dice «%(what)s». Un formato no lleva instrucciones ni repeticiones: solo nombres, "
        "como {{ nombre }}."
    ),
    "name": _(
        "En el Word dice «%(what)s», y eso no es el nombre de un campo. Use letras, números y espacios, "
        "como {{ nombre completo }}."
    ),
    "open": _("En el Word hay un campo sin cerrar: «%(what)s». Escríbalo entre {{ y }}, en un renglón."),
    "many": _("El Word tiene %(what)s campos y caben 60. Divídalo en varios formatos."),
    "places": _("En el Word hay %(what)s lugares para llenar y caben 500. Divídalo en varios formatos."),
    "none": _("El Word no tiene ningún campo. Escriba los nombres entre llaves dobles, como {{ nombre }}."),
}  # fmt: skip
"""What is said for each reason of ``nucleo.ooxml`` and ``nucleo.word_form``."""

NOT_IN_PDF = {
    "alt": _(
        "Hay una imagen sin texto para quien no la ve. En Word: clic derecho sobre ella, «Texto alternativo»."
    ),
    "boxes": _("Los cuadros de texto salen en un recuadro debajo de su renglón."),
    "columns": _("Las columnas salen una debajo de la otra."),
    "even": _("El encabezado de las páginas pares sale igual al de las impares."),
    "floating": _("Las imágenes que flotan salen en su renglón."),
    "math": _("Las fórmulas salen como texto corrido."),
    "pictures": _("Hay una imagen que no es PNG, JPG ni GIF y no sale."),
    "shapes": _("Las líneas y figuras dibujadas no salen."),
    "sizes": _("Todas las páginas salen del tamaño de la primera."),
    "symbol": _("Hay un símbolo de una fuente especial que sale como un cuadrito."),
}
"""What is said for each word of ``nucleo.word_paper``."""


class PaperFormForm(WagtailAdminModelForm):  # type: ignore[misc]
    """A form as its editor defines it: names in the Word file and fields below it are the same ones."""

    data: Any
    create_fields = forms.BooleanField(
        label=_("Crear los campos que estén en el Word y no estén abajo"),
        required=False,
        help_text=_("Quedan como texto, fecha, ciudad o número según su nombre. Después puede cambiarlos."),
    )
    drop_fields = forms.BooleanField(
        label=_("Quitar los campos de abajo que ya no estén en el Word"), required=False
    )
    chapter_addresses = forms.CharField(
        label=_("Capítulos que lo usan"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_(
            "La dirección de cada capítulo, una por línea: ábralo en el portal, cópiela y péguela aquí. El "
            "capítulo muestra el formato y el formato lleva al capítulo."
        ),
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    """When what stands in the form was saved, to notice that somebody else saved meanwhile."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.read: word_form.Form | None = None
        self.drawn: word_pdf.Drawn | None = None
        self.created: dict[str, str] = {}
        self.fields["create_fields"].initial = not self.instance.pk
        self.saved = self.instance.updated_at.isoformat() if self.instance.pk else ""
        self.initial["seen"] = self.saved
        if self.instance.pk:
            chapters = self.instance.chapters.select_related("guide").order_by("guide__title", "number")
            self.initial["chapter_addresses"] = "\n".join(one.get_absolute_url() for one in chapters)
        if self.instance.pk and "slug" in self.fields:
            self.fields["slug"].disabled = True
        self.fields["file"].widget = forms.FileInput({"accept": WORD})
        self.fields["file"].required = not self.instance.pk
        self.fields["file"].error_messages["empty"] = uploads.EMPTY
        routes = own_routes(self.for_user)
        if routes and "route" in self.fields:
            offered = [choice for choice in self.fields["route"].choices if choice[0] in routes]
            self.fields["route"].choices = offered
            self.fields["guide"].queryset = Guide.objects.filter(route__in=routes)

    def clean_file(self) -> Any:
        """Refuse what is no form, with what to do about it; keep what is read, cleaned of people."""
        upload = self.cleaned_data["file"]
        if "file" not in self.changed_data:
            return upload
        if upload.size > MAX_BYTES:
            raise ValidationError(_("El Word pesa más de 5 MB. Use imágenes más pequeñas."))
        try:
            self.read = word_form.read(upload)
        except RefusedError as error:
            reason = error.what if error.reason == "not-word" and error.what in REFUSED else error.reason
            raise ValidationError(REFUSED[reason], params={"what": error.what}) from None
        return upload

    def clean_chapter_addresses(self) -> list[ChapterReview]:
        """Return the chapters; says which address is of none that can be read now, or of another's route.

        Those that it has already stay, also when their guide was taken away meanwhile or is another's.
        """
        before = set(self.instance.chapters.select_related("guide")) if self.instance.pk else set()
        found: list[ChapterReview] = []
        for line in filter(None, map(str.strip, self.cleaned_data["chapter_addresses"].splitlines())):
            guide, chapter = chapter_key(line) or ("", "")
            named = ChapterReview.objects.filter(guide__slug=guide, chapter=chapter).select_related("guide")
            row = named.filter(pk__in=[one.pk for one in before]).first() or named.living().first()
            if row is None:
                said = _("Este capítulo no está en la versión vigente de una guía pública: %(address)s")
                raise ValidationError(said, params={"address": line})
            found.append(row)
        routes = own_routes(self.for_user)
        for row in before ^ set(found):
            if routes and row.guide.route not in routes:
                said = _("Este capítulo es de una ruta que usted no edita. Déjelo como estaba: %(address)s")
                raise ValidationError(said, params={"address": row.get_absolute_url()})
        return found

    def clean(self) -> dict[str, Any]:
        """Name what the file asks and the fields do not, and the other way round; then draw it once."""
        cleaned: dict[str, Any] = super().clean()
        self._notice_others(cleaned)
        fields = self._fields()
        if self.errors or fields is None:
            return cleaned
        written = self.read.written if self.read else dict.fromkeys(self.instance.names, "")
        names = list(written)
        defined = [field.name for field in fields]
        self.created = {name: words for name, words in written.items() if name not in defined}
        dropped = [name for name in defined if name not in names]
        if self.created and not cleaned.get("create_fields"):
            self.add_error("create_fields", _unknown(self.created))
        if dropped and not cleaned.get("drop_fields"):
            self.add_error("drop_fields", _missing(dropped))
        if not self.errors:
            kept = [field for field in fields if field.name in names]
            self._draw(cleaned, kept + [proposed_field(name) for name in self.created])
        return cleaned

    def _notice_others(self, cleaned: dict[str, Any]) -> None:
        """Refuse, once, to save over what another saved since the form was opened."""
        if self.saved and cleaned.get("seen") != self.saved:
            self.data = self.data.copy()
            self.data[self.add_prefix("seen")] = self.saved
            self.add_error(
                None,
                _(
                    "Mientras usted escribía, otra persona guardó cambios en este formato. Lo suyo sigue en "
                    "pantalla y no se ha guardado. Mire primero esos cambios en otra pestaña. Si guarda otra "
                    "vez queda lo suyo. Si había escogido un Word, escójalo otra vez."
                ),
            )

    def _fields(self) -> list[PaperField] | None:
        """Return the fields as typed; None when one of them is wrong, which its own row says."""
        formset = self.formsets.get("fields")
        if formset is None:
            return list(self.instance.fields.all()) if self.instance.pk else []
        if not formset.is_valid():
            return None
        gone = formset.deleted_forms
        fields = [
            row.instance
            for row in formset.forms
            if row not in gone and (row.instance.pk or row.has_changed())
        ]
        twice = {one.name for one in fields if [other.name for other in fields].count(one.name) > 1}
        if twice:
            self.add_error(
                None, _now("Hay dos campos %(names)s. Deje uno.") % {"names": _braces(sorted(twice))}
            )
        return fields

    def _draw(self, cleaned: dict[str, Any], fields: list[PaperField]) -> None:
        """Draw the empty form: what cannot be drawn, or is too long, is said before anyone fills it."""
        form = PaperForm(title=cleaned["title"], template_on=self._day())
        content = self.read.content if self.read else papers.template(self.instance)
        docx = word_form.filled(content, papers.blank_values(fields), title=form.title, foot=form.foot)
        try:
            self.drawn = papers.as_pdf(form, docx)
        except word_pdf.NotDrawnError:
            self.add_error(
                "file", _("No se pudo hacer el PDF de este Word. Simplifíquelo y súbalo otra vez.")
            )
            return
        if self.drawn.pages > MAX_PAGES:
            said = {"pages": self.drawn.pages, "most": MAX_PAGES}
            self.add_error("file", _now("Este formato tiene %(pages)s páginas y caben %(most)s.") % said)

    def _day(self) -> date:
        return timezone.localdate() if self.read else self.instance.template_on

    @transaction.atomic
    def save(self, commit: bool = True) -> PaperForm:
        """Keep the cleaned file, the fields that it asks for and the empty PDF, all or nothing."""
        form: PaperForm = self.instance
        if self.read:
            drop_file(form, "file")
            form.sha256 = hashlib.sha256(self.read.content).hexdigest()
            form.names = self.read.names
            form.file = ContentFile(self.read.content, "formato.docx")
        form.template_on = self._day()
        form.not_in_pdf = list(self.drawn.lost) if self.drawn else form.not_in_pdf
        form = super().save(commit=commit)
        form.chapters.set(self.cleaned_data["chapter_addresses"])
        fit_fields(form=form, create=self.created)
        if self.drawn:
            fields = list(PaperField.objects.filter(form=form))
            source = form.source(fields, papers.EDITION)
            keep_blank(form=form, content=self.drawn.content, source=source)
        queue_paper_form(form)
        return form


def _braces(names: Iterable[str]) -> str:
    return ", ".join(f"{{{{ {name} }}}}" for name in names)


def _unknown(names: Iterable[str]) -> str:
    return _now(
        "El Word pide %(names)s y abajo no hay un campo con ese nombre. Corrija el nombre, o marque esta "
        "casilla para crearlo. Si había escogido un Word, escójalo otra vez."
    ) % {"names": _braces(names)}


def _missing(names: list[str]) -> str:
    return _now(
        "Abajo están los campos %(names)s y el Word no los tiene. Escríbalos en el Word, o marque esta "
        "casilla para quitarlos. Si había escogido un Word, escójalo otra vez."
    ) % {"names": _braces(names)}


# --- What a person fills ------------------------------------------------------------------------------


class FigureField(forms.CharField):
    """A number as people write it, with dots or spaces; read as it is written on paper (1.234.567)."""

    widget = forms.TextInput(attrs={"inputmode": "decimal"})
    WRITTEN = re.compile(r"^\d{1,15}(?:,\d{1,2})?$")

    def __init__(self, *, money: bool, **kwargs: Any) -> None:
        super().__init__(max_length=30, **kwargs)
        self.money = money

    def clean(self, value: Any) -> str:
        """Return the number as it goes onto paper."""
        text = super().clean(value)
        if not text:
            return ""
        bare = re.sub(r"[\s.$]", "", text)
        if not self.WRITTEN.match(bare):
            raise ValidationError(_("Escriba solo el número, por ejemplo 1.234.567."))
        try:
            number = Decimal(bare.replace(",", "."))
        except InvalidOperation:  # digits of another script
            raise ValidationError(_("Escriba solo el número, por ejemplo 1.234.567.")) from None
        return pesos(number) if self.money else thousands(number)


class FillForm(forms.Form):
    """A form on paper as it is filled: one question for each of its fields. Nothing of it is kept."""

    prefix = "campo"

    def __init__(self, data: Any = None, *, fields: list[PaperField], user: Any) -> None:
        super().__init__(data)
        self.asked = fields
        cities: list[str] | None = None
        for field in fields:
            if field.kind == FieldKind.CITY and cities is None:
                cities = list(City.objects.order_by("name").values_list("name", flat=True))
            made = _question(field, cities or [])
            made.label, made.help_text, made.required = field.label, field.help, field.required
            made.widget.is_required = field.required
            made.error_messages["required"] = _now("Falta: %(label)s.") % {"label": field.label}
            made.initial = _known(field, user)
            # A shared computer offers nobody's name to the next person.
            made.widget.attrs["autocomplete"] = "off"
            self.fields[field.name] = made

    @property
    def values(self) -> dict[str, str]:
        """What was written, as it goes onto paper, by name."""
        return {name: _on_paper(value) for name, value in self.cleaned_data.items()}


def _question(field: PaperField, cities: list[str]) -> forms.Field:
    empty = [("", _("Escoja"))]
    match field.kind:
        case FieldKind.LONG:
            return LongText(max_length=field.room)
        case FieldKind.NUMBER | FieldKind.MONEY:
            return FigureField(money=field.kind == FieldKind.MONEY)
        case FieldKind.DATE:
            return Day(missing="", input_formats=["%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y"])
        case FieldKind.CITY:
            return forms.ChoiceField(choices=[*empty, *((name, name) for name in cities)])
        case FieldKind.CHOICE:
            options = [(option, option) for option in field.options]
            if len(options) <= 5:
                return forms.ChoiceField(choices=options, widget=forms.RadioSelect)
            return forms.ChoiceField(choices=[*empty, *options])
        case FieldKind.YES_NO:
            answers = [(answer, answer) for answer in (_now("Sí"), _now("No"))]
            return forms.ChoiceField(choices=answers, widget=forms.RadioSelect)
    return ShortText(max_length=field.room)


def _known(field: PaperField, user: Any) -> Any:
    """Return what the field already says, of the day or of who is signed in."""
    if field.prefill == Prefill.TODAY:
        return timezone.localdate()
    if not field.prefill or not user.is_authenticated:
        return None
    if field.prefill == Prefill.NAME:
        return user.get_full_name()
    found = user.city if field.prefill == Prefill.CITY else user.institution
    return str(found) if found else None


def _on_paper(value: Any) -> str:
    return loose(long_date(value)) if isinstance(value, date) else str(value or "")
