"""What is kept of a form on paper besides its own row: the fields that its file asks for, the empty PDF."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from django.core.files.base import ContentFile
from django.db import transaction

from guias.enums import FieldKind
from guias.models import PaperField, PaperForm
from search import outbox

KINDS = {
    "fecha": FieldKind.DATE,
    "ciudad": FieldKind.CITY,
    "valor": FieldKind.MONEY,
    "monto": FieldKind.MONEY,
    "cedula": FieldKind.NUMBER,
}
"""What is likely written in a field whose name begins so."""


def proposed_field(name: str, written: str = "", order: int = 0) -> PaperField:
    """Return the field that ``name`` most likely is: ``fecha_de_firma`` asks "Fecha de firma", a date.

    ``written`` is how the file says it, with its accents.
    """
    words = written or name.replace("_", " ")
    label = words[:1].upper() + words[1:]
    kind = KINDS.get(name.split("_", 1)[0], FieldKind.SHORT)
    return PaperField(name=name, label=label, kind=kind, sort_order=order)


@transaction.atomic
def fit_fields(*, form: PaperForm, create: Mapping[str, str]) -> None:
    """Give ``form`` fields for ``create`` (name → as written); take away those that its file has not."""
    PaperField.objects.filter(form=form).exclude(name__in=form.names).delete()
    last = PaperField.objects.filter(form=form).count()
    for n, (name, written) in enumerate(create.items()):
        field = proposed_field(name, written, last + n)
        field.form = form
        field.save()


def keep_blank(*, form: PaperForm, content: bytes, source: str) -> None:
    """Keep the empty PDF that was made from ``source``, in place of the one before."""
    drop_file(form, "blank")
    form.blank_source = source
    form.blank.save("vacio.pdf", ContentFile(content), save=False)
    PaperForm.objects.filter(pk=form.pk).update(blank=form.blank.name, blank_source=source)


def drop_file(form: PaperForm, field: str) -> None:
    """Take away the file that ``form`` has kept so far, once what comes instead of it is in the database."""
    before = PaperForm.objects.filter(pk=form.pk).values_list(field, flat=True).first()
    if before:
        transaction.on_commit(partial(getattr(form, field).storage.delete, before))


def queue_paper_form(form: PaperForm) -> None:
    """Have ``form`` found as it is now."""
    outbox.queue("formato", form.pk)
