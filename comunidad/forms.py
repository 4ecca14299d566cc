"""The forms of the forum. Names of fields are Spanish: some stand in addresses that fill them.

Each form that publishes carries a token made when it was shown, so that a double click publishes once.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comunidad.enums import BODY_MAX, REASON_MAX, TITLE_MAX, FlagReason, Kind
from comunidad.models import Group, Reply, Resource, Theme
from comunidad.models.polls import MAX_OPTIONS, MIN_OPTIONS, OPTION_MAX
from nucleo.forms import ShapedText
from nucleo.uploads import EMPTY, FIELD, checked

NO_PERSONAL_DATA = gettext_lazy("No escriba nombres ni cédulas de los usuarios.")


class _TokenField(forms.UUIDField):
    """A token of ours; what is no token is none."""

    widget = forms.HiddenInput

    def clean(self, value: Any) -> UUID | None:
        """Never refuse: the worst that can happen is that a form sent twice publishes twice."""
        try:
            found: UUID | None = super().clean(value)
        except ValidationError:
            return None
        return found


def _long_text(label: Any, *, required: bool = True, help_text: Any = "", rows: int = 6) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=required,
        max_length=BODY_MAX,
        help_text=help_text,
        widget=ShapedText(attrs={"rows": rows}),
        error_messages={
            "required": gettext_lazy("Escriba su mensaje."),
            "max_length": gettext_lazy(
                "El texto tiene %(show_value)d letras y caben %(limit_value)d. Si es un documento, "
                "publíquelo como archivo."
            ),
        },
    )


class Once(forms.Form):
    """Carries the token."""

    ficha = _TokenField(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["ficha"].initial = uuid4

    @property
    def token(self) -> UUID | None:
        """What makes a second sending of this form harmless."""
        found: UUID | None = self.cleaned_data["ficha"]
        return found


class PublishForm(Once):
    """What all kinds of resource ask: a title, and where it is seen when the person is in groups."""

    titulo = forms.CharField(
        label=gettext_lazy("Título"),
        max_length=TITLE_MAX,
        error_messages={
            "required": gettext_lazy("Escriba el título."),
            "max_length": gettext_lazy(
                "El título tiene %(show_value)d letras y caben %(limit_value)d. Cuente lo demás abajo."
            ),
        },
    )
    grupo = forms.ModelChoiceField(
        label=gettext_lazy("Dónde se publica"),
        queryset=Group.objects.none(),
        required=False,
        to_field_name="slug",
        empty_label=gettext_lazy("En el tema, para todo el mundo"),
        error_messages={"invalid_choice": gettext_lazy("Usted no está en ese grupo.")},
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        groups = Group.objects.open().filter(memberships__user=user, memberships__state="miembro")
        if groups.exists():
            self.fields["grupo"].queryset = groups  # type: ignore[attr-defined]
        elif not (self.data.get("grupo") if self.is_bound else None):
            del self.fields["grupo"]

    def clean_titulo(self) -> str:
        """Take runs of spaces as one."""
        return " ".join(str(self.cleaned_data["titulo"]).split())

    def values(self) -> dict[str, Any]:
        """Return what :func:`comunidad.actions.posts.post_resource` takes."""
        return {
            "title": self.cleaned_data["titulo"],
            "source": self.cleaned_data.get("texto", ""),
            "group": self.cleaned_data.get("grupo"),
            "token": self.token,
        }


class AskForm(PublishForm):
    """A question."""

    tema = forms.ModelChoiceField(
        label=gettext_lazy("Tema"),
        queryset=Theme.objects.all(),
        to_field_name="slug",
        empty_label=gettext_lazy("Escoja un tema"),
        help_text=gettext_lazy("La pregunta le llega a quien lleva la tutoría del tema."),
        error_messages={
            "required": gettext_lazy("Escoja el tema: así le llega a quien sabe."),
            "invalid_choice": gettext_lazy("Ese tema no existe. Escoja uno de la lista."),
        },
    )
    texto = _long_text(
        gettext_lazy("Cuente un poco más"),
        required=False,
        help_text=gettext_lazy("Qué pasó, qué ha intentado. Sin nombres ni cédulas de los usuarios."),
    )
    sobre = forms.CharField(required=False, max_length=300, widget=forms.HiddenInput)
    sobre_que = forms.CharField(required=False, max_length=TITLE_MAX, widget=forms.HiddenInput)
    visto = forms.BooleanField(required=False, widget=forms.HiddenInput)

    field_order = ["titulo", "tema", "texto", "grupo"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        title = self.fields["titulo"]
        title.label = _("Su pregunta en una frase")
        title.error_messages["required"] = _("Escriba su pregunta.")

    def clean_sobre(self) -> str:
        """Keep only an address of this site; another one is no error of the person, and no use."""
        address = str(self.cleaned_data["sobre"])
        inside = address.startswith("/") and not address.startswith(("//", "/\\"))
        return address if inside and address.isprintable() and " " not in address else ""

    def values(self) -> dict[str, Any]:
        """Return what the action takes."""
        return super().values() | {
            "about_url": self.cleaned_data["sobre"],
            "about_label": self.cleaned_data["sobre_que"],
        }


class TextForm(PublishForm):
    """A note, a debate or an article: a title and a text."""

    texto = _long_text(gettext_lazy("Texto"), help_text=NO_PERSONAL_DATA, rows=10)

    field_order = ["titulo", "texto", "grupo"]


class FileForm(PublishForm):
    """A file, known by its content."""

    archivo = forms.FileField(
        label=gettext_lazy("Archivo"),
        help_text=gettext_lazy("PDF, Word, Excel, ODT, PNG o JPG, hasta 20 MB."),
        widget=forms.FileInput(attrs=FIELD),
        error_messages={
            "required": gettext_lazy("Escoja el archivo."),
            "empty": EMPTY,
        },
    )
    texto = _long_text(gettext_lazy("Para qué sirve"), required=False, help_text=NO_PERSONAL_DATA, rows=4)

    field_order = ["titulo", "archivo", "texto", "grupo"]

    def clean_archivo(self) -> Any:
        """Look into it."""
        return checked(self.cleaned_data["archivo"])

    def values(self) -> dict[str, Any]:
        """Return what the action takes."""
        return super().values() | {"upload": self.cleaned_data["archivo"]}


class PollForm(PublishForm):
    """A poll."""

    opciones = forms.CharField(
        label=gettext_lazy("Opciones"),
        help_text=gettext_lazy("Una por línea, de dos a ocho. Después de publicar no se cambian."),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=MAX_OPTIONS * (OPTION_MAX + 2) * 2,
        error_messages={"required": gettext_lazy("Escriba por lo menos dos opciones, una por línea.")},
    )
    texto = _long_text(gettext_lazy("Cuente un poco más"), required=False, rows=4)

    field_order = ["titulo", "opciones", "texto", "grupo"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["titulo"].label = _("Qué quiere preguntar")

    def clean_opciones(self) -> list[str]:
        """Return the options, one a line."""
        lines = [" ".join(line.split()) for line in str(self.cleaned_data["opciones"]).splitlines()]
        options = [line for line in lines if line]
        if not MIN_OPTIONS <= len(options) <= MAX_OPTIONS:
            raise ValidationError(
                _("Escriba de %(least)s a %(most)s opciones, una por línea. Hay %(n)s."),
                params={"least": MIN_OPTIONS, "most": MAX_OPTIONS, "n": len(options)},
            )
        if too_long := next((option for option in options if len(option) > OPTION_MAX), None):
            raise ValidationError(
                _("La opción «%(start)s…» pasa de %(most)s letras."),
                params={"start": too_long[:30], "most": OPTION_MAX},
            )
        if len({option.casefold() for option in options}) < len(options):
            raise ValidationError(_("Hay dos opciones iguales."))
        return options

    def values(self) -> dict[str, Any]:
        """Return what the action takes."""
        return super().values() | {"options": self.cleaned_data["opciones"]}


FORMS: dict[str, type[PublishForm]] = {
    Kind.NOTE: TextForm,
    Kind.DEBATE: TextForm,
    Kind.ARTICLE: TextForm,
    Kind.FILE: FileForm,
    Kind.POLL: PollForm,
}
"""The form of each kind but the question, which has a page of its own."""


class ReplyForm(Once):
    """A reply, to the resource or to one of its replies."""

    mark_optional = False

    texto = _long_text(gettext_lazy("Su respuesta"), help_text=NO_PERSONAL_DATA)
    a = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, resource: Resource, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.resource = resource
        self.fields["texto"].error_messages["required"] = _("Escriba su respuesta.")

    def clean_a(self) -> Reply | None:
        """Return the reply that is answered; one of elsewhere is none."""
        pk = self.cleaned_data["a"]
        return self.resource.replies.visible().filter(pk=pk).first() if pk else None


class EditForm(forms.Form):
    """A correction: the text as it is now, and at which revision it was opened."""

    titulo = forms.CharField(label=gettext_lazy("Título"), max_length=TITLE_MAX)
    texto = _long_text(gettext_lazy("Texto"), help_text=NO_PERSONAL_DATA, rows=10)
    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, post: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial = {**self.initial, "texto": post.source, "revision": post.revision}
        if isinstance(post, Resource):
            self.initial["titulo"] = post.title
        if isinstance(post, Reply):
            del self.fields["titulo"]
        elif post.kind in (Kind.QUESTION, Kind.FILE, Kind.POLL):
            self.fields["texto"].required = False

    def clean_titulo(self) -> str:
        """Take runs of spaces as one."""
        return " ".join(str(self.cleaned_data["titulo"]).split())


class FlagForm(forms.Form):
    """Why a tutor should look."""

    razon = forms.ChoiceField(
        label=gettext_lazy("Qué pasa con este mensaje"),
        choices=FlagReason.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Escoja una razón."),
            "invalid_choice": gettext_lazy("Escoja una de las razones."),
        },
    )
    nota = forms.CharField(
        label=gettext_lazy("Cuéntele algo más a la tutoría"),
        required=False,
        max_length=REASON_MAX,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class ReasonForm(forms.Form):
    """The reason of a moderation, which its author reads."""

    motivo = forms.CharField(
        label=gettext_lazy("Motivo"),
        max_length=REASON_MAX,
        help_text=gettext_lazy("Lo lee quien escribió el mensaje, y queda en lugar del texto."),
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("Escriba el motivo: su autor necesita saberlo.")},
    )

    def clean_motivo(self) -> str:
        """Take line ends and runs of spaces as one space."""
        return " ".join(str(self.cleaned_data["motivo"]).split())


class ReviewForm(forms.Form):
    """Why an author wants another look."""

    texto = forms.CharField(
        label=gettext_lazy("Por qué cree que debe volver"),
        max_length=REASON_MAX,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("Cuéntelo en una o dos frases.")},
    )


class GroupForm(Once):
    """A group that a member asks for."""

    nombre = forms.CharField(
        label=gettext_lazy("Nombre del grupo"),
        max_length=100,
        error_messages={"required": gettext_lazy("Escriba el nombre del grupo.")},
    )
    para_que = forms.CharField(
        label=gettext_lazy("Para qué es y quiénes estarían"),
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": gettext_lazy("Cuente para qué es: con eso se decide si se abre.")},
    )
    privado = forms.BooleanField(
        label=gettext_lazy("Solo sus miembros ven lo que se publica"),
        required=False,
        help_text=gettext_lazy(
            "También lo ve quien lleva la tutoría del tema, que modera. Sin la marca lo lee todo el mundo."
        ),
    )

    def clean_nombre(self) -> str:
        """Take runs of spaces as one."""
        return " ".join(str(self.cleaned_data["nombre"]).split())
